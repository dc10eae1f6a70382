package ask_test

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/checker"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/transcript"
)

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
  - {id: signs, ask: ticks, columns: 2, choices: {numb: {}, weak: {}}, next: [{when: signs_numb and signs_weak, to: both}, {to: hub}]}
  - {id: both}
  - {id: more, ask: ticks, choices: {numb: {}, weak: {}}}
  - {id: hub, ask: choice, choices: {ok: {}}}
  - {id: over, end: over}
`

const ticksTexts = `
signs: {text: "Which of these?", numb: Numb, weak: Weak, none: None}
both: {text: "Both."}
more: {text: "Which more?", numb: Numb, weak: Weak, none: None}
hub: {text: "You ticked {signs}.", ok: OK}
`

// TestDraft: an answer that is put together by several presses is shown where it
// is, kept over a restart, and given up with its question.
func TestDraft(t *testing.T) {
	plays(t, mustLoad(t, ticksFlow, ticksTexts), `
> /care
  0:00  timeline  start care
  0:00  whispers  Which of these?
                  [Numb] [Weak]
                  [None]
  0:00  arm       #1 timeout at Mon 18:00

> press weak
  0:00  edits     (only the buttons)
                  [Numb] [✓ Weak]
                  [D]

> press Numb
  0:00  edits     (only the buttons)
                  [✓ Numb] [✓ Weak]
                  [D]

> press ✓ Weak
  0:00  edits     (only the buttons)
                  [✓ Numb] [Weak]
                  [D]

> text hello
  0:00  timeline  unexpected signs
  0:00  whispers  B

                  Which of these?
                  [✓ Numb] [Weak]
                  [D]
  0:00  deletes   Which of these?

> press weak
  0:00  edits     (only the buttons)
                  [✓ Numb] [✓ Weak]
                  [D]

> press D
  0:00  timeline  answer signs some (numb, weak)
  0:00  settle    #1 cancelled
  0:00  edits     Both.
  0:00  whispers  Which more?
                  [Numb]
                  [Weak]
                  [None]
  0:00  arm       #2 timeout at Mon 18:00

> data s2.weak
  0:00  timeline  stale
  0:00  toast     Stale.

> press none
  0:00  timeline  answer more none
  0:00  settle    #2 cancelled
  0:00  edits     You ticked Numb, Weak.
                  [OK]
  0:00  arm       #3 timeout at Mon 18:00

> /halt
  0:00  timeline  command  halt
  0:00  settle    #3 cancelled
  0:00  timeline  end  halted
  0:00  deletes   You ticked Numb, Weak.

> /care
  0:00  timeline  start care
  0:00  whispers  Which of these?
                  [Numb] [Weak]
                  [None]
  0:00  arm       #4 timeout at Mon 18:00

> press weak
  0:00  edits     (only the buttons)
                  [Numb] [✓ Weak]
                  [D]

> /halt
  0:00  timeline  command  halt
  0:00  settle    #4 cancelled
  0:00  timeline  end  halted
  0:00  deletes   Which of these?

> /care
  0:00  timeline  start care
  0:00  whispers  Which of these?
                  [Numb] [Weak]
                  [None]
  0:00  arm       #5 timeout at Mon 18:00

> press none
  0:00  timeline  answer signs none
  0:00  settle    #5 cancelled
  0:00  edits     You ticked None.
                  [OK]
  0:00  arm       #6 timeout at Mon 18:00
