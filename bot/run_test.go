package bot

import (
	"context"
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

func TestNewNamesWhatIsMissing(t *testing.T) {
	_, err := New(Config{Gateway: newFakeGateway()})
	if err == nil || !strings.Contains(err.Error(), "Store, Step") {
		t.Errorf("error: %v", err)
	}
	if _, err := New(Config{Store: newTestStore(t, MemoryFile(t)), Gateway: newFakeGateway(), Step: testStep, Rate: -1}); err == nil {
		t.Error("a negative rate was accepted")
	}
}

func TestStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) {
			c.DeleteWebhook = true
			c.Profiles = map[string]chat.Profile{"de": {}, "": {}, "fr": {}}
		})
		tries := 0
		w.gateway.meErr = func() error {
			if tries++; tries < 5 {
				return refuse(chat.Retry)
			}
			return nil
		}
		w.say(7, "hello")
		w.start()
		pass(time.Minute)
		if got := w.gateway.texts(); len(got) != 1 || w.gateway.hooks != 1 {
			t.Errorf("sent %q, %d webhooks deleted", got, w.gateway.hooks)
		}
		w.wantProfiles("", "de", "fr")
		if err := w.end(); err != nil {
			t.Error(err)
		}
		if err := w.bot.Run(t.Context()); !errors.Is(err, errRan) {
			t.Errorf("second Run: %v", err)
		}
		if log := w.log.String(); strings.Count(log, "polling as @spasm_bot") != 1 {
			t.Errorf("log:\n%s", log)
		}
	})
}

func TestStopBeforeTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.meErr = func() error { return refuse(chat.Retry) }
		w.start()
		pass(time.Minute)
		began := time.Now()
		if err := w.end(); err != nil || time.Since(began) > 0 {
			t.Errorf("Run returned %v after %v", err, time.Since(began))
		}
	})
}

func TestRefusedTokenAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.meErr = func() error { return refuse(chat.Unauthorized) }
		w.start()
		if err := <-w.done; err == nil || !strings.Contains(err.Error(), "TELEGRAM_BOT_TOKEN") {
			t.Errorf("Run returned %v", err)
		}
	})
}

func TestPollErrors(t *testing.T) {
	for name, test := range map[string]struct {
		err         error
		least, most int // polls in the ten minutes that it lasts
		log         string
	}{
		"network":  {refuse(chat.Retry), 150, 310, "level=WARN"},
		"conflict": {refuse(chat.Conflict), 190, 201, "--delete-webhook"},
		"limited":  {refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Minute }), 10, 11, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				began := time.Now()
				w.gateway.pollErr = func() error {
					if time.Since(began) < 10*time.Minute {
						return test.err
					}
					return nil
				}
				w.say(7, "hello")
				w.start()
				pass(11 * time.Minute)
				if n := len(w.gateway.polls()) - 3; n < test.least || n > test.most {
					t.Errorf("%d polls in ten minutes, want %d to %d", n, test.least, test.most)
				}
				if got := w.gateway.texts(); len(got) != 1 {
					t.Errorf("sent %q", got)
				}
				_ = w.end()
				if !strings.Contains(w.log.String(), test.log) || strings.Count(w.log.String(), "\n") > 5 {
					t.Errorf("log:\n%s", w.log)
				}
			})
		})
	}
}

// A poll that does not wait must not become a busy loop.
func TestEmptyPollsAreNotBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Gateway = impatient{w.gateway}
		w.start()
		pass(10 * time.Second)
		_ = w.end()
		if n := len(w.gateway.polls()); n > 21 {
			t.Errorf("%d polls in ten seconds", n)
		}
	})
}

type impatient struct{ *fakeGateway }

func (g impatient) Poll(_ context.Context, offset int64) ([]chat.Update, int64, error) {
	g.offsets = append(g.offsets, offset)
	return nil, offset, nil
}

func TestShutdownDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate, c.Grace = 10, 3*time.Second })
		w.gateway.latency = 50 * time.Millisecond
		w.start()
		for user := range int64(20) {
			w.say(user+1, "x")
		}
		synctest.Wait()
		began := time.Now()
		if err := w.end(); err != nil {
			t.Error(err)
		}
		if d := time.Since(began); d < 2*time.Second || d > 2200*time.Millisecond {
			t.Errorf("stopped after %v; 20 messages at 10 a second take two seconds", d)
		}
		for _, m := range w.store.allMessages() {
			if m.State != storage.Sent {
				t.Errorf("message: %+v", m)
			}
		}
	})
}

