package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// due takes the timers that have come due. One that no longer fits what armed it
// is dropped. After a backlog the person gets one late message at the most.
func (w *walk) due(ids []uint64) {
	lateSaid := false
	for _, id := range w.takeOffsFirst(ids) {
		r, ok := w.timers.find(id)
		if !ok || r.Due.After(w.p.now) {
			continue // settled by a timer before it or long ago, or not due at all
		}
		w.timers.take(id)
		w.messages.still = false
		if r.Track == screenTrack {
			if w.screen.due(r) {
				w.messages.still = w.p.looking()
				w.timedOut()
			}
			continue
		}
		run, late := w.tracks.due(r, lateSaid)
		lateSaid = lateSaid || late
		if run != nil {
			w.instead(run, r.ID)
		}
	}
}

// takeOffsFirst puts the ends of rounds before everything else that has come
// due: nothing is said before them while a pack is on.
func (w *walk) takeOffsFirst(ids []uint64) []uint64 {
	var ends, others []uint64
	for _, id := range ids {
		if r, ok := w.timers.find(id); ok && r.Phase == flows.PhaseTakeOff {
			ends = append(ends, id)
		} else {
			others = append(others, id)
		}
	}
	return append(ends, others...)
}

// setBack follows a clock that was put back. A round lasts as long as it was to
// last, a gap is at least as long as it was to be, and a nudge comes after the
// same wait. Times of the day stay: what has come today must not come again. The
// onset stays, too: to take a pain for younger than it is errs on the safe side.
func (w *walk) setBack(by time.Duration) {
	if by <= 0 {
		return
	}
	s := w.p.s
	w.tracks.setBack(by)
	s.Heard, s.Resumed, s.Hinted = notAfter(s.Heard, w.p.now), notAfter(s.Resumed, w.p.now), notAfter(s.Hinted, w.p.now)
	for _, r := range slices.Clone(s.Pending) {
		due := flows.Later(r.Due.Add(-by), w.p.now)
		switch {
		case r.Track == screenTrack && w.screen.waitsUntil():
		case r.Starts():
			w.tracks.startSetBack(r, due)
		default:
			w.timers.cancel(r.ID)
			r.Due = due
			w.timers.arm(r)
		}
	}
}
