package outbox

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A chat takes a burst, and after that its rate: n calls never come in less
// than the time that the rate gives to all but the burst.
func TestBucketAllowsABurstAndThenTheRate(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rate := rapid.Float64Range(0.1, 10).Draw(r, "rate")
		var b Bucket
		now := time.Unix(1000, 0)
		var calls []time.Time
		for range 30 {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Second)).Draw(r, "pause")))
			if at := b.ready(now, rate, 0); at.After(now) {
				now = at
			}
			if at := b.ready(now, rate, 0); at.After(now) {
				r.Fatalf("still %v to wait after waiting", at.Sub(now))
			}
			b.take(now, rate)
			calls = append(calls, now)
		}
		for i := range calls {
			for j := i + burst; j < len(calls); j++ {
				least := time.Duration(float64(j-i-burst+1) / rate * float64(time.Second))
				if d := calls[j].Sub(calls[i]); d < least-time.Microsecond {
					r.Fatalf("calls %d to %d within %v, want at least %v", i, j, d, least)
				}
			}
		}
	})
}

func TestBucketBurst(t *testing.T) {
	var b Bucket
	now := time.Unix(1000, 0)
	for range burst {
		if at := b.ready(now, 1, 0); at.After(now) {
			t.Fatalf("burst ended early")
		}
		b.take(now, 1)
	}
	if d := b.ready(now, 1, 0).Sub(now); d < time.Second || d > time.Second+time.Millisecond {
		t.Errorf("next call in %v, want a second", d)
	}
}

// What is owed wears off, and a call that was not made is not owed.
func TestBucketDebt(t *testing.T) {
	var b Bucket
	now := time.Unix(1000, 0)
	b.Add(10, now, 2)
	for _, step := range []struct {
		after time.Duration
		want  float64
	}{{0, 10}, {time.Second, 8}, {-time.Hour, 8}, {4500 * time.Millisecond, 1}, {time.Hour, 0}} {
		if got := b.Debt(now.Add(step.after), 2); got != step.want {
			t.Errorf("after %v: %v, want %v", step.after, got, step.want)
		}
	}
	later := now.Add(2 * time.Hour)
	b.take(later, 2)
	b.giveBack()
	b.giveBack()
	if !b.full(later, 2) {
		t.Error("a call that was not made is owed")
	}
}
