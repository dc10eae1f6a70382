package bot

import (
	"context"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// away notices when the bot has been out of reach, whatever the reason: the
// process was down, the host slept, the line was dead or the clock was put
// forward. It also notices when the clock was put back.
//
// After an outage, those whose question is in force are shown it once more,
// because the messenger forgets presses; and timers that came due meanwhile are
// told in one message.
type away struct {
	clock Clock
	store *steadyStore
	log   *slog.Logger
	// returned is signalled when an outage has ended.
	returned chan struct{}

	mu sync.Mutex
	// alive is when the bot was last known to work, in bot time; wall is the same
	// instant by the wall clock, zero if it was in another process. Kept is when
	// that was last stored.
	alive, wall, kept time.Time
	// failing is since when the messenger cannot be reached, in real time; zero
	// if it can.
	failing time.Time
	// missed: timers due by then came due while the bot was away.
	missed time.Time
	// back is the end of the outage that people are being told of; zero if all
	// have been.
	back time.Time
}

const (
	// outage is the least absence, in bot time, after which presses may be
	// lost: the Bot API drops a callback query that has waited for 150 s.
	outage = 150 * time.Second
	// outageReal is the least absence in real time: on a fast clock a mere
	// restart takes minutes.
	outageReal = 2 * time.Second
	// absence is how late a timer is at least, in bot and in real time, that
	// was missed while the process lived.
	absence = 10 * time.Second
	// steppedBack is how far the clock is put back at least before that
	// matters. Less is the adjustment of a clock that is kept right.
	steppedBack = time.Minute
	// deadLine is how long the messenger must have been out of reach, in real
	// time, before timers are left alone.
	deadLine = 15 * time.Second
	// aliveEvery is how often it is stored that the bot works, at the most in
	// real time, and on a fast clock in bot time.
	aliveEvery = time.Minute
)

func newAway(b *Bot) *away {
	return &away{clock: b.cfg.Clock, store: b.store, log: b.log, returned: make(chan struct{}, 1)}
}

// real is how much real time a stretch of bot time takes.
func (a *away) real(d time.Duration) time.Duration {
	if fast, ok := a.clock.(*FastClock); ok {
		return scale(d, 1/fast.Speed())
	}
	return d
}

// event is what a person is told of whose timers have come due.
func (a *away) event(s flows.State, ids []uint64, due time.Time) flows.Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.Resumed.Before(a.back) && s.Heard.Before(a.back) {
		return flows.Resume{IDs: ids, Back: a.back}
	}
	return flows.Due{IDs: ids, Missed: !due.After(a.missed)}
}

// holds reports whether no timer should be taken, since nothing can be sent: a
// reminder that would be late is better judged when it can be sent.
func (a *away) holds() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.failing.IsZero() && time.Since(a.failing) > deadLine
}

// down notes that a call could not be made.
func (a *away) down(kind chat.Kind) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if kind == chat.Retry && a.failing.IsZero() {
		a.failing = time.Now()
	}
}

// up notes that the messenger has answered.
func (a *away) up(ctx context.Context) error { return a.look(ctx, true) }

// begin takes up where the last process was. The messenger has just answered.
func (a *away) begin(ctx context.Context) error {
	var m storage.Marks
	err := a.store.View(ctx, func(r storage.Reader) (err error) {
		m, err = r.Marks()
		return err
	})
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.alive = m.Alive
	if m.Open && m.By == 0 {
		a.back = m.Back
	}
	if !m.Alive.IsZero() {
		a.missed = a.clock.Now()
	}
	a.mu.Unlock()
	return a.look(ctx, true)
}

// run looks again and again until ctx ends.
func (a *away) run(ctx context.Context) error {
	every := min(longestNap, max(a.real(aliveEvery), longestNap/2))
	for nap(ctx, every); ctx.Err() == nil; nap(ctx, every) {
		if err := a.look(ctx, false); err != nil {
			return err
		}
	}
	return nil
}

// stop stores that the bot worked until now. If it cannot be stored, the next
// process takes the absence for a little longer than it was.
func (a *away) stop(ctx context.Context) {
	a.mu.Lock()
	works, now := a.failing.IsZero(), a.clock.Now()
	a.mu.Unlock()
	if works && ctx.Err() == nil {
		_ = a.mark(ctx, func(m *storage.Marks) { m.Alive = now })
	}
}

// look compares the clock with when the bot was last known to work. Answered says
// that the messenger has just been reached.
func (a *away) look(ctx context.Context, answered bool) error {
	a.mu.Lock()
	if answered {
		a.failing = time.Time{}
	}
	if !a.failing.IsZero() {
		a.mu.Unlock()
		return nil // the absence has no end yet
	}
	now, gap, took := a.gap()
	lost := gap > outage && took >= outageReal
	switch {
	case lost:
		a.back, a.missed = now, now
	case gap > absence && took > absence:
		a.missed = now
	}
	keep := lost || gap < -steppedBack || time.Since(a.kept) >= a.keepEvery()
	if keep {
		a.kept = time.Now()
	}
	a.mu.Unlock()
	if !keep {
		return nil
	}
	err := a.mark(ctx, func(m *storage.Marks) {
		m.Alive = now
		switch {
		case lost:
			*m = storage.Marks{Alive: now, Back: now, Open: true, Told: math.MinInt64, Steps: m.Steps}
		case gap < -steppedBack:
			*m = storage.Marks{Alive: now, Back: now, By: -gap, Open: true, Told: math.MinInt64, Steps: m.Steps}
		}
	})
	if err != nil {
		return err
	}
	switch {
	case lost:
		a.log.Info("back from an outage; people are shown where they stand", "seconds", int(gap.Seconds()))
		signal(a.returned)
	case gap < -steppedBack:
		a.log.Warn("the clock was put back; timers follow it", "seconds", int(-gap.Seconds()))
		signal(a.returned)
	}
	return nil
}

