package bot

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"
)

// Clock tells bot time.
type Clock interface {
	// Now is the present instant, in UTC and without a monotonic reading.
	Now() time.Time
	// Until is how long real time has to run until Now reaches t; zero or
	// less if it has.
	Until(t time.Time) time.Duration
	// Changed returns a channel that is closed when the clock is next set, so
	// that an Until asked earlier no longer holds. It is nil for a clock that
	// nobody sets but with the host's.
	Changed() <-chan struct{}
	// Speed is how many seconds of Now pass in one second of real time.
	Speed() float64
}

// doubt knows whether the time can be believed.
type doubt interface{ unsure() bool }

// realTime is how much real time a stretch of bot time takes at the clock's speed.
func realTime(c Clock, d time.Duration) time.Duration { return scale(d, 1/c.Speed()) }

// longestNap bounds every wait for bot time, in real time. The wall clock may
// be stepped and the host may sleep, and no timer notices either.
const longestNap = time.Second

// sleepUntil returns when c has reached t, when wake is ready or when ctx has
// ended, whichever comes first. Bot time may be read anew after every nap.
func sleepUntil(ctx context.Context, c Clock, t time.Time, wake <-chan struct{}) {
	for {
		// Changed comes before Until: a clock set in between then wakes us.
		changed := c.Changed()
		d := c.Until(t)
		if d <= 0 {
			return
		}
		nap := time.NewTimer(min(d, longestNap))
		select {
		case <-nap.C:
		case <-changed:
			nap.Stop()
		case <-wake:
			nap.Stop()
			return
		case <-ctx.Done():
			nap.Stop()
			return
		}
	}
}

// RealClock is the wall clock.
type RealClock struct{}

// Now returns the wall clock's time.
func (RealClock) Now() time.Time { return time.Now().Round(0).UTC() }

// Until returns the time from now to t.
func (c RealClock) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }

// Changed returns nil: nobody sets this clock in a way that could be told.
func (RealClock) Changed() <-chan struct{} { return nil }

// Speed returns 1.
func (RealClock) Speed() float64 { return 1 }

// FastClock runs faster (or slower) than the wall clock. Two processes that are
// given the same speed and the same base agree on the time.
type FastClock struct {
	mu    sync.Mutex
	speed float64
	// The clock shows fast when the wall clock shows wall.
	wall, fast time.Time
	changed    chan struct{}
}

// NewFastClock returns a clock that agrees with the wall clock at the instant
// from, and passes speed seconds for each of its seconds before and after.
func NewFastClock(speed float64, from time.Time) (*FastClock, error) {
	if err := checkSpeed(speed); err != nil {
		return nil, err
	}
	from = from.Round(0).UTC()
	return &FastClock{speed: speed, wall: from, fast: from, changed: make(chan struct{})}, nil
}

func checkSpeed(speed float64) error {
	if !(speed > 0) || math.IsInf(speed, 1) {
		return fmt.Errorf("clock speed %v: give a positive number, 1 for real time", speed)
	}
	return nil
}

// Now returns bot time.
func (c *FastClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(RealClock{}.Now())
}

func (c *FastClock) at(wall time.Time) time.Time {
	return c.fast.Add(scale(wall.Sub(c.wall), c.speed))
}

// Until returns the real time that it takes to reach t.
func (c *FastClock) Until(t time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	left := t.Sub(c.at(RealClock{}.Now()))
	if left <= 0 {
		return 0
	}
	// Never zero for an instant still ahead, or the waiter would spin.
	return max(scale(left, 1/c.speed), 1)
}

// Changed returns a channel that closes with the next SetSpeed or Jump.
func (c *FastClock) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

// SetSpeed changes the speed. The present instant stays what it is.
func (c *FastClock) SetSpeed(speed float64) error {
	if err := checkSpeed(speed); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	wall := RealClock{}.Now()
	c.wall, c.fast, c.speed = wall, c.at(wall), speed
	c.wakeAll()
	return nil
}

// Speed returns how many seconds pass in one second of real time.
func (c *FastClock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// Jump sets the clock forward to an instant. It does not turn it back: an
// instant that has passed changes nothing.
func (c *FastClock) Jump(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall := RealClock{}.Now()
	if now := c.at(wall); to.After(now) {
		c.wall, c.fast = wall, to.Round(0).UTC()
		c.wakeAll()
	}
}

// wakeAll is called with mu held.
func (c *FastClock) wakeAll() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// scale multiplies without overflow: a base far from now times a high speed
// leaves the range of a Duration.
func scale(d time.Duration, by float64) time.Duration {
	f := float64(d) * by
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return time.Duration(f)
}
