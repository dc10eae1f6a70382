package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// withdrawing is a core that calls for a round and ends it: "/on" says to put a pack
// on, "/end" withdraws that and says to take it off, "/never" withdraws it and says
// nothing, "/card" shows a card, "/rings" shows it by itself, with a sound, and "/back"
// without one.
func withdrawing(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		command, ok := ev.(flows.Command)
		if !ok {
			return testStep(s, ev, now)
		}
		before := s.Messages
		say := func(m flows.Message) []flows.Effect {
			s.Messages++
			m.Number = s.Messages
			return []flows.Effect{flows.Say{Message: m}}
		}
		switch command.Name {
		case "on":
			s.Reminders++
			r := flows.Reminder{ID: s.Reminders, Kind: "cold-on", Phase: flows.PhaseCall, Due: now.Add(time.Hour)}
			return s, append([]flows.Effect{flows.Remind{Reminder: r}}, say(flows.Message{Text: "on", Class: flows.Push, Reminder: r.ID})...)
		case "end":
			out := []flows.Effect{flows.Withdraw{From: before, To: before, Timers: flows.Cancelled}}
			return s, append(out, say(flows.Message{Text: "off", Class: flows.TakeOff, Undoes: before})...)
		case "never":
			return s, []flows.Effect{flows.Withdraw{From: before, To: before, Timers: flows.Cancelled}}
		case "card":
			return s, say(flows.Message{Text: "card " + command.Args, Class: flows.Reply, Subject: "card", Instead: true, Silent: true})
		case "rings", "back":
			return s, say(flows.Message{Text: command.Name, Class: flows.Push, Subject: "card", Instead: true, Silent: command.Name == "back"})
		}
		return testStep(s, ev, now)
	}
}

// What is withdrawn while it waits, or while a call for it is under way, is not called
// for again; and its row, its timer and the take-off tell what has become of it.
func TestWithdrawn(t *testing.T) {
	maybe := func(e *chat.Error) { e.MaybeApplied = true }
	for name, test := range map[string]struct {
		first    error // how the first call fails
		latency  time.Duration
		want     string // the calls
		state    storage.MessageState
		never    bool
		reminder flows.ReminderState
	}{
		"it has arrived":              {nil, 0, "on off", storage.Sent, false, flows.Sent},
		"its call is under way":       {nil, 10 * time.Second, "on off", storage.Sent, false, flows.Sent},
		"the chat is silenced":        {refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Minute }), 0, "on", storage.Failed, true, flows.Cancelled},
		"the line has not carried it": {refuse(chat.Retry), 0, "on", storage.Failed, true, flows.Cancelled},
		"nobody knows":                {refuse(chat.Retry, maybe), 0, "on off", storage.Failed, false, flows.Cancelled},
		"silenced while under way":    {refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Minute }), 10 * time.Second, "on", storage.Failed, true, flows.Cancelled},
		"refused while under way":     {refuse(chat.Rejected), 10 * time.Second, "on", storage.Failed, true, flows.Cancelled},
		"refused for all one knows":   {refuse(chat.Unknown, func(e *chat.Error) { e.Code = 400 }), 0, "on", storage.Failed, true, flows.Cancelled},
		"refused, and unknown":        {refuse(chat.Unknown, func(e *chat.Error) { e.Code, e.MaybeApplied = 400, true }), 10 * time.Second, "on off", storage.Failed, false, flows.Cancelled},
		"lost while under way":        {refuse(chat.Retry, maybe), 10 * time.Second, "on off", storage.Failed, false, flows.Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, withdrawing)
				w.gateway.latency, w.gateway.refusing = test.latency, test.latency
				w.gateway.onSend = func(n int, _ chat.Outgoing) error {
					if n == 1 {
						return test.first
					}
					return nil
				}
				w.start()
				w.say(7, "/on")
				pass(100 * time.Millisecond)
				w.say(7, "/end")
				pass(5 * time.Minute)
				if got := strings.Join(w.gateway.texts(), " "); got != test.want {
					t.Errorf("calls %q, want %q", got, test.want)
				}
				m := w.row(7, 1)
				if m.State != test.state || m.Never != test.never {
					t.Errorf("the message is %s, never arrived: %v; want %s, %v", m.State, m.Never, test.state, test.never)
				}
				if m.State == storage.Failed && (m.Cause != "withdrawn" || m.Text != "" || m.DeadLetter()) {
					t.Errorf("it is kept as %+v", m)
				}
				if got := w.store.rows().reminders[0].State; got != test.reminder {
					t.Errorf("its timer is %s, want %s", got, test.reminder)
				}
				_ = w.end()
			})
		})
	}
}

// What was withdrawn under way may be kept no more when its call ends at last: that is
// no fault of the store's.
func TestWithdrawnLongAgo(t *testing.T) {
	for name, fault := range map[string]chat.Kind{"it may be tried again": chat.Retry, "it is refused": chat.Rejected} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, withdrawing, func(c *Config) { c.Keep = 24 * time.Hour })
				w.gateway.refusing = 27 * time.Hour
				w.gateway.onSend = func(n int, _ chat.Outgoing) error {
					if n == 1 {
						return refuse(fault)
					}
					return nil
				}
				w.start()
				w.say(7, "/on")
				pass(100 * time.Millisecond)
				w.say(7, "/never")
				pass(28 * time.Hour)
				if err := w.end(); err != nil || strings.Contains(w.log.String(), "level=ERROR") {
					t.Errorf("Run returned %v:\n%s", err, w.log.String())
				}
				for _, m := range w.store.allMessages() {
					if m.Number == 1 {
						t.Errorf("it is there again: %+v", m)
					}
				}
			})
		})
	}
}

