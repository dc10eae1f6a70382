package checker

import (
	"strings"
	"testing"
	"testing/fstest"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// nested calls flows within flows, between whose questions something may come that goes
// by what they have set.
func nested(t *testing.T) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{
		"care.yaml": {Data: []byte(`
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
default_wait: {timeout: 6h, next: over}
steps:
  - {id: calls, call: outer}
  - {id: rest, ask: choice, choices: {again: {}, fine: {}}}
  - {id: over, end: over}
invariants:
  - {before: calls, require: not odd}
`)},
		"outer.yaml": {Data: []byte(`
flow: outer
version: 1
steps:
  - {id: inside, call: inner}
`)},
		"inner.yaml": {Data: []byte(`
flow: inner
version: 1
default_wait: {timeout: 2h, next: return}
steps:
  - {id: bad, ask: choice, choices: {yes: {set: {seen: "true"}}, no: {}}}
  - {id: pain, ask: scale, measure: pain}
`)},
		"sink.yaml": {Data: []byte(`
flow: sink
version: 1
commands: [sunk]
while: live
steps:
  - {id: sunk, go: [{when: seen, to: sinks}, {to: return}]}
  - {id: sinks, set: {odd: "true"}}
`)},
		"halt.yaml": {Data: []byte("flow: halt\nversion: 1\ncommands: [halt]\nwhile: live\nsteps: [{id: halted, end: halted}]")},
		"texts/en.yaml": {Data: []byte(`
bad: {text: Sure?, "yes": Y, "no": N}
pain: {text: How bad?}
rest: {text: Rest., again: Again, fine: Fine}
over: {text: Over.}
sinks: {text: Sorry.}
buttons: {done: D, skip: S, worse: W, stop: X, private: P}
system: {nudge: N, stale: S, unexpected: U, use_buttons: B, unknown_command: C, idle: I, group: G, updated: N, read_first: R}
`)},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestInside: what comes between at a question of a flow that was called goes by what that
// flow has set until then, however deep.
func TestInside(t *testing.T) {
	p := worst(nested(t))
	if p.Verdict != Broken || !strings.Contains(strings.Join(p.Path, " "), "/sunk") {
		t.Errorf("it %s: %s %q", p.Verdict, p.What, p.Path)
	}
}
