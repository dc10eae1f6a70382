package bot

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

type rowKey struct {
	user int64
	n    uint64
}

// historian is a store that remembers the states through which messages and
// timers went, one for each commit that changed them.
type historian struct {
	*testStore
	mu                  sync.Mutex
	messages, reminders map[rowKey][]string
}

func newHistorian(s *testStore) *historian {
	return &historian{testStore: s, messages: map[rowKey][]string{}, reminders: map[rowKey][]string{}}
}

func (h *historian) Update(ctx context.Context, fn func(storage.Tx) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	err := h.testStore.Update(ctx, fn)
	all := h.rows()
	for _, m := range all.messages {
		note(h.messages, rowKey{m.User, m.Number}, string(m.State))
	}
	for _, r := range all.reminders {
		note(h.reminders, rowKey{r.User, r.ID}, string(r.State))
	}
	return err
}

func note(history map[rowKey][]string, k rowKey, state string) {
	if all := history[k]; len(all) == 0 || all[len(all)-1] != state {
		history[k] = append(history[k], state)
	}
}

func (h *historian) path(history map[rowKey][]string, user int64, n uint64) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(history[rowKey{user, n}], " ")
}

// Each row of the outbox and each timer goes from its beginning to its end by
// steps that can be told from one another after a crash.
func TestTheWayThroughTheLedger(t *testing.T) {
	maybe := func(e *chat.Error) { e.MaybeApplied = true }
	for name, test := range map[string]struct {
		line     string
		fault    error // of the first call
		message  string
		reminder string // of the timer, if the line arms one
	}{
		"a reply that goes at once":      {"x", nil, "sending sent", ""},
		"a push":                         {"/push", nil, "queued sending sent", ""},
		"a take-off":                     {"/off", nil, "sending sent", ""},
		"an edit":                        {"/edit 55", nil, "sending sent", ""},
		"a reply not applied":            {"x", refuse(chat.Retry), "sending queued sending sent", ""},
		"a reply in doubt":               {"x", refuse(chat.Retry, maybe), "sending uncertain sent", ""},
		"an edit in doubt":               {"/edit 55", refuse(chat.Retry, maybe), "sending uncertain sent", ""},
		"a reply limited":                {"x", refuse(chat.Limited), "sending queued sending sent", ""},
		"a reply refused":                {"x", refuse(chat.Rejected), "sending failed", ""},
		"a reply to a chat that is gone": {"x", refuse(chat.ChatGone), "sending failed", ""},
		"a timer":                        {"/remind water 10s", nil, "queued sending sent", "armed fired sent"},
		"a timer not applied":            {"/remind water 10s", refuse(chat.Retry), "queued sending queued sending sent", "armed fired sent"},
		"a timer in doubt":               {"/remind water 10s", refuse(chat.Retry, maybe), "queued sending uncertain sent", "armed fired sent"},
		"a timer limited":                {"/remind water 10s", refuse(chat.Limited), "queued sending queued sending sent", "armed fired sent"},
		"a timer refused":                {"/remind water 10s", refuse(chat.Rejected), "queued sending failed", "armed fired dropped"},
		"a timer of a chat that is gone": {"/remind water 10s", refuse(chat.ChatGone), "queued sending failed", "armed fired dropped"},
		"the end of a round in doubt":    {"/remind cold-off 10s", refuse(chat.Retry, maybe), "sending uncertain sent", "armed fired sent"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				h := newHistorian(w.store)
				w.cfg.Store = h
				w.gateway.onSend = func(n int, _ chat.Outgoing) error {
					if n == 1 {
						return test.fault
					}
					return nil
				}
				w.start()
				synctest.Wait() // the outbox is read
				begun := time.Now()
				w.say(7, test.line)
				pass(time.Minute)
				if got := h.path(h.messages, 7, 1); got != test.message {
					t.Errorf("message: %s, want %s", got, test.message)
				}
				want := strings.Replace(test.reminder, "armed", string(flows.Armed), 1)
				want = strings.Replace(want, "fired", string(flows.Fired), 1)
				if got := h.path(h.reminders, 7, 1); got != want {
					t.Errorf("reminder: %s, want %s", got, want)
				}
				m, r := w.store.message(7, 1), w.store.reminder(7, 1)
				if m.Queued.Before(begun) || m.State == storage.Sent && (m.MessageID == 0 || m.Sent.Before(m.Queued)) {
					t.Errorf("message without id or times: %+v", m)
				}
				if r.State == flows.Sent && (r.MessageID != m.MessageID || !r.Sent.Equal(m.Sent)) {
					t.Errorf("the timer does not say what carried it: %+v", r)
				}
				_ = w.end()
			})
		})
	}
}

// What was in flight when the process died is in doubt, and goes again.
func TestWhatACrashLeavesIsUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.latency = time.Hour
		w.start()
		w.say(7, "x", "y")
		synctest.Wait()
		next := w.crash()
		h := newHistorian(next.store)
		next.cfg.Store = h
		next.start()
		pass(time.Minute)
		if got := h.path(h.messages, 7, 1); got != "sending uncertain sent" {
			t.Errorf("in flight: %s", got)
		}
		if got := h.path(h.messages, 7, 2); got != "queued sending sent" {
			t.Errorf("not yet in flight: %s", got)
		}
		_ = next.end()
	})
}

// A question whose call was in doubt, and that has given way to another since,
// is not said again. One that still stands is.
func TestADoubtfulScreenIsTheOneInForce(t *testing.T) {
	for name, test := range map[string]struct {
		lines []string
		want  []int // buttons of each call
	}{
		"it still stands":        {[]string{"one"}, []int{1, 1}},
		"another has come":       {[]string{"one", "two"}, []int{1, 1}},
		"only a notice has come": {[]string{"one", "/push"}, []int{1, 1, 0}},
		"an edit is simply made": {[]string{"/edit 55", "two"}, []int{0, 0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, asking)
				w.gateway.onSend = func(n int, _ chat.Outgoing) error {
					if n == 1 {
						return refuse(chat.Retry, func(e *chat.Error) { e.MaybeApplied = true })
					}
					return nil
				}
				w.start()
				for _, line := range test.lines {
					w.say(7, line)
					synctest.Wait()
				}
				pass(time.Minute)
				var got []int
				for _, c := range w.gateway.sent() {
					got = append(got, len(c.Keyboard))
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("buttons of the calls: %v, want %v", got, test.want)
				}
				_ = w.end()
			})
		})
	}
}

// asking makes a question of every reply.
func asking(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		s, effects := testStep(s, ev, now)
		for i, e := range effects {
			if say, ok := e.(flows.Say); ok && say.Message.Class == flows.Reply && say.Message.Edit == 0 {
				say.Message.Subject, say.Message.Instead = "question", true
				say.Message.Keyboard = [][]flows.Key{{{Label: "yes", Data: "yes"}}}
				effects[i] = say
			}
		}
		return s, effects
	}
}

// Receipts that come at the same time share a commit, and no reply waits for
// one: calls go on while a slow disk writes.
func TestReceiptsDelayNoReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		synctest.Wait()
		w.store.slowDown(50 * time.Millisecond)
		for user := range int64(20) {
			w.say(user+1, "x")
		}
		// The turns are in one commit or, where the first poll found only some
		// of them, in two. A third would be one of receipts.
		pass(110 * time.Millisecond)
		if n := len(w.gateway.sent()); n != 20 {
			t.Errorf("%d replies of 20 were sent when their turns were durable", n)
		}
		pass(time.Minute)
		_ = w.end()
	})
}
