package engine_test

import (
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
)

// said is what the person is told: all but what tidies the chat.
func said(effects []flows.Effect) (list []flows.Message) {
	for _, e := range effects {
		if say, ok := e.(flows.Say); ok && say.Message.Class != flows.Tidy {
			list = append(list, say.Message)
		}
	}
	return list
}

// tells are those messages that tell something.
func tells(effects []flows.Effect) []flows.Message {
	return slices.DeleteFunc(said(effects), func(m flows.Message) bool { return m.Class == flows.Tidy })
}

// What a stranger does is a first contact until an episode has begun: they are
// answered by one message, behind those who are in the middle of things.
func TestAFirstContactIsOneMessage(t *testing.T) {
	c := shipped(t)
	for _, ev := range []flows.Event{
		flows.Text{Text: "hello"},
		flows.Command{Name: "nonsense"},
		flows.Command{Name: "start"},
		flows.Command{Name: "spasm"},
		flows.Command{Name: "help"},
		flows.Command{Name: "why"},
		flows.Command{Name: "status"},
		flows.Unsupported{What: "photo"},
	} {
		s, effects := engine.Step(c, flows.State{User: 1}, ev, noon)
		list := said(effects)
		if len(list) != 1 {
			t.Errorf("%v is answered by %d messages", ev, len(list))
			continue
		}
		if m := list[0]; m.Class != flows.Contact || m.Number != 1 || s.Messages != 1 && !m.Fleeting {
			t.Errorf("%v is answered by message %d of %d, of class %d", ev, m.Number, s.Messages, m.Class)
		}
	}
}

// The buttons of a question that has taken up the text before it are its own, and
// a press of them changes the message.
func TestTheFirstQuestionTakesUpWhatWasSaid(t *testing.T) {
	c := tiny(t, `
flow: spasm
episode: true
commands: [spasm]
default_wait: {timeout: 2h, next: six}
steps:
  - {id: one}
  - {id: two}
  - {id: three, ask: choice, choices: {yes: {}}}
  - {id: four}
  - {id: five, ask: choice, choices: {ok: {}}}
  - {id: six, end: over}
`, `
one: {text: "1"}
two: {text: "2"}
three: {text: "3", yes: "Yes"}
four: {text: "4"}
five: {text: "5", ok: "Well"}
`)
	s, effects := engine.Step(c, flows.State{User: 1}, flows.Command{Name: "spasm"}, noon)
	list := said(effects)
	if len(list) != 1 || list[0].Text != "1\n\n2\n\n3" || list[0].Number != 1 || s.Shown != 1 || s.Messages != 1 {
		t.Fatalf("said %+v, of %d messages", list, s.Messages)
	}
	s, effects = engine.Step(c, s, flows.Button{Data: list[0].Keyboard[0][0].Data, Message: 77}, noon)
	list = said(effects)
	if len(list) != 2 || list[0].Text != "4" || list[0].Edit != 77 || list[1].Text != "5" || s.Shown != 3 {
		t.Errorf("the answer leads to %+v", list)
	}
	_, effects = engine.Step(c, s, flows.Command{Name: "spasm"}, noon)
	list = said(effects)
	if len(list) != 1 || list[0].Text != "1\n\n2\n\n3" || list[0].Number != 4 || list[0].Class != flows.Reply {
		t.Errorf("another episode begins with %+v", list)
	}
}

// Who is in an episode is answered before strangers, and the warning signs go
// before that, asked for or not; so does the look at the skin.
func TestClassesOfAnEpisode(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	at := p.Now
	class := func(what string, ev flows.Event, want flows.Class) (s flows.State) {
		t.Helper()
		s, effects := engine.Step(p.Catalog, p.state(), ev, at)
		list := tells(effects)
		if len(list) == 0 {
			t.Errorf("%s says nothing", what)
			return s
		}
		if m := list[len(list)-1]; m.Class != want {
			t.Errorf("%s is of class %d, want %d", what, m.Class, want)
		}
		return s
	}
	class("/status", flows.Command{Name: "status"}, flows.Reply)
	class("a word", flows.Text{Text: "?"}, flows.Reply)
	for _, r := range p.state().Pending {
		if r.Kind == "water" {
			at = r.Due
			class(r.Kind, flows.Due{IDs: []uint64{r.ID}}, flows.Push)
		}
	}
	at = p.Now

	p.worse()
	s := p.state()
	var nudge flows.Reminder
	for _, r := range s.Pending {
		if r.Phase == flows.PhaseAsk {
			nudge = r
		}
	}
	if !nudge.Sign || s.At.Step != "emergency_signs" {
		t.Fatalf("at %q the question is asked again by %+v", s.At.Step, nudge)
	}
	class("what is typed at a sign", flows.Text{Text: "?"}, flows.Sign)
	at = nudge.Due
	back, _ := engine.Step(p.Catalog, s, flows.SetBack{By: time.Minute}, at)
	if again := back.Pending[len(back.Pending)-1]; again.Phase != flows.PhaseAsk || !again.Sign {
		t.Errorf("when the clock was put back it is %+v", again)
	}
	after := class("a sign asked again", flows.Due{IDs: []uint64{nudge.ID}}, flows.Sign)
	for _, r := range after.Pending {
		if r.Phase == flows.PhaseWait && !r.Sign {
			t.Errorf("the end of the wait does not belong to a sign: %+v", r)
		}
	}
}

// The look at the skin half-way through a round goes with the signs.
func TestALookIsASign(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	looks := 0
	for range 200 {
		s := p.state()
		due := p.Now.Add(24 * time.Hour)
		for _, r := range s.Pending {
			if r.Due.Before(due) {
				due = r.Due
			}
		}
		for _, r := range s.Pending {
			if r.Phase != flows.PhaseLook || !r.Due.Equal(due) {
				continue
			}
			looks++
			_, effects := engine.Step(p.Catalog, s, flows.Due{IDs: []uint64{r.ID}}, due)
			if list := said(effects); len(list) != 1 || list[0].Class != flows.Sign || list[0].Expires.IsZero() {
				t.Errorf("the look is %+v", list)
			}
		}
		if looks > 0 {
			return
		}
		p.waits(due.Sub(p.Now), nil)
	}
	t.Error("no round is looked at")
}
