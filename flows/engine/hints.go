package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

// hintPause is how long a hint serves for what is no text, which comes in numbers, and for
// presses, and for how long a question that stood below it is not shown again.
const hintPause = time.Minute

// notText is the hint for what is no text.
const notText = "unexpected"

// hint answers what nothing waits for. There is one at a time, at the end of the chat: the
// next takes the last away, so that whatever is typed has an answer and much of it leaves
// one. A question that is another now is asked at once.
func (sc *screen) hint(text string) {
	s := sc.p.s
	f, i := sc.question()
	edited := f != nil && sc.edited(&f.Steps[i])
	keys, lately := hintKeyboard(sc.p, s.At.Step != ""), sc.recent(s.Hinted)
	if !edited && !lately && (text == notText || keys == nil) {
		s.Hinted = sc.p.now
	}
	if edited || keys == nil && !lately {
		sc.unexpected(text)
		return
	}
	sc.out.record(flows.Entry{Kind: flows.EntryUnexpected, Step: s.At.Step})
	switch {
	case text == notText && lately:
		return // an album has had its hint
	case text == "use_buttons" && s.At.Step == "":
		text = "idle"
	}
	sc.aside(sc.texts.known("system", text), keys)
}

// recent reports whether an instant is so short ago that a hint of then serves still.
func (sc *screen) recent(at time.Time) bool {
	since := sc.p.now.Sub(at)
	return since >= 0 && since < hintPause
}

// aside says a hint in a message of its own. The question in force, and its picture,
// stays where it is; a button shows it once more.
func (sc *screen) aside(words string, keys [][]flows.Key) {
	m := flows.Message{Text: words, Keyboard: keys}
	if f, i := sc.question(); f != nil && f.Steps[i].Urgent && sc.messages.class != flows.Contact {
		m.Class = flows.Sign
	}
	sc.messages.clears(func(st flows.Standing) bool { return st.Of == "" })
	sc.messages.say(m, button.Hint)
	sc.messages.stands(flows.Standing{})
}

// turnDown says why a press counts for nothing: in the short line that fades away,
// and, because whoever hears the screen read out never meets that line, in a hint as
// well. Whoever taps again on what has just counted has not missed anything. Words that
// are typed have their own hint: it says more, and this one does not hold it up.
func (a *answers) turnDown(key string) {
	words := a.texts.of("system", key)
	if words == "" {
		words = a.texts.of("system", "stale")
	}
	a.messages.toast(words)
	a.messages.pressed = 0 // what was pressed stays as it is
	s := a.p.s
	if a.tapped || a.screen.recent(s.Hinted) || a.screen.recent(s.TurnedDown) {
		return
	}
	s.TurnedDown = a.p.now
	var keys [][]flows.Key
	if key != "read_first" { // a finger that taps too fast is to find no new button under it
		keys = hintKeyboard(a.p, s.At.Step != "")
	}
	a.screen.aside(words, keys)
}

// taps reports whether a button that has just counted is tapped once more.
func (a *answers) taps(data string) bool {
	return data == a.p.s.Pressed && a.screen.recent(a.heard)
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

// callsForHelp reports whether a button is the one that needs to know nothing of whoever
// presses it: it counts too when they have been forgotten since it was shown.
func callsForHelp(d button.Data) bool { return d.Kind == button.Hint && d.Choice == actHelp }

// pressHint takes a press of a button below a hint, however old that is: whoever is
// in trouble presses what they see.
func (a *answers) pressHint(d button.Data) {
	f, i := a.screen.question()
	help := a.p.catalog.HelpFlow()
	own := d.Seal == a.p.s.Seal
	switch {
	case own && d.Message > a.p.s.Messages:
		a.stale()
	case d.Choice == actHelp && help != nil:
		if own {
			a.messages.goes(d.Message)
		}
		a.command(flows.Command{Name: help.Commands[0]})
	case d.Choice == actQuestion && f != nil:
		a.out.record(flows.Entry{Kind: flows.EntryUnexpected, Step: f.Steps[i].ID})
		a.screen.again(f, i, "")
	default:
		a.stale()
	}
}