// gap is how much time has passed since the bot was last known to work, in bot
// time and in real time. A clock that was made to jump has not taken the time
// that it shows; the wall clock, by which a host has slept, has. It is called
// with mu held.
func (a *away) gap() (now time.Time, gap, took time.Duration) {
	now = a.clock.Now()
	wall := RealClock{}.Now()
	if !a.alive.IsZero() {
		gap = now.Sub(a.alive)
		took = a.real(gap)
	}
	if _, fast := a.clock.(*FastClock); fast && !a.wall.IsZero() {
		took = wall.Sub(a.wall)
	}
	a.alive, a.wall = now, wall
	return now, gap, took
}

// keepEvery is how often it is stored that the bot works.
func (a *away) keepEvery() time.Duration {
	return min(aliveEvery, max(a.real(aliveEvery), longestNap/2))
}

func (a *away) mark(ctx context.Context, change func(*storage.Marks)) error {
	return a.store.Update(ctx, func(tx storage.Tx) error { return changeMarks(tx, change) })
}

func changeMarks(tx storage.Tx, change func(*storage.Marks)) error {
	m, err := tx.Marks()
	if err != nil {
		return err
	}
	change(&m)
	return tx.SetMarks(m)
}

// told notes that all people have been told.
func (a *away) told(back time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.back.Equal(back) {
		a.back = time.Time{}
	}
}

// sweepBatch is how many people a transaction looks at, to tell them of an
// outage or of a clock that was put back.
const sweepBatch = 200

// sweepDelay lets those be answered first who have pressed a button meanwhile.
const sweepDelay = 2 * time.Second

// sweep tells all people of the last outage, or of the clock, until intake ends.
// It goes on where the last process was.
func (s *scheduler) sweep(intake, output context.Context) error {
	for intake.Err() == nil {
		done, err := s.sweepBatch(intake, output)
		if err != nil {
			return err
		}
		if !done {
			s.awaitRoom(intake)
			continue
		}
		select {
		case <-s.away.returned:
		case <-intake.Done():
		}
	}
	return nil
}

// awaitRoom waits as long as more messages are waiting than should be.
func (s *scheduler) awaitRoom(ctx context.Context) {
	for s.sender.queue.crowded() && ctx.Err() == nil {
		nap(ctx, crowdedPause)
	}
}

// sweepBatch tells the next people. It reports whether there is nobody left.
func (s *scheduler) sweepBatch(intake, output context.Context) (done bool, err error) {
	var m storage.Marks
	err = s.store.View(output, func(r storage.Reader) error {
		m, err = r.Marks()
		return err
	})
	if err != nil || !m.Open {
		return true, err
	}
	if m.By == 0 && m.Told == math.MinInt64 {
		nap(intake, sweepDelay)
	}
	err = s.pipe.commit(output, func(b *batch) error {
		m, err = b.tx.Marks()
		if err != nil || !m.Open {
			return err
		}
		states, err := b.tx.StatesAfter(m.Told, sweepBatch)
		if err != nil {
			return err
		}
		for _, state := range states {
			if err := b.tell(state, m); err != nil {
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
func (b *batch) tell(s flows.State, m storage.Marks) error {
	if _, ill := b.poisoned[s.User]; ill || s.Inactive {
		return nil
	}
	if m.By > 0 {
		since := !s.Heard.Before(m.Back) && !s.Heard.After(b.now) // they go by the new clock
		if since || len(s.Pending) == 0 && len(s.Tracks) == 0 {
			return nil
		}
		_, err := b.step(s.User, flows.SetBack{By: m.By}, nil)
		return unlessPanicked(err)
	}
	if s.At.Step == "" || !s.Resumed.Before(m.Back) || !s.Heard.Before(m.Back) {
		return nil
	}
	// The question may still be on its way, from before.
	shown, err := b.tx.Message(s.User, s.Shown)
	if err == nil && shown.Unsent() {
		return nil
	}
	return b.due(s.User, nil, nil)
}

func unlessPanicked(err error) error {
	if panicked(err) {
		return nil
	}
	return err
}

// firstDue is the earliest of some timers.
func firstDue(rows []storage.Reminder) time.Time {
	if len(rows) == 0 {
		return time.Time{}
	}
	return slices.MinFunc(rows, func(a, b storage.Reminder) int { return a.Due.Compare(b.Due) }).Due
}
