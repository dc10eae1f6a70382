package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// timers are those that are armed.
type timers struct {
	p   *person
	out *effects
}

// arm arms a timer, never in the past. It gives it its number and the episode.
func (t *timers) arm(r flows.Reminder) {
	s := t.p.s
	s.Reminders++
	r.ID, r.Episode, r.Due = s.Reminders, s.Episode.Number, flows.Later(r.Due, t.p.now).UTC()
	s.Pending = append(s.Pending, r)
	t.out.add(flows.Remind{Reminder: r})
}

// armCard arms the timer of the card, or lets it come at another time. It is kept with the
// card and not with the others.
func (t *timers) armCard(r *flows.Reminder, due time.Time) {
	if r.ID == 0 {
		t.p.s.Reminders++
		*r = flows.Reminder{ID: t.p.s.Reminders, Episode: t.p.s.Episode.Number, Kind: flows.KindCard, Phase: flows.PhaseCard}
	}
	t.move(r, due.UTC())
}

// moveBy lets an armed timer come at another time, and notes what has moved it. If that
// is over by now, it is still why it did not come; one that is back has not been moved.
func (t *timers) moveBy(r *flows.Reminder, due time.Time, by flows.Move) {
	if by == "" {
		by = r.Moved
	}
	switch {
	case due.Equal(r.First):
		r.First, r.Moved = time.Time{}, ""
	case by != "" && r.First.IsZero():
		r.First, r.Moved = r.Due, by
	default:
		r.Moved = by
	}
	t.move(r, due)
}

// note notes of the armed start of a track when it was to come first, and what has moved
// it from there.
func (t *timers) note(track string, first time.Time, by flows.Move) {
	for i := range t.p.s.Pending {
		if r := &t.p.s.Pending[i]; r.Track == track && r.Starts() && by != "" {
			r.First, r.Moved = first.UTC(), by
			t.move(r, r.Due)
		}
	}
}

// move lets an armed timer come at another time. What the turn itself has armed is told
// once.
func (t *timers) move(r *flows.Reminder, due time.Time) {
	r.Due = due
	for i, e := range t.out.list {
		if armed, ok := e.(flows.Remind); ok && armed.Reminder.ID == r.ID {
			t.out.list[i] = flows.Remind{Reminder: *r}
			return
		}
	}
	t.out.add(flows.Remind{Reminder: *r})
}

// handOver makes a timer that of another track, of the kind that it is there. A
// take-off stays what it was: it ends the round that was begun. Of one that is due
// already the store is not told, since nothing is armed in the past.
func (t *timers) handOver(id uint64, spec *lang.TrackSpec, rev uint64) {
	for i := range t.p.s.Pending {
		r := &t.p.s.Pending[i]
		if r.ID != id {
			continue
		}
		r.Track, r.Rev = spec.Name, rev
		switch {
		case r.Starts():
			r.Phase, r.Kind = spec.Start(), spec.Kind(spec.Start())
		case r.Phase == flows.PhaseLook:
			r.Kind = spec.Kind(r.Phase)
		}
		if !r.Due.Before(t.p.now) {
			t.out.add(flows.Remind{Reminder: *r})
		}
	}
}

// find returns an armed timer; ok is false for one that is not.
func (t *timers) find(id uint64) (r flows.Reminder, ok bool) {
	for _, r := range t.p.s.Pending {
		if r.ID == id {
			return r, true
		}
	}
	return flows.Reminder{}, false
}

// take takes a timer that has come due.
func (t *timers) take(id uint64) {
	s := t.p.s
	s.Pending = slices.DeleteFunc(s.Pending, func(r flows.Reminder) bool { return r.ID == id })
}

// cancel ends a timer that is not to come any more.
func (t *timers) cancel(id uint64) {
	t.take(id)
	t.out.settle(id, flows.Cancelled)
}

// cancelTrack cancels all timers of a track.
func (t *timers) cancelTrack(track string) {
	for i := 0; i < len(t.p.s.Pending); {
		if r := t.p.s.Pending[i]; r.Track == track {
			t.cancel(r.ID)
		} else {
			i++
		}
	}
}

// cancelPhase cancels the timers of a track that are for one thing.
func (t *timers) cancelPhase(track string, phase flows.Phase) {
	for _, r := range slices.Clone(t.p.s.Pending) {
		if r.Track == track && r.Phase == phase {
			t.cancel(r.ID)
		}
	}
}

func (t *timers) cancelAll() {
	for len(t.p.s.Pending) > 0 {
		t.cancel(t.p.s.Pending[0].ID)
	}
}

// start is the timer of the next start of a track.
func (t *timers) start(track string) (r flows.Reminder, ok bool) {
	for _, r := range t.p.s.Pending {
		if r.Track == track && r.Starts() {
			return r, true
		}
	}
	return flows.Reminder{}, false
}
