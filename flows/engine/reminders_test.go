package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/transcript"
)

// remindFlow starts one reminder, whose figures a test gives.
func remindFlow(figures string) string {
	return `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_look, start: look}
  - {id: hub, ask: choice, choices: {again: {next: go_look}, sure: {set: {wanted: "true"}, next: hub}, over: {}}, wait: {nudge: 50h, timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  look: {` + figures + `}
`
}

const remindTexts = `
hub: {text: "How is it?", again: Again, sure: Sure, over: Over}
`

const lookText = `
look: {text: "look"}
`

// ended says what became of the last timer of a kind.
func (p *person) ended(kind string) flows.ReminderState {
	for _, r := range slices.Backward(p.Armed) {
		if state, ok := p.Ended[r.ID]; ok && r.Kind == kind {
			return state
		}
	}
	return ""
}

func (p *person) last() string { return p.Chat[len(p.Chat)-1].Text }

// TestOnce: a single time, so long after the start; a second start before then
// changes nothing, and one after it begins anew.
func TestOnce(t *testing.T) {
	p := newPerson(t, tiny(t, remindFlow("once: 25m"), remindTexts+lookText))
	p.does(flows.Command{Name: "spasm"})
	p.waits(20*time.Minute, nil)
	p.presses("again")
	p.waits(48*time.Hour, nil)
	if got := days(p.fired("look")); got != "Mon 12:25" {
		t.Fatalf("it came at %q", got)
	}
	p.presses("again")
	p.waits(time.Hour, nil)
	if got := days(p.fired("look")); got != "Mon 12:25, Wed 12:45" {
		t.Fatalf("started anew, it came at %q", got)
	}
}

// TestOnceWaitsForAReturn: whoever blocks the bot and comes back gets it so long
// after the return.
func TestOnceWaitsForAReturn(t *testing.T) {
	p := newPerson(t, tiny(t, remindFlow("once: 25m"), remindTexts+lookText))
	p.does(flows.Command{Name: "spasm"})
	p.waits(20*time.Minute, nil)
	p.does(flows.Blocked{})
	p.waits(3*time.Hour, nil)
	p.does(flows.Unblocked{})
	p.waits(3*time.Hour, nil)
	if got := days(p.fired("look")); got != "Mon 15:45" {
		t.Fatalf("it came at %q", got)
	}
}

// TestOnceLate: one that could not be sent in time does not come later, unless
// it is always to be told.
func TestOnceLate(t *testing.T) {
	for figures, want := range map[string]struct {
		state flows.ReminderState
		said  int
	}{
		"once: 25m, late: drop":    {flows.Dropped, 0},
		"once: 25m, late: expire":  {flows.Expired, 0},
		"once: 25m, late: deliver": {flows.Fired, 1},
	} {
		p := newPerson(t, tiny(t, remindFlow(figures), remindTexts+lookText))
		p.does(flows.Command{Name: "spasm"})
		p.sleeps(2 * time.Hour)
		said := strings.Count(p.last(), "look")
		if p.ended("look") != want.state || said != want.said || len(p.armed("look")) != 0 {
			t.Errorf("%s: %s, said %d times, still armed %v", figures, p.ended("look"), said, p.armed("look"))
		}
	}
}

// TestWhen: without its condition a start is left out, and the next one comes
// at its time if the condition holds by then.
func TestWhen(t *testing.T) {
	p := newPerson(t, tiny(t, remindFlow("every: 2h, first: 1h, when: wanted"), remindTexts+lookText))
	p.does(flows.Command{Name: "spasm"})
	p.waits(4*time.Hour, nil)
	if p.ended("look") != flows.Dropped || len(p.Chat) != 1 {
		t.Fatalf("%s, said %q", p.ended("look"), p.last())
	}
	if s := p.state(); s.Tracks[0].Today != 0 || s.Tracks[0].Total != 0 {
		t.Errorf("what was left out is counted: %+v", s.Tracks)
	}
	p.presses("sure")
	p.waits(2*time.Hour, nil)
	if next := p.armed("look"); p.ended("look") != flows.Fired || p.last() != "look" || !slices.Equal(next, []string{"Mon 19:00"}) {
		t.Fatalf("%s, said %q, next at %v", p.ended("look"), p.last(), next)
	}
	once := newPerson(t, tiny(t, remindFlow("once: 1h, when: wanted"), remindTexts+lookText))
	once.does(flows.Command{Name: "spasm"})
	once.waits(4*time.Hour, nil)
	if s := once.state(); once.ended("look") != flows.Dropped || len(once.armed("look")) != 0 || s.Tracks[0].Running {
		t.Errorf("%s, armed %v, %+v", once.ended("look"), once.armed("look"), s.Tracks)
	}
}

