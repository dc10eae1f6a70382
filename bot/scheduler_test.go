package bot

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

func TestTimersFireOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		began := time.Now()
		w.say(7, "/remind water 2h")
		synctest.Wait()
		pass(30 * time.Minute)
		w.say(8, "/remind move 10m") // earlier than what the scheduler waits for
		synctest.Wait()
		pass(24 * time.Hour)
		calls := w.gateway.sent()
		if len(calls) != 2 || calls[0].Chat != 8 || calls[1].Chat != 7 {
			t.Fatalf("calls: %+v", calls)
		}
		for i, want := range []time.Duration{40 * time.Minute, 2 * time.Hour} {
			if d := calls[i].at.Sub(began); d != want {
				t.Errorf("fired after %v, want %v", d, want)
			}
		}
		_ = w.end()
	})
}

func TestTimersFollowAFastClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := fast(t, 60, time.Now())
		w := newWorld(t, func(c *Config) { c.Clock = clock })
		w.start()
		began := time.Now()
		w.say(7, "/remind water 2h", "/remind move 48h")
		synctest.Wait()
		pass(3 * time.Minute)
		calls := w.gateway.sent()
		if len(calls) != 1 || calls[0].at.Sub(began) != 2*time.Minute {
			t.Errorf("calls: %+v", calls)
		}
		clock.Jump(clock.Now().Add(72 * time.Hour))
		synctest.Wait()
		if n := len(w.gateway.sent()); n != 2 {
			t.Errorf("%d messages after the jump", n)
		}
		if m := w.store.message(7, 2); m.Sent.Sub(began) < 72*time.Hour {
			t.Errorf("the ledger is not in bot time: %v", m.Sent)
		}
		_ = w.end()
	})
}

// After any downtime all that is due of one person is one event, in order of
// due time, even if it is more than a batch.
func TestBacklogIsOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		const many = 3 * dueBatch
		now := time.Now()
		s := flows.State{User: 7, Reminders: many}
		for i := range uint64(many) {
			r := flows.Reminder{ID: i + 1, Kind: "water", Due: now.Add(-time.Duration(i) * time.Minute)}
			s.Pending = append(s.Pending, r)
		}
		w.store.arm(s)
		w.start()
		synctest.Wait()
		got := w.gateway.texts()
		if len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprintf("due [%d %d ", many, many-1)) {
			t.Errorf("%d messages", len(got))
		}
		states := map[flows.ReminderState]int{}
		for _, r := range w.store.rows().reminders {
			states[r.State]++
		}
		if states[flows.Sent] != 1 || states[flows.Merged] != many-1 {
			t.Errorf("reminders by state: %v", states)
		}
		_ = w.end()
	})
}

// The timer of the card is one that the state waits for, though it is none of those that
// are pending.
func TestCardTimerIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard []flows.Event
		w := newWorld(t, func(c *Config) {
			c.Step = func(s flows.State, ev flows.Event, _ time.Time) (flows.State, []flows.Effect) {
				heard = append(heard, ev)
				return s, nil
			}
		})
		due := time.Now().Add(time.Hour)
		w.store.arm(flows.State{User: 7, Reminders: 1, Card: flows.Card{Timer: flows.Reminder{ID: 1, Kind: flows.KindCard, Phase: flows.PhaseCard, Due: due}}})
		w.start()
		pass(2 * time.Hour)
		if want := []flows.Event{flows.Due{IDs: []uint64{1}}}; !reflect.DeepEqual(heard, want) {
			t.Errorf("heard is %v, want %v", heard, want)
		}
		_ = w.end()
	})
}

// A row that the state has forgotten is stale. So is, in effect, one whose turn
// failed: it must not come again for ever. The others are heard all the same.
func TestStaleAndBrokenTimersEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.say(7, "/remind water 1h", "/remind bomb 1h", "/remind cold-off 1h", "/remind silent 1h")
		synctest.Wait()
		forgotten := storage.Reminder{
			User: 7, State: flows.Armed, Reminder: flows.Reminder{ID: 9, Kind: "heat-on", Due: time.Now().Add(time.Hour)},
		}
		err := w.store.Update(t.Context(), func(tx storage.Tx) error { return tx.PutReminder(forgotten) })
		if err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Hour)
		for id, want := range map[uint64]flows.ReminderState{
			1: flows.Sent, 2: flows.Dropped, 3: flows.Sent, 4: flows.Sent, 9: flows.Dropped,
		} {
			if r := w.store.reminder(7, id); r.State != want {
				t.Errorf("reminder %d is %s, want %s", id, r.State, want)
			}
		}
		if got := w.gateway.texts(); len(got) != 3 || got[0] != "due [3]" {
			t.Errorf("sent %q; the end of the round must come first", got)
		}
		_ = w.end()
	})
}

