package checker

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// A question that has a reason: hush is asked of whoever is quiet, and /wake ends the
// quiet while it stands.
const (
	reasonFlow = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
default_wait: {timeout: 6h, next: gone}
steps:
  - {id: calm, set: {quiet: "true", since: now}, go: warm_start}
  - {id: warm_start, start: warm}
  - {id: hush, when: quiet, ask: choice, choices: {ok: {next: rested}, no: {next: gone}}, wait: {timeout: 1h, next: waited}}
  - {id: rested, next: hub}
  - {id: waited, go: [{when: quiet, to: asleep}, {to: awake}]}
  - {id: asleep, next: hub}
  - {id: awake, next: hub}
  - {id: hub, ask: choice, choices: {ok: {}}, next: hub, wait: {timeout: 60d, next: gone}}
  - {id: gone, end: gone}
reminders:
  warm: {every: 2h, late: drop, done: felt}
invariants:
  - PROMISE
`
	wakeFlow    = "flow: wake\nversion: 1\ncommands: [wake]\nwhile: care\nsteps: [{id: woken, set: {quiet: \"false\"}}]"
	feltFlow    = "flow: felt\nversion: 1\nsteps: [{id: felt_how}]"
	reasonTexts = `
hush: {text: Hush?, ok: Ok, no: No}
rested: {text: Rested.}
asleep: {text: Asleep.}
awake: {text: Awake.}
hub: {text: Hub?, ok: Ok}
gone: {text: Gone.}
warm: {text: Warm.}
woken: {text: Woken.}
felt_how: {text: Good.}
sunk: {text: Sorry.}
buttons: {done: D, skip: S, worse: W, stop: X, private: P}
system: {nudge: N, stale: S, unexpected: U, use_buttons: B, unknown_command: C, idle: I, group: G, updated: N, read_first: R}
`
)

// reasoning are these flows with a promise and edits.
func reasoning(t *testing.T, promise string, edits ...string) *lang.Catalog {
	t.Helper()
	flow := strings.Replace(reasonFlow, "PROMISE", promise, 1)
	for i := 0; i < len(edits); i += 2 {
		if strings.Count(flow, edits[i]) != 1 {
			t.Fatalf("%q stands there %d times", edits[i], strings.Count(flow, edits[i]))
		}
		flow = strings.Replace(flow, edits[i], edits[i+1], 1)
	}
	texts := ""
	for line := range strings.Lines(reasonTexts) {
		if id, _, _ := strings.Cut(line, ":"); strings.Contains("id: woken, id: sunk, id: felt_how, buttons, system, warm"+flow, id) {
			texts += line
		}
	}
	return loadWith(t, flow, texts, wakeFlow, feltFlow)
}

// judged is what becomes of the promises of some flows.
func judged(c *lang.Catalog) Verdict {
	got := Holds
	for _, p := range newSubject(c).proofs(first(time.Time{})) {
		if p.Verdict == Broken {
			return Broken
		}
		got = max(got, p.Verdict)
	}
	return got
}

// TestReason: behind a flow that came between, a question is in force only as long as
// its condition holds, and whoever it does not hold for goes on as if nobody had
// answered. One that waits for a moment stands until then, one without a condition
// always.
func TestReason(t *testing.T) {
	const (
		answered = `{before: rested, require: quiet}`
		waits    = "wait: {timeout: 1h, next: waited}"
		calm     = `set: {quiet: "true", since: now}`
	)
	for name, test := range map[string]struct {
		promise string
		edits   []string
		want    Verdict
	}{
		"the answer has its reason":    {answered, nil, Holds},
		"it lost it, and nobody waits": {`{before: awake, require: quiet}`, nil, Broken},
		"it waits for a moment":        {answered, []string{waits, "wait: {until: till, next: waited}", calm, `set: {quiet: "true", since: now, till: now + 2h}`}, Broken},
		"it has no condition":          {answered, []string{"when: quiet, ask", "ask"}, Broken},
	} {
		t.Run(name, func(t *testing.T) {
			if got := judged(reasoning(t, test.promise, test.edits...)); got != test.want {
				t.Errorf("it %s, want that it %s", got, test.want)
			}
		})
	}
}

// TestReasonAndReminder: a reminder without a flow comes though the question in force
// has lost its reason, and leaves it in force.
func TestReasonAndReminder(t *testing.T) {
	c := reasoning(t, `{never: felt_how, while: "true"}`,
		"when: quiet, ask", "when: hours_since(since) < 1, ask",
		"choices: {ok: {next: rested}, no: {next: gone}}, wait: {timeout: 1h, next: waited}", "choices: {ok: {next: gone}, no: {next: gone}}, wait: {timeout: 6h, next: gone}",
		"warm: {every: 2h, ", "warm: {every: 2h, when: hours_since(since) >= 2, ",
		"  - {id: rested, next: hub}\n  - {id: waited, go: [{when: quiet, to: asleep}, {to: awake}]}\n  - {id: asleep, next: hub}\n  - {id: awake, next: hub}\n  - {id: hub, ask: choice, choices: {ok: {}}, next: hub, wait: {timeout: 60d, next: gone}}\n", "")
	m := newSubject(c)
	yes, err := lang.CompileExpr("hours_since(since) >= 1", c.Vars, lang.BoolType)
	if err != nil {
		t.Fatal(err)
	}
	out := m.theModel().Reach([]string{"felt_how"}, yes, true, model.Limits{States: 5_000, All: 10_000}, model.Hints{Needed: []string{"warm\x00told", "warm\x00runs", "since", "now", "episode"}})
	if out.Way == nil {
		t.Errorf("nobody comes to the flow of the button of a reminder that came while the question stood; known %q", out.Known)
	}
}
