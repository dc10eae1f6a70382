package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// answers takes what the person does: presses, words and commands. What comes
// from outside is believed only as far as it fits the state.
type answers struct {
	p        *person
	out      *effects
	messages *messages
	texts    texts
	screen   *screen
	card     *card
	tracks   *tracks
	walk     *walk
	// heard is when the person last did anything before this turn.
	heard time.Time
	// typed is what the person has typed in this turn.
	typed typing
	// tapped says that the button that is pressed has just counted already.
	tapped bool
}

// typing is what was typed, and what it came to: a command, a figure or words in
// answer to a question, both, or nothing.
type typing struct {
	message int64
	command string
	answer  flows.Value
	// other says that it came to something else, such as a press of the button that
	// it stands on.
	other bool
}

// command starts the flow that answers to it.
func (a *answers) command(ev flows.Command) {
	a.typed.message = ev.Message
	name := a.opened(ev)
	f := a.p.catalog.ForCommand(name, a.p.Episode())
	switch {
	case f != nil:
	case !a.p.catalog.HasCommand(name):
		a.screen.hint("unknown_command")
		return
	default:
		a.screen.notNow()
		return
	}
	if f.SignsFirst && a.screen.alarmed() {
		a.screen.unexpected(lang.SignsFirst)
		return
	}
	a.typed.command = name
	if a.p.live() {
		a.out.record(flows.Entry{Kind: flows.EntryCommand, Choice: name})
	}
	// A first contact is answered by one message: there may be many of them.
	// What is urgent stands in one message, too.
	a.messages.opens = f.Episode || f.Urgent || !a.p.live()
	if ev.Name != lang.StartCommand { // what stands behind that is the name of a link
		a.walk.given.words = ev.Args
	}
	a.walk.enter(f)
	a.typed.answer, a.typed.other = a.walk.given.answer, a.walk.given.button
}

// opened is the command that a message is: for a link the first one of its flow. A
// link that nobody knows, or that leads nowhere at this time, is a start.
func (a *answers) opened(ev flows.Command) string {
	if ev.Name != lang.StartCommand {
		return ev.Name
	}
	if f := a.p.catalog.ForLink(ev.Args, a.p.Episode()); f != nil {
		return f.Commands[0]
	}
	return ev.Name
}

// words takes a text message: the answer to a question, which may stand on one of
// its buttons as well, a command without its slash, or something that nothing waits
// for.
func (a *answers) words(ev flows.Text) {
	a.typed.message = ev.Message
	f, i := a.screen.question()
	if f != nil && a.screen.edited(&f.Steps[i]) {
		a.out.record(flows.Entry{Kind: flows.EntryStale})
		a.screen.askEdited(f, i)
		return
	}
	if f != nil && a.answer(f, i, a.read(f, i, ev.Text)) {
		return
	}
	if a.typedUrgent(ev.Text) {
		return
	}
	if command, ok := a.bare(ev); ok {
		a.command(command)
		return
	}
	if command, ok := a.card.typed(ev.Text); ok {
		a.command(flows.Command{Name: command, Message: ev.Message})
		return
	}
	if f == nil || !f.Steps[i].Question.TakesTyped() {
		a.screen.hint("use_buttons")
		return
	}
	s := &f.Steps[i]
	a.out.record(flows.Entry{Kind: flows.EntryUnexpected, Step: s.ID})
	a.screen.show(s, a.texts.of(s.ID, "invalid"))
}

// read is what typed words come to at question i.
func (a *answers) read(f *lang.Flow, i int, words string) ask.Outcome {
	s := &f.Steps[i]
	if a.p.saysBack(s, words) {
		return ask.Answer(lang.BackChoice, flows.Value{})
	}
	return ask.Type(s.Question, a.p.view(s), words)
}