`)
}

// TestDraftEnds: an episode that a reminder ends while something is put together
// leaves nothing of it.
func TestDraftEnds(t *testing.T) {
	flow := strings.Replace(ticksFlow, "  - {id: signs,", "  - {id: look_start, start: look}\n  - {id: signs,", 1) +
		"reminders:\n  look: {once: 1h, run: halt}\n"
	p := transcript.New(mustLoad(t, flow, ticksTexts))
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
	is := mustLoad(t, rename.Replace(ticksFlow), rename.Replace(ticksTexts))
	for _, test := range []struct {
		inputs []string
		edit   int // before which of them
	}{
		{[]string{"/care", "press weak", "press numb", "press D"}, 2},
		{[]string{"/care", "press weak", "press numb", "press D", "press none"}, 4},
	} {
		p := transcript.New(mustLoad(t, ticksFlow, ticksTexts))
		for i, input := range test.inputs {
			if i == test.edit {
				p.Catalog = is
			}
			if err := p.Input(input, func() {}); err != nil {
				t.Fatal(err)
			}
		}
		s := p.State()
		if s.Var("marks") != flows.TextOf("some") || s.Var("marks_numb") != flows.BoolOf(true) || s.Var("marks_weak") != flows.BoolOf(true) {
			t.Errorf("edited before %q: %+v", test.inputs[test.edit], s.Vars)
		}
	}
}

// TestTicksAreWalked: the checker goes on from drafts, by all ticks and by each
// alone.
func TestTicksAreWalked(t *testing.T) {
	for cond, want := range map[string]string{
		"signs_numb and signs_weak": "> /care > press numb > press weak > press done-3",
		"signs.numb and more.weak":  "> /care > press numb > press weak > press done-3 > press weak > press done-2",
	} {
		promise := "invariants:\n  - {never: hub, while: " + cond + "}\n"
		flow := strings.Replace(ticksFlow, "{id: both}", "{id: both, go: [{when: signs_numb and signs_weak, to: more}, {to: hub}]}", 1)
		flow = strings.Replace(flow, "{id: signs, ask: ticks, columns: 2,", "{id: signs, ask: ticks,", 1) + promise
		r := checker.Check(mustLoad(t, flow, ticksTexts), checker.Options{})
		if len(r.Violations) != 1 || !strings.HasPrefix(strings.Join(r.Violations[0].Path, " "), want) {
			t.Errorf("%s: broken are %+v", cond, r.Violations)
		}
	}
}

// several is a question of n ticks, and the person who has put together a draft.
func several(n int, gates ...ask.Gate) (q ask.Question, at func(draft flows.Value, kept ...string) ask.View) {
	o := offering{gates: gates}
	for i := range n {
		o.ids = append(o.ids, fmt.Sprintf("t%d", i))
	}
	return severalOf(o)
}

// severalOf is a question of ticks, and the person with a draft and the last answer.
func severalOf(o offering) (q ask.Question, at func(draft flows.Value, kept ...string) ask.View) {
	kinds := ask.Kinds()
	kind := kinds[slices.IndexFunc(kinds, func(k ask.Kind) bool { return k.Word() == "ticks" })]
	return kind.Read(o), func(draft flows.Value, kept ...string) ask.View { return drafter{draft: draft, kept: kept} }
}

type offering struct {
	ask.Reader
	ids       []string
	gates     []ask.Gate
	prefilled bool
}

func (offering) Step() string                            { return "step" }
func (o offering) Truth(string) (bool, bool)             { return o.prefilled, true }
func (o offering) Gates(string) ([]ask.Gate, bool)       { return o.gates, len(o.gates) > 0 }
func (o offering) Names(string, string) ([]string, bool) { return o.ids, true }
func (offering) Whole(string) (int, bool)                { return 0, false }

type drafter struct {
	ask.View
	draft flows.Value
	kept  []string
}

func (drafter) Text(key string) string   { return key }
func (drafter) Shared(key string) string { return key }
func (d drafter) Draft() flows.Value     { return d.draft }

func (d drafter) Kept(part string) flows.Value { return flows.BoolOf(slices.Contains(d.kept, part)) }

// TestTicksAreFew: of ten ticks on one screen the walk tries twelve answers, on
// as many ways, and no set twice; each is what "done" says that it is.
func TestTicksAreFew(t *testing.T) {
	const n = 10
	q, at := several(n)
	answers, presses := make(map[string]int), 0
	drafts := []flows.Value{{}}
	for len(drafts) > 0 && presses <= 4*n {
		v := at(drafts[0])
		drafts = drafts[1:]
		for _, data := range q.Samples(v, ask.Notable{}).Presses {
			presses++
			switch got := ask.Press(q, v, data); got.Verdict {
			case ask.Drafted:
				drafts = append(drafts, got.Value)
			case ask.Answered:
				answers[got.Value.Str]++
			case ask.Refused:
				t.Errorf("%q is no button after %q", data, v.Draft().Str)
			}
		}
	}
	if len(answers) != n+2 || presses > 4*n || answers["none"] != 1 || answers["t3"] != 1 || answers["t0, t1, t2, t3, t4, t5, t6, t7, t8, t9"] != 1 {
		t.Errorf("%d presses come to %v", presses, answers)
	}
}

// TestTicksArePossible: every set of ticks is in exactly one of the possible
// answers, with the variables that are kept of it.
func TestTicksArePossible(t *testing.T) {
	for n := 1; n <= 5; n++ {
		q, at := several(n)
		list := q.Possible(at(flows.Value{}), "step")
		if len(list) != n+1 {
			t.Errorf("%d ticks are %d possible answers", n, len(list))
		}
		for set := range uint(1) << n {
			v := at(flows.Value{})
			for rest := set; rest != 0; rest &= rest - 1 {
				v = at(ask.Press(q, v, fmt.Sprintf("t%d", bits.TrailingZeros(rest))).Value)
			}
			rows := q.Buttons(v)
			last := rows[len(rows)-1][0].Does
			var s flows.State
			q.Keep(nil, &s, "step", last.Value)
			found := 0
			for _, p := range list {
				admits := func(set ask.Setting) bool { return !set.Known || set.Value == s.Var(set.Var) }
				if len(p.Sets) != n+1 {
					t.Fatalf("a possible answer leaves variables out: %+v", p)
				}
				if p.Choice == last.Choice && !slices.ContainsFunc(p.Sets, func(set ask.Setting) bool { return !admits(set) }) {
					found++
				}
			}
			if found != 1 {
				t.Errorf("of %d ticks, set %b is in %d possible answers", n, set, found)
			}
		}
	}
}

// numbFlow asks for ten ticks and starts a reminder, with what it does between
// them and what is promised of it.
func numbFlow(between, promise string) (flow, texts string) {
	choices, labels := make([]string, 10), make([]string, 10)
	for i := range choices {
		choices[i], labels[i] = fmt.Sprintf("t%d: {}", i), fmt.Sprintf("t%d: T%[1]d", i)
	}
	return `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
