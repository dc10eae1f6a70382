package outbox

import (
	"math"
	"slices"
	"time"

	"spasmbot/flows"
)

// pacer spreads calls over real time. It gives each a slot, one spacing behind
// the last, and lets it go when its slot has come and the window has room.
//
// The window is what bounds the arrivals. When a call arrives at the messenger
// nobody here knows: on a loaded machine it leaves long after its slot, and then
// many leave at once. But it arrives after it was begun and before it has
// returned. So a call goes out only if, of those before it, fewer than the limit
// are under way or have returned within the window: then no window of arrivals
// holds more than the limit, however late each of them is.
type pacer struct {
	limit   int // calls in a window; 0: no limit
	window  time.Duration
	spacing time.Duration
	next    time.Time // the slot that comes next
	// waiting have slots and have not begun.
	waiting int
	// begun are the starts of the calls under way, over the ends of others, both
	// ascending. Those that have left the window are forgotten.
	begun, over []time.Time
}

// patience is how long a call may be under way and hold its place. One that takes
// longer waits for an answer: it has arrived, or never will.
const patience = 5 * time.Second

func newPacer(rate float64) pacer {
	if rate == 0 {
		return pacer{}
	}
	limit := max(1, math.Floor(min(rate, 1e6)))
	return pacer{
		limit: int(limit), window: max(seconds(limit/rate), 1), spacing: max(seconds(1/rate), 1),
	}
}

// reserve gives a call the next slot.
func (p *pacer) reserve(now time.Time) time.Time {
	if p.limit == 0 {
		return now
	}
	slot := flows.Later(now, p.next)
	p.next = slot.Add(p.spacing)
	p.waiting++
	return slot
}

// leave takes a call out of those that wait: it begins, or will not be made.
func (p *pacer) leave() { p.waiting = max(0, p.waiting-1) }

// begin lets a call out whose slot has come. If the window has no room it returns
// for how long the call must wait before it asks again.
func (p *pacer) begin(now time.Time) (wait time.Duration) {
	if p.limit == 0 {
		return 0
	}
	if wait := p.full(now, 0); wait > 0 {
		return wait
	}
	p.leave()
	p.begun = append(p.begun, now)
	return 0
}

// end notes that a call which began at an instant has returned.
func (p *pacer) end(began, now time.Time) {
	i := slices.IndexFunc(p.begun, began.Equal)
	if i < 0 {
		return // it has taken so long that it was counted as over
	}
	p.begun = slices.Delete(p.begun, i, i+1)
	at, _ := slices.BinarySearchFunc(p.over, now, time.Time.Compare)
	p.over = slices.Insert(p.over, at, now)
}

// full returns how long the window has no room for a call behind so many others;
// 0 if it has. Who waits for calls that are under way asks again after that.
func (p *pacer) full(now time.Time, ahead int) time.Duration {
	for len(p.begun) > 0 && now.Sub(p.begun[0]) >= patience {
		p.end(p.begun[0], p.begun[0].Add(patience))
	}
	gone := 0
	for gone < len(p.over) && now.Sub(p.over[gone]) >= p.window {
		gone++
	}
	p.over = slices.Delete(p.over, 0, gone)
	switch must := len(p.begun) + len(p.over) + ahead + 1 - p.limit; {
	case must <= 0:
		return 0
	case must <= len(p.over):
		return p.over[must-1].Add(p.window).Sub(now)
	}
	return p.window
}

// lag returns how long a call waits that comes after ahead others which are
// yet to take their slots.
func (p *pacer) lag(now time.Time, ahead int) time.Duration {
	if p.limit == 0 {
		return 0
	}
	return max(max(p.next.Sub(now), 0)+time.Duration(ahead)*p.spacing, p.full(now, p.waiting+ahead))
}
