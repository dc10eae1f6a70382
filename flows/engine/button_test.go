package engine_test

import (
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

// twoQuestions has two questions with the same answers, and a reminder.
const twoQuestions = `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_look, start: look}
  - {id: one, ask: choice, choices: {yes: {}, no: {}}, wait: {timeout: 90d, next: over}}
  - {id: two, ask: choice, choices: {yes: {}, no: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  look: {every: 1h, first: 1h}
`

const twoTexts = `
one: {text: "One?", "yes": "Yes", "no": "No"}
two: {text: "Two?", "yes": "Yes", "no": "No"}
look: {text: "look", skip: "skipped"}
`

// sealed is a person whose state has the seal of the tests.
func sealed(t *testing.T, flow, texts string) *person {
	t.Helper()
	p := newPerson(t, tiny(t, flow, texts))
	s := p.state()
	s.Seal = seal
	p.store(s)
	return p
}

// data of the first key of the newest message.
func (p *person) data() button.Data {
	p.t.Helper()
	d, ok := button.Parse(slices.Concat(p.Chat[len(p.Chat)-1].Keyboard...)[0].Data)
	if !ok {
		p.t.Fatalf("the newest button is not ours: %+v", p.Chat[len(p.Chat)-1])
	}
	return d
}

// stale presses data and demands that nothing comes of it; the test ends if
// something does.
func (p *person) stale(what string, d button.Data) {
	p.t.Helper()
	before := p.state()
	p.does(flows.Button{Data: d.String(), Message: 1})
	last := p.Timeline[len(p.Timeline)-1]
	if s := p.state(); s.At != before.At || len(s.Open) != len(before.Open) || last.Kind != flows.EntryStale {
		p.t.Fatalf("%s, %q, was taken for an answer: %v", what, d, p)
	}
}

// TestButtonOfAQuestion: an answer is one if it comes from a message that shows
// the question in force, in this state of the person and no other.
func TestButtonOfAQuestion(t *testing.T) {
	p := sealed(t, twoQuestions, twoTexts)
	p.does(flows.Command{Name: "spasm"})
	one := p.data()
	p.does(flows.Button{Data: one.String(), Message: 1})
	if at := p.state().At.Step; at != "two" {
		t.Fatalf("the answer was not taken: %v", p)
	}
	s := p.state()
	two := button.Data{Kind: button.Screen, Seal: seal, Message: s.Shown, Choice: "yes"}
	p.stale("a button of the question before", one)
	p.stale("a button of a message that is yet to come", button.Data{Kind: button.Screen, Seal: seal, Message: p.state().Messages + 1, Choice: "yes"})
	p.stale("a button of a state that was lost", button.Data{Kind: button.Screen, Seal: seal + 1, Message: s.Shown, Choice: "yes"})
	p.stale("a button of a state without a seal", button.Data{Kind: button.Screen, Message: s.Shown, Choice: "yes"})
	p.stale("a reminder's button of the message", button.Data{Kind: button.Reminder, Seal: seal, Message: s.Shown, Choice: "done"})
	p.Now = p.Now.Add(time.Minute) // a hint serves for so long
	p.does(flows.Text{Text: "hello"})
	if again := p.data(); again.Message == two.Message {
		t.Fatalf("the question is shown again with %+v", again)
	}
	p.does(flows.Button{Data: two.String(), Message: 1}) // it is still in force where it was shown first
	if s := p.state(); s.Episode.Live() {
		t.Errorf("the first message of the question does not answer it any more: %v", p)
	}
}

// TestButtonOfAReminder: "Done" and "Skip" answer the reminder of their message,
// "Worse" and "Stop" work on any that there was, of this state.
func TestButtonOfAReminder(t *testing.T) {
	p := sealed(t, twoQuestions, twoTexts)
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Hour, nil)
	first := p.data()
	with := func(d button.Data, choice string) button.Data { d.Choice = choice; return d }
	p.does(flows.Button{Data: with(first, "skip").String(), Message: 2})
	if len(p.state().Open) != 0 {
		t.Fatalf("the reminder was not skipped: %v", p)
	}
	p.waits(time.Hour, nil)
	second := p.data()
	p.stale("Skip on a message that was answered", with(first, "skip"))
	p.stale("Skip of a state that was lost", button.Data{Kind: button.Reminder, Seal: seal + 1, Message: second.Message, Choice: "skip"})
	p.stale("Worse of a state that was lost", button.Data{Kind: button.Reminder, Seal: seal + 1, Message: first.Message, Choice: "worse"})
	p.stale("Worse on a message that is yet to come", button.Data{Kind: button.Reminder, Seal: seal, Message: p.state().Messages + 1, Choice: "worse"})
	p.does(flows.Button{Data: with(second, "skip").String(), Message: 3})
	if len(p.state().Open) != 0 {
		t.Errorf("the second reminder was not skipped: %v", p)
	}
	p.does(flows.Button{Data: with(first, "stop").String(), Message: 2})
	if p.state().Episode.Live() {
		t.Error("Stop on an old reminder does nothing")
	}
}

