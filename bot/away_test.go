package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// standing makes everybody who has spoken stand at a question, and tells of each
// event that it came. What a Resume shows is shown once, as the engine does.
func standing(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		say := func(class flows.Class, text string, reminder uint64) flows.Effect {
			s.Messages++
			return flows.Say{Message: flows.Message{Number: s.Messages, Text: text, Class: class, Reminder: reminder}}
		}
		switch e := ev.(type) {
		case flows.Due:
			s.Pending = nil
			return s, []flows.Effect{say(flows.Push, fmt.Sprintf("due %v missed %v", e.IDs, e.Missed), e.IDs[0])}
		case flows.Resume:
			s.Pending, s.Resumed = nil, e.Back
			out := say(flows.Push, fmt.Sprintf("back %v", e.IDs), 0).(flows.Say)
			if len(e.IDs) > 0 {
				out.Message.Reminder = e.IDs[0]
			}
			return s, []flows.Effect{out}
		case flows.SetBack:
			return s, []flows.Effect{say(flows.Push, "set back "+e.By.Round(time.Second).String(), 0)}
		}
		s, effects := testStep(s, ev, now)
		s.Heard, s.At.Step = now, "question"
		return s, effects
	}
}

// told lists what people were told of absences, each with the person.
func (w *world) told() (all []string) {
	for _, c := range w.gateway.sent() {
		if strings.HasPrefix(c.Text, "back") || strings.HasPrefix(c.Text, "due") || strings.HasPrefix(c.Text, "set back") {
			all = append(all, fmt.Sprint(c.Chat, " ", c.Text))
		}
	}
	slices.Sort(all)
	return all
}

func (w *world) wantTold(want ...string) {
	w.t.Helper()
	if got := w.told(); !slices.Equal(got, want) {
		w.t.Errorf("told %q, want %q", got, want)
	}
}

// restart ends the bot and starts another on its store after a while.
func (w *world) restart(after time.Duration) *world {
	w.t.Helper()
	if err := w.end(); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(after)
	next := newWorldOn(w.store, w.t, func(c *Config) { *c = w.cfg })
	next.nextID = w.nextID + 1000
	next.cfg.Gateway = next.gateway
	next.start()
	return next
}

func TestRestarts(t *testing.T) {
	for name, c := range map[string]struct {
		due  string
		down time.Duration
		want []string
	}{
		"moment": {"12s", 5 * time.Second, []string{"7 due [1] missed true"}},
		"short":  {"90s", 2 * time.Minute, []string{"7 due [1] missed true"}},
		"outage": {"90s", 3 * time.Minute, []string{"7 back [1]", "8 back []"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, standing)
				w.start()
				w.say(7, "/remind water "+c.due)
				w.say(8, "hello")
				pass(10 * time.Second)
				w = w.restart(c.down)
				pass(time.Hour)
				w.wantTold(c.want...)
				// The same absence is told once.
				w = w.restart(time.Second)
				pass(time.Hour)
				w.wantTold()
				_ = w.end()
			})
		})
	}
}

// A process that was killed is away from when it was last known to work.
func TestKilledAndAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, standing)
		w.start()
		w.say(7, "hello")
		pass(time.Hour)
		w = w.crash(standing)
		w.start()
		pass(time.Minute)
		w.wantTold()
		w = w.crash(standing)
		time.Sleep(outage + aliveEvery)
		w.start()
		pass(time.Minute)
		w.wantTold("7 back []")
		_ = w.end()
	})
}

// Whoever has acted since the return knows where they stand.
func TestNoScreenForThoseWhoAreHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, standing)
		w.start()
		w.say(7, "hello")
		w.say(8, "hello")
		pass(10 * time.Second)
		if err := w.end(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		next := newWorldOn(w.store, t, standing)
		next.nextID = 5000
		next.say(7, "I pressed while you were away")
		next.start()
		pass(time.Minute)
		next.wantTold("8 back []")
		_ = next.end()
	})
}

