package outbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

var t0 = time.Unix(1_000_000, 0)

func row(user int64, number uint64, class flows.Class) storage.Message {
	return storage.Message{User: user, Chat: user, Message: flows.Message{Number: number, Class: class}}
}

func inGroup(group, user int64, number uint64, class flows.Class) storage.Message {
	m := row(user, number, class)
	m.Chat = group
	return m
}

// empty is an Outbox that has read the store, which held nothing.
func empty(l Limits) *Outbox {
	o := New(l)
	o.Advance(storage.MessageKey{}, true)
	return o
}

func name(m *Message) string {
	if m == nil {
		return "nothing"
	}
	return fmt.Sprintf("%d.%d", m.User, m.Number)
}

// calls makes the call for a message as soon as it may go out, and returns when
// that was.
func calls(o *Outbox, m *Message, now time.Time) (at time.Time, ok bool) {
	for {
		wait, ok := o.Slot(m, now)
		if !ok || wait == 0 {
			o.Returned(m, now)
			return now, ok
		}
		now = now.Add(wait)
	}
}

// sendAll lets everything leave that may, one after the other, until nothing can
// without waiting for more than an hour.
func sendAll(o *Outbox) (order string) {
	var names []string
	for now := t0; ; {
		m, wait := o.Next(now)
		if m == nil {
			if wait > time.Hour {
				return strings.Join(names, " ")
			}
			now = now.Add(wait)
			continue
		}
		now, _ = calls(o, m, now)
		names = append(names, name(m))
		o.Done(m, now)
	}
}

// A message that is tried again keeps its place, and its chat is left alone until
// then; a take-off that has come meanwhile goes before it.
func TestAgain(t *testing.T) {
	o := empty(Limits{})
	o.Add(row(1, 1, flows.Reply), t0)
	o.Add(row(1, 2, flows.Reply), t0)
	m, _ := o.Next(t0)
	if next, wait := o.Next(t0); next != nil || wait != Forever {
		t.Fatalf("%s was launched while another is under way, or in %v", name(next), wait)
	}
	o.Slot(m, t0)
	o.Again(m, t0, t0.Add(20*time.Second))
	o.Add(row(1, 3, flows.TakeOff), t0)
	if next, wait := o.Next(t0.Add(5 * time.Second)); next != nil || wait != 15*time.Second {
		t.Errorf("%s was launched into the silence; the wait is %v", name(next), wait)
	}
	if got := sendAll(o); got != "1.3 1.1 1.2" {
		t.Errorf("sent %s", got)
	}
}

// A flight without a call costs the chat nothing; a further call does.
func TestCallsCountInTheirChat(t *testing.T) {
	for n, want := range map[int]time.Duration{0: 0, 1: 0, 2: 0, 3: time.Second, 4: 2 * time.Second} {
		o := empty(Limits{ChatRate: 1})
		o.Add(row(1, 1, flows.Reply), t0)
		o.Add(row(1, 2, flows.Reply), t0)
		m, _ := o.Next(t0)
		for range n {
			calls(o, m, t0)
		}
		o.Done(m, t0)
		_, wait := o.Next(t0)
		if d := wait - want; d < 0 || d > time.Millisecond {
			t.Errorf("after %d calls the next waits %v, want %v", n, wait, want)
		}
	}
}

// However often a flight ends without a call, the chat owes nothing.
func TestFlightsWithoutACallAreNotCounted(t *testing.T) {
	o := empty(Limits{ChatRate: 1})
	o.Add(row(1, 1, flows.Reply), t0)
	for n := range 10 * burst {
		m, wait := o.Next(t0)
		if m == nil {
			t.Fatalf("after %d flights without a call the next waits %v", n, wait)
		}
		o.Again(m, t0, t0)
	}
}

// A silence of everybody holds what is under way, too.
func TestNoSlotInASilence(t *testing.T) {
	o := empty(Limits{})
	o.Add(row(1, 1, flows.Reply), t0)
	o.Add(row(2, 1, flows.TakeOff), t0)
	m, _ := o.Next(t0)
	o.Limited(Source{Method: "getUpdates"}, t0, time.Minute)
	o.Limited(Source{Chat: 7}, t0, time.Second)
	if _, ok := o.Slot(m, t0.Add(time.Second)); ok {
		t.Error("a slot was given in the silence")
	}
	if other, wait := o.Next(t0.Add(time.Second)); other != nil || wait != 59*time.Second {
		t.Errorf("%s was launched in the silence; the wait is %v", name(other), wait)
	}
	if o.Leaves(9, t0.Add(time.Second), 0) {
		t.Error("a reply is said to leave in the silence")
	}
	if _, ok := o.Slot(m, t0.Add(time.Minute)); !ok {
		t.Error("no slot was given after the silence")
	}
}

