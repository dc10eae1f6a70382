package engine

import (
	"time"

	"spasmbot/flows"
)

// A reminder may be put off as a call may. What was put off is the same one: the day
// and the gap count as if it had not come, and all that bounds a start is asked again
// when it comes.

// arrival is the start of a recurrence that has come due: how often it was put off
// before, and when the last one had come.
type arrival struct {
	later  int
	before time.Time
}

// ofReminder lays out the buttons of a reminder, above those that every one has.
func (tk *tracks) ofReminder(r flows.Reminder) [][]string {
	row, second := []string{actDone}, []string{actSkip}
	if tk.texts.button(r.Kind, actDid) != "" {
		row = append(row, actDid)
	}
	if tk.arrives.later < mostLater && tk.texts.button(r.Kind, actLater) != "" {
		second = []string{actLater, actSkip}
	}
	if len(row)+len(second) == 2 {
		return [][]string{{actDone, actSkip}}
	}
	return [][]string{row, second}
}

// mayRemindLater reports whether a reminder may still be put off: nothing has come of
// the track since.
func (tk *tracks) mayRemindLater(tr *flows.Track, o flows.Open) bool {
	return tr.Running && tr.Last.Equal(o.At) && o.Later < mostLater && tk.texts.button(o.Kind, actLater) != ""
}

// remindLater puts a reminder off, and arms it anew.
func (tk *tracks) remindLater(tr *flows.Track, o flows.Open) {
	spec := tk.p.catalog.Track(tr.Name)
	tk.timers.cancelTrack(tr.Name)
	tr.Rev++
	tr.Last = o.Before
	tr.Today, tr.Total = max(0, tr.Today-1), max(0, tr.Total-1)
	rules := tk.p.rules(spec)
	rules.Times = nil // it comes at no time of the day, but behind this press
	tk.armFirst(tr, spec, rules, tk.p.now.Add(callAgain), rules.Least)
	tk.timers.note(tr.Name, tk.cameFirst(tr.Name, o.At), flows.MovedByPerson)
	tr.Later = o.Later + 1
}

// cameFirst is when what has come at an instant had come for the first time: it may have
// been put off before.
func (tk *tracks) cameFirst(name string, at time.Time) time.Time {
	if r := tk.p.s.Came.Reminder; r.Track == name && r.Moved == flows.MovedByPerson {
		return r.First
	}
	return at
}
