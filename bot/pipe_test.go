package bot

import (
	"encoding/json"
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

func TestTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.again = true // every transaction runs twice
		w.start()
		w.say(7, "hello", "[yes]")
		synctest.Wait()
		if got := w.gateway.texts(); !slices.Equal(got, []string{"hello"}) {
			t.Errorf("sent %q", got)
		}
		if got := w.gateway.answered(); !slices.Equal(got, []answer{{"q102", "toast yes"}}) {
			t.Errorf("answered %v", got)
		}
		m := w.store.message(7, 1)
		if m.State != storage.Sent || m.MessageID != 1001 || m.Text != "" || m.Attempts != 1 || m.Sent.IsZero() || m.Chat != 7 {
			t.Errorf("ledger: %+v", m)
		}
		entries := w.store.allEntries()
		if len(entries) != 2 || entries[0].UpdateID != 101 || entries[1].UpdateID != 102 {
			t.Errorf("timeline: %+v", entries)
		}
		if s := w.store.rows().states[7]; s.Lang != "pt-BR" || s.User != 7 {
			t.Errorf("state: %+v", s)
		}
		want := Stats{Updates: 2, Turns: 2, Sent: 1, Answered: 1}
		if got := w.bot.Stats(); got != want {
			t.Errorf("stats %+v, want %+v", got, want)
		}
		if err := w.end(); err != nil {
			t.Error(err)
		}
	})
}

// Whatever the messenger sees was committed before: a message as being sent,
// an offset with all that lies below it.
func TestPersistBeforeSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.slowDown(20 * time.Millisecond)
		w.gateway.onSend = func(_ int, m chat.Outgoing) error {
			rows := w.store.allMessages()
			i := slices.IndexFunc(rows, func(r storage.Message) bool { return r.Chat == m.Chat && r.Text == m.Text })
			if i < 0 || rows[i].State != storage.Sending {
				t.Errorf("message %q was sent before it was committed as being sent: %+v", m.Text, rows)
			}
			return nil
		}
		w.gateway.pollErr = func() error {
			if asked, kept := w.gateway.offsets[len(w.gateway.offsets)-1], w.store.rows().offset; asked != kept {
				t.Errorf("offset %d was confirmed, %d is committed", asked, kept)
			}
			return nil
		}
		w.gateway.onAnswer = func(_ int, query string) error {
			if len(w.store.allEntries()) == 0 {
				t.Errorf("query %s was answered before the commit", query)
			}
			return nil
		}
		w.start()
		for i := range 5 {
			w.say(7, fmt.Sprint("hello ", i), "[yes]")
			w.say(8, "hello")
			pass(time.Second)
		}
		if n := len(w.gateway.sent()); n != 10 {
			t.Errorf("sent %d messages, want 10", n)
		}
		if err := w.end(); err != nil {
			t.Error(err)
		}
	})
}

func TestRedeliveredUpdatesChangeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		a, b := w.update(7, "one"), w.update(7, "[two]")
		w.gateway.push(a, b, a)
		synctest.Wait()
		w.gateway.push(b, a)
		synctest.Wait()
		if got := w.gateway.texts(); !slices.Equal(got, []string{"one"}) {
			t.Errorf("sent %q", got)
		}
		if n := len(w.store.allEntries()); n != 2 {
			t.Errorf("%d entries, want 2", n)
		}
		got := w.gateway.answered()
		slices.SortFunc(got, func(a, b answer) int { return strings.Compare(a.text, b.text) })
		if !slices.Equal(got, []answer{{"q102", ""}, {"q102", "toast two"}}) {
			t.Errorf("answered %v, want the press twice, once without words", got)
		}
		_ = w.end()
	})
}

// After an idle week the messenger may number updates anew, from anywhere.
func TestUpdateIDsThatStartAgainLower(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.nextID = 5000
		w.say(7, "high")
		synctest.Wait()
		w.nextID = 10
		w.say(7, "low", "lower")
		pass(time.Second)
		if got := w.gateway.texts(); !slices.Equal(got, []string{"high", "low", "lower"}) {
			t.Errorf("sent %q", got)
		}
		if got := w.store.rows().offset; got != 13 {
			t.Errorf("offset %d, want 13", got)
		}
		_ = w.end()
		if n := len(w.gateway.polls()); n > 5 {
			t.Errorf("%d polls for two batches", n)
		}
	})
}

func TestUpdatesThatMeanNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.gateway.push(
			chat.Update{ID: 1, Bad: errors.New("field x"), Raw: json.RawMessage(`{"update_id":1}`)},
			chat.Update{ID: 2, User: 7, Chat: 7, Private: true},
			chat.Update{ID: 3, Chat: -5, Event: flows.Text{Text: "x"}},
			chat.Update{ID: 4, Query: "q", Event: flows.Button{Data: "x"}},
		)
		synctest.Wait()
		data := w.store.rows()
		if w.store.seen(1, 2, 3, 4) != 4 || data.offset != 5 || len(data.states) != 0 || len(data.messages) != 0 {
			t.Errorf("store: %+v", data)
		}
		if len(data.bad) != 1 || data.bad[0].Cause != "field x" || string(data.bad[0].Raw) != `{"update_id":1}` {
			t.Errorf("quarantine: %+v", data.bad)
		}
		if got := w.gateway.answered(); len(got) != 1 {
			t.Errorf("answered %v", got)
		}
		_ = w.end()
	})
}

