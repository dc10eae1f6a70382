package bot

import (
	"fmt"
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

// ticking is a core that edits messages: "tick N" changes the buttons of message N,
// "strip N" takes them away, "done N" changes its words, and "gone 0" withdraws all
// that was said.
func ticking(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		said, _ := ev.(flows.Text)
		act, message, ok := strings.Cut(said.Text, " ")
		if !ok {
			return testStep(s, ev, now)
		}
		if act == "gone" {
			return s, []flows.Effect{flows.Withdraw{From: 1, To: s.Messages}}
		}
		s.Messages++
		m := flows.Message{Number: s.Messages, Class: flows.Reply}
		m.Edit, _ = strconv.ParseInt(message, 10, 64)
		switch act {
		case "tick":
			m.Keyboard = [][]flows.Key{{{Label: fmt.Sprint(s.Messages), Data: "x"}}}
		case "done":
			m.Text = "done"
		}
		return s, []flows.Effect{flows.Say{Message: m}}
	}
}

// Of the edits of a message's buttons that wait, only the newest is made, and none
// behind whose words are changed as well; those of another message stay.
func TestEditsOfButtonsMerge(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  []string // message: words or newest label
	}{
		"ticks":             {[]string{"tick 5", "tick 5", "tick 5", "tick 5", "tick 5"}, []string{"5: 1", "5: 5"}},
		"and an answer":     {[]string{"tick 5", "tick 5", "tick 5", "done 5"}, []string{"5: 1", "5: done"}},
		"of two messages":   {[]string{"tick 5", "tick 6", "tick 5", "tick 6"}, []string{"5: 1", "5: 3", "6: 4"}},
		"taken away":        {[]string{"tick 5", "tick 5", "strip 5", "words"}, []string{"5: 1", "5: ", "0: words"}},
		"nobody's loss":     {[]string{"tick 5", "strip 5", "words", "gone 0"}, []string{"5: 1", "5: "}},
		"given back":        {[]string{"tick 5", "strip 5", "tick 5"}, []string{"5: 1", "5: 3"}},
		"words are no tick": {[]string{"tick 5", "done 5", "tick 5"}, []string{"5: 1", "5: done", "5: 3"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ticking)
				w.store.again = true // each transaction runs twice, and is as if it had run once
				var got []string
				w.gateway.onSend = func(n int, m chat.Outgoing) error {
					line := fmt.Sprintf("%d: %s", m.Edit, m.Text)
					for _, key := range slices.Concat(m.Keyboard...) {
						line += key.Label
					}
					if n > 1 { // the first is tried once more
						got = append(got, line)
						return nil
					}
					return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 30 * time.Second })
				}
				w.start()
				for i, line := range c.lines {
					w.say(7, line)
					if pass(time.Second); i == 0 {
						got = append(got, "5: 1")
					}
				}
				pass(5 * time.Minute)
				if err := w.end(); err != nil {
					t.Fatal(err)
				}
				// The first call was refused: it is made again unless something took its
				// place meanwhile.
				if !slices.Equal(got, c.want) {
					t.Errorf("called for %q, want %q", got, c.want)
				}
				for _, m := range w.store.allMessages() {
					if m.Unsent() || m.State == storage.Failed && (m.Cause != withdrawn || len(m.Keyboard) > 0) {
						t.Errorf("it is kept as %+v", m)
					}
				}
			})
		})
	}
}
