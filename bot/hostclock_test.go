package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// hosted gives a bot a host whose clock can be set, beside a messenger that knows
// the true time.
func hosted(w *world) *steppedClock {
	host := new(steppedClock)
	w.cfg.Clock, w.cfg.host = host, host.Now
	w.gateway.shows = time.Now
	return host
}

// says counts the lines of the log that hold words.
func (w *world) says(words string) int { return strings.Count(w.log.String(), words) }

const (
	parted   = "do not agree"
	rejoined = "agree again"
)

// wrongs are clocks that are wrong, by how much.
var wrongs = map[string]time.Duration{
	"an hour ahead": time.Hour, "an hour behind": -time.Hour,
	"400 days ahead": 400 * 24 * time.Hour, "56 years behind": -56 * 365 * 24 * time.Hour,
}

// A clock that is wrong for a while and then right fires nobody's timers: what has
// come due comes when it is right again, and what people began meanwhile at its
// true time, whether it was the host's clock that was wrong or the messenger's.
func TestAClockThatIsWrongForAWhile(t *testing.T) {
	for name, by := range wrongs {
		for _, whose := range []string{"host", "messenger"} {
			t.Run(whose+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { wrongForAWhile(t, whose, by) })
			})
		}
	}
}

func wrongForAWhile(t *testing.T, whose string, by time.Duration) {
	w := newWorld(t, standing)
	host := hosted(w)
	set := func(by time.Duration) { host.offset.Store(int64(by)) }
	if whose == "messenger" {
		var other steppedClock
		set = func(by time.Duration) { other.offset.Store(int64(by)) }
		w.gateway.shows = other.Now
	}
	w.start()
	w.say(7, "/remind water 30m")
	w.say(6, "/remind cold-off 8m")
	pass(5 * time.Minute)
	set(by)
	pass(time.Minute)
	w.say(8, "/remind move 4m", "how are you") // answered all the same
	w.say(9, "/remind water 20m")
	pass(10 * time.Minute)
	w.wantTold()
	if texts := w.gateway.texts(); len(texts) != 1 || texts[0] != "how are you" {
		t.Errorf("said %q", texts)
	}
	if w.says(parted) != 1 || w.says(rejoined) != 0 {
		t.Errorf("log:\n%s", w.log)
	}
	set(0)
	pass(time.Minute)
	w.wantTold("6 due [1] missed true", "8 due [1] missed true")
	if w.says(parted) != 1 || w.says(rejoined) != 1 || w.says("WARN") != 1 {
		t.Errorf("log:\n%s", w.log)
	}
	pass(8*time.Minute + 50*time.Second) // 25m50s since the start
	w.wantTold("6 due [1] missed true", "8 due [1] missed true")
	pass(20 * time.Second)
	w.wantTold("6 due [1] missed true", "8 due [1] missed true", "9 due [1] missed false")
	pass(4 * time.Minute)
	w.wantTold("6 due [1] missed true", "7 due [1] missed false", "8 due [1] missed true", "9 due [1] missed false")
	_ = w.end()
}

// A messenger whose clock never agrees stops timers, and nothing else: people are
// answered, and the bot ends when it is told to.
func TestAClockThatNeverAgrees(t *testing.T) {
	for name, by := range wrongs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, standing)
				host := hosted(w)
				w.gateway.shows = func() time.Time { return time.Now().Add(by) }
				w.start()
				w.say(7, "/remind water 1h", "hello")
				for range 50 {
					pass(time.Hour)
				}
				w.say(7, "still there?")
				pass(time.Minute)
				w.wantTold()
				if texts := w.gateway.texts(); len(texts) != 2 || w.says("WARN") != 1 {
					t.Errorf("said %q, log:\n%s", texts, w.log)
				}
				if err := w.end(); err != nil {
					t.Error(err)
				}
				if alive := w.marks().Alive; !alive.IsZero() {
					t.Errorf("it is kept that the bot worked at %v, by a clock at %v that is in doubt", alive, host.Now())
				}
			})
		})
	}
}

// Two minutes are no doubt, and neither is a messenger that tells no time.
func TestClocksThatAgree(t *testing.T) {
	for _, by := range []time.Duration{-mostOff, mostOff, 0} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, standing)
			hosted(w)
			w.gateway.shows = func() time.Time { return time.Now().Add(by) }
			if by == 0 {
				w.gateway.shows = nil
			}
			w.start()
			w.say(7, "/remind water 10m")
			pass(11 * time.Minute)
			w.wantTold("7 due [1] missed false")
			if w.says("WARN") != 0 {
				t.Errorf("log:\n%s", w.log)
			}
			_ = w.end()
		})
	}
}

// A process that starts by a wrong clock takes nothing by it. Who armed a timer by
// a clock that was ahead has it at its time when the clock is put right; all
// others had theirs right.
func TestAStartByAWrongClock(t *testing.T) {
	for name, by := range wrongs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { startByAWrongClock(t, by) })
		})
	}
}

