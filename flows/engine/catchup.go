package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// resume shows the question in force once more after an outage, without a sound,
// unless that was done, or the person has been here since.
func (t *turn) resume(back time.Time) {
	if !t.s.Resumed.Before(back) {
		return
	}
	t.s.Resumed = back
	f, i := t.place(t.s.At)
	if f == nil || f.Steps[i].Action != lang.ActAsk || t.s.Inactive || !t.s.Heard.Before(back) || t.saysQuestion() {
		return
	}
	t.class = flows.Push
	t.record(flows.Entry{Kind: flows.EntryResume, Step: f.Steps[i].ID})
	if s := &f.Steps[i]; t.edited(s) {
		t.ask(f, i, t.text("system", "updated"))
	} else {
		t.show(s, t.text("system", "back"))
	}
	t.amend(func(m *flows.Message) { m.Silent = true })
}

// saysQuestion reports whether this turn shows the question in force already.
func (t *turn) saysQuestion() bool {
	return slices.ContainsFunc(t.effects, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		return ok && say.Message.Number == t.s.Shown
	})
}

// maxText is how long a message may be, in UTF-16 units. Markup is counted too:
// that errs on the short side.
const maxText = 4096

// joinMessages makes one message of all that the turn says, the most important
// first: after an absence nobody is to get a burst. The buttons are those of the
// question, and of the reminder that the message delivers; other reminders in it
// are settled as merged. What does not fit into one message is left out, the
// least important first.
func (t *turn) joinMessages() {
	var parts []flows.Message
	t.effects = slices.DeleteFunc(t.effects, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		if ok {
			parts = append(parts, say.Message)
		}
		return ok
	})
	if len(parts) == 0 {
		return
	}
	if len(parts) == 1 {
		t.emit(flows.Say{Message: parts[0]})
		return
	}
	slices.SortStableFunc(parts, func(a, b flows.Message) int { return cmp.Compare(t.weight(a), t.weight(b)) })
	whole := parts[0]
	whole.Picture, whole.Animation = "", ""
	whole.Number = t.s.Messages
	texts, asks := []string{whole.Text}, parts[0].Number == t.s.Shown
	for _, m := range parts[1:] {
		joined := strings.Join(append(slices.Clone(texts), m.Text), "\n\n")
		if m.Text == "" || len(utf16.Encode([]rune(joined))) > maxText {
			t.merge(m)
			continue
		}
		texts = append(texts, m.Text)
		whole.Class = min(whole.Class, m.Class)
		whole.Silent = whole.Silent && m.Silent
		whole.Expires = earliest(whole.Expires, m.Expires)
		switch {
		case m.Number == t.s.Shown && len(m.Keyboard) > 0:
			asks = true
			whole.Keyboard = slices.Concat(m.Keyboard, whole.Keyboard)
		case len(whole.Keyboard) == 0:
			whole.Keyboard = m.Keyboard
		}
		if whole.Reminder == 0 {
			whole.Reminder = m.Reminder
		} else {
			t.merge(m)
		}
	}
	if whole.Class == flows.TakeOff {
		whole.Expires = time.Time{} // a take-off is always told
	}
	whole.Text = strings.Join(texts, "\n\n")
	if asks {
		t.s.Shown = whole.Number
	}
	t.emit(flows.Say{Message: whole})
}

// weight orders what is told in one message: what is to be taken off, the start
// or the look of a round, then the rest in its order, and the question last.
func (t *turn) weight(m flows.Message) int {
	switch {
	case m.Class == flows.TakeOff:
		return 0
	case !m.Expires.IsZero():
		return 1
	case m.Number == t.s.Shown:
		return 3
	}
	return 2
}

// merge settles the reminder of a message that is told in another one, or that
// there is no room for. Nobody will press its buttons.
func (t *turn) merge(m flows.Message) {
	if m.Reminder == 0 {
		return
	}
	t.emit(flows.Settle{ID: m.Reminder, State: flows.Merged})
	t.s.Open = slices.DeleteFunc(t.s.Open, func(o flows.Open) bool { return o.ID == m.Reminder })
}

// earliest is the earlier of two instants; zero is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
