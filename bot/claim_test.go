package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/storage"
)

// A panic of the gateway is one call's, and the workers go on.
func TestGatewayPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.onSend = func(_ int, m chat.Outgoing) error {
			if m.Text == "bad" {
				panic("words of a person")
			}
			return nil
		}
		w.gateway.onAnswer = func(n int, _ string) error {
			if n <= 20 {
				panic("words of a person")
			}
			return nil
		}
		w.start()
		for user := range int64(200) {
			w.say(user+1, "bad")
		}
		pass(time.Second)
		for range 20 {
			w.say(7, "[x]")
		}
		pass(time.Second)
		w.say(7, "good", "[y]")
		pass(time.Second)
		texts := w.gateway.texts()
		if texts[len(texts)-1] != "good" || w.bot.Stats().Failed != 200 || w.bot.Stats().Answered != 1 {
			t.Errorf("sent %d, %+v", len(texts), w.bot.Stats())
		}
		if m := w.store.message(7, 1); m.State != storage.Failed || m.Cause != "unknown" {
			t.Errorf("message %+v", m)
		}
		if err := w.end(); err != nil {
			t.Error(err)
		}
		if strings.Contains(w.log.String(), "words of") || !strings.Contains(w.log.String(), "claim_test.go:") {
			t.Errorf("log:\n%.2000s", w.log)
		}
	})
}

// A reply that leaves at once is claimed with the batch that made it. Pushes,
// which may wait long, and what must wait for another message are not.
func TestReplyIsClaimedWithItsBatch(t *testing.T) {
	for name, test := range map[string]struct {
		lines   []string
		pause   time.Duration // between them
		commits int
	}{
		"a reply":                {[]string{"hello"}, 0, 2},                                 // the batch, the receipt
		"a take-off":             {[]string{"/off"}, 0, 2},                                  // the same
		"a push":                 {[]string{"/push"}, 0, 3},                                 // and the claim
		"a reply behind another": {[]string{"a", "b"}, 0, 4},                                // one claim, two receipts
		"a reply behind a call":  {[]string{"a", "b"}, 100 * time.Millisecond, 5},           // and one batch more
		"one reply at a time":    {[]string{"a", "b"}, time.Second, 4},                      // no claim at all
		"the end of a burst":     {[]string{"a", "b", "c", "d"}, 0, 8},                      // three claims, four receipts
		"beyond the rate":        {[]string{"a", "b", "c", "d"}, 300 * time.Millisecond, 9}, // the last has to wait
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *Config) { c.ChatRate = 1 })
				w.gateway.onSend = func(_ int, m chat.Outgoing) error {
					first := w.store.message(m.Chat, 1)
					if first.State == storage.Queued {
						t.Error("called without a claim")
					}
					return nil
				}
				w.gateway.latency = 250 * time.Millisecond
				w.start()
				pass(time.Second)
				before := w.store.commits()
				for _, line := range test.lines {
					w.say(7, line)
					if test.pause > 0 {
						pass(test.pause)
					}
				}
				pass(aliveEvery - 10*time.Second) // no mark yet that the bot works
				if n := w.store.commits() - before; n != test.commits {
					t.Errorf("%d commits, want %d", n, test.commits)
				}
				for _, m := range w.store.allMessages() {
					if m.State != storage.Sent || m.Attempts != 1 {
						t.Errorf("message %+v", m)
					}
				}
				_ = w.end()
			})
		})
	}
}

// failingStore fails all calls.
type failingStore struct {
	storage.Store
	err error
}

func (s failingStore) Update(context.Context, func(storage.Tx) error) error { return s.err }

// A store that must be opened again ends the bot.
func TestStoreThatMustBeReopened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Store = failingStore{w.store, fmt.Errorf("commit: %w", storage.ErrReopen)}
		w.start()
		w.say(7, "hello")
		pass(time.Second)
		select {
		case err := <-w.done:
			if !errors.Is(err, storage.ErrReopen) || !strings.Contains(err.Error(), "start the program anew") {
				t.Errorf("Run returned %v", err)
			}
		default:
			t.Error("Run goes on")
			_ = w.end()
		}
	})
}

// stuckStore never ends a transaction by itself.
type stuckStore struct{ storage.Store }

func (s stuckStore) Update(ctx context.Context, _ func(storage.Tx) error) error {
	<-ctx.Done()
	return ctx.Err()
}

// A disk that never confirms is told of, and does not keep the bot from ending.
func TestStuckStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Store = stuckStore{w.store}
		w.start()
		w.say(7, "hello")
		pass(5 * time.Minute)
		if log := w.log.String(); strings.Count(log, "check the disk") != 1 {
			t.Errorf("log:\n%s", log)
		}
		began := time.Now()
		if err := w.end(); err != nil {
			t.Errorf("Run returned %v", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("Run took %v to end", took)
		}
	})
}