func startByAWrongClock(t *testing.T, by time.Duration) {
	first := newWorld(t, standing)
	hosted(first)
	first.start()
	first.say(7, "/remind water 30m")
	first.say(6, "/remind water 3m")
	pass(time.Minute)
	if err := first.end(); err != nil {
		t.Fatal(err)
	}
	w := newWorldOn(first.store, t, standing)
	w.nextID = 5000
	host := hosted(w)
	host.offset.Store(int64(by))
	w.start()
	pass(time.Minute)
	w.say(8, "/remind cold-off 20m")
	pass(3 * time.Minute)
	w.wantTold()
	host.offset.Store(0)
	pass(time.Minute)
	// How long it was away cannot be told, so those who stand at a question see it.
	eighth := "8 back []"
	if by > 0 {
		eighth = fmt.Sprint("8 set back ", by)
	}
	w.wantTold("6 back [1]", "7 back []", eighth)
	if alive := w.marks().Alive; time.Since(alive).Abs() > time.Minute {
		t.Errorf("it is kept that the bot worked at %v", alive)
	}
	_ = w.end()
}

// By a clock that shows a time that has been, people's words get the messenger's.
func TestAClockThatShowsATimeThatHasBeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newWorld(t, standing)
		hosted(first)
		first.start()
		first.say(7, "hello")
		pass(time.Minute)
		if err := first.end(); err != nil {
			t.Fatal(err)
		}
		w := newWorldOn(first.store, t, standing)
		w.nextID = 5000
		hosted(w).offset.Store(int64(-time.Hour))
		w.start()
		w.say(8, "/remind cold-off 20m")
		pass(time.Minute)
		if due := time.Until(w.store.reminder(8, 1).Due); due != 19*time.Minute {
			t.Errorf("the timer is due in %v", due)
		}
		_ = w.end()
	})
}

// A host that has slept does not know how much time has passed until a reply has
// come, which is no disagreement; then it is back from an outage.
func TestAHostThatHasSlept(t *testing.T) {
	const slept = 8 * time.Hour
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, standing)
		host := hosted(w)
		var messenger steppedClock // as the last reply told it
		w.gateway.shows = messenger.Now
		w.start()
		w.say(7, "/remind water 25s")
		pass(10 * time.Second)
		host.offset.Store(int64(slept))
		pass(20 * time.Second)
		w.wantTold()
		messenger.offset.Store(int64(slept))
		w.gateway.push(w.update(8, "hello")) // ends the poll
		pass(10 * time.Second)
		w.wantTold("7 back [1]")
		if w.says("WARN") != 0 {
			t.Errorf("log:\n%s", w.log)
		}
		_ = w.end()
	})
}

// Nobody is told of an earlier outage, and of timers with it, by a wrong clock.
func TestASweepByAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, standing)
		host := hosted(w)
		host.offset.Store(int64(time.Hour))
		now := time.Now()
		w.store.arm(flows.State{User: 7, Seal: 1, Messages: 1, At: flows.Place{Step: "question"}, Pending: []flows.Reminder{{ID: 1, Due: now.Add(30 * time.Minute)}}})
		w.store.put(func(tx storage.Tx) error {
			m := storage.Marks{Alive: now}
			toTell(&m, now, 0)
			return tx.SetMarks(m)
		})
		w.start()
		pass(10 * time.Minute)
		w.wantTold()
		host.offset.Store(0)
		pass(time.Minute)
		w.wantTold("7 back []")
		_ = w.end()
	})
}

// Presses that were lost while the clocks did not agree are lost all the same.
func TestAnOutageByAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, standing)
		host := hosted(w)
		dead := false
		w.gateway.pollErr = func() error {
			if dead {
				return refuse(chat.Retry)
			}
			return nil
		}
		w.gateway.meErr = w.gateway.pollErr
		w.start()
		w.say(7, "hello")
		pass(time.Minute)
		host.offset.Store(int64(time.Hour))
		pass(time.Minute)
		w.gateway.mu.Lock()
		dead = true
		w.gateway.mu.Unlock()
		w.say(9, "nobody hears me")
		pass(outage + time.Minute)
		w.gateway.mu.Lock()
		dead = false
		w.gateway.mu.Unlock()
		pass(time.Minute)
		w.wantTold()
		host.offset.Store(0)
		pass(time.Minute)
		w.wantTold("7 back []", "9 back []")
		_ = w.end()
	})
}

// Nothing is deleted by a clock that is in doubt, for however long.
func TestRetentionAndAClockInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Keep = 90 * 24 * time.Hour })
		host := hosted(w)
		host.offset.Store(int64(365 * 24 * time.Hour))
		w.today(storage.Sent, time.Time{})
		w.start()
		pass(5 * time.Hour)
		if len(w.store.allMessages()) != 1 {
			t.Error("a clock that is in doubt has deleted a message of today")
		}
		_ = w.end()
	})
}

// A message that is to be sent by a certain time is not too late by a clock that is
// in doubt.
func TestNothingIsTooLateByAClockInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		hosted(w).offset.Store(int64(24 * time.Hour))
		w.today(storage.Queued, time.Now().Add(time.Hour))
		w.start()
		pass(time.Minute)
		if texts := w.gateway.texts(); len(texts) != 1 {
			t.Errorf("sent %q", texts)
		}
		_ = w.end()
	})
}

// today keeps a message of today.
func (w *world) today(state storage.MessageState, expires time.Time) {
	now := time.Now()
	m := storage.Message{User: 7, Chat: 7, State: state, Queued: now, Message: flows.Message{
		Number: 1, Class: flows.Push, Text: "cold on", Expires: expires,
	}}
	if state == storage.Sent {
		m.Sent = now
	}
	w.store.put(func(tx storage.Tx) error {
		return errors.Join(tx.PutState(flows.State{User: 7, Messages: 1, Seal: 1}), tx.PutMessage(m))
	})
}
