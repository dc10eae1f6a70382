package checker

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

// stalePresses lists presses that must change nothing: of a message before the
// question in force, of an answer that is not offered, of a reminder that never
// was, of the card with what it never offers, of another state, and of data that nobody made.
func (m *subject) stalePresses(w *world) []string {
	data := func(kind button.Kind, message uint64, choice string) string {
		return button.Data{Kind: kind, Seal: w.s.Seal, Message: message, Choice: choice}.String()
	}
	list := []string{data(button.Screen, w.s.Shown, "no_such_answer"), data(button.Reminder, w.s.Messages+1, "worse"), data(button.Card, w.s.Card.Message, "no_such_button")}
	if step := m.step(&w.s); step != nil && step.Question != nil {
		for _, choice := range m.samples(w, step).Presses {
			other := button.Data{Kind: button.Screen, Seal: w.s.Seal + 1, Message: w.s.Shown, Choice: choice}
			return append(list, data(button.Screen, w.s.Asked-1, choice), other.String())
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
