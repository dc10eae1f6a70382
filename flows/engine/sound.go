package engine

import (
	"spasmbot/flows"
)

// silent reports whether a message of a class comes without a sound. What answers
// the person does, since whoever has just done something looks at the chat. What is
// to be taken off is heard, and so is what looks after them and comes by itself: a look
// at the skin, a question about a warning sign. The take-offs of calls that nobody
// answers are the exception: see tracks.unanswered.
func (o *messages) silent(class flows.Class) bool {
	switch {
	case class == flows.TakeOff:
		return false
	case class == flows.Sign && o.class == flows.Push:
		return false
	}
	return o.still
}

// silence lets the newest message of the turn come without a sound.
func (o *messages) silence() {
	if i := o.newest(); i >= 0 {
		say := o.out.list[i].(flows.Say)
		say.Message.Silent = true
		o.out.list[i] = say
	}
}

// looking reports whether the person has just done something, so that what goes on
// from there needs no sound.
func (p *person) looking() bool {
	since := p.now.Sub(p.s.Heard)
	return since >= 0 && since <= flows.Answering
}
