package bot

import (
	"errors"
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

// seed puts queued messages of one chat each into the outbox.
func (w *world) seed(state storage.MessageState, class flows.Class, user int64, numbers ...uint64) {
	w.store.put(func(tx storage.Tx) error {
		for _, n := range numbers {
			err := tx.PutMessage(storage.Message{
				User: user, Chat: user, State: state, Queued: time.Now(),
				Message: flows.Message{Number: n, Class: class, Text: fmt.Sprintf("%d.%d", user, n)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestOrderWithinAChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.ChatRate = 1 })
		w.gateway.latency = 300 * time.Millisecond
		w.start()
		w.say(7, "/push 5", "reply")
		pass(100 * time.Millisecond)
		w.say(7, "/off 2")
		pass(time.Minute)
		want := []string{"push 0", "off 0", "off 1", "push 1", "push 2", "push 3", "push 4", "reply"}
		if got := w.gateway.texts(); !slices.Equal(got, want) {
			t.Errorf("sent %q, want %q", got, want)
		}
		calls := w.gateway.sent()
		for i := burst; i < len(calls); i++ {
			if d := calls[i].at.Sub(calls[i-burst].at); d < time.Second {
				t.Errorf("%d messages in one chat within %v", burst+1, d)
			}
		}
		for i := 1; i < len(calls); i++ {
			if d := calls[i].at.Sub(calls[i-1].at); d < w.gateway.latency {
				t.Errorf("two messages of one chat under way at once")
			}
		}
		_ = w.end()
	})
}

func TestBestClassGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate = 10 })
		for user := range int64(100) {
			w.seed(storage.Queued, flows.Push, 1000+user, 1)
		}
		w.start()
		pass(2 * time.Second)
		before := len(w.gateway.sent())
		for user := range int64(10) {
			w.say(1+user, "reply")
		}
		w.say(20, "/off")
		pass(20 * time.Second)
		got := w.gateway.texts()[before:]
		// What was chosen already, a tenth of a second's worth, is not called back.
		off := slices.Index(got, "off 0")
		if off > 2 {
			t.Errorf("the take-off went as number %d after it was queued: %q", off, got[:5])
		}
		for i, text := range got[:12] {
			if i > 2 && text != "reply" && text != "off 0" {
				t.Errorf("%q went before a reply: %q", text, got[:12])
			}
		}
		if len(got)+before != 111 {
			t.Errorf("sent %d", len(got)+before)
		}
		_ = w.end()
	})
}

func TestOverallRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rate = 30
		w := newWorld(t, func(c *Config) { c.Rate = rate })
		w.store.slowDown(7 * time.Millisecond) // a slow disk must not bunch calls up
		w.gateway.latency = 80 * time.Millisecond
		for user := range int64(300) {
			w.seed(storage.Queued, flows.Push, 1000+user, 1)
		}
		w.start()
		pass(20 * time.Second)
		calls := w.gateway.sent()
		if len(calls) != 300 {
			t.Fatalf("sent %d", len(calls))
		}
		for i := rate; i < len(calls); i++ {
			if d := calls[i].at.Sub(calls[i-rate].at); d < time.Second {
				t.Errorf("%d calls within %v", rate+1, d)
			}
		}
		if d := calls[299].at.Sub(calls[0].at); d > 11*time.Second {
			t.Errorf("300 messages took %v", d)
		}
		_ = w.end()
	})
}

func TestWithoutLimitOnlyTheMessengerLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.say(7, "/push 50")
		synctest.Wait()
		if n := len(w.gateway.sent()); n != 50 {
			t.Errorf("sent %d at once", n)
		}
		_ = w.end()
	})
}

func TestRetryAfterOfOneChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var until time.Time
		w.gateway.onSend = func(n int, m chat.Outgoing) error {
			if m.Chat == 7 && n == 1 {
				until = time.Now().Add(20 * time.Second)
				return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 20 * time.Second })
			}
			if m.Chat == 7 && time.Now().Before(until) {
				t.Errorf("called %v too early", time.Until(until))
			}
			return nil
		}
		w.start()
		w.say(7, "one", "two")
		pass(5 * time.Second)
		if m := w.store.message(7, 1); m.State != storage.Queued || m.Attempts != 1 {
			t.Errorf("refused message: %+v", m)
		}
		w.say(8, "other")
		w.say(7, "/off")
		synctest.Wait()
		if got := w.gateway.texts(); !slices.Equal(got, []string{"one", "other"}) {
			t.Errorf("sent %q; others must go on", got)
		}
		pass(30 * time.Second)
		if got := w.gateway.texts(); !slices.Equal(got, []string{"one", "other", "off 0", "one", "two"}) {
			t.Errorf("sent %q", got)
		}
		if m := w.store.message(7, 1); m.Attempts != 2 || m.State != storage.Sent {
			t.Errorf("message: %+v", m)
		}
		_ = w.end()
	})
}

func TestRetryAfterThatPausesEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const wait = 10 * time.Second
		w := newWorld(t, func(c *Config) { c.Rate = 20 })
		w.gateway.latency = 30 * time.Millisecond
		var until time.Time
		w.gateway.onSend = func(n int, m chat.Outgoing) error {
			switch {
			case n <= 2:
				if n == 2 {
					until = time.Now().Add(wait)
				}
				return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = wait })
			case time.Now().Before(until):
				t.Errorf("called %v too early", time.Until(until))
			}
			return nil
		}
		w.gateway.onAnswer = func(int, string) error {
			if time.Now().Before(until) {
				t.Errorf("answered %v too early", time.Until(until))
			}
			return nil
		}
		w.start()
		for user := range int64(50) {
			w.say(user+1, "x")
		}
		pass(wait / 2)
		w.say(99, "/off", "[press]")
		pass(wait/2 + 10*time.Second)
		if n := len(w.gateway.sent()); n != 53 {
			t.Errorf("%d calls", n)
		}
		_ = w.end()
	})
}

// What becomes of a message by the kind of the first error.
func TestErrorKinds(t *testing.T) {
	maybe := func(e *chat.Error) { e.MaybeApplied = true }
	for name, test := range map[string]struct {
		line  string
		err   error
		state storage.MessageState // a moment after the error
		final storage.MessageState
		calls int
		check func(t *testing.T, w *world)
	}{
		"retry":           {"x", refuse(chat.Retry), storage.Queued, storage.Sent, 2, nil},
		"retry uncertain": {"x", refuse(chat.Retry, maybe), storage.Uncertain, storage.Sent, 2, nil},
		"rejected":        {"x", refuse(chat.Rejected), storage.Failed, storage.Failed, 1, nil},
		"unknown":         {"x", refuse(chat.Unknown), storage.Sending, storage.Failed, 1, nil},
		"foreign error":   {"x", errors.New("?"), storage.Failed, storage.Failed, 1, nil},
		"bad markup": {"x", refuse(chat.BadMarkup), storage.Sent, storage.Sent, 2, func(t *testing.T, w *world) {
			if c := w.gateway.sent()[1]; !c.Plain || c.Text != "x" {
				t.Errorf("second call: %+v", c)
			}
		}},
		"message gone": {"/edit 55", refuse(chat.MessageGone), storage.Sent, storage.Sent, 2, func(t *testing.T, w *world) {
			if calls := w.gateway.sent(); calls[0].Edit != 55 || calls[1].Edit != 0 {
				t.Errorf("calls: %+v", calls)
			}
			if m := w.store.message(7, 1); m.Edit != 0 || m.MessageID != 1002 {
				t.Errorf("message: %+v", m)
			}
		}},
		"no text to edit": {"/edit 55", refuse(chat.NoText), storage.Sent, storage.Sent, 2, func(t *testing.T, w *world) {
			if calls := w.gateway.sent(); calls[0].Edit != 55 || calls[1].Edit != 0 || calls[1].Caption {
				t.Errorf("calls: %+v", calls)
			}
		}},
		"message gone, no edit": {"x", refuse(chat.MessageGone), storage.Failed, storage.Failed, 1, nil},
		"chat moved": {"x", refuse(chat.ChatMoved, func(e *chat.Error) { e.MovedTo = -100 }), storage.Sent, storage.Sent, 2, func(t *testing.T, w *world) {
			if calls := w.gateway.sent(); calls[1].Chat != -100 || w.store.message(7, 1).Chat != -100 {
				t.Errorf("calls: %+v", calls)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.gateway.onSend = func(n int, _ chat.Outgoing) error {
					if n == 1 {
						return test.err
					}
					return nil
				}
				w.start()
				w.say(7, test.line)
				synctest.Wait()
				if m := w.store.message(7, 1); m.State != test.state {
					t.Errorf("after the error: %+v", m)
				}
				pass(time.Minute)
				m := w.store.message(7, 1)
				if m.State != test.final || m.Attempts != test.calls || len(w.gateway.sent()) != test.calls {
					t.Errorf("finally, after %d calls: %+v", len(w.gateway.sent()), m)
				}
				if m.State == storage.Failed && (m.Text == "" || m.Cause == "" || !m.DeadLetter()) {
					t.Errorf("dead letter: %+v", m)
				}
				if test.check != nil {
					test.check(t, w)
				}
				_ = w.end()
			})
		})
	}
}

func TestBackoffGrowsAndOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.onSend = func(_ int, m chat.Outgoing) error {
			if m.Chat == 7 {
				return refuse(chat.Retry)
			}
			return nil
		}
		w.start()
		w.say(7, "x")
		pass(10 * time.Minute)
		w.say(8, "y")
		synctest.Wait()
		if got := w.gateway.texts(); got[len(got)-1] != "y" || len(got) < 20 || len(got) > 60 {
			t.Errorf("%d calls in ten minutes, the last %q", len(got), got[len(got)-1])
		}
		_ = w.end()
	})
}

func TestChatGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.ChatRate = 1 })
		gone := false
		w.gateway.onSend = func(_ int, m chat.Outgoing) error {
			if m.Chat == 7 && gone {
				return refuse(chat.ChatGone, func(e *chat.Error) { e.Code = 403 })
			}
			return nil
		}
		w.start()
		w.say(7, "/remind water 1h", "/remind move 2h")
		synctest.Wait()
		w.gateway.mu.Lock()
		gone = true
		w.gateway.mu.Unlock()
		pass(time.Hour)
		w.say(7, "/push 10")
		synctest.Wait()
		pass(3 * time.Hour)
		if n := len(w.gateway.sent()); n > 2 {
			t.Errorf("%d calls to a chat that is gone", n)
		}
		for _, m := range w.store.allMessages() {
			if m.State != storage.Failed || m.Text != "" || !strings.Contains(m.Cause, "403") {
				t.Errorf("message: %+v", m)
			}
		}
		if r := w.store.reminder(7, 1); r.State != flows.Dropped {
			t.Errorf("reminder: %+v", r)
		}
		if s := w.store.rows().states[7]; !s.Inactive {
			t.Errorf("the core does not know: %+v", s)
		}
		blocked := 0
		for _, e := range w.store.allEntries() {
			if e.Kind == flows.EntryBlocked {
				blocked++
			}
		}
		if blocked != 1 {
			t.Errorf("the core was told %d times", blocked)
		}
		_ = w.end()
	})
}

func TestUnauthorizedEndsTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.onSend = func(int, chat.Outgoing) error { return refuse(chat.Unauthorized) }
		w.start()
		w.say(7, "x")
		if err := <-w.done; err == nil || !strings.Contains(err.Error(), "BotFather") {
			t.Errorf("Run returned %v", err)
		}
		if m := w.store.message(7, 1); m.State != storage.Queued {
			t.Errorf("message: %+v", m)
		}
	})
}

// A timer's delivery is noted with the message that carried it, in one commit,
// and not again with an edit of it.
func TestReceiptSettlesTheReminder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.say(7, "/remind water 10m")
		pass(11 * time.Minute)
		m, r := w.store.message(7, 1), w.store.reminder(7, 1)
		if r.State != flows.Sent || r.MessageID != m.MessageID || !r.Sent.Equal(m.Sent) || m.MessageID == 0 {
			t.Errorf("reminder %+v, message %+v", r, m)
		}
		_ = w.end()
	})
}

// What has become wrong while an outage held it up is not sent any more. An outage
// takes real time: on a fast clock hours pass while a call is made.
func TestMessagesThatComeTooLate(t *testing.T) {
	const never = 0
	for name, test := range map[string]struct {
		speed           float64
		waited, expired time.Duration // bot time; never
		state           storage.MessageState
		timer           flows.ReminderState
	}{
		"it never expires":         {1, time.Hour, never, storage.Sent, flows.Sent},
		"not yet":                  {1, time.Hour, -time.Minute, storage.Sent, flows.Sent},
		"after an outage":          {1, 2 * time.Minute, time.Second, storage.Failed, flows.Expired},
		"without one":              {1, 30 * time.Second, time.Second, storage.Sent, flows.Sent},
		"fast, without one":        {60, 30 * time.Minute, time.Minute, storage.Sent, flows.Sent},
		"fast, and after a minute": {60, 2 * time.Hour, time.Minute, storage.Failed, flows.Expired},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				clock := fast(t, test.speed, time.Now())
				w := newWorld(t, func(c *Config) { c.Clock = clock })
				now := clock.Now()
				m := storage.Message{
					User: 7, Chat: 7, State: storage.Queued, Queued: now.Add(-test.waited),
					Message: flows.Message{Number: 1, Class: flows.Push, Text: "cold on", Reminder: 1},
				}
				if test.expired != never {
					m.Expires = now.Add(-test.expired)
				}
				w.store.put(func(tx storage.Tx) error {
					r := flows.Reminder{ID: 1, Kind: "cold-on", Phase: flows.PhaseCall, Due: now.Add(-test.waited)}
					return errors.Join(tx.PutMessage(m), tx.PutReminder(storage.Reminder{User: 7, Reminder: r, State: flows.Fired}))
				})
				w.start()
				pass(time.Second)
				got, timer := w.store.message(7, 1), w.store.reminder(7, 1)
				if got.State != test.state || timer.State != test.timer {
					t.Errorf("the message is %s (%s), the timer %s", got.State, got.Cause, timer.State)
				}
				if sent := len(w.gateway.sent()); (sent == 1) != (test.state == storage.Sent) {
					t.Errorf("%d calls", sent)
				}
				if got.State == storage.Failed && (got.Cause != "expired" || got.Text != "" || w.bot.Stats().Failed != 1) {
					t.Errorf("message %+v", got)
				}
				_ = w.end()
			})
		})
	}
}