// TestWhenOfARound: a round that is left out is not begun, and has no end.
func TestWhenOfARound(t *testing.T) {
	flow := strings.Replace(remindFlow(""), "reminders:\n  look: {}", "rounds:\n  look: {hold: 20m, check: 10m, gap: 2h, when: wanted}", 1)
	p := newPerson(t, tiny(t, flow, remindTexts+"look-on: {text: on}\nlook-check: {text: check}\nlook-off: {text: off}\n"))
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Hour, nil)
	if next := p.armed("look-on"); len(p.Chat) != 1 || !slices.Equal(next, []string{"Mon 14:00"}) || len(p.state().Pending) != 2 {
		t.Fatalf("next %v, pending %v", next, p.state().Pending)
	}
	p.presses("sure")
	p.waits(2*time.Hour, nil)
	if on, off := len(p.fired("look-on")), len(p.fired("look-off")); on != 1 || off != 1 {
		t.Errorf("%d rounds began, %d ended", on, off)
	}
}

// look is a flow that a reminder runs.
func look(steps string) map[string]string {
	return map[string]string{"look.yaml": "flow: looks\nsteps:\n" + steps}
}

// TestDoneRunsAFlow: "Done" leads into the flow and from there back to the
// question in force, "Skip" does not; an old button does nothing any more.
func TestDoneRunsAFlow(t *testing.T) {
	c := tinyWith(t, remindFlow("every: 2h, done: looks"), remindTexts+`
look: {text: "look", skip: "skipped"}
looked: {text: "What did you see?", red: Red, white: White}
seen: {text: "Noted: {looked}."}
`, look("  - {id: looked, ask: choice, choices: {red: {}, white: {}}, wait: {timeout: 1h, next: return}}\n  - {id: seen}\n"))
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Minute, nil)
	p.presses("Skip")
	if at := p.state().At.Step; at != "hub" || p.last() != "skipped" {
		t.Fatalf("after Skip at %q, told %q", at, p.last())
	}
	p.waits(2*time.Hour, nil)
	done := p.Chat[len(p.Chat)-1].Keyboard[0][0]
	p.presses("Done")
	if at := p.state().At.Step; at != "looked" {
		t.Fatalf("after Done at %q", at)
	}
	p.does(flows.Button{Data: done.Data, Message: 3})
	if at := p.state().At.Step; at != "looked" {
		t.Fatalf("after Done on the same again at %q", at)
	}
	p.presses("red")
	if s := p.state(); s.At.Step != "hub" || len(s.Stack) != 0 || p.last() != "How is it?" {
		t.Fatalf("after the flow: %v, told %q", p, p.last())
	}
	if got := p.Chat[len(p.Chat)-2].Text; got != "Noted: Red." {
		t.Errorf("the flow ends with %q", got)
	}
}

// TestRunSpeaks: what the flow says is the reminder, and the question in force
// is asked again below.
func TestRunSpeaks(t *testing.T) {
	p := newPerson(t, tinyWith(t, remindFlow("once: 2h, run: looks"), remindTexts+"looked: {text: \"Have a look.\"}\n", look("  - {id: looked}\n")))
	p.does(flows.Command{Name: "spasm"})
	p.waits(2*time.Hour, nil)
	carried := make(map[string]uint64)
	for _, m := range said(p.Effects) {
		carried[m.Text] = m.Reminder
	}
	if id := p.fired("look")[0].ID; carried["Have a look."] != id || carried["How is it?"] != 0 || len(carried) != 2 {
		t.Errorf("messages carry %v, the reminder is %d", carried, id)
	}
	if s := p.state(); s.At.Step != "hub" || len(s.Stack) != 0 || len(s.Open) != 0 {
		t.Errorf("%v", p)
	}
	p.presses("over")
	if p.state().Episode.Live() {
		t.Error("the question that was asked again is not in force")
	}
}

// TestRunIsTheNextMessage: a flow that comes by itself is waited for as a message is.
func TestRunIsTheNextMessage(t *testing.T) {
	texts := strings.Replace(remindTexts, "How is it?", "Next at {next_message}.", 1) + "looked: {text: x}\n"
	p := newPerson(t, tinyWith(t, remindFlow("once: 2h, run: looks"), texts, look("  - {id: looked}\n")))
	p.does(flows.Command{Name: "spasm"})
	if got := transcript.Readable(p.Chat[len(p.Chat)-1].Text); got != "Next at 14:00." {
		t.Errorf("the person is told %q", got)
	}
}

