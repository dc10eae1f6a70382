package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Nobody who may need help is forgotten over what they have opened meanwhile: a question
// about warning signs that was interrupted by another keeps its time, and what lies above
// it, and returns in silence, waits no longer than that.

// answering is for how long somebody who was heard of is taken to be about to answer.
const answering = 5 * time.Minute

// keepsTime reports whether the wait for an answer goes on while something else is asked.
// One that ends in the waking hours only is no alarm: it counts from when the person was
// there last.
func keepsTime(f *lang.Flow, w *lang.Wait) bool { return f.Urgent && w != nil && !w.Waking }

// returns reports whether silence at a question leads back to what lies beneath.
func returns(f *lang.Flow, w *lang.Wait) bool { return f.Step(w.Next) < 0 }

// deadline is when the wait for the question in force is over, zero if it does not keep
// its time. Somebody who had blocked the bot is back: their timers begin anew.
func (sc *screen) deadline() time.Time {
	f, i := sc.question()
	if f == nil || !keepsTime(f, f.Steps[i].Wait) {
		return time.Time{}
	}
	w := f.Steps[i].Wait
	if over := sc.over(w); !over.IsZero() || w.Until != nil {
		return over
	}
	return sc.p.now.Add(w.Timeout)
}

// timer is that of the question in force, nil if it has none.
func (sc *screen) timer() *flows.Reminder {
	for i := range sc.p.s.Pending {
		if r := &sc.p.s.Pending[i]; r.Track == screenTrack {
			return r
		}
	}
	return nil
}

// over is when the wait for the question in force is over, zero if it has no end.
func (sc *screen) over(w *lang.Wait) time.Time {
	switch r := sc.timer(); {
	case r == nil:
		return time.Time{}
	case r.Phase == flows.PhaseAsk:
		return r.Due.Add(w.Timeout - w.Nudge)
	default:
		return r.Due
	}
}

// waitOnlyBy lets the wait for the question in force be over by an instant, if that is
// not zero, but not before there was time to answer.
func (sc *screen) waitOnlyBy(f *lang.Flow, w *lang.Wait, by time.Time) {
	if by.IsZero() {
		return
	}
	by = flows.Later(by, sc.p.now.Add(answering)).UTC()
	r := sc.timer()
	if r == nil {
		sc.arm(f, flows.PhaseWait, by)
		r = sc.timer()
	}
	due := r.Due
	if by.Before(sc.over(w)) {
		r.Phase, r.Kind, due = flows.PhaseWait, flows.KindTimeout, by
	}
	r.Sign = true // the day does not put it off
	sc.timers.move(r, due)
}

// beneath is when the first wait is over that goes on beneath the question in force, zero
// if there is none.
func (sc *screen) beneath() (first time.Time) {
	for _, at := range sc.p.s.Stack {
		if !at.Due.IsZero() && (first.IsZero() || at.Due.Before(first)) {
			first = at.Due
		}
	}
	return first
}

// alarmed reports whether somebody was asked about warning signs, and has not answered.
func (sc *screen) alarmed() bool {
	if f, i := sc.question(); f != nil && keepsTime(f, f.Steps[i].Wait) {
		return true
	}
	return !sc.beneath().IsZero()
}

// overdue reports whether the wait for an interrupted question is over, and nobody is
// about to answer it.
func (sc *screen) overdue(at flows.Place) bool {
	return !at.Due.IsZero() && !at.Due.After(sc.p.now) && sc.p.now.Sub(sc.p.s.Heard) >= answering
}

// setBack follows a clock that was put back: a wait beneath is as long as it was to be.
func (sc *screen) setBack(by time.Duration) {
	for i := range sc.p.s.Stack {
		at := &sc.p.s.Stack[i]
		f, k := sc.find(*at)
		if at.Due.IsZero() || f != nil && f.Steps[k].Wait != nil && f.Steps[k].Wait.Until != nil {
			continue
		}
		at.Due = flows.Later(at.Due.Add(-by), sc.p.now)
	}
}
