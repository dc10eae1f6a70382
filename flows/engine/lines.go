package engine

import (
	"cmp"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
)

// line is what is left of a question once it is answered: "✓ Pain: 7". It is "" if the
// flows have no such text.
func (x texts) line(s *lang.Step) string {
	if !x.p.catalog.HasLine(s) {
		return ""
	}
	line := x.of(s.ID, lang.LineText)
	mark := cmp.Or(x.p.catalog.Text(x.p.s.Lang, "buttons", "tick").Plain(), "✓")
	line = markup.Escape(mark) + " " + line
	if answer := strings.Join(strings.Fields(x.shown(s.ID, x.p.s.Var(s.ID))), " "); answer != "" {
		line += ": " + answer
	}
	return line
}

// answeredBy is the number of the message that showed the question which is answered:
// the one in force, or the one that a correction goes back to. It is 0 for one that nobody
// was shown, since what stands behind a command has answered it.
func (sc *screen) answeredBy() uint64 {
	if sc.correcting {
		return sc.corrected
	}
	return shownBy(sc.p.s)
}

// shownBy is the number of the message that shows the question in force, 0 if none does.
func shownBy(s *flows.State) uint64 {
	if s.Shown < s.Asked {
		return 0
	}
	return s.Shown
}

// leave leaves the question that was answered, or left by its way back, on the message
// of a number.
func (w *walk) leave(shown uint64) {
	w.messages.answered = w.messages.meant(shown)
	w.screen.leave()
}

// tidy leaves a question that was answered: as one line, or if it is to be read again as
// it is without its buttons. Older says that the button which was pressed is on a message
// that has shown the question before the one of that number.
func (w *walk) tidy(s *lang.Step, shown uint64, older bool) {
	at, pressed, newest := w.messages.answered, w.messages.pressed, w.screen.newest()
	switch line := w.texts.line(s); {
	case line != "":
		w.messages.collapse(shown, line)
	case s.Keep:
		w.messages.goes(at)
	default:
		w.makeWay(s, at)
		if s.Shows() && newest && !older {
			w.messages.leave(shown, pressed)
		}
	}
}

// makeWay leaves a message whose question is over for the next one to take its place. It
// goes where that cannot be: a picture is no text, and nothing new may appear above what
// came later.
func (w *walk) makeWay(s *lang.Step, at uint64) {
	if s.Shows() || !w.screen.newest() || w.messages.pressed == 0 {
		w.messages.goes(at)
		return
	}
	w.messages.spare = at
}

// collapse makes one line of the message whose button was pressed, or if none was, of
// the one of a number. It waits for whatever is said to the person meanwhile. Where that
// is gone, the line is said anew.
func (o *messages) collapse(number uint64, line string) {
	if o.pressed == 0 && number == 0 {
		o.say(flows.Message{Text: line}, button.Screen)
		return
	}
	m := flows.Message{Text: line, Edit: o.pressed}
	if o.pressed == 0 {
		m.Of = number
	}
	if m.Edit == 0 && m.Of == 0 {
		return
	}
	o.forgets(o.answered)
	o.pressed = 0
	o.tidy(m, flows.Standing{Number: m.Of, ID: m.Edit})
}
