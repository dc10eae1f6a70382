package ask_test

import (
	"slices"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/checker"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/transcript"
)

// signs are what a person may tick.
var signs = []string{"numb", "weak"}

// ticksKind asks which of some signs there are. Each press sets or takes a tick
// on the same message, "done" answers, and each sign is a truth of its own.
type ticksKind struct{}

func (ticksKind) Word() string                 { return "ticks" }
func (ticksKind) Doc() string                  { return "several at once" }
func (ticksKind) Parts() []ask.Part            { return nil }
func (ticksKind) Read(ask.Reader) ask.Question { return ticks{} }

type ticks struct {
	ask.ByButtons
	ask.ForEverybody
	ask.Unmeasured
}

func (ticks) Caption() string  { return "ticks" }
func (ticks) Values() []string { return nil }

func (ticks) Vars(step string) []flows.Var {
	list := []flows.Var{{Name: step, Value: flows.TextOf("")}}
	for _, sign := range signs {
		list = append(list, flows.Var{Name: step + "_" + sign, Value: flows.BoolOf(false)})
	}
	return list
}

func (ticks) Texts() []ask.Text {
	list := []ask.Text{{Key: "done", Label: true}}
	for _, sign := range signs {
		list = append(list, ask.Text{Key: sign, Label: true})
	}
	return list
}

func (ticks) Buttons(v ask.View) [][]ask.Button {
	ticked := strings.Fields(v.Draft().Str)
	var list []ask.Button
	for _, sign := range signs {
		label, then := v.Text(sign), append(slices.Clone(ticked), sign)
		if at := slices.Index(ticked, sign); at >= 0 {
			label, then = "✓ "+label, slices.Delete(slices.Clone(ticked), at, at+1)
		}
		slices.Sort(then)
		list = append(list, ask.Button{Label: label, Data: sign, Does: ask.Draft(flows.TextOf(strings.Join(then, " ")))})
	}
	done := ask.Answer("done", flows.TextOf(strings.Join(ticked, " ")))
	return ask.Rows(append(list, ask.Button{Label: v.Text("done"), Data: "done", Does: done}), 2)
}

func (ticks) Keep(s *flows.State, step string, answer flows.Value) {
	s.SetVar(step, answer)
	for _, sign := range signs {
		s.SetVar(step+"_"+sign, flows.BoolOf(slices.Contains(strings.Fields(answer.Str), sign)))
	}
}

func (ticks) Label(v ask.View, answer flows.Value) string {
	var list []string
	for sign := range strings.FieldsSeq(answer.Str) {
		list = append(list, v.Text(sign))
	}
	return strings.Join(list, ", ")
}

func (ticks) Longest(ask.View) int { return 2*40 + len(", ") }

func (ticks) Possible(_ ask.View, step string) []ask.Possible {
	all := ask.AnyText(step)
	all.Choice = "done"
	for _, sign := range signs {
		all.Sets = append(all.Sets, ask.AnyTruth(step+"_"+sign))
	}
	return []ask.Possible{all}
}

func (ticks) Samples(ask.View, ask.Notable) ask.Samples {
	return ask.Samples{Presses: append(slices.Clone(signs), "done")}
}

const ticksFlow = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
default_wait: {timeout: 6h, next: over}
steps:
  - {id: signs, ask: ticks, next: [{when: signs_numb and signs_weak, to: both}, {to: hub}]}
  - {id: both}
  - {id: more, ask: ticks}
  - {id: hub, ask: choice, choices: {ok: {}}}
  - {id: over, end: over}
`

const ticksTexts = `
signs: {text: "Which of these?", numb: Numb, weak: Weak, done: Done}
both: {text: "Both."}
more: {text: "Which more?", numb: Numb, weak: Weak, done: Done}
hub: {text: "You ticked {signs}.", ok: OK}
`

// TestDraft: an answer that is put together by several presses is shown where it
// is, kept over a restart, and given up with its question.
func TestDraft(t *testing.T) {
	c := mustLoad(t, ticksKind{}, ticksFlow, ticksTexts)
	plays(t, c, `
> /care
  0:00  timeline  start care
  0:00  says      Which of these?
                  [Numb] [Weak]
                  [Done]
  0:00  arm       #1 timeout at Mon 18:00

> press weak
  0:00  edits     (only the buttons)
                  [Numb] [✓ Weak]
                  [Done]

> press numb
  0:00  edits     (only the buttons)
                  [✓ Numb] [✓ Weak]
                  [Done]

> press weak
  0:00  edits     (only the buttons)
                  [✓ Numb] [Weak]
                  [Done]

