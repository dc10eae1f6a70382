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
)

// carding is a core that puts a card for "/card", changes it and pins it in the same turn,
// changes it once more for "/change TEXT" and lets it go for "/end".
func carding(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		command, ok := ev.(flows.Command)
		if !ok || !slices.Contains([]string{"card", "change", "end"}, command.Name) {
			return testStep(s, ev, now)
		}
		var out []flows.Effect
		say := func(m flows.Message) {
			s.Messages++
			m.Number = s.Messages
			out = append(out, flows.Say{Message: m})
		}
		change := func(text string) {
			say(flows.Message{Text: text, Of: 1, Class: flows.Tidy, Subject: "change", Instead: true})
		}
		switch command.Name {
		case "card":
			say(flows.Message{Text: "card", Class: flows.Reply, Subject: "put", Instead: true})
			change("one")
			change("two")
			say(flows.Message{Of: 1, Pin: true, Class: flows.Tidy})
			change("three")
		case "change":
			change(command.Args)
		case "end":
			say(flows.Message{Of: 1, Unpin: true, Class: flows.Tidy})
		}
		return s, out
	}
}

// pinned are the calls in short.
func (w *world) pinned() string {
	var list []string
	for _, c := range w.gateway.sent() {
		what := c.Text
		switch {
		case c.Pin:
			what = "pin"
		case c.Unpin:
			what = "unpin"
		}
		if c.Edit != 0 {
			what += " " + strconv.FormatInt(c.Edit, 10)
		}
		list = append(list, what)
	}
	return strings.Join(list, ", ")
}

// What changes or pins a message that has yet to leave waits for it; of several changes the
// newest goes, and none of what it is to be pinned by. What never arrives is neither
// changed nor pinned.
func TestWhatTidiesWaitsForItsMessage(t *testing.T) {
	for name, test := range map[string]struct {
		fault func(n int, m chat.Outgoing) error
		want  string
	}{
		"arrives": {nil, "card, pin 1001, three 1001, four 1001, unpin 1001"},
		"is refused": {func(n int, _ chat.Outgoing) error {
			if n == 1 {
				return refuse(chat.Rejected)
			}
			return nil
		}, "card"},
		"arrives late": {func(n int, _ chat.Outgoing) error {
			if n == 1 {
				return refuse(chat.Retry)
			}
			return nil
		}, "card, card 0, pin 1002, three 1002, four 1002, unpin 1002"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, carding)
				w.gateway.onSend = test.fault
				w.start()
				w.say(7, "/card")
				pass(time.Minute)
				w.say(7, "/change four")
				pass(time.Minute)
				w.say(7, "/end")
				pass(time.Minute)
				if got := w.pinned(); got != strings.ReplaceAll(test.want, " 0", "") {
					t.Errorf("calls %q, want %q", got, test.want)
				}
				for _, row := range w.store.allMessages() {
					if row.Number > 1 && (row.Unsent() || row.DeadLetter()) {
						t.Errorf("left is %+v", row)
					}
				}
				_ = w.end()
			})
		})
	}
}
