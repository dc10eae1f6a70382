package engine

import (
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
)

// typed takes a text message: the answer to a question that is answered by
// typing, or something that nothing waits for.
func (t *turn) typed(ev flows.Text) {
	f, i := t.place(t.s.At)
	if f == nil || f.Steps[i].Question == nil || !f.Steps[i].Question.TakesTyped() {
		t.unexpected("use_buttons")
		return
	}
	s := &f.Steps[i]
	if t.edited(s) {
		t.record(flows.Entry{Kind: flows.EntryStale})
		t.ask(f, i, t.text("system", "updated"))
		return
	}
	switch got := s.Question.Typed(t.catalog.View(&t.s, s), strings.TrimSpace(ev.Text)); got.Verdict {
	case ask.Answered:
		t.answered(f, i, got.Choice, got.Value)
	case ask.Drafted:
		t.s.Draft = got.Value
		t.show(s, "")
	case ask.Refused:
		t.record(flows.Entry{Kind: flows.EntryUnexpected, Step: s.ID})
		t.show(s, t.text(s.ID, "invalid"))
	}
}
