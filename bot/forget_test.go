package bot

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// forgetting is withdrawing, and a core that forgets whoever says so.
func forgetting(c *Config) {
	withdrawing(c)
	others := c.Step
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		if command, ok := ev.(flows.Command); !ok || command.Name != "forget" {
			return others(s, ev, now)
		}
		say := func(m flows.Message) flows.Effect {
			s.Messages++
			m.Number, m.Fleeting, m.Class = s.Messages, true, flows.Reply
			return flows.Say{Message: m}
		}
		return flows.State{User: s.User}, []flows.Effect{
			flows.Forget{}, say(flows.Message{Text: "line", Of: 1}), say(flows.Message{Text: "bye"}),
		}
	}
}

// kept counts what is kept of person 7.
func (w *world) keptOf7() (n storage.Forgotten) {
	w.store.view(func(r storage.Reader) (err error) {
		n, err = storage.Kept(storage.OfPerson(r, 7))
		return err
	})
	return n
}

// Whatever is under way when somebody is forgotten, nothing of them is left, and the last
// word reaches them all the same.
func TestForgotten(t *testing.T) {
	for name, test := range map[string]struct {
		first, second error // how the first and the second call fail
		latency       time.Duration
		want          string // the calls
	}{
		"all is quiet":             {nil, nil, 0, "on line bye"},
		"a call is under way":      {nil, nil, 10 * time.Second, "on bye"},
		"the chat is silenced":     {refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Minute }), nil, 0, "on bye"},
		"a call may have arrived":  {refuse(chat.Retry, func(e *chat.Error) { e.MaybeApplied = true }), nil, 0, "on bye"},
		"the last word, too":       {nil, refuse(chat.Retry, func(e *chat.Error) { e.MaybeApplied = true }), 0, "on line line bye"},
		"the last word is refused": {nil, refuse(chat.Rejected), 0, "on line bye"},
		"and then blocks the bot":  {nil, refuse(chat.ChatGone), 0, "on line"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, forgetting)
				w.gateway.latency, w.gateway.refusing = test.latency, test.latency
				w.gateway.onSend = func(n int, _ chat.Outgoing) error {
					return map[int]error{1: test.first, 2: test.second}[n]
				}
				w.start()
				w.say(7, "/on")
				pass(100 * time.Millisecond)
				w.say(7, "/forget")
				pass(10 * time.Minute)
				if got := strings.Join(w.gateway.texts(), " "); !strings.HasPrefix(got, test.want) {
					t.Errorf("calls %q, want %q", got, test.want)
				}
				if n := w.keptOf7(); n.Total() != 0 {
					t.Errorf("of the person is kept: %+v", n)
				}
				if w.store.seen(101, 102) != 2 || w.store.rows().offset == 0 {
					t.Error("the updates would be taken again")
				}
				// Whoever comes back is somebody new.
				w.gateway.onSend = nil
				w.say(7, "/on")
				pass(time.Minute)
				if texts := w.gateway.texts(); texts[len(texts)-1] != "on" || w.keptOf7() != (storage.Forgotten{States: 1, Reminders: 1, Messages: 1}) {
					t.Errorf("after the return: %q, and %+v is kept", texts, w.keptOf7())
				}
				_ = w.end()
			})
		})
	}
}

// Whoever is nobody and asks two things at once is answered twice, and once who asks one
// thing often while its answer waits.
func TestForgottenTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) {
			c.Step = func(s flows.State, ev flows.Event, _ time.Time) (flows.State, []flows.Effect) {
				m := flows.Message{Number: s.Messages + 1, Text: ev.(flows.Command).Name, Fleeting: true, Class: flows.Contact}
				return flows.State{User: s.User}, []flows.Effect{flows.Forget{}, flows.Say{Message: m}}
			}
		})
		w.start()
		w.gateway.push(w.update(7, "/help"), w.update(7, "/privacy"), w.update(7, "/help"), w.update(7, "/privacy"), w.update(7, "/privacy"))
		pass(time.Minute)
		texts := w.gateway.texts()
		slices.Sort(texts)
		if got := strings.Join(texts, " "); got != "help privacy" {
			t.Errorf("answered by %q", got)
		}
		if n := w.keptOf7(); n.Total() != 0 {
			t.Errorf("of the person is kept: %+v", n)
		}
		_ = w.end()
	})
}

// The receipt of a message to somebody who was forgotten is none for the message of the
// same number to whom they are now.
func TestForgottenAndBackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, forgetting)
		w.gateway.latency = 10 * time.Second
		w.start()
		for _, line := range []string{"/on", "/forget", "/on"} {
			w.say(7, line)
			pass(100 * time.Millisecond)
		}
		pass(10 * time.Second)
		if m := w.store.allMessages(); len(m) != 1 && len(m) != 2 || slices.ContainsFunc(m, func(m storage.Message) bool { return m.State == storage.Sent }) {
			t.Errorf("the receipt of the first message is booked: %+v", m)
		}
		pass(5 * time.Minute)
		last := 0
		for i, c := range w.gateway.sent() {
			if c.Text == "on" {
				last = i + 1
			}
		}
		m := w.store.allMessages()[0]
		if m.State != storage.Sent || m.MessageID != int64(1000+last) || last < 2 {
			t.Errorf("the second message: %+v, call %d of %q", m, last, w.gateway.texts())
		}
		if n := w.keptOf7(); n.Messages != 1 {
			t.Errorf("kept: %+v", n)
		}
		_ = w.end()
	})
}

// Nothing of whoever was forgotten tells how many messages there were, also not the
// numbers of those to whom they are now.
func TestForgottenAreCountedAnew(t *testing.T) {
	var numbers []uint64
	for _, messages := range []int{1, 9} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, forgetting)
			w.start()
			for range messages {
				w.say(7, "words")
			}
			pass(time.Minute)
			w.say(7, "/forget")
			pass(time.Minute)
			w.say(7, "words")
			pass(time.Minute)
			numbers = append(numbers, w.store.allMessages()[0].Number)
			_ = w.end()
		})
	}
	if numbers[0] != numbers[1] {
		t.Errorf("the first messages behind have the numbers %d", numbers)
	}
}
