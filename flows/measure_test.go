package flows_test

import (
	"testing"

	"spasmbot/flows"
)

// TestRemeasured: a value takes the place of the last one, and of the first if that is
// the same one; also where an earlier edition has not noted whether there are several.
func TestRemeasured(t *testing.T) {
	for name, test := range map[string]struct{ before, want flows.Measure }{
		"the only one": {
			flows.Measure{Name: "pain", First: 9, Before: 9, Last: 9}, flows.Measure{Name: "pain", First: 3, Before: 3, Last: 3, By: "ask"},
		},
		"one of two": {
			flows.Measure{Name: "pain", First: 5, Before: 5, Last: 9, Several: true, By: "ask"}, flows.Measure{Name: "pain", First: 5, Before: 5, Last: 3, Several: true, By: "ask"},
		},
		"of an earlier edition": {
			flows.Measure{Name: "pain", First: 8, Before: 6, Last: 9}, flows.Measure{Name: "pain", First: 8, Before: 6, Last: 3, By: "ask"},
		},
	} {
		s := flows.State{Measures: []flows.Measure{test.before}}
		if !s.Remeasured("pain", "ask", 9, 3) || s.Measures[0] != test.want {
			t.Errorf("%s: %+v, want %+v", name, s.Measures[0], test.want)
		}
		if s.Remeasured("pain", "ask", 7, 1) || s.Remeasured("pain", "other", 3, 1) {
			t.Errorf("%s: what is not the last one, or is the answer to another question, was replaced", name)
		}
	}
}
