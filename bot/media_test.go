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

// withMedia lets the core answer "/photo name" and "/animation name" with a file, of
// which there are a few, and "/exchange name" with one in the place of the last.
func withMedia(c *Config) {
	files := map[string]flows.Media{
		"lie":   flows.NewMedia("lie.png", []byte("picture")),
		"same":  flows.NewMedia("same.png", []byte("picture")),
		"sit":   flows.NewMedia("sit.png", []byte("another")),
		"empty": flows.NewMedia("empty.png", nil),
	}
	c.Media = func(name string) (flows.Media, bool) {
		m, ok := files[name]
		return m, ok
	}
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		e, ok := ev.(flows.Command)
		if !ok || e.Name != "photo" && e.Name != "animation" && e.Name != "exchange" {
			return testStep(s, ev, now)
		}
		s.Messages++
		m := flows.Message{Number: s.Messages, Text: "see " + e.Args, Class: flows.Reply}
		switch e.Name {
		case "photo":
			m.Picture = e.Args
		case "animation":
			m.Animation = e.Args
		case "exchange": // the message before
			m.Picture, m.Of, m.Anew = e.Args, s.Messages-1, true
		}
		return s, []flows.Effect{flows.Say{Message: m}}
	}
}

// shown lists the calls so far: what was shown, and by what.
func (g *fakeGateway) shown() (out []string) {
	for _, c := range g.sent() {
		line := c.Text
		switch m := c.Media; {
		case m == nil:
		case m.FileID != "":
			line += fmt.Sprintf(" (%s %s)", m.Kind, m.FileID)
		default:
			line += fmt.Sprintf(" (%s upload %s)", m.Kind, m.Data)
		}
		out = append(out, line)
	}
	return out
}

func (w *world) wantShown(want ...string) {
	w.t.Helper()
	if got := w.gateway.shown(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("sent\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (w *world) wantAllSent() {
	w.t.Helper()
	for _, m := range w.store.allMessages() {
		if m.State != storage.Sent {
			w.t.Errorf("message %v is %s (%s)", m.Key(), m.State, m.Cause)
		}
	}
}

// A file is known by its content and its kind.
func TestFileIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia)
		w.start()
		for _, line := range []string{"/photo lie", "/photo lie", "/photo same", "/animation lie", "/photo sit", "/photo gone", "text"} {
			w.say(7, line)
			pass(time.Second)
		}
		w.wantShown(
			"see lie (photo upload picture)", "see lie (photo file-1)", "see same (photo file-1)",
			"see lie (animation upload picture)", "see sit (photo upload another)", "see gone", "text",
		)
		for key, id := range w.store.rows().files {
			// The bot of the fake gateway is number 1.
			if !strings.HasPrefix(key, "1/photo/") && !strings.HasPrefix(key, "1/animation/") {
				t.Errorf("file %s is kept under %s", id, key)
			}
		}
		if n := len(w.store.rows().files); n != 3 {
			t.Errorf("%d files are kept, want 3", n)
		}
		w.wantAllSent()

		after := w.crash()
		withMedia(&after.cfg)
		after.nextID = w.nextID
		after.start()
		after.say(8, "/photo same", "/animation lie")
		pass(time.Minute)
		after.wantShown("see same (photo file-1)", "see lie (animation file-4)")
		_ = after.end()
	})
}

// What waits for an upload costs neither a commit nor a place with the
// messenger, and a message for the same person that has no file goes on after.
func TestWaitingForAnUpload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia, func(c *Config) { c.ChatRate = 1 })
		w.gateway.latency = 20500 * time.Millisecond
		w.start()
		w.say(1, "/photo lie")
		pass(time.Second)
		for user := range int64(300) {
			w.say(user+2, "/photo lie")
		}
		pass(time.Second)
		before := w.store.commits()
		pass(10 * time.Second)
		if n := w.store.commits() - before; n > 0 {
			t.Errorf("%d commits while the upload was under way", n)
		}
		w.say(500, "words")
		pass(time.Second)
		if calls := w.gateway.shown(); len(calls) != 2 || calls[1] != "words" {
			t.Errorf("called %q", calls)
		}
		w.gateway.hasten()
		pass(10 * time.Second)
		calls := w.gateway.sent()
		if len(calls) != 302 {
			t.Errorf("%d calls, want one for each message", len(calls))
		}
		// Having waited does not count as having sent.
		if last := calls[len(calls)-1].at.Sub(calls[0].at); last > 20500*time.Millisecond+2*uploadPause {
			t.Errorf("the last message goes %v after the upload began", last)
		}
		pass(time.Minute)
		w.wantAllSent()
		_ = w.end()
	})
}

