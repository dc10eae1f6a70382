package bot

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// tidying is a core that says "new TEXT" for "/new TEXT", and for "/line N" that the
// message of number N becomes a line, and then something more.
func tidying(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		command, ok := ev.(flows.Command)
		if !ok || command.Name != "new" && command.Name != "line" && command.Name != "end" {
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
		case "line":
			n, _ := strconv.ParseUint(command.Args[:1], 10, 64)
			say(flows.Message{Text: "line " + command.Args, Of: n, Class: flows.Tidy})
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
					if row.Number == 2 && (row.State == storage.Failed) != test.failed {
						t.Errorf("the line is %+v", row)
					}
				}
				_ = w.end()
			})
		})
	}
}

// Of two lines of one message that wait the newer goes, and the end of an episode takes
// none back.
func TestLinesThatWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, tidying)
		w.start()
		w.say(7, "/new a")
		pass(time.Second)
		w.say(7, "/new b", "/line 1 older", "/line 1 newer", "/end")
		pass(5 * time.Minute)
		if got, want := w.changes(), "new a, line 1 newer in 1001"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
		_ = w.end()
	})
}
