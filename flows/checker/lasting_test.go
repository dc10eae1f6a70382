package checker

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"spasmbot/flows/catalog"
	"spasmbot/flows/transcript"
)

const lastingFlow = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
default_wait: {timeout: 6h, next: over}
steps:
  - {id: before, ask: choice, choices: {go: {}}}
  - {id: look, ask: choice, choices: {fine: {next: rest}, hurts: {LASTS}}}
  - {id: helped, call: helps}
  - {id: rest, ask: choice, choices: {over: {}}}
  - {id: over, end: over}
invariants:
  - PROMISE
`

// TestLastingChoices: a flow that a lasting choice leads to comes between whatever is
// asked later, which the proof sees and the engine plays.
func TestLastingChoices(t *testing.T) {
	for promise, lasting := range map[string]Verdict{
		`{never: pack_off, while: look == "fine"}`: Broken,
		`{before: pack_off, require: look.hurts}`:  NotJudged, // the model lets it come before it was shown
		`{never: pack_off, while: episode == ""}`:  Holds,
		`{before: rest, require: look != ""}`:      Holds,
	} {
		for with, want := range map[string]Verdict{"": Holds, "lasting: helps": lasting} {
			c, err := catalog.Load(fstest.MapFS{
				"care.yaml":  {Data: []byte(strings.NewReplacer("LASTS", with, "PROMISE", promise).Replace(lastingFlow))},
				"helps.yaml": {Data: []byte("flow: helps\nversion: 1\nsteps: [{id: pack_off}]")},
				"halt.yaml":  {Data: []byte("flow: halt\nversion: 1\ncommands: [halt]\nwhile: live\nsteps: [{id: halted, end: halted}]")},
				"sink.yaml":  {Data: []byte("flow: sink\nversion: 1\nsteps: [{id: sunk}]")},
				"texts/en.yaml": {Data: []byte(`
buttons: {done: D, skip: S, worse: W, stop: X, private: P}
system: {nudge: N, stale: S, unexpected: U, use_buttons: B, unknown_command: C, idle: I, group: G, updated: N}
sunk: {text: Sorry.}
over: {text: Over.}
halted: {text: Halted.}
before: {text: "?", go: Go}
look: {text: "Skin?", fine: Fine, hurts: Hurts}
rest: {text: "Rest.", over: Over}
pack_off: {text: "Off."}
`)},
			}, "Europe/Berlin")
			if err != nil {
				t.Fatal(err)
			}
			r := Check(c, Options{})
			got := Holds
			for _, p := range r.Proofs {
				got = max(got, p.Verdict)
			}
			if got != want {
				t.Errorf("%s with %q is %v, want %v: %+v", promise, with, got, want, r)
				continue
			}
			if want != Broken {
				continue
			}
			v := r.Violations[0]
			if !slices.ContainsFunc(v.Path, func(line string) bool { return strings.Contains(line, "hurts") }) {
				t.Errorf("%s is broken by\n%s", promise, strings.Join(v.Path, "\n"))
			}
			if said, err := transcript.Play(c, strings.Join(v.Path, "\n")); err != nil || !strings.Contains(said, "Off.") {
				t.Errorf("%s is broken by a conversation that comes to %v\n%s", promise, err, said)
			}
		}
	}
}