// Another form of the same message is tried where it may pass.
func TestRefusedFiles(t *testing.T) {
	for name, test := range map[string]struct {
		lines  []string
		refuse func(n int, m chat.Outgoing) error
		want   []string
		failed int
	}{
		"the id is no longer known": {
			[]string{"/photo lie", "/photo lie", "/photo lie"},
			func(n int, _ chat.Outgoing) error { return only(n == 2, chat.FileGone) },
			[]string{"see lie (photo upload picture)", "see lie (photo file-1)", "see lie (photo upload picture)", "see lie (photo file-3)"},
			0,
		},
		"no id is ever known": {
			[]string{"/photo lie", "/photo lie"},
			func(_ int, m chat.Outgoing) error { return only(m.Media != nil && m.Media.FileID != "", chat.FileGone) },
			[]string{"see lie (photo upload picture)", "see lie (photo file-1)", "see lie (photo upload picture)"},
			0,
		},
		"the upload is refused, and not tried again at once": {
			[]string{"/photo lie", "/photo lie", "/photo sit"},
			func(_ int, m chat.Outgoing) error {
				return only(m.Media != nil && string(m.Media.Data) == "picture", chat.BadMedia)
			},
			[]string{"see lie (photo upload picture)", "see lie", "see lie", "see sit (photo upload another)"},
			0,
		},
		"what is sent by its id is refused": {
			[]string{"/photo lie", "/photo lie", "/photo lie"},
			func(n int, _ chat.Outgoing) error { return only(n == 2, chat.Unknown) },
			[]string{"see lie (photo upload picture)", "see lie (photo file-1)", "see lie", "see lie (photo file-1)"},
			0,
		},
		"the upload is unknown to the messenger": {
			[]string{"/photo lie"},
			func(_ int, m chat.Outgoing) error { return only(m.Media != nil, chat.FileGone) },
			[]string{"see lie (photo upload picture)", "see lie"},
			0,
		},
		"the words are refused, too": {
			[]string{"/photo lie"},
			func(int, chat.Outgoing) error { return refuse(chat.Rejected) },
			[]string{"see lie (photo upload picture)", "see lie"},
			1,
		},
		"the markup is refused": {
			[]string{"/photo lie"},
			func(_ int, m chat.Outgoing) error { return only(!m.Plain, chat.BadMarkup) },
			[]string{"see lie (photo upload picture)", "see lie (photo upload picture)"},
			0,
		},
		"the call panics": {
			[]string{"/photo lie"},
			func(_ int, m chat.Outgoing) error {
				if m.Media != nil {
					panic("secret words")
				}
				return nil
			},
			[]string{"see lie (photo upload picture)", "see lie"},
			0,
		},
		"the messenger is down": {
			[]string{"/photo lie"},
			func(n int, _ chat.Outgoing) error { return only(n <= 4, chat.Retry) },
			[]string{
				"see lie (photo upload picture)", "see lie (photo upload picture)", "see lie (photo upload picture)",
				"see lie (photo upload picture)", "see lie (photo upload picture)",
			},
			0,
		},
		"uploads get lost": {
			[]string{"/photo lie", "/photo lie"},
			func(_ int, m chat.Outgoing) error {
				if m.Media == nil {
					return nil
				}
				return refuse(chat.Retry, func(e *chat.Error) { e.MaybeApplied = true })
			},
			[]string{"see lie (photo upload picture)", "see lie (photo upload picture)", "see lie", "see lie"},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, withMedia)
				w.gateway.onSend = test.refuse
				w.start()
				for _, line := range test.lines {
					w.say(7, line)
					pass(20 * time.Second)
				}
				w.wantShown(test.want...)
				failed := 0
				for _, m := range w.store.allMessages() {
					switch m.State {
					case storage.Sent:
					case storage.Failed:
						failed++
					default:
						t.Errorf("message %v is %s", m.Key(), m.State)
					}
				}
				if failed != test.failed {
					t.Errorf("%d failed, want %d", failed, test.failed)
				}
				_ = w.end()
				if strings.Contains(w.log.String(), "secret") || strings.Contains(w.log.String(), "see lie") {
					t.Errorf("log:\n%s", w.log)
				}
			})
		})
	}
}

func only(when bool, kind chat.Kind) error {
	if !when {
		return nil
	}
	return refuse(kind)
}

