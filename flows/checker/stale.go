package checker

import (
	"slices"
	"strconv"

	"spasmbot/flows"
)

// stalePresses lists presses that must change nothing: of the screen before
// the one in force, of an answer that is not offered, of a reminder that never
// was, and of data that nobody made.
func (m *model) stalePresses(w *world) []string {
	rev := func(n uint64) string { return "s" + strconv.FormatUint(n, 36) + "." }
	list := []string{rev(w.s.Rev) + "no_such_answer", "r" + strconv.FormatUint(w.s.Reminders+1, 36) + ".worse"}
	if step := m.step(&w.s); step != nil && step.Question != nil && w.s.Rev > 0 {
		for _, choice := range m.samples(w, step).Presses {
			return append(list, rev(w.s.Rev-1)+choice)
		}
	}
	return list
}

// sameButCounts reports whether two states differ in nothing but how many
// entries and messages were numbered.
func sameButCounts(a, b *flows.State) bool {
	return a.At == b.At && a.Draft == b.Draft && a.Rev == b.Rev && a.Zone == b.Zone && a.Inactive == b.Inactive &&
		a.Episode == b.Episode && a.Reminders == b.Reminders &&
		slices.Equal(a.Stack, b.Stack) && slices.Equal(a.Vars, b.Vars) && slices.Equal(a.Measures, b.Measures) &&
		slices.Equal(a.Tracks, b.Tracks) && slices.Equal(a.Pending, b.Pending) && slices.Equal(a.Open, b.Open)
}
