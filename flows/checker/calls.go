package checker

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
)

// over notes that a round is over since an instant.
func (p *past) over(at int64) { p.on, p.ends, p.call, p.asks, p.off = 0, 0, 0, false, at }

// putOff notes that the last reminder was put off: the day and the gap count as if it had
// not come.
func (p *past) putOff() {
	p.off = p.before
	p.today--
}

// pressed judges what the person has said to a call, and notes since when the round is
// on by it: since the press, unless it could then be on for longer than it may, or
// since the call.
func (w *watcher) pressed(e flows.Entry, spec *lang.TrackSpec, past *past, track int) {
	now := w.after.now.Unix()
	switch e.Choice {
	case "on":
		if past.call == 0 {
			w.found(RuleTakeOff, "%s is on by a press, and nobody was called", e.Step)
			return
		}
		ends := w.untilAtMost(now+past.ends-past.on, past, track)
		if most := past.call + int64(spec.MostHold/time.Second); ends > most && !past.asks {
			w.found(RuleTakeOff, "%s may be on for %s, from its call on", e.Step, time.Duration(ends-past.call)*time.Second)
		}
		past.on, past.ends, past.call, past.asks = now, ends, 0, false
	case "when":
		past.asks = true
	case "since":
		past.call, past.asks = 0, false
	case "later":
		if past.call == 0 {
			w.found(RuleTakeOff, "%s was put off, and nobody was called", e.Step)
			return
		}
		// It was no round of the day, and nothing was on.
		past.on, past.ends, past.call = 0, 0, 0
		past.today--
	}
}

// untilAtMost is when a round ends that would end at an instant: by its until, unless
// the call was for later.
func (w *watcher) untilAtMost(ends int64, past *past, track int) int64 {
	_, until := w.f.bounds.of(w.scope, track)
	if !until.IsZero() && ends > until.Unix() {
		ends = until.Unix()
	}
	return max(ends, past.ends)
}

// putOn says that a round is on, if it is called: without that nobody looks at it.
func (p *player) putOn(w *world, moves []move, track string) made {
	for _, o := range slices.Backward(w.s.Open) {
		if o.Track == track && o.Phase == flows.PhaseCall && w.track(track).Called {
			return p.do(w, moves, w.press(button.Reminder, o.Message, "on"))
		}
	}
	return made{w: w, moves: moves}
}

// look lets the look at the skin of a round come.
func (p *player) look(w *world, moves []move, track string) []made {
	on := p.putOn(w, moves, track)
	if on.found {
		return []made{on}
	}
	return p.until(on.w, on.moves, func(t *turn) bool { return came(t, p.m.c.Track(track).Kind(flows.PhaseLook)) })
}

// looksWrong says at the last look at a round that the skin looks wrong, or at one that
// comes first.
func (p *player) looksWrong(w *world, moves []move, track string) []made {
	looks := []made{{w: w, moves: moves}}
	if w.lookAt(track) == 0 {
		looks = p.look(w, moves, track)
	}
	for i, at := range looks {
		if !at.found {
			looks[i] = p.do(at.w, at.moves, at.w.press(button.Reminder, at.w.lookAt(track), "wrong"))
		}
	}
	return looks
}

// lookAt is the message of the last look at a round that can be answered, 0 for none.
func (w *world) lookAt(track string) uint64 {
	for _, o := range slices.Backward(w.s.Open) {
		if o.Track == track && o.Phase == flows.PhaseLook {
			return o.Message
		}
	}
	return 0
}