// answer takes what typed words have come to at question i. It is false if that is
// nothing.
func (a *answers) answer(f *lang.Flow, i int, got ask.Outcome) bool {
	s := &f.Steps[i]
	switch got.Verdict {
	case ask.Answered:
		// Who types the words of a button has pressed it. That cannot be changed by
		// an edit: a press of an old button cannot either.
		a.typed.other = s.IsBack(got.Choice) || isPress(s.Question, got)
		a.typed.answer = got.Value
		a.walk.answered(f, i, got)
	case ask.Drafted:
		a.typed.other = true
		a.screen.draft(s, got.Value)
	case ask.Refused:
		return false
	}
	return true
}

// meets notes which message it is whose button is pressed.
func (a *answers) meets(ev flows.Event) {
	press, ok := ev.(flows.Button)
	if !ok || press.Stray || press.Message == 0 {
		return
	}
	if d, ok := button.Parse(press.Data); ok && d.Seal == a.p.s.Seal {
		a.messages.meets(d.Message, press.Message)
	}
}

// press takes a press of a button. One of another state, or on a message that
// shows neither the question in force nor an open reminder, is stale, unless it is one
// that lasts.
func (a *answers) press(ev flows.Button) {
	a.messages.pressed = ev.Message
	a.tapped = a.taps(ev.Data)
	d, ok := button.Parse(ev.Data)
	switch {
	case !ok || d.Seal != a.p.s.Seal && !callsForHelp(d) || d.Message == 0:
		a.stale()
	case d.Kind == button.Reminder:
		a.pressReminder(d, ev)
	case d.Kind == button.Hint:
		a.pressHint(d)
	case d.Kind == button.Card:
		a.pressCard(d, ev)
	case ev.Stray:
		a.stale()
	case a.screen.shows(d.Message):
		a.screen.seen = d.Message == a.p.s.Shown
		a.pressScreen(d.Choice, ev)
	case d.Lasting && a.outlasts(d, ev):
	default:
		a.stale()
	}
}

// pressCard takes a press of a button of the card, however old what it stands on is: it
// does what a command does, and that is judged by now.
func (a *answers) pressCard(d button.Data, ev flows.Button) {
	s := a.p.s
	a.messages.pressed = 0 // the card stays
	command, ok := a.card.pressed(d.Choice)
	switch {
	case a.tapped:
	case !ok, d.Message <= s.Episode.Messages, d.Message > s.Messages:
		a.stale()
	default:
		s.Pressed = ev.Data
		a.command(flows.Command{Name: command})
	}
}

func (a *answers) stale() {
	a.out.record(flows.Entry{Kind: flows.EntryStale})
	if a.p.live() {
		a.turnDown("stale")
	} else {
		a.turnDown("over")
	}
}

func (a *answers) pressScreen(choice string, ev flows.Button) {
	f, i := a.screen.question()
	s := &f.Steps[i]
	if a.screen.edited(s) {
		a.out.record(flows.Entry{Kind: flows.EntryStale})
		a.screen.askEdited(f, i)
		return
	}
	switch got := a.pressed(s, choice); got.Verdict {
	case ask.Answered:
		if a.p.unread(s, got.Choice, ev.Sent) {
			a.turnDown("read_first")
			return
		}
		a.p.s.Pressed = ev.Data
		a.walk.answered(f, i, got)
	case ask.Drafted:
		a.screen.draft(s, got.Value)
	case ask.Refused:
		a.refuse(s)
	}
}

// pressed is what a press comes to at the question in force.
func (a *answers) pressed(s *lang.Step, choice string) ask.Outcome {
	if _, ok := backKey(a.p, s); ok && s.IsBack(choice) {
		return ask.Answer(choice, flows.Value{})
	}
	return ask.Press(s.Question, a.p.view(s), choice)
}

// refuse takes a press of a button that the question has not got. Where something
// is being put together, its message shows an earlier state of that, and is shown
// the one that counts.
func (a *answers) refuse(s *lang.Step) {
	if a.p.s.Draft == (flows.Value{}) {
		a.stale()
		return
	}
	a.out.record(flows.Entry{Kind: flows.EntryStale})
	a.screen.draft(s, a.p.s.Draft)
}
