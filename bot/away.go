package bot

import (
	"context"
	"log/slog"
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
// told in one message. While the host's clock is in doubt nothing is found.
type away struct {
	clock *hostClock
	marks marks
	place string
	log   *slog.Logger
	// returned is signalled when there is something to tell people of.
	returned chan struct{}

	mu sync.Mutex
	// alive is when the bot was last known to work, in bot time; wall is the same
	// instant by the wall clock, zero if it was in another process. Kept is when
	// that was last stored.
	alive, wall, kept time.Time
	// failing is since when the messenger cannot be reached, in real time; zero
	// if it can.
	failing time.Time
	// missed: timers due by then came due while the bot was away. Fresh: that has
	// no end yet, since the process began and the time was in doubt ever since.
	missed time.Time
	fresh  bool
	// astray is the last look at a clock that does not agree with the messenger's;
	// nil if it does. Cut says that presses may have been lost meanwhile.
	astray *reading
	cut    bool
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

// reading is bot time at an instant of real time.
type reading struct{ bot, real time.Time }

func newAway(clock *hostClock, m marks, place string, log *slog.Logger) *away {
	return &away{clock: clock, marks: m, place: place, log: log, returned: make(chan struct{}, 1)}
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
// reminder that would be late is better judged when it can be sent. Nor is one
// while the time is in doubt.
func (a *away) holds() bool {
	if a.clock.unsure() {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.failing.IsZero() && time.Since(a.failing) > deadLine
}

// down notes that a call could not be made.
func (a *away) down(kind chat.Kind) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !answers(kind) && a.failing.IsZero() {
		a.failing = time.Now()
	}
}

// up notes that the messenger has answered.
func (a *away) up(ctx context.Context) error {
	a.clock.heard()
	a.mu.Lock()
	if a.astray != nil && !a.failing.IsZero() && time.Since(a.failing) > max(realTime(a.clock, outage), outageReal) {
		a.cut = true
	}
	a.failing = time.Time{}
	a.mu.Unlock()
	return a.look(ctx)
}

// begin takes up where the last process was. The messenger has just answered.
func (a *away) begin(ctx context.Context) error {
	m, err := a.marks.read(ctx)
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.alive = m.Alive
	a.fresh = !m.Alive.IsZero()
	if m.Open && m.By == 0 {
		a.back = m.Back
	}
	a.mu.Unlock()
	a.clock.past(m.Alive)
	return a.up(ctx)
}

// run looks again and again until ctx ends.
func (a *away) run(ctx context.Context) error {
	every := min(longestNap, max(realTime(a.clock, aliveEvery), longestNap/2))
	for nap(ctx, every); ctx.Err() == nil; nap(ctx, every) {
		if err := a.look(ctx); err != nil {
			return unlessOver(ctx, err)
		}
	}
	return nil
}

// stop stores that the bot worked until now. If it cannot be stored, the next
// process takes the absence for a little longer than it was.
func (a *away) stop(ctx context.Context) {
	a.mu.Lock()
	well, now := a.failing.IsZero() && !a.clock.unsure(), a.clock.Now()
	a.mu.Unlock()
	if well && ctx.Err() == nil {
		_ = a.marks.change(ctx, func(m *storage.Marks) { a.works(m, now) })
	}
}

// works notes that the bot works now, in bot time, and that it polls.
func (a *away) works(m *storage.Marks, now time.Time) {
	m.Alive, m.Polled, m.Place = now, a.clock.host().Round(0).UTC(), a.place
}

// finding is what a look at the clock has shown.
type finding struct {
	now time.Time
	// gap is how much bot time has passed since the bot was last known to work.
	gap time.Duration
	// lost says that presses may be lost, setBack that the clock was put back.
	lost, setBack bool
	// astray is by how much the clock was put back that did not agree with the
	// messenger's and now does.
	astray time.Duration
}

// look compares the clock with when the bot was last known to work, and stores
// what that shows.
func (a *away) look(ctx context.Context) error {
	f, worth := a.compare()
	if !worth {
		return nil
	}
	err := a.marks.change(ctx, func(m *storage.Marks) {
		switch {
		case f.lost:
			toTell(m, f.now, 0)
		case f.setBack:
			toTell(m, f.now, -f.gap)
		}
		if f.astray > 0 {
			tellAstray(m, f.now, f.astray)
		}
		a.works(m, f.now)
		m.Speed = max(m.Speed, a.clock.Speed())
	})
	if err != nil {
		return err
	}
	if f.astray > 0 {
		a.log.Warn("the clock was put back; the timers of those who were here meanwhile follow it", "seconds", int(f.astray.Seconds()))
		signal(a.returned)
	}
	switch {
	case f.lost:
		a.log.Info("back from an outage; people are shown where they stand", "seconds", int(f.gap.Seconds()))
		signal(a.returned)
	case f.setBack:
		a.log.Warn("the clock was put back; timers follow it", "seconds", int(-f.gap.Seconds()))
		signal(a.returned)
	}
	return nil
}

// compare reports whether what it has found is worth being stored. While the
// messenger cannot be reached, the absence has no end yet, and while the time is in
// doubt it cannot be told.
func (a *away) compare() (f finding, worth bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.failing.IsZero() {
		return finding{}, false
	}
	if a.clock.unsure() {
		if a.clock.astray() {
			a.astray = &reading{a.clock.Now(), time.Now()}
		}
		return finding{}, false
	}
	// People were answered while only timers waited.
	here := a.astray != nil && !a.wall.IsZero() && !a.cut
	f, took := a.passed()
	f.lost = f.gap > outage && took >= outageReal && !here
	f.setBack = f.gap < -steppedBack
	f.astray = a.agreed(f.now)
	if f.lost {
		a.back = f.now
	}
	if f.lost || a.fresh || f.gap > absence && took > absence {
		a.missed = f.now
	}
	a.fresh = false
	keepEvery := min(aliveEvery, max(realTime(a.clock, aliveEvery), longestNap/2))
	worth = f.lost || f.setBack || f.astray > 0 || time.Since(a.kept) >= keepEvery
	if worth {
		a.kept = time.Now()
	}
	return f, worth
}

// passed is how much time has passed since the bot was last known to work, in
// bot time and in real time. A clock that is made to jump, and tells when, has not
// taken the time that it shows; the wall clock, by which a host has slept, has. It
// is called with mu held.
func (a *away) passed() (f finding, took time.Duration) {
	f.now = a.clock.Now()
	wall := RealClock{}.Now()
	if !a.alive.IsZero() {
		f.gap = f.now.Sub(a.alive)
		took = realTime(a.clock, f.gap)
	}
	if a.clock.Changed() != nil && !a.wall.IsZero() {
		took = wall.Sub(a.wall)
	}
	a.alive, a.wall = f.now, wall
	return f, took
}

// agreed ends the time in which the clock did not agree with the messenger's, and
// returns by how much it was put back for that; 0 if it was not. It is called with
// mu held.
func (a *away) agreed(now time.Time) time.Duration {
	last := a.astray
	a.astray, a.cut = nil, false
	if last == nil {
		return 0
	}
	back := last.bot.Add(scale(time.Since(last.real), a.clock.Speed())).Sub(now)
	if back <= steppedBack {
		return 0
	}
	return back
}

// told notes that all people have been told of a return.
func (a *away) told(back time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.back.Equal(back) {
		a.back = time.Time{}
	}
}
