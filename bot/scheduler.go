package bot

import (
	"context"
	"slices"
	"time"

	"spasmbot/storage"
)

// crowd tells whether so many messages wait that no more should be made that
// nobody waits for.
type crowd interface{ Crowded() bool }

// watch knows whether the bot is out of reach.
type watch interface {
	look(ctx context.Context) error
	holds() bool
}

// scheduler feeds timers into the pipe when they are due.
type scheduler struct {
	door   *door
	clock  Clock
	store  *steadyStore
	timers *timers
	armed  <-chan struct{} // one may be due earlier than all before
	queue  crowd
	eased  <-chan struct{} // the queue is crowded no more
	away   watch
}

// idle is how far ahead the scheduler looks, in bot time, when nothing is
// armed.
const idle = time.Hour

// crowdedPause is how long the scheduler lets a crowded sender work before it
// looks again for urgent timers.
const crowdedPause = 250 * time.Millisecond

// run takes due timers until the door closes.
func (s *scheduler) run(ctx context.Context) error {
	in, leave := s.door.while(ctx)
	defer leave()
	for in.Err() == nil {
		if err := s.next(in, ctx); err != nil {
			return unlessOver(ctx, err)
		}
	}
	return nil
}

// next waits for the earliest timer, or takes a batch of those that are due.
func (s *scheduler) next(in, ctx context.Context) error {
	due, armed, err := s.peek(ctx)
	if err != nil {
		return err
	}
	if !armed {
		due = s.clock.Now().Add(idle)
	}
	if s.clock.Until(due) > 0 {
		sleepUntil(in, s.clock, due, s.armed)
		return nil
	}
	// An absence is noticed before what was missed in it is told.
	if err := s.away.look(ctx); err != nil {
		return err
	}
	if s.away.holds() {
		nap(in, crowdedPause)
		return nil
	}
	if s.queue.Crowded() {
		return s.crowdedNext(in, ctx)
	}
	taken, err := s.timers.due(ctx, false)
	if err == nil && taken == 0 {
		// The clock was turned back since we looked.
		nap(in, longestNap)
	}
	return err
}

// crowdedNext takes only what cannot wait until the sender has caught up.
func (s *scheduler) crowdedNext(in, ctx context.Context) error {
	found, err := s.urgentDue(ctx)
	if err != nil {
		return err
	}
	if found {
		if _, err := s.timers.due(ctx, true); err != nil {
			return err
		}
	}
	napUntil(in, crowdedPause, s.eased)
	return nil
}

func (s *scheduler) peek(ctx context.Context) (due time.Time, armed bool, err error) {
	err = s.store.View(ctx, func(r storage.Reader) error {
		due, armed, err = r.NextDue()
		return err
	})
	return due, armed, err
}

func (s *scheduler) urgentDue(ctx context.Context) (found bool, err error) {
	now := s.clock.Now()
	rows, err := storage.Read(ctx, s.store, func(r storage.Reader) ([]storage.Reminder, error) { return r.Due(now, dueSearch) })
	return slices.ContainsFunc(rows, urgent), err
}
