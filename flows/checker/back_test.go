package checker

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// backFlow leads back over a question that is not always asked, with what it sets, and
// out of a flow that was called. SETS is what the second way back sets.
const backFlow = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
default_wait: {nudge: 1h, timeout: 6h, next: over}
steps:
  - {id: pain, ask: scale, measure: pain, next: [{when: pain > 5, to: over}, {to: weight}]}
  - {id: weight, when: pain > 2, ask: number, least: 1, most: 9, back: pain}
  - {id: rest, ask: choice, choices: {again: {}, fine: {}}, back: {next: weight, set: {SETS}}}
  - {id: calls, call: sure}
  - {id: calmed, go: [{when: rest == "fine" and not odd, to: begins}, {to: over}]}
  - {id: begins, start: pills}
  - {id: code, ask: text, least: 1, most: 5, pattern: "[a-z]+", wait: {timeout: 9d, next: over}}
  - {id: over, end: over}
reminders:
  pills: {every: 6h}
invariants:
  - PROMISE
`

const sureFlow = `
flow: sure
version: 1
steps:
  - {id: bad, ask: choice, choices: {yes: {}, no: {}}, back: {next: return, set: {odd: "true"}}, wait: {timeout: 2h, next: return}}
`

func leadingBack(t *testing.T, promise, sets string) *lang.Catalog {
	t.Helper()
	texts := strings.NewReplacer("private: P", "private: P, back: Back", "bad: {text: Sorry.}", "bad: {text: \"Sure?\", \"yes\": Y, \"no\": N}").Replace(smallTexts)
	c, err := catalog.Load(fstest.MapFS{
		"care.yaml":     {Data: []byte(strings.NewReplacer("PROMISE", promise, "SETS", sets).Replace(backFlow))},
		"sure.yaml":     {Data: []byte(sureFlow)},
		"halt.yaml":     {Data: []byte("flow: halt\nversion: 1\ncommands: [halt]\nwhile: live\nsteps: [{id: halted, end: halted}]")},
		"sink.yaml":     {Data: []byte("flow: sink\nversion: 1\nsteps: [{id: sunk}]")},
		"texts/en.yaml": {Data: []byte(strings.ReplaceAll(texts, "pack-on: {text: On.}\npack-off: {text: Off.}\n", ""))},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBackIsProved: a way back is one that people go. A promise that it breaks is shown
// with the press, one that it cannot break holds, and nothing old answers behind it.
func TestBackIsProved(t *testing.T) {
	for _, test := range []struct {
		promise, sets string
		want          Verdict
		press         bool // the path leads back
	}{
		{`{never: pills, while: pain > 5}`, `seen: "true"`, Holds, false},
		{`{never: pills, while: odd}`, `seen: "true"`, Holds, false},
		{`{never: rest, while: seen}`, `seen: "true"`, Broken, true},
		{`{never: weight, while: rest == "fine"}`, `seen: "true"`, Holds, false}, // no answer leads back
		{`{never: over, while: odd}`, `seen: "true"`, Broken, true},
		{`{never: pills, while: pain_now > 5}`, `seen: "true"`, Holds, false},
		{`{never: pain, while: low}`, `low: pain <= 2`, Broken, true}, // over what is not asked
		{`{never: pills, while: low}`, `low: pain > 2`, Broken, true},
		{`{never: pills, while: low}`, `low: pain > 5`, Holds, false},
	} {
		c := leadingBack(t, test.promise, test.sets)
		p := newSubject(c).proofs(first(time.Time{}))[0]
		if p.Verdict != test.want {
			t.Errorf("%s: it %s, want that it %s: %s", test.promise, p.Verdict, test.want, p.What)
			continue
		}
		path := strings.Join(p.Path, "\n")
		if test.press != strings.Contains(path, "> press back") {
			t.Errorf("%s: the path is\n%s", test.promise, path)
		}
		if p.Verdict == Broken {
			if _, err := transcript.Play(c, path); err != nil {
				t.Errorf("%s: the path cannot be played: %v", test.promise, err)
			}
		}
	}
}

// TestModelContainsBack: wherever the engine leads by answers and ways back, the model
// can, with what is then in a variable.
func TestModelContainsBack(t *testing.T) {
	m := newSubject(leadingBack(t, `{never: pills, while: pain > 5}`, `seen: pain > 3`))
	asked := make(map[string]bool)
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 2))
		w := m.stranger(first(time.Time{})).step(m.c, flows.Command{Name: "care"}).after
		for range 40 {
			answers := m.answering(w)
			if len(answers) == 0 {
				break
			}
			w = w.step(m.c, answers[r.IntN(len(answers))]).after
			for _, name := range []string{"seen", "odd", "rest", "bad"} {
				cond := fmt.Sprintf("%s == %#v", name, w.scope(m.c).Lookup(name))
				if asked[w.s.At.Step+cond] || w.s.At.Step == "" {
					continue
				}
				asked[w.s.At.Step+cond] = true
				e, err := lang.CompileExpr(cond, m.c.Vars, lang.BoolType)
				if err != nil {
					t.Fatal(err)
				}
				if out := m.theModel().Reach([]string{w.s.At.Step}, e, true, model.Limits{States: 5_000, All: 10_000}, model.Hints{}); out.Way == nil && out.Whole {
					t.Errorf("the model leads nobody to %q with %s", w.s.At.Step, cond)
				}
			}
		}
	}
	if len(asked) < 20 {
		t.Errorf("the model was asked %d times only", len(asked))
	}
}