// A timer that the core has heard and said nothing about is not armed any more.
func TestSilentTimersAreFired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) {
			c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
				if _, due := ev.(flows.Due); due {
					return s, nil // not even taken off the pending ones
				}
				return testStep(s, ev, now)
			}
		})
		w.start()
		w.say(7, "/remind timeout 1h")
		pass(3 * time.Hour)
		if r := w.store.reminder(7, 1); r.State != flows.Fired {
			t.Errorf("reminder: %+v", r)
		}
		if n, marks := w.store.commits(), int(3*time.Hour/aliveEvery); n > marks+4 {
			t.Errorf("%d commits: the timer came again and again", n)
		}
		_ = w.end()
	})
}

// An urgent timer is found however many wait before it that are not.
func TestUrgentTimersBehindVeryMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate = 20 })
		due := time.Now().Add(time.Minute)
		var states []flows.State
		const people = 2*dueSearch + mostIdle
		for user := int64(1); user <= people; user++ {
			r := flows.Reminder{ID: 1, Kind: "water", Phase: flows.PhaseTick, Due: due}
			states = append(states, flows.State{User: user, Reminders: 1, Pending: []flows.Reminder{r}})
		}
		for i := range 3 { // each falls due while the others are waiting
			states[people-1-i].Pending[0].Phase = flows.PhaseTakeOff
			states[people-1-i].Pending[0].Due = due.Add(time.Duration(1+30*i) * time.Second)
		}
		w.store.arm(states...)
		w.start()
		pass(time.Minute)
		for i := range 3 {
			pass(2 * time.Second)
			user := int64(people - i)
			if r := w.store.reminder(user, 1); r.State != flows.Sent || r.Sent.Sub(r.Due) > time.Second {
				t.Errorf("the take-off of %d, due at %v, is %s, sent at %v", user, r.Due, r.State, r.Sent)
			}
			pass(28 * time.Second)
		}
		_ = w.end()
	})
}

// While many pushes wait, timers stay where they are, except the ends of rounds,
// looks and questions about a sign; replies go on.
func TestBackpressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate = 20 })
		now := time.Now()
		const people = mostIdle + 400
		var states []flows.State
		for user := int64(1); user <= people; user++ {
			due := now.Add(time.Minute)
			r := flows.Reminder{ID: 1, Kind: "water", Phase: flows.PhaseTick, Due: due}
			if user > people-4 {
				r.Due = due.Add(time.Millisecond)
			}
			switch user {
			case people:
				r.Kind, r.Phase = "take it off", flows.PhaseTakeOff
			case people - 1: // is called so, and is none
				r.Kind = "day-off"
			case people - 2:
				r.Kind, r.Phase = "look at it", flows.PhaseLook
			case people - 3:
				r.Kind, r.Phase, r.Sign = "asked again", flows.PhaseAsk, true
			}
			states = append(states, flows.State{User: user, Reminders: 1, Pending: []flows.Reminder{r}})
		}
		w.store.arm(states...)
		w.start()
		pass(time.Minute + time.Second)
		if n := w.bot.Stats().Waiting; n > mostIdle+dueBatch {
			t.Errorf("%d messages wait", n)
		}
		w.say(5000, "reply")
		pass(time.Second)
		got := w.gateway.sent()
		for _, urgent := range []int64{people, people - 2, people - 3} {
			if !slices.ContainsFunc(got, func(c call) bool { return c.Chat == urgent }) {
				t.Errorf("what is urgent for %d waits behind the backlog", urgent)
			}
		}
		if slices.ContainsFunc(got, func(c call) bool { return c.Chat == people-1 }) {
			t.Error("a reminder is taken for the end of a round because of its name")
		}
		if !slices.ContainsFunc(got, func(c call) bool { return c.Text == "reply" }) {
			t.Error("a reply waits behind the backlog")
		}
		pass(2 * time.Minute)
		if n := len(w.gateway.sent()); n != people+1 {
			t.Errorf("sent %d, want %d", n, people+1)
		}
		_ = w.end()
	})
}
