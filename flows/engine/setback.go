package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// farAhead is how far the next of the times of day can lie ahead: they come once
// a week at the least.
const farAhead = 8 * 24 * time.Hour

// setBack follows a clock that was put back. A round lasts as long as it was to
// last, a gap is as long as it was to be, counted from now at the most, and a
// nudge comes after the same wait. Times of the day stay: what has come today
// must not come again. The onset stays, too: to take a pain for younger than it
// is errs on the safe side.
func (t *turn) setBack(by time.Duration) {
	if by <= 0 {
		return
	}
	earlier := func(at time.Time) time.Time {
		if at.IsZero() {
			return at
		}
		return at.Add(-by)
	}
	for i := range t.s.Tracks {
		tr := &t.s.Tracks[i]
		tr.On, tr.Ends = earlier(tr.On), earlier(tr.Ends)
		if tr.Off.After(t.now) {
			tr.Off = t.now
		}
	}
	if t.s.Heard.After(t.now) {
		t.s.Heard = t.now
	}
	if t.s.Resumed.After(t.now) {
		t.s.Resumed = t.now
	}
	for i := range t.s.Open {
		t.s.Open[i].At = earlier(t.s.Open[i].At)
	}
	for _, r := range slices.Clone(t.s.Pending) {
		t.moveBack(r, later(r.Due.Add(-by), t.now))
	}
}

// moveBack arms a timer for the instant at which it would have come, if what it
// measures is time that passes.
func (t *turn) moveBack(r flows.Reminder, due time.Time) {
	tr, spec := t.track(r.Track), t.catalog.Track(r.Track)
	start := spec != nil && starts(r)
	switch {
	case r.Track == screen && t.waitsUntil():
		return
	case start && (spec.ByTime() || len(spec.Days) > 0 || spec.DaysBy != nil):
		if !r.Due.After(t.now.Add(farAhead)) {
			return
		}
		due = t.now
	}
	if !start {
		t.cancel(r.ID)
		t.remind(r.Phase, r.Kind, r.Track, r.Rev, due)
		return
	}
	if tr == nil || !tr.Running {
		return
	}
	t.cancel(r.ID)
	t.schedule(tr, spec, due)
}

// waitsUntil reports whether the question in force waits until an instant of its
// own.
func (t *turn) waitsUntil() bool {
	f, i := t.place(t.s.At)
	return f != nil && f.Steps[i].Wait != nil && f.Steps[i].Wait.Until != nil
}