// A picture that was refused is tried again in the end.
func TestFilesDoNotRestForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia)
		w.gateway.onSend = func(n int, _ chat.Outgoing) error { return only(n == 1, chat.BadMedia) }
		w.start()
		for range 3 {
			w.say(7, "/photo lie")
			pass(refusedRest/2 + time.Minute)
		}
		w.wantShown("see lie (photo upload picture)", "see lie", "see lie", "see lie (photo upload picture)")
		_ = w.end()
	})
}

// Two messages with an id that has expired make one upload.
func TestExpiredForManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia)
		w.gateway.refusing = time.Second
		w.start()
		w.say(1, "/photo lie")
		pass(time.Second)
		w.gateway.latency = time.Second
		w.gateway.onSend = func(_ int, m chat.Outgoing) error {
			return only(m.Media.FileID == "file-1", chat.FileGone)
		}
		for user := range int64(20) {
			w.say(user+2, "/photo lie")
		}
		pass(time.Minute)
		uploads := 0
		for _, line := range w.gateway.shown() {
			if strings.Contains(line, "upload") {
				uploads++
			}
		}
		if uploads != 2 {
			t.Errorf("%d uploads, want the first and one more:\n%s", uploads, strings.Join(w.gateway.shown(), "\n"))
		}
		w.wantAllSent()
		_ = w.end()
	})
}

// The id is stored with the receipt: neither without the other.
func TestFileIDComesWithTheReceipt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia)
		w.gateway.onSend = func(int, chat.Outgoing) error {
			w.store.breakWith(func() error { return errors.New("full") })
			return nil
		}
		w.start()
		w.say(7, "/photo lie")
		pass(time.Minute)
		if n, m := len(w.store.rows().files), w.store.message(7, 1); n != 0 || m.State != storage.Sending {
			t.Errorf("%d files, the message is %s", n, m.State)
		}
		before := w.store.commits()
		w.store.breakWith(nil)
		pass(10 * time.Second)
		if n, m := len(w.store.rows().files), w.store.message(7, 1); n != 1 || m.State != storage.Sent || w.store.commits() != before+2 { // and the mark that the bot works
			t.Errorf("%d files, the message is %s after %d commits", n, m.State, w.store.commits()-before)
		}
		_ = w.end()
	})
}

// A picture takes the place of another in its message, as often as one likes, and is
// known by its id then. Where there is nothing to change it comes anew: the message is
// gone, has never arrived, or shows no picture.
func TestExchange(t *testing.T) {
	lines := []string{"/photo lie", "/exchange sit", "/exchange lie"}
	for name, test := range map[string]struct {
		lines  []string
		refuse func(n int, m chat.Outgoing) error
		want   string
	}{
		"there": {lines, nil, "see lie, see sit in 1001, see lie in 1001"},
		"gone": {lines, func(_ int, m chat.Outgoing) error {
			if m.Edit == 1001 {
				return refuse(chat.MessageGone)
			}
			return nil
		}, "see lie, see sit in 1001, see sit, see lie in 1003"},
		"never arrived": {lines[:2], func(n int, _ chat.Outgoing) error {
			if n <= 2 { // with its picture, and without
				return refuse(chat.Rejected)
			}
			return nil
		}, "see lie, see lie, see sit"},
		"a refused picture": {lines[:2], func(_ int, m chat.Outgoing) error {
			switch {
			case m.Edit != 0 && m.Media != nil:
				return refuse(chat.BadMedia)
			case m.Edit != 0:
				return refuse(chat.NoText)
			}
			return nil
		}, "see lie, see sit in 1001, see sit in 1001, see sit"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, withMedia)
				w.gateway.onSend = test.refuse
				w.start()
				for _, line := range test.lines {
					w.say(7, line)
					pass(time.Minute)
				}
				if got := w.changes(); got != test.want {
					t.Errorf("calls %q, want %q", got, test.want)
				}
				if last := w.gateway.sent(); name == "there" && (last[2].Media == nil || last[2].Media.FileID != "file-1") {
					t.Errorf("the picture that is known is sent as %+v", last[2].Media)
				}
				_ = w.end()
			})
		})
	}
}

// What was to change a message and never did leaves the message for the next to change.
func TestExchangeBehindOneThatFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia)
		w.gateway.onSend = func(n int, _ chat.Outgoing) error {
			if n == 2 || n == 3 { // with its picture, and without
				return refuse(chat.Rejected)
			}
			return nil
		}
		w.start()
		for _, line := range []string{"/photo lie", "/exchange sit", "/exchange lie"} {
			w.say(7, line)
			pass(time.Minute)
		}
		if got, want := w.changes(), "see lie, see sit in 1001, see sit in 1001, see lie in 1001"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
		_ = w.end()
	})
}