// Leaves foretells what Next does.
func TestLeaves(t *testing.T) {
	for what, test := range map[string]struct {
		limits Limits
		before func(o *Outbox)
		others int
		want   bool
	}{
		"an idle chat":         {before: func(*Outbox) {}, want: true},
		"something waits":      {before: func(o *Outbox) { o.Add(row(1, 1, flows.Reply), t0) }},
		"something is flying":  {before: func(o *Outbox) { o.Add(row(1, 1, flows.Reply), t0); o.Next(t0) }},
		"something has landed": {before: func(o *Outbox) { o.Add(row(1, 1, flows.Reply), t0); m, _ := o.Next(t0); o.Arrived(m) }, want: true},
		"behind":               {before: func(o *Outbox) { o.shelf.behind = true }},
		"no room":              {Limits{Held: 1}, func(o *Outbox) { o.Add(row(2, 1, flows.Reply), t0) }, 0, false},
		"the rate":             {Limits{Rate: 10}, func(*Outbox) {}, 0, true},
		"others before it":     {Limits{Rate: 10}, func(*Outbox) {}, 2, false},
		"the chat's rate": {Limits{ChatRate: 1}, func(o *Outbox) {
			for n := range uint64(burst) {
				o.Add(row(1, n+1, flows.Reply), t0)
				m, _ := o.Next(t0)
				o.Slot(m, t0)
				o.Done(m, t0)
			}
		}, 0, false},
	} {
		o := empty(test.limits)
		test.before(o)
		if got := o.Leaves(1, t0, test.others); got != test.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}

// A group that has moved takes all that waits for it along, once; where two groups
// become one, nothing is launched before both flights have landed.
func TestMove(t *testing.T) {
	o := empty(Limits{})
	o.Add(inGroup(-1, 5, 1, flows.Reply), t0)
	answer := inGroup(-1, 6, 1, flows.Reply)
	answer.Topic, answer.ReplyTo = 4, 17
	o.Add(answer, t0)
	m, _ := o.Next(t0)
	if !o.Move(m, -100, t0) || o.Move(m, -200, t0) {
		t.Error("a message is to follow its group once")
	}
	o.Add(inGroup(-100, 7, 1, flows.Reply), t0)
	if other, _ := o.Next(t0); other != nil {
		t.Errorf("%s was launched beside another", name(other))
	}
	o.Done(m, t0)
	second, _ := o.Next(t0)
	if name(second) != "6.1" || second.Chat != -100 {
		t.Errorf("%s went to %d", name(second), second.Chat)
	}
	if second.Topic != 0 || second.ReplyTo != 0 {
		t.Errorf("%s answers message %d of topic %d, which is another's there", name(second), second.ReplyTo, second.Topic)
	}

	o = empty(Limits{})
	o.Add(inGroup(-1, 5, 1, flows.Reply), t0)
	o.Add(inGroup(-1, 5, 2, flows.Reply), t0)
	o.Add(inGroup(-100, 6, 1, flows.Reply), t0)
	old, _ := o.Next(t0)
	own, _ := o.Next(t0)
	o.Move(old, -100, t0)
	o.Slot(own, t0)
	o.Again(own, t0, t0.Add(10*time.Second))
	if _, ok := o.Slot(old, t0); ok {
		t.Error("a slot was given though the group keeps silent")
	}
	if next, _ := o.Next(t0.Add(time.Minute)); next != nil {
		t.Errorf("%s was launched while another is under way", name(next))
	}
	o.Done(old, t0)
	if next, wait := o.Next(t0.Add(time.Second)); next != nil || wait != 9*time.Second {
		t.Errorf("%s was launched into the silence; the wait is %v", name(next), wait)
	}
	if n, _ := o.WaitingFor(-100); n != 2 {
		t.Errorf("%d messages wait for the group", n)
	}
	if got := sendAll(o); got != "5.2 6.1" {
		t.Errorf("sent %s", got)
	}
}

// A silence goes along from group to group.
func TestMoveOfASilentGroup(t *testing.T) {
	o := empty(Limits{})
	for user := int64(1); user <= 3; user++ {
		o.Add(inGroup(-user, user, 1, flows.Reply), t0)
	}
	first, _ := o.Next(t0)
	second, _ := o.Next(t0)
	o.Move(first, -2, t0)
	o.Slot(first, t0)
	o.Again(first, t0, t0.Add(10*time.Second))
	o.Move(second, -3, t0)
	o.Done(second, t0)
	if m, wait := o.Next(t0); m != nil || wait != 10*time.Second {
		t.Errorf("%s was launched into the silence; the wait is %v", name(m), wait)
	}
	if got := sendAll(o); got != "1.1 3.1" {
		t.Errorf("sent %s", got)
	}
}

// A chat that takes no messages lets go of all that waits.
func TestFlush(t *testing.T) {
	o := empty(Limits{})
	for n := range uint64(3) {
		o.Add(row(1, n+1, flows.Push), t0)
	}
	m, _ := o.Next(t0)
	rest := o.Flush(m, t0)
	if len(rest) != 2 || o.Waiting() != 3 {
		t.Errorf("%d flushed, %d held", len(rest), o.Waiting())
	}
	o.Done(m, t0)
	o.Forget(rest)
	if o.Waiting() != 0 || !o.Quiet(t0) || o.Crowded() {
		t.Errorf("%d held", o.Waiting())
	}
}

func TestQuiet(t *testing.T) {
	o := New(Limits{})
	if o.Quiet(t0) {
		t.Error("quiet before the store was read")
	}
	o.Advance(storage.MessageKey{}, true)
	o.Add(row(1, 1, flows.Reply), t0)
	if o.Quiet(t0) {
		t.Error("quiet with a message that may leave")
	}
	m, _ := o.Next(t0)
	if o.Quiet(t0) {
		t.Error("quiet with a message under way")
	}
	o.Again(m, t0, t0.Add(time.Minute))
	if !o.Quiet(t0.Add(time.Second)) || o.Quiet(t0.Add(time.Minute)) {
		t.Error("a message that may leave in a minute")
	}
	o.Limited(Source{Chat: 7}, t0, time.Hour)
	o.Limited(Source{Chat: 8}, t0, time.Hour)
	if !o.Quiet(t0.Add(time.Minute)) {
		t.Error("a silence of an hour")
	}
}

// A message that is sent while the store is being read is in what was read, and
// must not be taken in a second time. Later nothing of it is left.
func TestSentWhileTheStoreIsRead(t *testing.T) {
	o := New(Limits{})
	m := row(7, 1, flows.Reply)
	o.Shelve([]storage.Message{m}, t0)
	flying, _ := o.Next(t0)

	end := o.Reading()
	o.Done(flying, t0)
	if fresh := o.Fresh([]storage.Message{m}); len(fresh) != 0 {
		t.Errorf("fresh: %v", fresh)
	}
	o.Shelve([]storage.Message{m}, t0)
	end()
	if n := o.Waiting(); n != 0 {
		t.Errorf("%d messages held", n)
	}
	if o.shelf.gone != nil {
		t.Error("what was gone is still remembered")
	}
}

// Chats that owe nothing and wait for nothing are forgotten.
func TestIdleChatsAreForgotten(t *testing.T) {
	o := empty(Limits{ChatRate: 1})
	now := t0
	for user := range int64(10_000) {
		o.Add(row(user+1, 1, flows.Reply), now)
		m, _ := o.Next(now)
		o.Slot(m, now)
		o.Done(m, now)
		now = now.Add(10 * time.Millisecond)
	}
	if n := len(o.chats); n > 3000 {
		t.Errorf("%d chats are remembered", n)
	}
}

// Rates bound every window of time, and a group has twenty a minute.
func TestRates(t *testing.T) {
	for chat, spacing := range map[int64]time.Duration{1: time.Second, -1: time.Minute / 17} {
		o := empty(Limits{ChatRate: 1})
		const all = 60
		for n := range uint64(all) {
			o.Add(inGroup(chat, 5, n+1, flows.Reply), t0)
		}
		var at []time.Time
		for now := t0; len(at) < all; {
			m, wait := o.Next(now)
			if m == nil {
				now = now.Add(wait)
				continue
			}
			o.Slot(m, now)
			o.Done(m, now)
			at = append(at, now)
		}
		if n := slices.IndexFunc(at, func(x time.Time) bool { return x.After(t0) }); n != burst {
			t.Errorf("a burst of %d in chat %d", n, chat)
		}
		if d := at[9].Sub(at[2]); d < 7*spacing || d > 7*spacing+time.Millisecond {
			t.Errorf("seven more in %v in chat %d", d, chat)
		}
		for i := range at[:all-20] {
			if d := at[i+20].Sub(at[i]); chat < 0 && d < time.Minute {
				t.Fatalf("twenty-one messages in a group within %v", d)
			}
		}
	}
}
