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
	ids = w.day.now(ids, func(r flows.Reminder) {
		w.timers.take(r.ID)
		w.tracks.due(r, lateSaid)
	})
	for _, id := range w.takeOffsFirst(ids) {
		r, ok := w.timers.find(id)
		if !ok || r.Due.After(w.p.now) || w.day.waits(r) {
			continue // settled by a timer before it or long ago, not due at all, or out of place
		}
		w.timers.take(id)
		before := len(w.out.list)
		lateSaid = w.comes(r, lateSaid)
		w.came(r, before)
		w.day.rang(before, r.Track, r.Starts() || r.Phase == flows.PhaseWait && w.day.asks())
	}
}

// came keeps what has come by itself, if it has said anything since the turn had some
// effects.
func (w *walk) came(r flows.Reminder, before int) {
	says := func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		return ok && say.Message.Text != "" && say.Message.Class != flows.Tidy
	}
	if slices.ContainsFunc(w.out.list[before:], says) {
		w.p.s.Came = flows.Came{Reminder: r, At: w.p.now}
	}
}

// comes lets a timer come that was taken. It says whether anything was told late by now.
func (w *walk) comes(r flows.Reminder, lateSaid bool) bool {
	w.messages.still = w.day.rides(r)
	if r.Track == lapseTrack { // it is later by now, or the flows have changed
		w.out.settle(r.ID, flows.Dropped)
		return lateSaid
	}
	if r.Track == screenTrack {
		unheard := w.day.unheard()
		if w.screen.due(r) {
			w.messages.still = w.p.looking() || unheard
			w.timedOut()
		}
		return lateSaid
	}
	// Where the day is planned, the plan says what comes after an absence.
	planned := w.day.spec() != nil
	run, late := w.tracks.due(r, lateSaid && !planned)
	if run != nil {
		w.instead(run, r.ID)
	}
	return lateSaid || late
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
	w.day.setBack(by)
	s.Heard, s.Resumed, s.Hinted = notAfter(s.Heard, w.p.now), notAfter(s.Resumed, w.p.now), notAfter(s.Hinted, w.p.now)
	w.screen.setBack(by)
	for _, r := range slices.Clone(s.Pending) {
		due := flows.Later(r.Due.Add(-by), w.p.now)
		switch {
		case r.Track == screenTrack && w.screen.waitsUntil():
		case r.Starts():
			w.tracks.startSetBack(r, by)
		default:
			w.timers.cancel(r.ID)
			r.Due = due
			w.timers.arm(r)
		}
	}
}
