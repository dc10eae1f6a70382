package flows_test

import (
	"testing"

	"spasmbot/flows"
)

// The numbers of the classes are in files that people have; the order is another
// matter.
func TestClassesKeepTheirNumbers(t *testing.T) {
	order := []flows.Class{0, 3, 1, 4, 2, 5, 99}
	if list := [...]flows.Class{flows.TakeOff, flows.Sign, flows.Reply, flows.Contact, flows.Push, flows.Tidy}; list != [6]flows.Class(order[:6]) {
		t.Errorf("the numbers are %d, want %d", list, order[:6])
	}
	for i, a := range order {
		for j, b := range order {
			if a.Before(b) != (i < j) {
				t.Errorf("class %d goes before %d: %v", a, b, a.Before(b))
			}
		}
	}
}
