package plan

import (
	"time"

	"spasmbot/flows"
)

// Round is what bounds a round that was called, for one person at one instant.
type Round struct {
	// Most is how long it may be on, reckoned from the call at the latest. Without
	// it nobody knows, and it is on since the call.
	Most time.Duration
	// Until is when it has ended; zero is no bound.
	Until time.Time
}

// Since is since when a round is on.
type Since string

// What the person's word that it is on comes to.
const (
	SinceNow    Since = "now"    // it went on at this instant
	SinceCall   Since = "call"   // at the call
	SinceEither Since = "either" // nobody can tell: it may have been at the call, and that matters
)

// atOnce is how soon behind a call it makes no difference which of the two it was.
const atOnce = time.Minute

// PutOn says since when a called round is on, of which the person says at an instant
// that it is, and when it is then to be taken off. Whatever went on at the call must
// not stay on for longer than the most.
func (r Round) PutOn(tr *flows.Track, at time.Time) (since Since, off time.Time) {
	switch off = r.Off(tr, at); {
	case !off.After(tr.On.Add(r.Most)):
		return SinceNow, off
	case at.Sub(tr.On) <= atOnce || r.Most == 0:
		return SinceCall, tr.Ends
	}
	return SinceEither, tr.Ends
}

// Off is when a called round is to be taken off that goes on at an instant. It lasts
// as long as was told with the call, and no longer than Until.
func (r Round) Off(tr *flows.Track, at time.Time) time.Time {
	off := at.Add(tr.Ends.Sub(tr.On))
	if !r.Until.IsZero() && off.After(r.Until) {
		off = r.Until
	}
	return flows.Later(off, tr.Ends)
}
