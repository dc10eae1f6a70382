package measure

import "testing"

// FuzzRead: whatever stands in a file, it is read or refused with a reason, and what is
// taken has what is relied on: days, a beginning, limits.
func FuzzRead(f *testing.F) {
	f.Add(shippedPeople)
	f.Add(shippedBudgets)
	f.Add([]byte(people("days: 1\nsends: [{text: /spasm}]\nhours: 07:00-24:00\nanswers: {a: [b, c]}\n")))
	f.Fuzz(func(t *testing.T, src []byte) {
		if read, err := ReadPeople(src); err == nil {
			for i := range read.People {
				p := &read.People[i]
				if p.Name == "" || p.Days < 1 || len(p.plan.sends) != len(p.Sends) || len(p.Sends) == 0 || p.plan.begin.IsZero() {
					t.Errorf("taken: %+v", p)
				}
				if at, ok := p.looks(p.plan.begin); ok && at.Before(p.plan.begin) {
					t.Errorf("who begins at %v looks at %v", p.plan.begin, at)
				}
			}
		}
		if read, err := ReadBudgets(src); err == nil {
			if _, err := read.Hold(nil); err == nil {
				t.Error("budgets hold of nobody")
			}
		}
	})
}
