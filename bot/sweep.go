package bot

import (
	"context"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// teller is told when all people know of a return.
type teller interface{ told(back time.Time) }

// sweep tells all people of the last outage, or of a clock that was put back.
type sweep struct {
	door     *door
	pipe     *pipe
	timers   *timers
	core     *core
	marks    marks
	away     teller
	returned <-chan struct{} // there is something to tell
	queue    crowd
	doubt    doubt
}

const (
	// sweepBatch is how many people a transaction looks at.
	sweepBatch = 200
	// sweepDelay lets those be answered first who have pressed a button
	// meanwhile.
	sweepDelay = 2 * time.Second
)

// run tells people until the door closes. It goes on where the last process was.
func (s *sweep) run(ctx context.Context) error {
	in, leave := s.door.while(ctx)
	defer leave()
	for in.Err() == nil {
		done, err := s.next(in, ctx)
		if err != nil {
			return unlessOver(ctx, err)
		}
		if !done {
			s.awaitRoom(in)
			continue
		}
		select {
		case <-s.returned:
		case <-in.Done():
		}
	}
	return nil
}

// awaitRoom waits as long as more messages are waiting than should be, or the
// time is in doubt: people's timers are looked through as well.
func (s *sweep) awaitRoom(ctx context.Context) {
	for (s.queue.Crowded() || s.doubt.unsure()) && ctx.Err() == nil {
		nap(ctx, crowdedPause)
	}
}

// next tells the next people. It reports whether there is nobody left.
func (s *sweep) next(in, ctx context.Context) (done bool, err error) {
	m, err := s.marks.read(ctx)
	if err != nil || !m.Open {
		return true, err
	}
	if s.doubt.unsure() {
		return false, nil
	}
	if m.By == 0 && untold(m) {
		nap(in, sweepDelay)
	}
	err = s.pipe.commit(ctx, func(b *batch) error {
		m, err = b.tx.Marks()
		if err != nil || !m.Open {
			return err
		}
		states, err := b.tx.StatesAfter(m.Told, sweepBatch)
		if err != nil {
			return err
		}
		for _, state := range states {
			if err := s.tell(b, state, m); err != nil {
				return poison(state.User, err)
			}
			m.Told = state.User
		}
		done = len(states) < sweepBatch
		return changeMarks(b.tx, func(kept *storage.Marks) { kept.Told, kept.Open = m.Told, !done })
	})
	if err == nil && done {
		s.away.told(m.Back)
	}
	return done, err
}

// tell brings one person up to date.
func (s *sweep) tell(b *batch, state flows.State, m storage.Marks) error {
	if _, ill := b.poisoned[state.User]; ill || state.Inactive {
		return nil
	}
	ahead := state.Heard.After(b.now) // heard by a clock that was put back since
	switch {
	case m.Astray > 0 && ahead:
		return s.setBack(b, state, m.Astray)
	case m.By > 0 && (ahead || state.Heard.Before(m.Back)):
		return s.setBack(b, state, m.By)
	case m.By > 0: // they go by the new clock
		return nil
	}
	if state.At.Step == "" || !state.Resumed.Before(m.Back) || !state.Heard.Before(m.Back) {
		return nil
	}
	// The question may still be on its way, from before.
	shown, err := b.tx.Message(state.User, state.Shown)
	if err == nil && shown.Unsent() {
		return nil
	}
	return s.timers.tell(b, state.User, nil)
}

// setBack tells a person's timers of a clock that was put back.
func (s *sweep) setBack(b *batch, state flows.State, by time.Duration) error {
	if len(state.Armed()) == 0 && len(state.Tracks) == 0 {
		return nil
	}
	_, err := s.core.turn(b, state.User, flows.SetBack{By: by}, nil)
	return unlessPanicked(err)
}
