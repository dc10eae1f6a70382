package engine

import (
	"cmp"
	"strings"
	"time"

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
func (sc *screen) answeredBy() uint64 { return cmp.Or(sc.corrected, shownBy(sc.p.s)) }

// shownBy is the number of the message that shows the question in force, 0 if none does.
func shownBy(s *flows.State) uint64 {
	if s.Shown < s.Asked {
		return 0
	}
	return s.Shown
}

// tidy leaves a question that was answered: as one line, or as it is without its
// buttons. What is said next comes as a message of its own then. It leaves a message in
// whose place the next one can come. Older says that the button which was pressed is on
// a message that has shown the question before the one of that number.
func (w *walk) tidy(s *lang.Step, shown uint64, older bool) {
	newest := w.screen.newest()
	pressed := w.messages.pressed
	line := w.texts.line(s)
	switch {
	case line != "":
		w.messages.collapse(shown, line)
	case s.Keep || s.Shows() || !newest:
		// What is to be read again stays. Words cannot take the place of a picture,
		// and nothing new may appear above what came later.
		w.messages.strip()
	}
	w.messages.bare(s, shown)
	if s.Shows() && !s.Keep && newest && !older && line == "" {
		w.messages.leave(shown, pressed)
	}
}

// collapse makes one line of the message whose button was pressed, or if none was, of
// the one of a number. It waits for whatever is said to the person meanwhile.
func (o *messages) collapse(number uint64, line string) {
	m := flows.Message{Text: line, Edit: o.pressed}
	if o.pressed == 0 {
		m.Of = number
	}
	if m.Edit == 0 && m.Of == 0 {
		return
	}
	o.pressed, o.collapsed = 0, true
	o.tidy(m)
}

// tidyFor is how late what tidies may come.
const tidyFor = time.Hour

// tidy changes or deletes a message whose time is over.
func (o *messages) tidy(m flows.Message) {
	m.Class, m.Expires = flows.Tidy, o.p.now.Add(tidyFor)
	o.post(m, button.Screen)
}

// bare takes the button that leads back off the message of a number, if the question
// was left by typing: no press tells which message that is.
func (o *messages) bare(s *lang.Step, number uint64) {
	if o.typed && s.Back != nil && !o.collapsed && number != 0 {
		o.tidy(flows.Message{Of: number})
	}
}
