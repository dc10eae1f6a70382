package ask

import "spasmbot/flows"

// Measure is the part of the kinds whose answer can be one of a series.
func Measure() Part {
	return Part{
		Keys: []Key{{
			Name: "measure", Type: MeasureKey,
			Doc: `The measurement that the number is one of. "pain" feeds pain_first, pain_now and pain_trend.`,
		}},
		Astray: Fault{"measures something without a number", "measure belongs to {all}"},
	}
}

// measured is for questions whose answer is a number that may be one of a
// series, of this name; "" for none.
type measured struct{ name string }

func (m measured) Measures() string { return m.name }

func (m measured) Keep(_ View, s *flows.State, step string, answer flows.Value) {
	was, anew := s.Var(step), s.GoneBackTo(step)
	s.SetVar(step, answer)
	switch {
	case m.name == "":
	case !anew || !s.Remeasured(m.name, step, was.Num, answer.Num):
		s.Measured(m.name, step, answer.Num)
	}
}
