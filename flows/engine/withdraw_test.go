package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// withdraws are the withdrawals of the last event.
func (p *person) withdraws() (list []flows.Withdraw) {
	for _, e := range p.Effects {
		if w, ok := e.(flows.Withdraw); ok {
			list = append(list, w)
		}
	}
	return list
}

// takesBack reports whether the last event withdraws a message, with an end for its
// timer.
func (p *person) takesBack(number uint64, timer flows.ReminderState) bool {
	return slices.ContainsFunc(p.withdraws(), func(w flows.Withdraw) bool {
		return w.From <= number && number <= w.To && w.Timers == timer && w.Subject == ""
	})
}

// message is the newest message of the last event whose text begins so.
func (p *person) message(begins string) (m flows.Message) {
	p.t.Helper()
	for _, e := range p.Effects {
		if say, ok := e.(flows.Say); ok && strings.HasPrefix(say.Message.Text, begins) {
			m = say.Message
		}
	}
	if m.Number == 0 {
		p.t.Fatalf("nothing that was said begins with %q: %v", begins, p.Effects)
	}
	return m
}

// inRound is a person in their first round of cold, which they have begun, and the
// numbers of the message that says so and of the look half-way, which has come.
func inRound(t *testing.T) (p *person, begun, look uint64) {
	t.Helper()
	p = newPerson(t, shipped(t))
	p.toCare()
	p.waits(11*time.Minute, nil)
	for _, o := range p.state().Open {
		switch o.Kind {
		case "cold-on":
			begun = o.Message
		case "cold-check":
			look = o.Message
		}
	}
	if begun == 0 || look == 0 {
		t.Fatalf("no round is in progress: %v", p)
	}
	return p, begun, look
}

const offWords = "<b>Take the cold"

// TestEndOfARoundTakesItBack: whatever ends a round that the person has begun takes back
// what has not arrived of it. The take-off is told whether that has or not: the pack is
// on.
func TestEndOfARoundTakesItBack(t *testing.T) {
	for name, test := range map[string]struct {
		ends  func(p *person)
		timer flows.ReminderState
	}{
		"its time":     {func(p *person) { p.waits(9*time.Minute, nil) }, flows.Expired},
		"Worse":        {func(p *person) { p.does(flows.Command{Name: "worse"}) }, flows.Cancelled},
		"the end":      {func(p *person) { p.does(flows.Command{Name: "done"}) }, flows.Cancelled},
		"a return":     {func(p *person) { p.does(flows.Blocked{}); p.does(flows.Unblocked{}) }, flows.Cancelled},
		"Stop":         {func(p *person) { p.does(flows.Command{Name: "stop"}) }, flows.Cancelled},
		"a new /spasm": {func(p *person) { p.does(flows.Command{Name: "spasm"}); p.presses("new") }, flows.Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			p, begun, look := inRound(t)
			test.ends(p)
			if off := p.message(offWords); off.Undoes != 0 || off.Class != flows.TakeOff {
				t.Errorf("the take-off is needless without message %d, as %v", off.Undoes, off.Class)
			}
			if !p.takesBack(begun, test.timer) || !p.takesBack(look, test.timer) {
				t.Errorf("not taken back, as %s: %v", test.timer, p.withdraws())
			}
		})
	}
}

// TestPauseLeavesTheRound: a pause takes nothing back that is on the skin. It is told off
// to the minute.
func TestPauseLeavesTheRound(t *testing.T) {
	p, begun, _ := inRound(t)
	ends := p.next("cold-off").Due
	p.does(flows.Command{Name: "pause"})
	p.presses("open")
	if list := p.withdraws(); p.takesBack(begun, flows.Cancelled) {
		t.Errorf("the pause takes back %v", list)
	}
	for _, r := range p.Timers {
		if r.Kind == "cold-on" || r.Kind == "move" || r.Kind == "water" {
			t.Errorf("%s is armed in a pause", r.Kind)
		}
	}
	p.waits(ends.Sub(p.Now), nil)
	if off := p.message(offWords); off.Class != flows.TakeOff || off.Silent {
		t.Errorf("at %v was said %+v", ends, off)
	}
}

// TestLeftQuestionIsTakenBack: a question that is left before it has arrived need not
// come. One whose button was pressed has arrived.
func TestLeftQuestionIsTakenBack(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	p.does(flows.Command{Name: "pain"})
	asked := p.state().Shown
	p.does(flows.Text{Text: "what?"})
	p.presses("Show the question") // it is shown again
	shown := p.state().Shown
	p.does(flows.Command{Name: "breathe"})
	want := flows.Withdraw{From: asked, To: shown, Subject: "pain_report", Timers: flows.Cancelled}
	if got := p.withdraws(); asked == shown || len(got) != 1 || got[0] != want {
		t.Errorf("withdrawn: %v, want %v", got, want)
	}
	if m := p.message("How long shall we breathe"); m.Subject != "breathe_length" || !m.Instead {
		t.Errorf("the question does not take the place of an earlier one: %+v", m)
	}
	p.presses("m2")
	if got := p.withdraws(); len(got) != 0 {
		t.Errorf("a press withdraws %v", got)
	}
}

// TestWhatATurnSaysStays: what the turn says that ends an episode is not taken back by
// that, and neither is what was said before the episode.
func TestWhatATurnSaysStays(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.does(flows.Command{Name: "help"})
	before := p.state().Messages
	p.toCare()
	p.does(flows.Command{Name: "done"})
	said := p.state().Messages
	p.presses("next")
	i := slices.IndexFunc(p.withdraws(), func(w flows.Withdraw) bool { return w.Subject == "" && w.To == said })
	if i < 0 || p.withdraws()[i].From != before+1 {
		t.Errorf("of messages %d to %d withdrawn: %v", before+1, said, p.withdraws())
	}
}

// TestJoinedMessagesHaveNoSubject: what tells of several things is not taken back when
// one of them is told anew.
func TestJoinedMessagesHaveNoSubject(t *testing.T) {
	p, _, _ := inRound(t)
	p.does(flows.Command{Name: "pain"}) // which is asked once more
	p.sleeps(90 * time.Minute)
	list := said(p.Effects)
	for _, m := range list {
		if m.Subject != "" || m.Instead || m.Undoes != 0 {
			t.Errorf("after an absence: %+v", m)
		}
	}
	if len(list) != 1 {
		t.Errorf("%d messages after an absence", len(list))
	}
}
