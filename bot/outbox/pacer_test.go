package outbox

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// However calls come, no window of a second holds more than the rate.
func TestPacerBoundsEveryWindow(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rate := rapid.IntRange(1, 100).Draw(r, "rate")
		p := newPacer(float64(rate))
		now := time.Unix(0, 0)
		var calls []time.Time
		for range 5 * rate {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Second)/int64(rate)).Draw(r, "pause")))
			calls = append(calls, now.Add(p.take(now)))
		}
		for i := rate; i < len(calls); i++ {
			if d := calls[i].Sub(calls[i-rate]); d < time.Second {
				r.Fatalf("%d calls within %v", rate+1, d)
			}
		}
	})
}

func TestPacerWithoutLimit(t *testing.T) {
	p := newPacer(0)
	for range 1000 {
		if d := p.take(time.Unix(0, 0)); d != 0 {
			t.Fatalf("waited %v", d)
		}
	}
}

// A rate may be as low as one likes: no duration overflows.
func TestPacerAtTheLowestRates(t *testing.T) {
	now := time.Unix(0, 0)
	for _, rate := range []float64{1e-3, 1e-9, 1e-300} {
		p := newPacer(rate)
		p.take(now)
		if d := p.take(now); d < 1000*time.Second {
			t.Errorf("at a rate of %v the second call comes after %v", rate, d)
		}
	}
}
