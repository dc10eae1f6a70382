package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

// hintPause is how long a hint serves: whoever sends ten pictures has read it.
const hintPause = time.Minute

// hint answers what people send in numbers, or without waiting for a
// word: it makes no sound, and comes once in a while. A question that is another now
// is asked at once.
func (sc *screen) hint(text string) {
	s := sc.p.s
	if f, i := sc.question(); f != nil && sc.edited(&f.Steps[i]) {
		sc.unexpected(text)
		return
	}
	if since := sc.p.now.Sub(s.Hinted); since >= 0 && since < hintPause {
		sc.out.record(flows.Entry{Kind: flows.EntryUnexpected, Step: s.At.Step})
		return
	}
	s.Hinted = sc.p.now
	if keys := hintKeyboard(sc.p, sc.p.s.At.Step != ""); keys != nil {
		sc.aside(text, keys)
	} else {
		sc.unexpected(text)
	}
	sc.messages.silence()
}

// aside says a hint in a message of its own. The question in force, and its picture,
// stays where it is; a button shows it once more.
func (sc *screen) aside(text string, keys [][]flows.Key) {
	sc.out.record(flows.Entry{Kind: flows.EntryUnexpected, Step: sc.p.s.At.Step})
	if text == "use_buttons" && sc.p.s.At.Step == "" {
		text = "idle"
	}
	m := flows.Message{Text: sc.texts.known("system", text), Keyboard: keys}
	if f, i := sc.question(); f != nil && f.Steps[i].Urgent && sc.messages.class != flows.Contact {
		m.Class = flows.Sign
	}
	sc.messages.say(m, button.Hint)
}

// The buttons of a hint.
const (
	actHelp     = "help_now"
	actQuestion = "question"
)

// hintKeyboard lays out the buttons of a hint, as far as the flows have them; nil if
// there are none, or nothing would show the question that is in force.
func hintKeyboard(p *person, asked bool) [][]flows.Key {
	label := func(action string) string { return p.catalog.Text(p.s.Lang, "buttons", action).Plain() }
	var rows [][]flows.Key
	if p.catalog.HelpFlow() != nil {
		rows = append(rows, []flows.Key{{Label: label(actHelp), Data: actHelp}})
	}
	if !asked {
		return rows
	}
	if label(actQuestion) == "" {
		return nil
	}
	return append(rows, []flows.Key{{Label: label(actQuestion), Data: actQuestion}})
}

// pressHint takes a press of a button below a hint, however old that is: whoever is
// in trouble presses what they see.
func (a *answers) pressHint(d button.Data) {
	f, i := a.screen.question()
	help := a.p.catalog.HelpFlow()
	switch {
	case d.Message > a.p.s.Messages:
		a.stale()
	case d.Choice == actHelp && help != nil:
		a.messages.strip()
		a.command(flows.Command{Name: help.Commands[0]})
	case d.Choice == actQuestion && f != nil:
		a.out.record(flows.Entry{Kind: flows.EntryUnexpected, Step: f.Steps[i].ID})
		a.screen.again(f, i, "")
	default:
		a.stale()
	}
}
