package checker

import (
	"cmp"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
)

// world is one person and what surrounds them. Timers are those pending in
// the state; the chat is left out, since what a press means rests on its data
// alone.
type world struct {
	s   flows.State
	now time.Time
	// past is what the person was told to do, by the catalog's tracks.
	past []past
}

// past is the history of a track as the person lived it, kept apart from the
// engine's own so that the two can be compared. Instants are in Unix seconds,
// 0 for none.
type past struct {
	// on is since when a round is on, or may be, and ends when it is to end. The gap
	// counts from off: a take-off, or the last of a reminder.
	on, ends, off int64
	// before is when the last reminder but one came.
	before int64
	// call is when the round in progress was called, as long as the person may say
	// that it is on; asks says that they were asked since when.
	call int64
	asks bool
	// asked is when the person set off a start that is to come at once.
	asked int64
	day   int
	today int
}

// turn is one event and what followed it.
type turn struct {
	before  *world
	after   *world
	event   flows.Event
	effects []flows.Effect
}

// byPerson reports whether somebody did something, so that it was not a timer.
func (t *turn) byPerson() bool {
	_, due := t.event.(flows.Due)
	return !due
}

// step feeds one event.
func (w *world) step(c *lang.Catalog, ev flows.Event) *turn {
	s, effects := engine.Step(c, w.s, ev, w.now)
	after := &world{s: s, now: w.now, past: slices.Clone(w.past)}
	return &turn{before: w, after: after, event: ev, effects: effects}
}

// at is the same world at another time.
func (w *world) at(now time.Time) *world {
	return &world{s: w.s, now: now, past: w.past}
}

// nextDue returns when the next timer is due.
func (w *world) nextDue() (at time.Time, ok bool) {
	for _, r := range w.s.Pending {
		if !ok || r.Due.Before(at) {
			at, ok = r.Due, true
		}
	}
	return at, ok
}

// due lists the timers that are due by now, in the order in which a scheduler
// hands them over.
func (w *world) due() []uint64 {
	var list []flows.Reminder
	for _, r := range w.s.Pending {
		if !r.Due.After(w.now) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b flows.Reminder) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	ids := make([]uint64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return ids
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
