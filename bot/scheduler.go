package bot

import (
	"context"
	"time"

	"spasmbot/storage"
)

// scheduler feeds timers into the pipe when they are due.
type scheduler struct {
	clock  Clock
	store  *steadyStore
	pipe   *pipe
	sender *sender
	away   *away
	urgent func(kind string) bool
}

func newScheduler(b *Bot) *scheduler {
	return &scheduler{clock: b.cfg.Clock, store: b.store, pipe: b.pipe, sender: b.sender, away: b.away, urgent: b.cfg.Urgent}
}

// idle is how far ahead the scheduler looks, in bot time, when nothing is
// armed.
const idle = time.Hour

// crowdedPause is how long the scheduler lets a crowded sender work before it
// looks again for urgent timers.
const crowdedPause = 250 * time.Millisecond

// run takes due timers until intake ends; output is the context of the work on
// a batch.
func (s *scheduler) run(intake, output context.Context, fail func(error)) {
	for intake.Err() == nil {
		if err := s.turn(intake, output); err != nil {
			if output.Err() == nil {
				fail(err)
			}
			return
		}
	}
}

// turn waits for the earliest timer, or takes a batch of those that are due.
func (s *scheduler) turn(intake, output context.Context) error {
	due, armed, err := s.peek(output)
	if err != nil {
		return err
	}
	if !armed {
		due = s.clock.Now().Add(idle)
	}
	if s.clock.Until(due) > 0 {
		sleepUntil(intake, s.clock, due, s.pipe.armed)
		return nil
	}
	// An absence is noticed before what was missed in it is told.
	if err := s.away.look(output, false); err != nil {
		return err
	}
	if s.away.holds() {
		nap(intake, crowdedPause)
		return nil
	}
	if s.sender.queue.crowded() {
		return s.crowdedTurn(intake, output)
	}
	taken, err := s.pipe.due(output, false)
	if err == nil && taken == 0 {
		// The clock was turned back since we looked.
		nap(intake, longestNap)
	}
	return err
}

// crowdedTurn takes only what cannot wait until the sender has caught up.
func (s *scheduler) crowdedTurn(intake, output context.Context) error {
	found, err := s.urgentDue(output)
	if err != nil {
		return err
	}
	if found {
		if _, err := s.pipe.due(output, true); err != nil {
			return err
		}
	}
	t := time.NewTimer(crowdedPause)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.sender.eased:
	case <-intake.Done():
	}
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
	err = s.store.View(ctx, func(r storage.Reader) error {
		rows, err := r.Due(now, dueSearch)
		found = false
		for _, row := range rows {
			found = found || s.urgent(row.Kind)
		}
		return err
	})
	return found, err
}
