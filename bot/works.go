package bot

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// works are the parts of a bot that knows who it is.
type works struct {
	door  *door
	store *steadyStore
	queue *queue
	away  *away

	// These take in, until the door closes.
	poller    *poller
	scheduler *scheduler
	sweep     *sweep
	retention *retention
	profile   profileLanes
	// These send, for as long as they may.
	loader  *loader
	sender  *sender
	answers *answerLane
}

// send starts what sends.
func (w *works) send(ctx context.Context, g *errgroup.Group) {
	for _, run := range []func(context.Context) error{w.loader.run, w.sender.run, w.answers.run} {
		g.Go(func() error { return run(ctx) })
	}
}

// takeIn runs what takes in, until the door has closed and all that was in hand is
// done, or ctx has ended.
func (w *works) takeIn(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, run := range []func(context.Context) error{w.poller.run, w.scheduler.run, w.sweep.run} {
		g.Go(func() error { return run(ctx) })
	}
	// These have nothing in hand that could not be done another time.
	in, leave := w.door.while(ctx)
	defer leave()
	for _, run := range []func(context.Context) error{w.store.look, w.away.run, w.retention.run} {
		g.Go(func() error { return run(in) })
	}
	for _, lane := range w.profile {
		g.Go(func() error { return lane.run(in) })
	}
	return g.Wait()
}

// drain waits until everything that can be sent has been, by the end of the grace,
// or ctx has ended. Then it stores that the bot worked until now.
func (w *works) drain(ctx context.Context, end <-chan time.Time) {
	select {
	case by := <-end:
		for !(w.queue.Quiet(by) && w.answers.quiet()) && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-w.queue.progress:
			case <-w.answers.progress:
			}
		}
		w.away.stop(ctx)
	case <-ctx.Done():
	}
}