> text hello
  0:00  timeline  unexpected signs
  0:00  says      B

                  Which of these?
                  [✓ Numb] [Weak]
                  [Done]

> press weak
  0:00  edits     (only the buttons)
                  [✓ Numb] [✓ Weak]
                  [Done]

> press done
  0:00  timeline  answer signs done
  0:00  settle    #1 cancelled
  0:00  edits     Both.
  0:00  says      Which more?
                  [Numb] [Weak]
                  [Done]
  0:00  arm       #2 timeout at Mon 18:00

> data s2.weak
  0:00  timeline  stale
  0:00  toast     Stale.

> press done
  0:00  timeline  answer more done
  0:00  settle    #2 cancelled
  0:00  edits     You ticked Numb, Weak.
                  [OK]
  0:00  arm       #3 timeout at Mon 18:00

> /halt
  0:00  timeline  command  halt
  0:00  settle    #3 cancelled
  0:00  timeline  end  halted

> /care
  0:00  timeline  start care
  0:00  says      Which of these?
                  [Numb] [Weak]
                  [Done]
  0:00  arm       #4 timeout at Mon 18:00

> press weak
  0:00  edits     (only the buttons)
                  [Numb] [✓ Weak]
                  [Done]

> /halt
  0:00  timeline  command  halt
  0:00  settle    #4 cancelled
  0:00  timeline  end  halted

> /care
  0:00  timeline  start care
  0:00  says      Which of these?
                  [Numb] [Weak]
                  [Done]
  0:00  arm       #5 timeout at Mon 18:00

> press done
  0:00  timeline  answer signs done
  0:00  settle    #5 cancelled
  0:00  edits     You ticked .
                  [OK]
  0:00  arm       #6 timeout at Mon 18:00
`)
}

// TestDraftEnds: an episode that a reminder ends while something is put together
// leaves nothing of it.
func TestDraftEnds(t *testing.T) {
	flow := strings.Replace(ticksFlow, "  - {id: signs,", "  - {id: look_start, start: look}\n  - {id: signs,", 1) +
		"reminders:\n  look: {once: 1h, run: halt}\n"
	p := transcript.New(mustLoad(t, ticksKind{}, flow, ticksTexts))
	for _, input := range []string{"/care", "press weak", "wait 59m", "wait 1m"} {
		if err := p.Input(input, func() {}); err != nil {
			t.Fatal(err)
		}
		s := p.State()
		if kept := s.Draft != (flows.Value{}); kept != (input == "press weak" || input == "wait 59m") {
			t.Errorf("after %s the draft is %+v", input, s.Draft)
		}
	}
	if s := p.State(); s.Episode.Live() {
		t.Error("the episode goes on")
	}
}

// TestDraftOutlivesAName: what is put together, and every variable that an answer has
// set, goes over to the same question under another name.
func TestDraftOutlivesAName(t *testing.T) {
	rename := strings.NewReplacer("signs", "marks", "steps:", "retired: {signs: {moved_to: marks}}\nsteps:")
	is := mustLoad(t, ticksKind{}, rename.Replace(ticksFlow), rename.Replace(ticksTexts))
	for _, test := range []struct {
		inputs []string
		edit   int // before which of them
	}{
		{[]string{"/care", "press weak", "press numb", "press done"}, 2},
		{[]string{"/care", "press weak", "press numb", "press done", "press done"}, 4},
	} {
		p := transcript.New(mustLoad(t, ticksKind{}, ticksFlow, ticksTexts))
		for i, input := range test.inputs {
			if i == test.edit {
				p.Catalog = is
			}
			if err := p.Input(input, func() {}); err != nil {
				t.Fatal(err)
			}
		}
		s := p.State()
		if s.Var("marks") != flows.TextOf("numb weak") || s.Var("marks_numb") != flows.BoolOf(true) || s.Var("marks_weak") != flows.BoolOf(true) {
			t.Errorf("edited before %q: %+v", test.inputs[test.edit], s.Vars)
		}
	}
}

// TestDraftIsSampled: the checker goes on from drafts.
func TestDraftIsSampled(t *testing.T) {
	promise := "invariants:\n  - {never: both, while: signs_numb and signs_weak}\n"
	r := checker.Check(mustLoad(t, ticksKind{}, ticksFlow+promise, ticksTexts), checker.Options{})
	if len(r.Violations) != 1 {
		t.Fatalf("broken are %+v", r.Violations)
	}
	if path := r.Violations[0].Path; len(path) != 4 || path[3] != "> press done" {
		t.Errorf("the way to it is %q", path)
	}
}
