package outbox

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// call is one call as the messenger's clock sees it.
type call struct{ began, arrived, returned time.Time }

// late plays calls that come, are woken, arrive and return as late as it likes, as
// on a loaded machine behind a bad line.
func late(r *rapid.T, p *pacer, calls int, most time.Duration) (arrived []time.Time) {
	lateness := rapid.Custom(func(r *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(rapid.SampledFrom([]time.Duration{0, time.Millisecond, most / 10, most}).Draw(r, "scale"))).Draw(r, "late"))
	})
	now := time.Unix(0, 0)
	var under []call
	land := func(until time.Time) {
		slices.SortFunc(under, func(a, b call) int { return a.returned.Compare(b.returned) })
		for len(under) > 0 && !under[0].returned.After(until) {
			p.end(under[0].began, under[0].returned)
			under = under[1:]
		}
	}
	for range calls {
		now = now.Add(lateness.Draw(r, "pause") / 4)
		slot := p.reserve(now)
		if slot.After(now) {
			now = slot.Add(lateness.Draw(r, "woken"))
		}
		for land(now); ; land(now) {
			wait := p.begin(now)
			if wait == 0 {
				break
			}
			now = now.Add(wait).Add(lateness.Draw(r, "woken"))
		}
		c := call{began: now}
		c.arrived = c.began.Add(lateness.Draw(r, "on the way"))
		c.returned = c.arrived.Add(lateness.Draw(r, "on the way back"))
		under = append(under, c)
		arrived = append(arrived, c.arrived)
	}
	slices.SortFunc(arrived, time.Time.Compare)
	return arrived
}

// However late calls are made, arrive and return, no window of a second holds
// more arrivals than the rate.
func TestPacerBoundsEveryWindowOfArrivals(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rate := rapid.IntRange(1, 40).Draw(r, "rate")
		p := newPacer(float64(rate))
		arrived := late(r, &p, 5*rate, patience/2)
		for i := rate; i < len(arrived); i++ {
			if d := arrived[i].Sub(arrived[i-rate]); d < time.Second {
				r.Fatalf("%d calls arrived within %v", rate+1, d)
			}
		}
	})
}

// A machine that stands still for a while lets no burst out when it goes on: those
// whose slots have passed go out together only as far as the window has room.
func TestPacerAfterAStandstill(t *testing.T) {
	p := newPacer(30)
	now := time.Unix(0, 0)
	for range 30 {
		now = p.reserve(now)
		if wait := p.begin(now); wait != 0 {
			t.Fatalf("waited %v", wait)
		}
		p.end(now, now.Add(time.Millisecond))
	}
	for range 30 {
		p.reserve(now)
	}
	now = now.Add(500 * time.Millisecond)
	for n := range 30 {
		// The first of all was over a millisecond after 0: half of the thirty
		// have left the window by now.
		wait := p.begin(now)
		if free := n < 14; free != (wait == 0) {
			t.Fatalf("call %d behind the standstill waits %v", n, wait)
		}
	}
}

// The rate is made use of: what a call takes is all that it costs.
func TestPacerGivesTheFullRate(t *testing.T) {
	const took = 20 * time.Millisecond
	p := newPacer(30)
	begun := time.Unix(0, 0)
	now := begun
	var under []time.Time
	for range 3000 {
		for {
			for len(under) > 0 && now.Sub(under[0]) >= took {
				p.end(under[0], under[0].Add(took))
				under = under[1:]
			}
			wait := p.lag(now, 0)
			if wait == 0 {
				now = p.reserve(now)
				wait = p.begin(now)
			}
			if wait == 0 {
				break
			}
			now = now.Add(min(wait, took))
		}
		under = append(under, now)
	}
	if d := now.Sub(begun); d > 103*time.Second {
		t.Errorf("3000 calls of %v took %v", took, d)
	}
}

// A call that hangs does not hold its place for ever.
func TestPacerForgetsCallsThatHang(t *testing.T) {
	p := newPacer(1)
	now := p.reserve(time.Unix(0, 0))
	p.begin(now)
	if wait := p.begin(now.Add(patience)); wait != time.Second {
		t.Errorf("behind a call that hangs the next waits %v", wait)
	}
	if wait := p.begin(now.Add(patience + time.Second)); wait != 0 {
		t.Errorf("and then %v", wait)
	}
	p.end(now, now.Add(time.Minute))
	if len(p.begun) != 1 || len(p.over) != 0 {
		t.Errorf("a call that was given up is counted when it returns: %+v", p)
	}
}

// What waits for its slot counts among those that are before a newcomer.
func TestPacerLag(t *testing.T) {
	p := newPacer(2)
	now := time.Unix(0, 0)
	if lag := p.lag(now, 0); lag != 0 {
		t.Errorf("lag %v on an idle line", lag)
	}
	p.reserve(now)
	p.reserve(now)
	if lag := p.lag(now, 0); lag != time.Second {
		t.Errorf("lag %v behind two that wait", lag)
	}
	p.leave()
	p.begin(now)
	if lag := p.lag(now.Add(time.Second), 0); lag != 0 {
		t.Errorf("lag %v behind one that is under way", lag)
	}
	if lag := p.lag(now.Add(time.Second), 1); lag != time.Second {
		t.Errorf("lag %v when all places are taken by what is under way", lag)
	}
}

func TestPacerWithoutLimit(t *testing.T) {
	p := newPacer(0)
	now := time.Unix(0, 0)
	for range 1000 {
		if at := p.reserve(now); !at.Equal(now) || p.begin(now) != 0 || p.lag(now, 1000) != 0 {
			t.Fatalf("waited until %v", at)
		}
	}
}

// A rate may be as low as one likes: no duration overflows.
func TestPacerAtTheLowestRates(t *testing.T) {
	now := time.Unix(0, 0)
	for _, rate := range []float64{0.5, 1e-3, 1e-9, 1e-300} {
		p := newPacer(rate)
		p.begin(p.reserve(now))
		p.end(now, now)
		least := seconds(1 / rate)
		if at := p.reserve(now); at.Sub(now) < least {
			t.Errorf("at a rate of %v the second call comes after %v", rate, at.Sub(now))
		}
		if wait := p.begin(now.Add(time.Millisecond)); wait < least-time.Millisecond {
			t.Errorf("at a rate of %v the window is free after %v", rate, wait)
		}
	}
}