// TestButtonOnAStrayMessage: a message that was sent from a file that is lost is
// neither the question nor the reminder whose number it has. What makes it worse, or
// is to stop, does so from wherever it is told.
func TestButtonOnAStrayMessage(t *testing.T) {
	p := sealed(t, twoQuestions, twoTexts)
	p.does(flows.Command{Name: "spasm"})
	one := p.data()
	p.waits(time.Hour, nil)
	look := p.data()
	stray := func(d button.Data, choice string) {
		d.Choice = choice
		p.does(flows.Button{Data: d.String(), Stray: true})
	}
	for choice, d := range map[string]button.Data{"yes": one, "skip": look, "done": look} {
		before := p.state()
		stray(d, choice)
		s, last := p.state(), p.Timeline[len(p.Timeline)-1]
		if s.At != before.At || len(s.Open) != 1 || last.Kind != flows.EntryStale {
			t.Errorf("%q on a stray message was taken for an answer: %v", choice, p)
		}
	}
	stray(look, "stop")
	if s := p.state(); s.Episode.Live() {
		t.Errorf("Stop on a stray message does nothing: %v", p)
	}
}

// TestButtonOfAJoinedMessage: what is told in one message after an absence has the
// buttons of that message. Those of the question stay when the reminder is answered.
func TestButtonOfAJoinedMessage(t *testing.T) {
	p := sealed(t, twoQuestions, twoTexts)
	p.does(flows.Command{Name: "spasm"})
	p.sleeps(70 * time.Minute)
	var numbers []uint64
	for _, key := range slices.Concat(p.Chat[len(p.Chat)-1].Keyboard...) {
		d, _ := button.Parse(key.Data)
		numbers = append(numbers, d.Message)
	}
	if s := p.state(); len(numbers) != 6 || slices.Min(numbers) != s.Newest || slices.Max(numbers) != s.Newest || s.Open[0].Message != s.Newest {
		t.Fatalf("message %d has buttons of %v", p.state().Newest, numbers)
	}
	joined := len(p.Chat) - 1
	p.presses("Skip")
	var left []string
	for _, key := range slices.Concat(p.Chat[joined].Keyboard...) {
		left = append(left, button.Choice(key.Data))
	}
	if !slices.Contains(left, "yes") || slices.Contains(left, "skip") {
		t.Errorf("behind the answer to the reminder the message offers %q", left)
	}
	p.presses("yes")
	if s := p.state(); s.At.Step != "two" || len(s.Open) != 0 {
		t.Errorf("%v", p)
	}
}

// TestRoundOverInAJoinedMessage: whoever presses a call of a round that is over, on the
// message that asks the question in force as well, can still answer that.
func TestRoundOverInAJoinedMessage(t *testing.T) {
	p := newPerson(t, tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_pack, start: pack}
  - {id: hub, ask: choice, choices: {yes: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
rounds:
  pack: {hold: 20m, first: 1h, gap: 30h, most_hold: 20m, least_gap: 1h}
`, `
hub: {text: "Hub?", yes: "Yes"}
pack-on: {text: "On?", done: "It is on."}
pack-off: {text: "Off.", unsure: "Is it on?", cut: "Off with it."}
`))
	p.does(flows.Command{Name: "spasm"})
	p.sleeps(70 * time.Minute)
	joined := p.Chat[len(p.Chat)-1]
	p.waits(30*time.Minute, nil)
	on := slices.IndexFunc(joined.Keyboard, func(row []flows.Key) bool { return button.Choice(row[0].Data) == "on" })
	if on < 0 {
		t.Fatalf("the message offers %v", joined.Keyboard)
	}
	p.does(flows.Button{Data: joined.Keyboard[on][0].Data, Message: joined.ID})
	p.presses("Yes")
	if s := p.state(); s.Episode.Live() {
		t.Errorf("the question is not answered: %v", p)
	}
}