// TestRunAsks: its question takes the place of the one in force, which comes
// back when nobody answers.
func TestRunAsks(t *testing.T) {
	c := tinyWith(t, remindFlow("every: 5h, first: 5h, run: looks"), remindTexts+`
looked: {text: "See?", red: Red}
`, look("  - {id: looked, ask: choice, choices: {red: {}}, wait: {timeout: 1h, next: return}}\n"))
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Hour, nil)
	if s := p.state(); s.At.Step != "looked" || len(s.Stack) != 1 || s.Stack[0].Step != "hub" {
		t.Fatalf("%v", p)
	}
	p.waits(2*time.Hour, nil)
	if s := p.state(); s.At.Step != "hub" || len(s.Stack) != 0 || p.last() != "How is it?" {
		t.Fatalf("%v", p)
	}
	p.waits(40*time.Hour, nil)
	if s := p.state(); len(s.Stack) > 1 || !s.Episode.Live() {
		t.Fatalf("the state grows: %v", p)
	}
}

// TestRunIsSilent: a flow that says nothing leaves no trace: the question in
// force stands as it did, with its buttons and its timer.
func TestRunIsSilent(t *testing.T) {
	silent := look("  - {id: quiet, set: {count_of: rounds_total(\"look\")}, go: [{when: live, to: return}, {to: looked}]}\n  - {id: looked}\n")
	p := newPerson(t, tinyWith(t, remindFlow("every: 5h, first: 5h, run: looks"), remindTexts+"looked: {text: x}\n", silent))
	p.does(flows.Command{Name: "spasm"})
	before := p.state()
	p.waits(11*time.Hour, nil)
	s := p.state()
	if len(p.Chat) != 1 || p.ended("look") != flows.Dropped {
		t.Fatalf("it is %s, and the chat ends with %q", p.ended("look"), p.last())
	}
	if s.At != before.At || s.Rev != before.Rev || len(s.Stack) != 0 || !slices.Equal(p.armed("nudge"), []string{"Wed 14:00"}) {
		t.Errorf("the question in force: was %+v, is %v; nudge at %v", before.At, p, p.armed("nudge"))
	}
	if got := s.Var("count_of").Num; got != 2 || !slices.Equal(p.armed("look"), []string{"Tue 03:00"}) {
		t.Errorf("the flow ran %v times, next at %v", got, p.armed("look"))
	}
	p.presses("over")
	if p.state().Episode.Live() {
		t.Error("its buttons are dead")
	}
}

// TestRunEnds: a reminder may end the episode, with nothing left over.
func TestRunEnds(t *testing.T) {
	for text, said := range map[string]string{"": "How is it?", "looked: {text: \"That was it.\"}\n": "That was it."} {
		p := newPerson(t, tinyWith(t, remindFlow("once: 5h, run: looks"), remindTexts+text, look("  - {id: looked, end: looked}\n")))
		p.does(flows.Command{Name: "spasm"})
		p.waits(6*time.Hour, nil)
		s := p.state()
		if s.Episode.Outcome != "looked" || len(s.Pending) != 0 || s.At.Step != "" || p.last() != said {
			t.Errorf("%v, outcome %q, told %q", p, s.Episode.Outcome, p.last())
		}
	}
}

// TestRunOverAQuestionOfItsOwn: nobody has answered the flow when it runs again.
// If it says nothing then, the question below it is asked again.
func TestRunOverAQuestionOfItsOwn(t *testing.T) {
	p := newPerson(t, tinyWith(t, remindFlow("every: 5h, first: 5h, run: looks"), remindTexts+"looked: {text: \"See?\", red: Red}\n",
		look("  - {id: looked, when: rounds_total(\"look\") < 2, ask: choice, choices: {red: {}}, wait: {timeout: 2d, next: return}}\n")))
	p.does(flows.Command{Name: "spasm"})
	p.waits(9*time.Hour, nil)
	if at := p.state().At.Step; at != "looked" {
		t.Fatalf("at %q", at)
	}
	p.waits(2*time.Hour, nil)
	s := p.state()
	if s.At.Step != "hub" || len(s.Stack) != 0 || p.last() != "How is it?" || len(p.armed("timeout"))+len(p.armed("nudge")) != 1 {
		t.Fatalf("%v, told %q", p, p.last())
	}
	p.presses("over")
	if p.state().Episode.Live() {
		t.Error("the question is not in force")
	}
}
