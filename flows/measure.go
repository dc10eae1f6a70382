package flows

import "slices"

// Measure is a measurement that is taken again and again, such as pain.
type Measure struct {
	Name string `cbor:"1,keyasint,omitzero"`
	// First, Before and Last are the first value of the episode, the last but
	// one and the last.
	First  float64 `cbor:"2,keyasint,omitzero"`
	Before float64 `cbor:"3,keyasint,omitzero"`
	Last   float64 `cbor:"4,keyasint,omitzero"`
	// Days holds the last value of each of the last days with one, newest first.
	Days [4]DayValue `cbor:"5,keyasint,omitzero"`
	// Several says that First is not all there is.
	Several bool `cbor:"6,keyasint,omitzero"`
	// By is the question that Last is the answer to; an earlier edition has noted none.
	By string `cbor:"7,keyasint,omitzero"`
}

// Measured notes a new value, the answer to a question.
func (s *State) Measured(name, by string, v float64) {
	for i := range s.Measures {
		if m := &s.Measures[i]; m.Name == name {
			m.Before, m.Last, m.Several, m.By = m.Last, v, true, by
			return
		}
	}
	s.Measures = append(s.Measures, Measure{Name: name, First: v, Before: v, Last: v, By: by})
}

// Remeasured puts a value in the place of what was answered to the same question, and was
// taken back. It is false if that is not the last one.
func (s *State) Remeasured(name, by string, was, v float64) bool {
	i := slices.IndexFunc(s.Measures, func(m Measure) bool {
		return m.Name == name && m.Last == was && (m.By == by || m.By == "")
	})
	if i < 0 {
		return false
	}
	m := &s.Measures[i]
	m.By = by
	// Of what was measured by an earlier edition nobody has noted whether there is more.
	alone := !m.Several && m.First == was && m.Before == was
	if m.Last = v; alone {
		m.First, m.Before = v, v
	}
	return true
}
