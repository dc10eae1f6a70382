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
	// searched is how far the timers that are due were looked through for urgent
	// ones.
	searched storage.DueKey
}

// idle is how far ahead the scheduler looks, in bot time, when nothing is
// armed.
const idle = time.Hour

// crowdedPause is how long the scheduler lets a crowded sender work before it
// looks again for urgent timers.
const crowdedPause = 250 * time.Millisecond

// searchedAgain is how long ago a timer must have been due, in bot time, not to be
// looked at again.
const searchedAgain = time.Minute

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
	taken, err := s.timers.due(ctx)
	if err == nil && taken == 0 {
		// The clock was turned back since we looked.
		nap(in, longestNap)
	}
	return err
}

// crowdedNext takes only what cannot wait until the sender has caught up.
func (s *scheduler) crowdedNext(in, ctx context.Context) error {
	found, err := s.search(ctx)
	if err != nil {
		return err
	}
	if found {
		if err := s.timers.urgentDue(ctx, s.searched); err != nil {
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

// search looks through the timers that are due for an urgent one, and leaves
// searched before it. However many wait that are not urgent, each is looked at
// once, and those of the last minute again: a batch at work arms timers for its
// own instant.
func (s *scheduler) search(ctx context.Context) (found bool, err error) {
	now := s.clock.Now()
	if s.searched.Due.After(now) {
		s.searched = storage.DueKey{} // the clock was put back
	}
	for {
		rows, err := storage.Read(ctx, s.store, func(r storage.Reader) ([]storage.Reminder, error) {
			return r.Due(s.searched, now, dueSearch)
		})
		switch {
		case err != nil:
			return false, err
		case slices.ContainsFunc(rows, urgent):
			return true, nil
		case len(rows) < dueSearch:
			s.searched = storage.DueKey{Due: now.Add(-searchedAgain)}
			return false, nil
		}
		s.searched = rows[len(rows)-1].DueKey()
	}
}
