package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/markup"
)

// join makes one message of all that the turn says, the most important first:
// after an absence nobody is to get a burst. The buttons are those of the
// question, and of the reminder that the message delivers; other reminders in it
// are settled as merged. What does not fit into one message is left out, the
// least important first. So is a paper, which has no room beside other things: whoever
// wants it asks for it.
func (o *messages) join() {
	var parts []flows.Message
	o.out.list = slices.DeleteFunc(o.out.list, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		ok = ok && say.Message.Class != flows.Tidy // that tells nothing
		if ok {
			parts = append(parts, say.Message)
		}
		return ok
	})
	if parts = o.withoutPapers(parts); len(parts) == 0 {
		return
	}
	if len(parts) == 1 {
		o.out.add(flows.Say{Message: parts[0]})
		return
	}
	slices.SortStableFunc(parts, func(a, b flows.Message) int { return cmp.Compare(o.weight(a), o.weight(b)) })
	o.out.add(flows.Say{Message: o.joined(parts)})
}

// withoutPapers leaves papers out, if anything else is told, and all but one if not.
func (o *messages) withoutPapers(parts []flows.Message) []flows.Message {
	paper := func(m flows.Message) bool { return m.Paper != "" }
	told := slices.DeleteFunc(slices.Clone(parts), paper)
	if len(told) == 0 {
		told = parts[:min(1, len(parts))]
	}
	for _, m := range parts {
		if paper(m) && m.Number != told[0].Number {
			o.forgets(m.Number)
			o.merge(m)
		}
	}
	return told
}

// joined is one message in the place of parts.
func (o *messages) joined(parts []flows.Message) flows.Message {
	whole := parts[0]
	whole.Picture, whole.Animation = "", ""
	whole.Edit, whole.Of, whole.Anew = 0, 0, false
	whole.Subject, whole.Instead, whole.Undoes = "", false, 0 // it tells of more than that
	texts, asks := []string{whole.Text}, whole.Number == o.p.s.Shown
	for _, m := range parts[1:] {
		whole.Number = max(whole.Number, m.Number)
		joined := strings.Join(append(slices.Clone(texts), m.Text), "\n\n")
		if m.Text == "" || markup.Length(joined) > markup.MaxText {
			o.merge(m)
			continue
		}
		texts = append(texts, m.Text)
		if m.Class.Before(whole.Class) {
			whole.Class = m.Class
		}
		whole.Silent = whole.Silent && m.Silent
		whole.Expires = earliest(whole.Expires, m.Expires)
		switch {
		case m.Number == o.p.s.Shown && len(m.Keyboard) > 0:
			asks = true
			whole.Keyboard = slices.Concat(m.Keyboard, whole.Keyboard)
		case len(whole.Keyboard) == 0:
			whole.Keyboard = m.Keyboard
		}
		if whole.Reminder == 0 {
			whole.Reminder = m.Reminder
		} else {
			o.merge(m)
		}
	}
	if whole.Class == flows.TakeOff {
		whole.Expires = time.Time{} // a take-off is always told
	}
	whole.Text = strings.Join(texts, "\n\n")
	o.joins(&whole, parts, asks)
	o.number(&whole, asks)
	return whole
}

// joins knows a joined message by the question that it asks, or by the reminder that it
// delivers. It tells of more than that, and is never deleted.
func (o *messages) joins(whole *flows.Message, parts []flows.Message, asks bool) {
	s, is := o.p.s, o.p.s.Shown
	for _, open := range s.Open {
		if !asks && open.ID == whole.Reminder {
			is = open.Message
		}
	}
	for _, m := range parts {
		o.keeps(flows.Standing{Number: m.Number})
		switch st := o.standing(m.Number); {
		case st == nil:
		case m.Number == is:
			st.Number, st.Stays, st.Keys = whole.Number, true, len(whole.Keyboard) > 0
		default:
			o.forgets(m.Number)
		}
	}
}

// number gives a joined message its number, the newest of its parts', which its buttons
// carry.
func (o *messages) number(whole *flows.Message, asks bool) {
	s := o.p.s
	for _, row := range whole.Keyboard {
		for i := range row {
			if d, ok := button.Parse(row[i].Data); ok {
				d.Message = whole.Number
				row[i].Data = d.String()
			}
		}
	}
	for i := range s.Open {
		if s.Open[i].ID == whole.Reminder {
			s.Open[i].Message = whole.Number
		}
	}
	if asks {
		if s.Asked == s.Shown {
			s.Asked = whole.Number
		}
		s.Shown = whole.Number
	}
}

// weight orders what is told in one message: what is to be taken off, the start
// or the look of a round, then the rest in its order, and the question last.
func (o *messages) weight(m flows.Message) int {
	switch {
	case m.Class == flows.TakeOff:
		return 0
	case !m.Expires.IsZero():
		return 1
	case m.Number == o.p.s.Shown:
		return 3
	}
	return 2
}

// merge settles the reminder of a message that is told in another one, or that
// there is no room for. Nobody will press its buttons.
func (o *messages) merge(m flows.Message) {
	if m.Reminder == 0 {
		return
	}
	o.out.settle(m.Reminder, flows.Merged)
	o.p.s.Open = slices.DeleteFunc(o.p.s.Open, func(open flows.Open) bool { return open.ID == m.Reminder })
}
