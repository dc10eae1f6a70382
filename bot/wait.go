package bot

import (
	"context"
	"time"
)

// nap sleeps in real time, unless ctx ends first.
func nap(ctx context.Context, d time.Duration) { napUntil(ctx, d, nil) }

// napUntil is nap, which wake ends as well.
func napUntil(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
	}
}

// signal wakes whoever waits on a channel of capacity 1.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// unlessOver is err, unless ctx has ended: then whatever fails is of no
// consequence any more.
func unlessOver(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // that is the point
	}
	return err
}

// longestBackoff bounds every wait that follows failures, in real time.
const longestBackoff = 30 * time.Second

// retryMin is the first wait after a call that has failed, in real time.
const retryMin = 500 * time.Millisecond

// backoff is the wait after the n-th failure in a row, n counting from 1:
// doubling from retryMin up to longestBackoff, spread by jitter, a number from 0 to 1.
func backoff(n int, jitter float64) time.Duration {
	d := retryMin
	for ; n > 1 && d < longestBackoff; n-- {
		d *= 2
	}
	d = min(d, longestBackoff)
	return d/2 + time.Duration(jitter*float64(d/2))
}

// turnstile lets one in at a time. It is a channel and no mutex because it is
// held across waits.
type turnstile chan struct{}

func newTurnstile() turnstile { return make(turnstile, 1) }

// pass runs fn while nobody else is in.
func (t turnstile) pass(ctx context.Context, fn func() error) error {
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-t }()
	return fn()
}

// door stands open as long as the bot takes anything in. What is in hand when it
// closes is finished.
type door struct {
	open  context.Context
	close context.CancelFunc
}

func newDoor() *door {
	d := new(door)
	d.open, d.close = context.WithCancel(context.Background())
	return d
}

// while returns a context that ends with ctx, or when the door closes.
func (d *door) while(ctx context.Context) (in context.Context, leave context.CancelFunc) {
	in, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(d.open, cancel)
	return in, func() {
		stop()
		cancel()
	}
}