// row is a message as the store has it.
func (w *world) row(user int64, number uint64) (m storage.Message) {
	w.t.Helper()
	for _, m := range w.store.allMessages() {
		if m.User == user && m.Number == number {
			return m
		}
	}
	w.t.Fatalf("no message %d of %d", number, user)
	return m
}

// Of cards that come together, or behind one that still waits, the newest is sent;
// nobody else's is touched.
func TestNewestOfATopic(t *testing.T) {
	for name, together := range map[string]bool{"in one batch": true, "one after the other": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, withdrawing)
				w.store.again = true // each transaction runs twice, and is as if it had run once
				if !together {
					w.start()
				}
				first := true
				w.gateway.onSend = func(_ int, m chat.Outgoing) error {
					if m.Chat == 7 && first {
						first = false
						return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 5 * time.Second })
					}
					return nil
				}
				w.say(8, "/card of another")
				for _, n := range []string{"1", "2", "3"} {
					w.say(7, "/card "+n)
					if !together {
						pass(time.Second)
					}
				}
				if together {
					w.start()
				}
				pass(time.Minute)
				got := w.gateway.texts()
				slices.Sort(got)
				want := []string{"card 1", "card 3", "card of another"}
				if together {
					want = []string{"card 3", "card 3", "card of another"}
				}
				if !slices.Equal(got, want) {
					t.Errorf("called for %q, want %q: one was refused, and tried again or not", got, want)
				}
				_ = w.end()
			})
		})
	}
}

// What was to be heard and has not arrived is heard in what takes its place, unless
// that answers the person. What was silent makes nothing heard.
func TestSoundOfATopic(t *testing.T) {
	for said, heard := range map[string]bool{
		"/rings": true, "/rings /back": true, "/back /rings": true, "/rings /back /back": true,
		"/back": false, "/back /back": false, "/rings /card": false, "/card /back": false,
	} {
		t.Run(said, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, withdrawing)
				var sounds []bool
				w.gateway.onSend = func(n int, m chat.Outgoing) error {
					if n == 1 {
						return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Minute })
					}
					sounds = append(sounds, !m.Silent)
					return nil
				}
				w.start()
				for line := range strings.FieldsSeq(said) {
					w.say(7, line)
					pass(time.Second)
				}
				pass(5 * time.Minute)
				if !slices.Equal(sounds, []bool{heard}) {
					t.Errorf("heard: %v, want one message, heard: %v", sounds, heard)
				}
				_ = w.end()
			})
		})
	}
}

// A claim comes too late if the message was withdrawn since it was launched: the
// store is asked, since nobody has told the outbox yet.
func TestClaimOfWhatIsWithdrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withdrawing)
		w.start()
		synctest.Wait()
		w.store.slowDown(time.Second) // both commits are of one turn of the disk
		w.say(7, "/on")
		pass(1500 * time.Millisecond)
		w.say(7, "/end")
		pass(time.Minute)
		got := strings.Join(w.gateway.texts(), " ")
		if on := w.row(7, 1); on.Never == (got != "") || got != "" && got != "on off" {
			t.Errorf("calls %q, and the message %+v", got, on)
		}
		_ = w.end()
	})
}

// returning is withdrawing, for people who come back by what they do.
func returning(c *Config) {
	withdrawing(c)
	step := c.Step
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		if _, blocked := ev.(flows.Blocked); !blocked {
			s.Inactive = false
		}
		return step(s, ev, now)
	}
}

// What has waited for a person, and may have arrived before, is not taken for one that
// never has when their return withdraws it: the pack is taken off.
func TestReturnWithdrawsWhatMayHaveArrived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, returning)
		w.store.put(func(tx storage.Tx) error {
			return errors.Join(tx.PutState(flows.State{User: 7, Seal: 1, Messages: 1, Inactive: true}), tx.PutMessage(storage.Message{
				User: 7, Chat: 7, Message: flows.Message{Number: 1, Text: "on", Class: flows.Push},
				State: storage.Uncertain, Parked: 1, Queued: time.Now(),
			}))
		})
		w.start()
		pass(time.Second)
		w.say(7, "/end")
		pass(time.Hour)
		if m, got := w.row(7, 1), strings.Join(w.gateway.texts(), " "); m.Never || m.Cause != "withdrawn" || got != "off" {
			t.Errorf("sent %q, and what was withdrawn is %+v", got, m)
		}
		_ = w.end()
	})
}

// What takes a pack off is kept for a person who cannot be reached, over a restart,
// and comes when they are back. What else waited for them is lost.
func TestTakeOffWaitsForThePerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, returning)
		gone := true
		w.gateway.onSend = func(int, chat.Outgoing) error {
			if gone {
				return refuse(chat.ChatGone)
			}
			return nil
		}
		w.start()
		w.say(7, "/off", "x", "/off")
		pass(time.Minute)
		if m := w.row(7, 2); m.State != storage.Failed || !m.Never {
			t.Errorf("the words that waited are %+v", m)
		}
		next := w.crash(func(c *Config) { c.Step = w.cfg.Step })
		next.gateway.onSend = w.gateway.onSend
		next.nextID = w.nextID
		next.start()
		pass(time.Minute)
		gone = false
		before := len(next.gateway.sent())
		next.say(7, "back")
		pass(time.Minute)
		if got := strings.Join(next.gateway.texts()[before:], ", "); got != "off 0, off 0, back" {
			t.Errorf("on the return came %q", got)
		}
		_ = next.end()
	})
}
