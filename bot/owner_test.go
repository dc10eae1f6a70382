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
	"spasmbot/flows/button"
	"spasmbot/storage"
)

// ownerOf is whose a store is.
func (w *world) ownerOf() int64 {
	w.t.Helper()
	owner, err := storage.Read(w.t.Context(), w.store, storage.Reader.Owner)
	if err != nil {
		w.t.Fatal(err)
	}
	return owner
}

// TestFirstBotTakesTheFile: a file that knows no bot is taken by the first that
// the messenger knows, and by none whose token is refused.
func TestFirstBotTakesTheFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.ID = 1 })
		w.gateway.meErr = func() error { return refuse(chat.Unauthorized) }
		w.start()
		if err := <-w.done; err == nil || w.ownerOf() != 0 {
			t.Errorf("a refused token: %v, owner %d", err, w.ownerOf())
		}
		w.gateway.meErr = nil
		w.start()
		pass(time.Minute)
		if err := w.end(); err != nil || w.ownerOf() != 1 {
			t.Errorf("%v, owner %d", err, w.ownerOf())
		}
	})
}

// TestFileOfAnotherBot: the bot is refused by what its token says, before any
// call, or at the latest by who the messenger says it is. Nothing changes.
func TestFileOfAnotherBot(t *testing.T) {
	for name, id := range map[string]int64{"by the token": 1, "by the messenger": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *Config) { c.ID = id })
				w.store.put(func(tx storage.Tx) error {
					return errors.Join(tx.SetOwner(99), tx.SetOffset(7), tx.PutReminder(storage.Reminder{
						User: 7, Reminder: flows.Reminder{ID: 1, Kind: "water", Due: time.Now().Add(-time.Hour)}, State: flows.Armed,
					}))
				})
				calls := 0
				w.gateway.onCall = func(string) error {
					calls++
					return nil
				}
				w.say(7, "hello")
				w.start()
				err := <-w.done
				if err == nil || !strings.Contains(err.Error(), "bot 99") || !strings.Contains(err.Error(), "--adopt-bot") {
					t.Errorf("Run returned %v", err)
				}
				if id != 0 && calls > 0 || calls > 1 {
					t.Errorf("%d calls", calls)
				}
				if r := w.store.reminder(7, 1); r.State != flows.Armed || w.ownerOf() != 99 || len(w.gateway.sent()) > 0 {
					t.Errorf("reminder %+v, owner %d, sent %q", r, w.ownerOf(), w.gateway.texts())
				}
			})
		})
	}
}

// TestAdopt: with the bot's leave the file becomes its own. What it has to say goes
// out, as new messages with buttons that fit; all that it cannot use is gone.
func TestAdopt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.ID, c.Adopt = 1, true })
		const people = 2*adoptStep + 3
		keyboard := func(seal uint32, message uint64) [][]flows.Key {
			d := button.Data{Kind: button.Screen, Seal: seal, Message: message, Choice: "yes"}
			return [][]flows.Key{{{Label: "Yes", Data: d.String()}, {Label: "More", URL: "https://example.org"}}}
		}
		w.store.put(func(tx storage.Tx) error {
			errs := []error{tx.SetOwner(99), tx.SetOffset(5000), tx.MarkSeen(101, time.Now()), tx.PutFileID("99/photo/ab", "AgAC")}
			for user := int64(1); user <= people; user++ {
				errs = append(errs, tx.PutState(flows.State{User: user, Seal: 5, Messages: 4, Lang: "de"}))
			}
			for number, m := range map[uint64]flows.Message{
				1: {Text: "new", Keyboard: keyboard(5, 1)},
				2: {Text: "edited", Keyboard: keyboard(5, 2), Edit: 55},
				3: {Keyboard: keyboard(5, 2), Edit: 56},
			} {
				m.Number, m.Class = number, flows.Reply
				errs = append(errs, tx.PutMessage(storage.Message{User: 7, Chat: 7, Message: m, State: storage.Queued, Queued: time.Now()}))
			}
			return errors.Join(errs...)
		})
		w.say(8, "hello") // update 101, by the new bot's count
		w.start()
		pass(time.Minute)
		seals := make(map[uint32]bool)
		if err := w.store.View(t.Context(), func(r storage.Reader) error {
			for s, err := range r.States() {
				if err != nil {
					return err
				}
				seals[s.Seal] = true
				if s.Lang != "de" {
					t.Errorf("state %+v", s)
				}
			}
			id, err := r.FileID("99/photo/ab")
			if id != "" {
				t.Errorf("the file id %q is still there", id)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(seals) < people-2 || seals[5] {
			t.Errorf("%d people have %d seals; the old one is among them: %v", people, len(seals), seals[5])
		}
		state, err := storage.Read(t.Context(), w.store, func(r storage.Reader) (flows.State, error) { return r.State(7) })
		if err != nil {
			t.Fatal(err)
		}
		texts := w.gateway.texts()
		slices.Sort(texts)
		if !slices.Equal(texts, []string{"edited", "hello", "new"}) {
			t.Errorf("sent %q", texts)
		}
		for _, c := range w.gateway.sent() {
			if c.Edit != 0 {
				t.Errorf("%q edits message %d of the other bot", c.Text, c.Edit)
			}
			for _, row := range c.Keyboard {
				d, ok := button.Parse(row[0].Data)
				if !ok || d.Seal != state.Seal || d.Choice != "yes" || row[1].URL != "https://example.org" {
					t.Errorf("%q has the buttons %+v, not sealed with %d", c.Text, row, state.Seal)
				}
			}
		}
		if m := w.store.message(7, 3); m.State != storage.Failed || len(m.Keyboard) > 0 {
			t.Errorf("message 3: %+v", m)
		}
		if polls := w.gateway.polls(); polls[0] != 0 || w.ownerOf() != 1 {
			t.Errorf("polls from %v, owner %d", polls, w.ownerOf())
		}
		if err := w.end(); err != nil {
			t.Error(err)
		}
		if !strings.Contains(w.log.String(), "adopted") {
			t.Errorf("log:\n%s", w.log)
		}
	})
}

// TestAdoptedIsNew: with a file that another bot has just polled for a bot is a
// newcomer; with one that it has itself it is none.
func TestAdoptedIsNew(t *testing.T) {
	for owner, most := range map[int64]time.Duration{99: Look/2 + 2*time.Second, 1: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, func(c *Config) { c.ID, c.Adopt, c.Look, c.Place = 1, true, Look, "here" })
			w.store.put(func(tx storage.Tx) error {
				return errors.Join(tx.SetOwner(owner), tx.SetMarks(storage.Marks{Polled: time.Now(), Place: "here"}))
			})
			began := time.Now()
			w.say(7, "hello")
			w.start()
			for len(w.gateway.sent()) == 0 && time.Since(began) < time.Minute {
				pass(100 * time.Millisecond)
			}
			if took := time.Since(began); took > most || took < most-3*time.Second {
				t.Errorf("on the file of bot %d the first answer came after %v, want up to %v", owner, took, most)
			}
			if err := w.end(); err != nil {
				t.Error(err)
			}
		})
	}
}