// While nothing can be sent no timer is taken, and afterwards all are one.
func TestDeadLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, standing)
		dead := false
		refused := refuse(chat.Retry)
		w.gateway.pollErr = func() error {
			if dead {
				return refused
			}
			return nil
		}
		w.gateway.meErr = w.gateway.pollErr
		w.gateway.onSend = func(int, chat.Outgoing) error { return w.gateway.pollErr() }
		w.start()
		w.say(7, "/remind water 10m", "/remind move 30m", "/remind cold-off 40m")
		w.say(8, "hello")
		pass(time.Minute)
		w.gateway.mu.Lock()
		dead = true
		w.gateway.mu.Unlock()
		w.say(9, "nobody hears me") // ends the poll under way
		pass(time.Hour)
		if r := w.store.reminder(7, 1); r.State != flows.Armed {
			t.Errorf("while the line is dead the timer is %s", r.State)
		}
		w.gateway.mu.Lock()
		dead = false
		w.gateway.mu.Unlock()
		pass(10 * time.Second)
		w.wantTold("7 back [1 2 3]", "8 back []")
		_ = w.end()
	})
}

// A sweep that a crash has cut short goes on where it was, and tells nobody
// twice.
func TestSweepOutlivesACrash(t *testing.T) {
	const people = 5 * sweepBatch
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, standing)
		w.start()
		for user := range int64(people) {
			w.say(user+1, "hello")
		}
		pass(10 * time.Second)
		if err := w.end(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		next := newWorldOn(w.store, t, standing)
		next.cfg.Rate = 30
		next.start()
		pass(8 * time.Second)
		first := next.told()
		if len(first) == 0 || len(first) == people {
			t.Fatalf("%d people were told before the crash", len(first))
		}
		last := next.crash(standing)
		last.start()
		pass(10 * time.Minute)
		times := make(map[string]int)
		for _, line := range append(first, last.told()...) {
			times[line]++
		}
		twice := 0
		for _, n := range times {
			if n > 1 {
				twice++
			}
		}
		// What was in flight at the crash may come twice.
		if len(times) != people || twice > mostFlights {
			t.Errorf("%d people were told, want %d; %d twice", len(times), people, twice)
		}
		_ = last.end()
	})
}

func TestClockIsPutBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := new(steppedClock)
		w := newWorld(t, standing, func(c *Config) { c.Clock = clock })
		w.start()
		w.say(7, "/remind water 3h")
		w.say(8, "no timer")
		pass(time.Hour)
		clock.offset.Add(int64(-30 * time.Second)) // it is kept right
		pass(time.Minute)
		w.wantTold()
		clock.offset.Add(int64(-2 * time.Hour))
		pass(time.Minute)
		got := w.told()
		if len(got) != 1 || !strings.HasPrefix(got[0], "7 set back 1h59m") && got[0] != "7 set back 2h0m0s" {
			t.Errorf("told %q", got)
		}
		// And once more while the process is down.
		if err := w.end(); err != nil {
			t.Fatal(err)
		}
		clock.offset.Add(int64(-24 * time.Hour))
		next := newWorldOn(w.store, t, standing, func(c *Config) { c.Clock = clock })
		next.start()
		pass(time.Minute)
		if got := next.told(); len(got) != 1 || got[0] != "7 set back 24h0m0s" {
			t.Errorf("told %q", got)
		}
		_ = next.end()
		if m := next.marks(); !m.SetTo.Before(clock.Now()) || m.SetFrom.Sub(m.SetTo) != 24*time.Hour {
			t.Errorf("it is kept that the clock was put back from %v to %v", m.SetFrom, m.SetTo)
		}
	})
}

// marks is what the bot has left for the next one.
func (w *world) marks() storage.Marks {
	w.t.Helper()
	m, err := storage.Read(w.t.Context(), w.store, storage.Reader.Marks)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// On a fast clock a restart takes minutes of bot time, and is no outage. A clock
// that somebody makes to jump has not been away, whatever its speed.
func TestFastClockAndAbsences(t *testing.T) {
	for _, c := range []struct {
		speed float64
		down  time.Duration
		want  []string
	}{
		{600, time.Second, nil},
		{600, 10 * time.Second, []string{"7 back []"}},
		{1, time.Minute, nil},
		{1, 3 * time.Minute, []string{"7 back []"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			clock := fast(t, c.speed, time.Now())
			w := newWorld(t, standing, func(c *Config) { c.Clock = clock })
			w.start()
			w.say(7, "hello")
			pass(5 * time.Second)
			clock.Jump(clock.Now().Add(48 * time.Hour)) // a jump is no absence
			pass(5 * time.Second)
			w.wantTold()
			w = w.restart(c.down)
			pass(10 * time.Second)
			w.wantTold(c.want...)
			_ = w.end()
			if m := w.marks(); m.Speed != c.speed || !m.SetTo.IsZero() {
				t.Errorf("it is kept that the clock runs %v times as fast, and was put back to %v", m.Speed, m.SetTo)
			}
		})
	}
}
