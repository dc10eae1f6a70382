package bot

import (
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

func TestGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) {
			c.GroupReply = func(username string) (string, [][]flows.Key) {
				return "write to @" + username, [][]flows.Key{{{Label: "open", URL: "https://t.me/x"}}}
			}
		})
		w.start()
		group := func(user, group int64, line string) chat.Update {
			u := w.update(user, line)
			u.Chat, u.Private = group, false
			return u
		}
		w.gateway.push(group(7, -1, "/spasm"), group(7, -1, "my back hurts"), group(7, -1, "[yes]"), group(8, -1, "[pain]"), group(7, -2, "/spasm"))
		synctest.Wait()
		pass(30 * time.Second)
		w.gateway.push(group(7, -1, "/spasm"))
		synctest.Wait()
		want := map[int64]int{-1: 2, -2: 1}
		count := func() map[int64]int {
			got := map[int64]int{}
			for _, c := range w.gateway.sent() {
				got[c.Chat]++
				if c.Text != "write to @spasm_bot" || len(c.Keyboard) != 1 {
					t.Errorf("a group was told %+v", c.Outgoing)
				}
			}
			return got
		}
		if got := count(); !reflect.DeepEqual(got, want) {
			t.Errorf("messages by group %v, want %v", got, want)
		}
		if got := w.gateway.answered(); len(got) != 2 || got[0].text != "" || got[1].text != "" {
			t.Errorf("answered %v, want two empty answers", got)
		}
		pass(31 * time.Second)
		w.gateway.push(group(7, -1, "/spasm"))
		synctest.Wait()
		want[-1]++
		if got := count(); !reflect.DeepEqual(got, want) {
			t.Errorf("a minute later: %v, want %v", got, want)
		}
		data := w.store.rows()
		if len(data.entries) != 0 || len(data.states) != 0 || len(w.store.allMessages()) != 0 {
			t.Errorf("of those who were greeted the store keeps %+v, %+v", data.states, w.store.allMessages())
		}
		_ = w.end()
	})
}

// inGroup is a command in a topic of a group.
func inGroup(w *world, user, group, topic, message int64) chat.Update {
	u := w.update(user, "/spasm")
	u.Chat, u.Private, u.Topic = group, false, topic
	u.Event = flows.Command{Name: "spasm", Message: message}
	return u
}

func greeting(c *Config) {
	c.GroupReply = func(string) (string, [][]flows.Key) { return "in private", nil }
}

// A group is answered in the topic, and at the message, where somebody asked; the
// answer stands alone if the topic has gone.
func TestGroupsAreAnsweredInPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, greeting)
		w.gateway.onSend = func(_ int, m chat.Outgoing) error {
			if m.Topic == 66 {
				return refuse(chat.TopicGone)
			}
			return nil
		}
		w.start()
		press := w.update(8, "[pain]")
		press.Chat, press.Private, press.Topic = -1, false, 6
		w.gateway.push(inGroup(w, 7, -1, 6, 17), press, inGroup(w, 9, -1, 0, 18), inGroup(w, 7, -2, 66, 19))
		pass(time.Minute)
		type place struct{ chat, topic, message int64 }
		got := make(map[place]int)
		for _, c := range w.gateway.sent() {
			got[place{c.Chat, c.Topic, c.ReplyTo}]++
		}
		want := map[place]int{{-1, 6, 17}: 1, {-1, 6, 0}: 1, {-1, 0, 18}: 1, {-2, 66, 19}: 1, {-2, 0, 0}: 1}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("answered at %v, want %v", got, want)
		}
		if m := w.store.allMessages(); len(m) != 0 {
			t.Errorf("the ledger keeps %+v", m)
		}
		_ = w.end()
	})
}

// However many speak in a group, it gets twenty answers a minute, and other groups
// theirs.
func TestTwentyAMinuteInAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, greeting, func(c *Config) { c.Rate, c.ChatRate = 30, 1 })
		w.start()
		for minute := range int64(4) {
			for user := range int64(120) {
				w.gateway.push(inGroup(w, 1000*minute+user+1, -1, 0, user), inGroup(w, 1000*minute+user+1, -2-user, 0, user))
				pass(500 * time.Millisecond)
			}
		}
		pass(time.Minute)
		at := make(map[int64][]time.Time)
		for _, c := range w.gateway.sent() {
			at[c.Chat] = append(at[c.Chat], c.at)
		}
		for i, when := range at[-1] {
			if i >= 20 && when.Sub(at[-1][i-20]) < time.Minute {
				t.Fatalf("twenty-one answers within %v", when.Sub(at[-1][i-20]))
			}
		}
		if n := len(at[-1]); n < 4*15 || n > 4*20+20 {
			t.Errorf("%d answers in four minutes", n)
		}
		if n := len(at); n != 121 {
			t.Errorf("%d groups were answered", n)
		}
		_ = w.end()
	})
}

// What could not be said to a group in time is not said: after an outage nobody
// there remembers having asked.
func TestGroupsHearNothingLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, greeting)
		down := true
		w.gateway.onSend = func(int, chat.Outgoing) error {
			if down {
				return refuse(chat.Retry)
			}
			return nil
		}
		w.start()
		w.gateway.push(inGroup(w, 7, -1, 0, 17))
		pass(5 * time.Minute)
		down = false
		tried := len(w.gateway.sent())
		pass(5 * time.Minute)
		if calls := w.gateway.sent()[tried:]; len(calls) != 0 || len(w.store.allMessages()) != 0 {
			t.Errorf("the answer is told late by %v, and is kept as %+v", calls, w.store.allMessages())
		}
		w.gateway.push(inGroup(w, 7, -1, 0, 18))
		pass(time.Second)
		if calls := w.gateway.sent()[tried:]; len(calls) != 1 || calls[0].ReplyTo != 18 {
			t.Errorf("the next answer is %v", calls)
		}
		_ = w.end()
	})
}

// The gate forgets, and does not grow with the groups that it has seen.
func TestGroupGate(t *testing.T) {
	var g groupGate
	now := time.Now()
	for i := range int64(3 * groupsHeld) {
		m := groupMember{-1 - i, 7}
		if open := g.open(m, nil, now); open != (i < groupsHeld) {
			t.Fatalf("group %d: open %v", i, open)
		} else if open {
			g.note([]groupMember{m}, now)
		}
	}
	now = now.Add(groupPause)
	if m := (groupMember{-5, 7}); !g.open(m, nil, now) || len(g.last) >= groupsHeld {
		t.Errorf("a minute later %d groups are remembered", len(g.last))
	}
	var batch []groupMember
	for user := range int64(groupMost) {
		m := groupMember{-5, user}
		if !g.open(m, batch, now) {
			t.Fatalf("person %d is not answered", user)
		}
		batch = append(batch, m)
	}
	if g.open(groupMember{-5, 99}, batch, now) || !g.open(groupMember{-6, 99}, batch, now) || g.open(batch[0], batch, now) {
		t.Error(fmt.Sprint("a batch counts for its own group: ", batch))
	}
}