default_wait: {timeout: 6h, next: over}
steps:
  - {id: numb, ask: ticks, choices: {` + strings.Join(choices, ", ") + `}` + between + `}
  - {id: warm_start, start: warm}
  - {id: hub, ask: choice, choices: {ok: {}}, next: hub, wait: {timeout: 60d, next: over}}
  - {id: over, end: over}
reminders:
  warm: {every: 2h, late: drop}
invariants:
  - ` + promise + "\n", `
numb: {text: "What is numb?", none: None, ` + strings.Join(labels, ", ") + `}
hub: {text: "Hub?", ok: OK}
warm: {text: "Warm."}
`
}

// TestTicksAreProved: a promise about ticks is held against every set of them,
// and neither the walk nor a model goes through all sets: of ten ticks only those
// multiply that the promise rests on.
func TestTicksAreProved(t *testing.T) {
	var each []string
	for i := range 10 {
		each = append(each, fmt.Sprintf("{when: numb_t%d, to: over}", i))
	}
	byEach := func(list []string) string { return ", next: [" + strings.Join(list, ", ") + ", {to: warm_start}]" }
	type found struct{ holds, shown bool }
	holds, broken := found{holds: true}, found{shown: true}
	for name, test := range map[string]struct {
		between, promise string
		want             found
		points           int
	}{
		"not asked":    {"", "{never: warm, while: numb.t3}", broken, 100},
		"some":         {"", "{before: warm, require: numb.none}", broken, 100},
		"two":          {"", "{never: warm, while: numb.t3 and numb.t7}", broken, 100},
		"one of two":   {"", "{never: warm, while: numb.t3 and not numb.t7}", broken, 100},
		"asked":        {", next: [{when: numb_t3, to: over}, {to: warm_start}]", "{never: warm, while: numb.t3}", holds, 100},
		"none of them": {`, next: [{when: numb == "none", to: warm_start}, {to: over}]`, "{never: warm, while: numb.t3 or numb.t9}", holds, 100},
		"by each":      {byEach(each), "{before: warm, require: numb.none}", holds, 4000},
		"all but one":  {byEach(each[1:]), "{before: warm, require: numb.none}", broken, 4000},
		// No walk comes to this set.
		"a set of its own": {"", "{never: warm, while: numb.t3 and numb.t5 and not numb.t7}", broken, 100},
	} {
		flow, texts := numbFlow(test.between, test.promise)
		r := checker.Check(mustLoad(t, flow, texts), checker.Options{})
		all, states := true, 0
		for _, p := range r.Proofs {
			all, states = all && p.Verdict == checker.Holds, max(states, p.States)
		}
		if got := (found{all, len(r.Violations) == 1}); got != test.want {
			t.Errorf("%s: %+v, want %+v: %+v", name, got, test.want, r.Proofs)
		}
		if states > test.points || r.States > 500 {
			t.Errorf("%s: %d states of the model, walks of %d", name, states, r.States)
		}
	}
}
