package engine

import (
	"cmp"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

// The engine knows which messages stand in the chat that will have nothing to say one
// day: a question until it is answered or left, what a step says until it says it anew,
// a reminder until the next of its kind, a hint until something else is said. Then they
// go. What is done about them is done behind all that the turn says.

const (
	// maxStanding bounds what is known of the chat.
	maxStanding = 48
	// deletable is for how long a message can be deleted. The messenger itself takes 48
	// hours, by a clock of its own.
	deletable = 47 * time.Hour
	// tidyFor is how late what tidies may come.
	tidyFor = time.Hour
)

// standing is what is known of the message of a number, nil for nothing.
func (o *messages) standing(number uint64) *flows.Standing {
	list := o.p.s.Standing
	for i := range list {
		if list[i].Number == number {
			return &list[i]
		}
	}
	return nil
}

// stands says what the message is that was said last.
func (o *messages) stands(what flows.Standing) {
	s := o.p.s
	what.Number, what.Keys = o.last.Number, len(o.last.Keyboard) > 0
	what.ID, what.At = cmp.Or(o.last.Edit, o.was.ID), o.was.At
	if o.last.Edit == 0 && o.last.Of == 0 {
		what.ID, what.At = 0, o.p.now
	}
	s.Standing = append(s.Standing, what)
	s.Standing = slices.Delete(s.Standing, 0, max(0, len(s.Standing)-maxStanding))
}

// enters takes a message into what is known of the chat. One that takes the place of
// another is no more what that was, and is not to go with it.
func (o *messages) enters(m flows.Message) {
	o.last, o.was = m, o.keeps(flows.Standing{ID: m.Edit, Number: m.Of})
	list := o.p.s.Standing
	i := slices.IndexFunc(list, func(st flows.Standing) bool { return m.Edit != 0 && st.ID == m.Edit })
	switch {
	case i < 0:
	case m.Text == "":
		list[i].Number, list[i].Keys = m.Number, len(m.Keyboard) > 0
	default:
		o.was = list[i]
		o.p.s.Standing = slices.Delete(list, i, i+1)
	}
}

// meets notes which message of the messenger the one of a number is, since one of its
// buttons was pressed.
func (o *messages) meets(number uint64, id int64) {
	for i := range o.p.s.Standing {
		if o.p.s.Standing[i].ID == id {
			return
		}
	}
	if known := o.standing(number); known != nil {
		known.ID = id
	}
}

// meant is the number of the message that was pressed, or if none was, of the one of a
// number, as it is known now; 0 if it is not.
func (o *messages) meant(number uint64) uint64 {
	for _, st := range o.p.s.Standing {
		if o.pressed != 0 && st.ID == o.pressed || o.pressed == 0 && st.Number == number {
			return st.Number
		}
	}
	return 0
}

// elsewhere reports whether what a step shows stands on another message than the one that
// was pressed, which was about to go.
func (o *messages) elsewhere(step string) bool {
	stands := slices.ContainsFunc(o.p.s.Standing, func(st flows.Standing) bool { return st.Of == step })
	return o.pressed != 0 && stands && o.meant(0) == 0
}

// goes lets the message of a number go, or if that is not known takes the buttons off
// the one that was pressed.
func (o *messages) goes(number uint64) {
	if o.standing(number) == nil {
		o.strip()
		return
	}
	o.pressed = 0
	o.clears(func(st flows.Standing) bool { return st.Number == number })
}

// makeWay takes away what was pressed, whose place the next message cannot take: it
// stays without its buttons, unless its time is over.
func (o *messages) makeWay() {
	if o.spare == 0 {
		o.strip()
		return
	}
	o.goes(o.spare)
	o.spare = 0
}

// forgets lets the message of a number stand as it is.
func (o *messages) forgets(number uint64) {
	o.p.s.Standing = slices.DeleteFunc(o.p.s.Standing, func(st flows.Standing) bool { return st.Number == number })
}

// clears lets those messages go whose time is over. The place of the one that was pressed
// may be taken yet.
func (o *messages) clears(over func(flows.Standing) bool) {
	s := o.p.s
	s.Standing = slices.DeleteFunc(s.Standing, func(st flows.Standing) bool {
		if !over(st) {
			return false
		}
		switch {
		case o.pressed != 0 && st.ID == o.pressed:
			o.spare = st.Number
			return false
		case !st.Stays && o.p.now.Sub(st.At) < deletable:
			o.tidy(flows.Message{Of: st.Number, Delete: true}, st)
		case st.Keys:
			o.tidy(flows.Message{Of: st.Number}, st)
		}
		return true
	})
}

// tidying is a change of a message whose time is over, and what was known of that.
type tidying struct {
	flows.Message
	of flows.Standing
}

// tidy changes or deletes a message whose time is over, when the turn has said what it
// has to say. Of two changes of one message the later counts.
func (o *messages) tidy(m flows.Message, of flows.Standing) {
	m.Class, m.Expires = flows.Tidy, o.p.now.Add(tidyFor)
	o.keeps(of)
	o.later = append(o.later, tidying{m, of})
}

// keeps leaves a message alone that was to be tidied, and returns what was known of it.
func (o *messages) keeps(of flows.Standing) (was flows.Standing) {
	o.later = slices.DeleteFunc(o.later, func(t tidying) bool {
		same := of.ID != 0 && of.ID == t.of.ID || of.Number != 0 && of.Number == t.of.Number
		if same {
			was = t.of
		}
		return same
	})
	return was
}

// deletes reports whether the turn deletes the message of a number.
func (o *messages) deletes(number uint64) bool {
	return slices.ContainsFunc(o.later, func(t tidying) bool { return t.Delete && t.of.Number == number })
}

// tidyUp does what is to be done when all is said.
func (o *messages) tidyUp() {
	if o.spare != 0 {
		o.makeWay()
	}
	for _, t := range o.later {
		o.post(t.Message, button.Screen)
	}
	o.later = nil
}
