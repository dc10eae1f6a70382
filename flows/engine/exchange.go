package engine

import (
	"slices"

	"spasmbot/flows"
)

// left is the message of a question with a picture that was left, as long as nothing
// stands below it: a step with lang.Step.SameMessage is shown in it.
type left struct {
	// number is the message's, and id what the messenger calls it, 0 if no press
	// tells that.
	number uint64
	id     int64
	// last is the number of the newest message that was no edit when the question was
	// left. What is said later stands below it.
	last uint64
}

// leave notes that the question which a message shows was left. Pressed is that
// message if one of its buttons was pressed, otherwise 0.
func (o *messages) leave(number uint64, pressed int64) {
	o.left = left{number: number, id: pressed, last: o.p.s.Newest}
}

// exchange puts m into the message of the question that was left. It is false if there
// is none, or if something stands below it. Its buttons need not be taken off then.
func (o *messages) exchange(m *flows.Message) bool {
	if o.left.number == 0 || o.left.last != o.p.s.Newest {
		return false
	}
	if i := len(o.out.list) - 1; i >= 0 {
		say, ok := o.out.list[i].(flows.Say)
		if m := say.Message; ok && m.Number == o.p.s.Messages && m.Edit == o.left.id && m.Text == "" && !m.Delete {
			o.out.list = o.out.list[:i]
			o.p.s.Messages--
		}
	}
	if o.pressed = o.left.id; o.pressed == 0 {
		m.Of = o.left.number
	}
	m.Anew, o.left = true, left{}
	return true
}

// newest is where the last message of the turn stands in the list, -1 if there is none.
// What tidies is none.
func (o *messages) newest() int {
	for i, e := range slices.Backward(o.out.list) {
		if say, ok := e.(flows.Say); ok && say.Message.Class != flows.Tidy {
			return i
		}
	}
	return -1
}
