# Every target with a line behind ## is listed by "make help".
.DEFAULT_GOAL := help

GO ?= go
GOLANGCI ?= github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOFUMPT ?= mvdan.cc/gofumpt@v0.12.0
GOVULNCHECK ?= golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build the program into bin/
	$(GO) build -o bin/spasmbot ./cmd/spasmbot

.PHONY: demo
demo: ## run the demo on http://127.0.0.1:8080
	$(GO) run ./cmd/spasmbot demo

.PHONY: test
test: ## run all tests
	$(GO) test ./...

.PHONY: mermaid
mermaid: ## fetch Mermaid into bin/, for the test that draws charts; needs npm
	.ci/mermaid

.PHONY: skips
skips: ## run all tests and tell which were skipped or shortened here, and why
	$(GO) test -count=1 -v ./... | grep -E -B1 '^ *--- (SKIP|FAIL)|shortened: |only with|^FAIL'

.PHONY: long
long: ## run the long forms of what the plain run samples, as CI does
	SPASMBOT_LONG=1 $(GO) test -count=1 -timeout 25m ./bot/bottest

.PHONY: race
race: ## run all tests with the race detector, in random order
	$(GO) test -race -shuffle=on ./...

.PHONY: torture
torture: ## an hour or two of crashes, kills, power cuts, sick disks, floods and long queues; needs strace, and root to mount
	SPASMBOT_TORTURE=1 SPASMBOT_REQUIRE_FAULTS=1 $(GO) test -count=1 -v -timeout 3h ./storage/boltstore -run '^TestPowerCuts$$'
	SPASMBOT_TORTURE=1 $(GO) test -count=1 -v -timeout 2h ./bot ./bot/bottest -run '^(TestBacklog|TestOrder|TestMemoryIsBounded)$$'
	SPASMBOT_TORTURE=1 SPASMBOT_REQUIRE_FAULTS=1 $(GO) test -count=1 -v -timeout 3h ./bot/bottest -run '^(TestCrashPoints|TestKills|TestAcutePhaseOverTheWire|TestFullDisk|TestReadOnlyDisk|TestFailingDisk)$$'

SOAK ?= 2000x30

.PHONY: soak
soak: ## 2,000 people for a month of virtual time on a bad line; SOAK=200x30 is a tenth
	SPASMBOT_SOAK=$(SOAK) $(GO) test -count=1 -v -timeout 12h ./bot/bottest -run '^TestSoak$$'

.PHONY: mutate
mutate: ## break the shipped flows at each place in turn and see whether a promise notices; some hours
	SPASMBOT_LONG=1 $(GO) test -count=1 -v -timeout 12h ./flows/checker/mutate -run '^TestMutate$$' -update

CHECKS ?= 500

.PHONY: explore
explore: ## draw conversations, days and walks by fresh seeds, CHECKS of each kind; what fails is a finding, to be kept as a test
	SPASMBOT_EXPLORE=1 RAPID_CHECKS=$(CHECKS) $(GO) test -count=1 -timeout 6h $$(grep -rl pgregory.net/rapid --include='*_test.go' . | xargs -n1 dirname | sort -u)

.PHONY: fmt
fmt: ## format the code
	$(GO) run $(GOFUMPT) -w .

.PHONY: lint
lint: ## check format, vet, linters and known vulnerabilities
	@unformatted=$$($(GO) run $(GOFUMPT) -l .) && test -z "$$unformatted" || { echo "run make fmt: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(GOLANGCI) run ./...
	$(GO) run $(GOVULNCHECK) ./...

.PHONY: transcripts
transcripts: ## rewrite the engine's transcripts with what it does now
	$(GO) test ./flows/engine -run Transcripts -update

.PHONY: drawings
drawings: ## draw all pictures and the breathing animation anew
	$(GO) test ./flows/drawings -update

.PHONY: papers
papers: ## make papers of made-up people in bin/papers, to be looked at
	mkdir -p bin/papers && $(GO) test -count=1 ./bot/report -run '^TestLook' -args -out $(CURDIR)/bin/papers

.PHONY: fuzz
fuzz: ## fuzz every decoder, a minute each
	@for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	    $(GO) test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime 60s -fuzzminimizetime 5x || exit 1; \
	  done; \
	done

.PHONY: bench
bench: ## the figures of docs/performance.md, in half an hour on a quiet machine
	$(GO) test -run '^$$' -bench 'Acceptance' -benchtime 9x ./storage/boltstore
	cd bot/bench && $(GO) test -run '^$$' -bench 'Wire$$' -benchtime 9x .
	$(GO) test -run '^$$' -bench 'PendingReminders|OneMinute|Stampede' -benchtime 1x -timeout 45m ./bot/bottest

.PHONY: bench-check
bench-check: ## vet the module of the yardsticks, test that it misses what is not done, and run it once
	cd bot/bench && $(GO) vet ./... && $(GO) test -count=1 -bench 'Wire$$' -benchtime 1x -short ./...

.PHONY: bench-parts
bench-parts: ## benchmarks of the parts: decoding, a step, the codec, the store, the simulator
	$(GO) test -run '^$$' -bench . -benchmem ./flows/... ./storage/... ./bot/...