func TestShutdownWithinTheGrace(t *testing.T) {
	for name, test := range map[string]struct {
		latency time.Duration
		fault   error
		broken  bool
		most    time.Duration
		state   storage.MessageState
	}{
		"slow network":   {time.Hour, nil, false, 2 * time.Second, storage.Uncertain},
		"chat refuses":   {0, refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 20 * time.Second }), false, 0, storage.Queued},
		"store is stuck": {0, nil, true, 2 * time.Second, storage.Queued},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *Config) { c.Grace = 2 * time.Second })
				w.gateway.latency = test.latency
				w.gateway.onSend = func(int, chat.Outgoing) error { return test.fault }
				if test.broken {
					w.seed(storage.Queued, flows.Push, 7, 1)
					w.store.breakWith(func() error { return errors.New("full") })
				}
				w.start()
				w.say(7, "hello")
				pass(time.Second)
				began := time.Now()
				if err := w.end(); err != nil {
					t.Error(err)
				}
				if d := time.Since(began); d > test.most {
					t.Errorf("stopped after %v", d)
				}
				if m := w.store.message(7, 1); m.State != test.state {
					t.Errorf("message: %+v", m)
				}
			})
		})
	}
}

// What is in hand when the bot is told to end is finished, even if the store has
// to be waited for; nothing new is taken in.
func TestTheBatchInHandIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Grace = 5 * time.Second })
		w.start()
		synctest.Wait()
		w.store.breakWith(func() error { return errors.New("full") })
		w.say(7, "in hand")
		pass(time.Second)
		w.stop()
		synctest.Wait()
		w.say(8, "too late")
		pass(time.Second)
		w.store.breakWith(nil)
		if err := <-w.done; err != nil {
			t.Error(err)
		}
		if got := w.gateway.texts(); !slices.Equal(got, []string{"in hand"}) {
			t.Errorf("sent %q", got)
		}
		if got := w.store.rows().offset; got != 102 {
			t.Errorf("offset %d, want the one behind what was in hand", got)
		}
	})
}

// crash makes a second world from what is in the store at this instant, and
// lets the first one go.
func (w *world) crash(options ...func(*Config)) *world {
	after := newWorldOn(w.store.crashed(), w.t, options...)
	after.cfg.Rate, after.cfg.ChatRate = w.cfg.Rate, w.cfg.ChatRate
	_ = w.end()
	return after
}

// After a crash exactly those messages go out that had not: those that were
// queued once, those under way again.
func TestCrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate = 5 })
		w.gateway.latency = 500 * time.Millisecond
		w.start()
		var all []string
		for user := range int64(20) {
			text := fmt.Sprint("to ", user+1)
			all = append(all, text)
			w.say(user+1, text)
		}
		pass(2100 * time.Millisecond)
		before := make(map[storage.MessageState][]string)
		for _, m := range w.store.allMessages() {
			before[m.State] = append(before[m.State], fmt.Sprint("to ", m.User))
		}
		if len(before[storage.Sent]) == 0 || len(before[storage.Sending]) == 0 || len(before[storage.Queued]) == 0 {
			t.Fatalf("before the crash: %v", before)
		}
		next := w.crash()
		states := make(map[string]storage.MessageState)
		next.gateway.onSend = func(_ int, m chat.Outgoing) error {
			states[m.Text] = next.store.message(m.Chat, 1).State
			return nil
		}
		next.start()
		pass(time.Minute)
		got := next.gateway.texts()
		want := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(before[storage.Sent], s) })
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("sent again %q, want %q", got, want)
		}
		for _, text := range before[storage.Sending] {
			if states[text] != storage.Uncertain {
				t.Errorf("%q was %s when it was sent again", text, states[text])
			}
		}
		for _, m := range next.store.allMessages() {
			if m.State != storage.Sent {
				t.Errorf("message: %+v", m)
			}
		}
		_ = next.end()
	})
}

// A crash before the commit loses nothing either: the update comes again.
func TestCrashBeforeTheCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.store.breakWith(func() error { return errors.New("the plug is out") })
		u := w.update(7, "hello")
		w.gateway.push(u)
		pass(time.Second)
		next := w.crash()
		next.gateway.push(u)
		next.start()
		synctest.Wait()
		if got := append(w.gateway.texts(), next.gateway.texts()...); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("sent %q", got)
		}
		_ = next.end()
	})
}