// One person's bad turn stops neither the others nor their own next one.
func TestBadTurnsAreIsolated(t *testing.T) {
	for name, line := range map[string]string{"panic": "/panic me", "unstorable": "/nan"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.store.again = true
				w.start()
				w.gateway.push(w.update(6, "before"), w.update(7, line), w.update(7, "same person"), w.update(8, "after"))
				synctest.Wait()
				got := w.gateway.texts()
				slices.Sort(got)
				if !slices.Equal(got, []string{"after", "before", "same person"}) {
					t.Errorf("sent %q", got)
				}
				data := w.store.rows()
				if len(data.bad) != 1 || data.bad[0].UpdateID != 102 || string(data.bad[0].Raw) != "{}" {
					t.Errorf("quarantine: %+v", data.bad)
				}
				if name == "panic" && !strings.Contains(data.bad[0].Cause, "world_test.go:") {
					t.Errorf("cause %q names no place", data.bad[0].Cause)
				}
				if s := data.states[7]; s.Messages != 1 || data.offset != 105 {
					t.Errorf("state %+v, offset %d", s, data.offset)
				}
				_ = w.end()
				if log := w.log.String(); strings.Contains(log, "secret") || strings.Contains(log, "same person") {
					t.Errorf("the log tells what was said:\n%s", log)
				}
				if got := w.bot.Stats().Quarantined; got != 1 {
					t.Errorf("counted %d", got)
				}
			})
		})
	}
}

// A turn that ends one episode and begins another keeps the end of the first.
func TestEpisodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.say(7, "/spasm", "hello")
		synctest.Wait()
		pass(time.Hour)
		w.say(7, "/spasm")
		synctest.Wait()
		got := w.store.rows().episodes
		if len(got) != 2 || got[0].Live() || got[0].Outcome != "restarted" || !got[0].Ended.Equal(got[1].Started) || !got[1].Live() {
			t.Errorf("episodes: %+v", got)
		}
		_ = w.end()
	})
}

func TestStoreThatFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.say(7, "before")
		synctest.Wait()
		w.store.breakWith(func() error { return errors.New("no space left on device") })
		w.say(7, "during 1")
		pass(time.Minute)
		w.say(7, "during 2")
		pass(10 * time.Minute)
		polls := w.gateway.polls()
		if got, offset := w.gateway.texts(), polls[len(polls)-1]; len(got) != 1 || offset != 102 {
			t.Errorf("while the disk was full: sent %q, offset %d was confirmed", got, offset)
		}
		w.store.breakWith(nil)
		mended := time.Now()
		pass(5 * time.Second)
		if got := w.gateway.texts(); !slices.Equal(got, []string{"before", "during 1", "during 2"}) {
			t.Errorf("5s after it was mended: sent %q", got)
		}
		for _, m := range w.store.allMessages()[1:] {
			if m.Queued.Before(mended) {
				t.Errorf("message queued at %v, the disk was mended at %v", m.Queued, mended)
			}
		}
		_ = w.end()
		if n := strings.Count(w.log.String(), "level=ERROR"); n != 1 {
			t.Errorf("%d errors logged, want one:\n%s", n, w.log)
		}
	})
}

func TestClosedStoreEndsTheBot(t *testing.T) {
	for name, wait := range map[string]func(){"at the start": func() {}, "at work": synctest.Wait} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				wait()
				w.store.breakWith(func() error { return storage.ErrClosed })
				began := time.Now()
				w.say(7, "hello")
				if err := <-w.done; !errors.Is(err, storage.ErrClosed) || time.Since(began) > 0 {
					t.Errorf("Run returned %v after %v", err, time.Since(began))
				}
			})
		})
	}
}

func TestQueryAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		kind  chat.Kind
		wait  time.Duration
		calls int
	}{
		"gone":        {chat.QueryGone, 0, 1},
		"retry":       {chat.Retry, 0, 2},
		"limited":     {chat.Limited, 2 * time.Second, 2},
		"limited far": {chat.Limited, time.Minute, 1},
		"rejected":    {chat.Rejected, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.gateway.onAnswer = func(n int, _ string) error {
					if n > 1 {
						return nil
					}
					return refuse(test.kind, func(e *chat.Error) { e.RetryAfter = test.wait })
				}
				w.start()
				w.say(7, "[x]")
				pass(10 * time.Second)
				if n := len(w.gateway.answered()); n != test.calls {
					t.Errorf("%d calls, want %d", n, test.calls)
				}
				_ = w.end()
			})
		})
	}
}
