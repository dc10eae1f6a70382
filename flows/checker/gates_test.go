package checker

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

const gatesFlow = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: halt
remember: [facts]
default_wait: {timeout: 6h, next: hub}
steps:
  - {id: home, set: {zone: "\"Europe/Berlin\""}, go: known}
  - {id: known, when: no_heat, ask: choice, choices: {go_on: {}, over: {next: over}}}
  - id: facts
    ask: ticks
    choices: {a: {}, b: {}, c: {}, d: {}, e: {}, f: {}}
    prefilled: true
    gates: {no_cold: [a, b, e], no_heat: [b, c], slow: [e, d]}
    set: {once: no_cold or slow, both: no_cold and no_heat}
    next: [{when: slow and not no_cold, to: slowly}, {to: hub}]
  - {id: slowly, ask: scale, measure: pain}
  - id: hub
    ask: choice
    choices: {again: {next: facts}, warm: {next: warm_start}, over: {next: over}}
  - {id: warm_start, start: warm, next: hub}
  - {id: over, end: over}
reminders:
  warm: {every: 2h, when: not no_heat}
`

// gated loads them.
func gated(t *testing.T) *subject {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{
		"care.yaml": {Data: []byte(gatesFlow)},
		"halt.yaml": {Data: []byte("flow: halt\nversion: 1\ncommands: [halt]\nwhile: live\nsteps: [{id: halted, end: halted}]")},
		"texts/en.yaml": {Data: []byte(`
known: {text: "Known.", go_on: On, over: Over}
facts: {text: "Which?", none: None, a: A, b: B, c: C, d: D, e: E, f: F}
slowly: {text: "How bad?"}
hub: {text: "{facts}?", again: Again, warm: Warm, over: Over}
warm: {text: Warm.}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: N, stale: S, unexpected: U, use_buttons: B, unknown_command: C, idle: I, group: G, updated: N}
`)},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return newSubject(c)
}

// TestModelContainsGates: wherever the engine leads by gates, the model can lead, with
// whatever is then ticked and open.
func TestModelContainsGates(t *testing.T) {
	m := gated(t)
	for seed := range uint64(40) {
		m.wander(t, seed)
	}
}

// TestGatesTellApart: people whose gates differ are not taken for the same.
func TestGatesTellApart(t *testing.T) {
	m := gated(t)
	f := m.focus("gates")
	cond, err := lang.CompileExpr("no_cold and no_heat", m.c.Vars, lang.BoolType)
	if err != nil {
		t.Fatal(err)
	}
	f.conds.add(cond)
	seen := make(map[string]bool)
	for _, presses := range []string{"none", "a done-1", "b done-2", "c done-4", "d done-8"} {
		w := m.stranger(first(time.Time{}))
		w = w.step(m.c, flows.Command{Name: "care"}).after
		for data := range strings.SplitSeq(presses, " ") {
			w = w.step(m.c, w.press(button.Screen, w.s.Shown, data)).after
		}
		w.s.At = flows.Place{}
		seen[(&keys{m: m, f: f}).of(w)] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d groups of people, want those without a gate, and with either or both", len(seen))
	}
}
