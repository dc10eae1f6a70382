package bot

import (
	"context"
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func fast(t *testing.T, speed float64, from time.Time) *FastClock {
	t.Helper()
	c, err := NewFastClock(speed, from)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFastClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := time.Now().Add(-time.Minute)
		c := fast(t, 60, base)
		at := func(want time.Time) {
			t.Helper()
			if got := c.Now(); !got.Equal(want) {
				t.Fatalf("clock shows %v, want %v", got, want)
			}
		}
		at(base.Add(time.Hour)) // a minute of real time has passed since base
		if d := c.Until(base.Add(2 * time.Hour)); d != time.Minute {
			t.Errorf("an hour ahead is %v away, want a minute", d)
		}
		time.Sleep(time.Second)
		at(base.Add(time.Hour + time.Minute))

		// A change of speed is continuous.
		if took := realTime(c, time.Hour); took != time.Minute {
			t.Errorf("an hour takes %v", took)
		}
		if err := c.SetSpeed(1); err != nil {
			t.Fatal(err)
		}
		if took := realTime(c, time.Hour); took != time.Hour || c.Speed() != (RealClock{}).Speed() {
			t.Errorf("an hour takes %v at a speed of %v", took, c.Speed())
		}
		at(base.Add(time.Hour + time.Minute))
		time.Sleep(time.Minute)
		at(base.Add(time.Hour + 2*time.Minute))

		c.Jump(base.Add(24 * time.Hour))
		at(base.Add(24 * time.Hour))
		c.Jump(base) // never back
		at(base.Add(24 * time.Hour))
	})
}

func TestFastClocksOfTwoProcessesAgree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := time.Now()
		first := fast(t, 360, base)
		time.Sleep(37 * time.Second)
		second := fast(t, 360, base)
		if a, b := first.Now(), second.Now(); !a.Equal(b) {
			t.Errorf("clocks show %v and %v", a, b)
		}
	})
}

func TestFastClockRefusesBadSpeeds(t *testing.T) {
	for _, speed := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := NewFastClock(speed, time.Now()); err == nil {
			t.Errorf("speed %v was accepted", speed)
		}
	}
}

func TestFastClockNeverOverflows(t *testing.T) {
	c := fast(t, 1e9, time.Now().AddDate(-100, 0, 0))
	if now := c.Now(); now.Before(time.Now()) {
		t.Errorf("clock shows %v", now)
	}
	if d := fast(t, 1e-9, time.Now()).Until(time.Now().AddDate(1, 0, 0)); d <= 0 {
		t.Errorf("a year ahead is %v away", d)
	}
}

// A wait computed by Until always gets there, and is never so short that the
// waiter must ask again.
func TestFastClockUntilArrives(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		speed := rapid.Float64Range(0.01, 1e5).Draw(r, "speed")
		ahead := time.Duration(rapid.Int64Range(1, int64(24*time.Hour)).Draw(r, "ahead"))
		var wait, left time.Duration
		synctest.Test(t, func(t *testing.T) {
			c := fast(t, speed, time.Now())
			to := c.Now().Add(ahead)
			wait = c.Until(to)
			time.Sleep(wait + 1)
			left = to.Sub(c.Now())
		})
		if wait <= 0 || left > time.Duration(speed)+1 {
			r.Fatalf("%v short after %v", left, wait)
		}
	})
}

func TestSleepUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fast(t, 1, time.Now())
		start := time.Now()
		sleepUntil(t.Context(), c, c.Now().Add(time.Hour), nil)
		if d := time.Since(start); d != time.Hour {
			t.Errorf("slept %v, want an hour", d)
		}

		// A jump, another speed, a wake and the end of the context all end it.
		for name, do := range map[string]func(wake chan struct{}, cancel func()){
			"jump":   func(chan struct{}, func()) { c.Jump(c.Now().Add(2 * time.Hour)) },
			"speed":  func(chan struct{}, func()) { _ = c.SetSpeed(1e6) },
			"wake":   func(wake chan struct{}, _ func()) { wake <- struct{}{} },
			"cancel": func(_ chan struct{}, cancel func()) { cancel() },
		} {
			ctx, cancel := context.WithCancel(t.Context())
			wake := make(chan struct{}, 1)
			start := time.Now()
			go func() {
				time.Sleep(1500 * time.Millisecond)
				do(wake, cancel)
			}()
			sleepUntil(ctx, c, c.Now().Add(time.Hour), wake)
			if d := time.Since(start); d < time.Second || d > 2*time.Second {
				t.Errorf("%s: slept %v, want 1.5s", name, d)
			}
			cancel()
			_ = c.SetSpeed(1)
		}
	})
}

// steppedClock is a wall clock that somebody sets without telling.
type steppedClock struct{ offset atomic.Int64 }

func (c *steppedClock) Now() time.Time                  { return time.Now().Add(time.Duration(c.offset.Load())) }
func (c *steppedClock) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }
func (c *steppedClock) Changed() <-chan struct{}        { return nil }
func (c *steppedClock) Speed() float64                  { return 1 }

func TestSleepNoticesAClockStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &steppedClock{}
		start := time.Now()
		time.AfterFunc(10*time.Second+1, func() { c.offset.Store(int64(time.Hour)) })
		sleepUntil(t.Context(), c, c.Now().Add(time.Hour), nil)
		if d := time.Since(start); d > 11*time.Second {
			t.Errorf("noticed the step after %v", d-10*time.Second)
		}
	})
}
