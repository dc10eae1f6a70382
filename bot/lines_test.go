package bot

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// tidying is a core that says "new TEXT" for "/new TEXT", for "/line N" that the
// message of number N becomes a line, and for "/delete N" that it goes, or becomes a
// line where it cannot, and then something more.
func tidying(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		command, ok := ev.(flows.Command)
		if !ok || !slices.Contains([]string{"new", "line", "delete", "end"}, command.Name) {
			return testStep(s, ev, now)
		}
		var out []flows.Effect
		say := func(m flows.Message) {
			s.Messages++
			m.Number = s.Messages
			out = append(out, flows.Say{Message: m})
		}
		switch command.Name {
		case "new":
			say(flows.Message{Text: "new " + command.Args, Class: flows.Reply})
		case "line", "delete":
			n, _ := strconv.ParseUint(command.Args[:1], 10, 64)
			m := flows.Message{Text: "line " + command.Args, Of: n, Delete: command.Name == "delete", Class: flows.Tidy}
			m.Text = strings.TrimSuffix(m.Text, " buttons")
			if m.Text != "line "+command.Args {
				m.Text = ""
			}
			m.Expires = now.Add(time.Hour)
			say(m)
			say(flows.Message{Text: "more", Class: flows.Reply})
		case "end":
			out = append(out, flows.Withdraw{From: 1, To: s.Messages, Timers: flows.Cancelled})
		}
		return s, out
	}
}

// changes are the calls in short: what was said, and which message it changed.
func (w *world) changes() string {
	var list []string
	for _, c := range w.gateway.sent() {
		what := c.Text
		if c.Delete {
			what = "delete"
		}
		if c.Edit != 0 {
			what += " in " + strconv.FormatInt(c.Edit, 10)
		}
		if c.Caption {
			what += " (caption)"
		}
		list = append(list, what)
	}
	return strings.Join(list, ", ")
}

// What is changed by its number is the message as the messenger calls it, once it has
// arrived; all else goes before that. What has not arrived is not changed, and what is
// gone does not come anew.
func TestLines(t *testing.T) {
	for name, test := range map[string]struct {
		line   string
		fault  func(n int, m chat.Outgoing) error
		want   string
		failed bool // the line
	}{
		"a text":    {"/line 1", nil, "new a, more, line 1 in 1001", false},
		"no number": {"/line 9", nil, "new a, more", false},
		"a picture": {"/line 1", func(_ int, m chat.Outgoing) error {
			if m.Edit != 0 && !m.Caption {
				return refuse(chat.NoText)
			}
			return nil
		}, "new a, more, line 1 in 1001, line 1 in 1001 (caption)", false},
		"a deletion":           {"/delete 1", nil, "new a, more, delete in 1001", false},
		"a deletion of nobody": {"/delete 9", nil, "new a, more", false},
		"too old": {"/delete 1", func(_ int, m chat.Outgoing) error {
			if m.Delete {
				return refuse(chat.MessageGone)
			}
			return nil
		}, "new a, more, delete in 1001, line 1 in 1001", false},
		"too old, and a picture": {"/delete 1", func(_ int, m chat.Outgoing) error {
			if m.Delete {
				return refuse(chat.MessageGone)
			}
			if m.Edit != 0 && !m.Caption {
				return refuse(chat.NoText)
			}
			return nil
		}, "new a, more, delete in 1001, line 1 in 1001, line 1 in 1001 (caption)", false},
		"too old, its buttons go": {"/delete 1 buttons", func(_ int, m chat.Outgoing) error {
			if m.Delete {
				return refuse(chat.MessageGone)
			}
			return nil
		}, "new a, more, delete in 1001,  in 1001", false},
		"too old, and gone": {"/delete 1", func(_ int, m chat.Outgoing) error {
			if m.Edit != 0 {
				return refuse(chat.MessageGone)
			}
			return nil
		}, "new a, more, delete in 1001, line 1 in 1001", true},
		"neither text nor caption": {"/line 1", func(_ int, m chat.Outgoing) error {
			if m.Edit != 0 {
				return refuse(chat.NoText)
			}
			return nil
		}, "new a, more, line 1 in 1001, line 1 in 1001 (caption)", true},
		"gone": {"/line 1", func(_ int, m chat.Outgoing) error {
			if m.Edit != 0 {
				return refuse(chat.MessageGone)
			}
			return nil
		}, "new a, more, line 1 in 1001", true},
		"never arrived": {"/line 1", func(n int, _ chat.Outgoing) error {
			if n == 1 {
				return refuse(chat.Rejected)
			}
			return nil
		}, "new a, more", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, tidying)
				w.gateway.onSend = test.fault
				w.start()
				w.say(7, "/new a")
				pass(time.Minute)
				w.say(7, test.line)
				pass(time.Minute)
				if got := w.changes(); got != test.want {
					t.Errorf("calls %q, want %q", got, test.want)
				}
				for _, row := range w.store.allMessages() {
					if row.Number == 2 && ((row.State == storage.Failed) != test.failed || row.DeadLetter()) {
						t.Errorf("the line is %+v", row)
					}
				}
				_ = w.end()
			})
		})
	}
}

// What tidies comes within its time or not at all, and there is none where there is no
// room for it.
func TestLinesThatAreLate(t *testing.T) {
	for name, test := range map[string]struct {
		held   int
		silent time.Duration
		want   string
	}{
		"in time": {100, time.Minute, "new a, more, more, delete in 1001"},
		"late":    {100, 2 * time.Hour, "new a, more, more"},
		"no room": {1, time.Minute, "new a, more, more"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, tidying)
				w.held = test.held
				w.start()
				w.say(7, "/new a")
				pass(time.Second)
				w.gateway.onSend = func(_ int, m chat.Outgoing) error {
					if m.Text == "more" && test.silent > 0 {
						defer func() { test.silent = 0 }()
						return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = test.silent })
					}
					return nil
				}
				w.say(7, "/delete 1")
				pass(3 * time.Hour)
				if got := w.changes(); got != test.want {
					t.Errorf("calls %q, want %q", got, test.want)
				}
				for _, row := range w.store.allMessages() {
					if row.Unsent() || row.DeadLetter() {
						t.Errorf("it is kept as %+v", row)
					}
				}
				_ = w.end()
			})
		})
	}
}

// What is deleted before it has arrived is withdrawn.
func TestDeletedBeforeItArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, tidying)
		w.start()
		w.gateway.onSend = func(n int, _ chat.Outgoing) error {
			if n == 1 {
				return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Minute })
			}
			return nil
		}
		w.say(7, "/new a")
		pass(time.Second)
		w.say(7, "/new b", "/delete 2")
		pass(5 * time.Minute)
		if got, want := w.changes(), "new a, new a, more"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
		for _, row := range w.store.allMessages() {
			if row.Unsent() || row.Number == 2 && (row.State != storage.Failed || row.Cause != withdrawn || row.Text != "") {
				t.Errorf("it is kept as %+v", row)
			}
		}
		_ = w.end()
	})
}

// Of two lines of one message that wait the newer goes, and the end of an episode takes
// none back.
func TestLinesThatWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, tidying)
		w.start()
		w.say(7, "/new a")
		pass(time.Second)
		w.say(7, "/new b", "/line 1 older", "/delete 1", "/line 1 newer", "/end")
		pass(5 * time.Minute)
		if got, want := w.changes(), "new a, line 1 newer in 1001"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
		_ = w.end()
	})
}
