package engine

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// typed takes a text message: the answer to a question that is answered by
// typing, or something that nothing waits for.
func (t *turn) typed(ev flows.Text) {
	f, i := t.place(t.s.At)
	if f == nil || f.Steps[i].Ask != lang.AskNumber && f.Steps[i].Ask != lang.AskText {
		t.unexpected("use_buttons")
		return
	}
	s := &f.Steps[i]
	if t.edited(s) {
		t.record(flows.Entry{Kind: flows.EntryStale})
		t.ask(f, i, t.text("system", "updated"))
		return
	}
	value, ok := parseTyped(s, strings.TrimSpace(ev.Text))
	if !ok {
		t.record(flows.Entry{Kind: flows.EntryUnexpected, Step: s.ID})
		t.show(s, t.text(s.ID, "invalid"))
		return
	}
	t.answered(f, i, "", value)
}

// parseTyped reads an answer within the bounds of its step.
func parseTyped(s *lang.Step, text string) (flows.Value, bool) {
	if s.Ask == lang.AskNumber {
		// Half the world writes a comma where the other half writes a point.
		n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || n != n || n < s.Least || n > s.Most {
			return flows.Value{}, false
		}
		return flows.NumberOf(n), true
	}
	length := float64(utf8.RuneCountInString(text))
	if !utf8.ValidString(text) || length < s.Least || length > s.Most || s.Pattern != nil && !s.Pattern.MatchString(text) {
		return flows.Value{}, false
	}
	return flows.TextOf(text), true
}
