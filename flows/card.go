package flows

import (
	"slices"
	"time"
)

// Card is the one message that tells a person where they stand: it is changed in
// place, and put at the end of the chat anew now and then.
type Card struct {
	// Message is the number of the message that is the card; 0 is none.
	Message uint64 `cbor:"1,keyasint,omitzero"`
	// Episode is the number of the episode that it tells of, and Flow the flow of that.
	Episode uint64 `cbor:"2,keyasint,omitzero"`
	Flow    string `cbor:"6,keyasint,omitzero"`
	// Shows stands for its words and buttons: it is another for others.
	Shows uint64 `cbor:"3,keyasint,omitzero"`
	// Put is when it was put there, and Day the person's own day of that.
	Put time.Time `cbor:"7,keyasint,omitzero"`
	Day string    `cbor:"4,keyasint,omitzero"`
	// Below counts the messages that stand below it.
	Below int `cbor:"5,keyasint,omitzero"`
	// Timer is for the moment at which the card says something else though nothing has
	// happened, or is put anew. It is none of State.Pending: nothing comes of it but the
	// card, and nobody is told of it. One card has one, which is moved.
	Timer Reminder `cbor:"8,keyasint,omitzero"`
}

// Armed are the timers that are armed: those that are pending, and that of the card.
func (s *State) Armed() []Reminder {
	if s.Card.Timer.ID == 0 {
		return s.Pending
	}
	return append(slices.Clip(s.Pending), s.Card.Timer)
}

// DayValue is the last value that was measured on a day of the person.
type DayValue struct {
	Day   string  `cbor:"1,keyasint,omitzero"`
	Value float64 `cbor:"2,keyasint,omitzero"`
}

// MeasuredOn notes that the last value of a measurement is of a day.
func (s *State) MeasuredOn(name, day string) {
	for i := range s.Measures {
		m := &s.Measures[i]
		if m.Name != name {
			continue
		}
		if m.Days[0].Day < day {
			copy(m.Days[1:], m.Days[:])
			m.Days[0].Day = day // whoever travels westward is still in the day before
		}
		m.Days[0].Value = m.Last
	}
}
