package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// lapseTrack is the track of the timer at which all that is kept of a person goes. No
// round or reminder can be called so.
const lapseTrack = "-lapse"

// lapse is when all that is kept of the person goes, since they have told what is kept
// for a while only; zero for never.
func (p *person) lapse() (at time.Time) {
	for _, l := range p.catalog.Lapses() {
		if told, ok := p.s.Var(l.Var).Any().(time.Time); ok && !told.IsZero() {
			at = earliest(at, told.Add(l.After))
		}
	}
	return at
}

// lapsed reports whether all that is kept of the person is to go now.
func (e *episode) lapsed() bool {
	at := e.p.lapse()
	return !at.IsZero() && !at.After(e.p.now)
}

// lapses keeps the timer armed, whatever has ended or was edited in the turn. It is a
// timer that lets the person be forgotten, and never their own press: what they have just
// been shown is still answered.
func (e *episode) lapses() {
	at := e.p.lapse()
	i := slices.IndexFunc(e.p.s.Pending, func(r flows.Reminder) bool { return r.Track == lapseTrack })
	switch {
	case at.IsZero() && i >= 0:
		e.timers.cancel(e.p.s.Pending[i].ID)
	case at.IsZero():
	case i < 0:
		e.timers.arm(flows.Reminder{Phase: flows.PhaseWait, Kind: flows.KindLapse, Track: lapseTrack, Due: at})
	case at.After(e.p.now) && !e.p.s.Pending[i].Due.Equal(at):
		e.timers.move(&e.p.s.Pending[i], at.UTC())
	}
}
