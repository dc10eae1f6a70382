package outbox

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// Message is a message in an [Outbox], with what the store does not keep. While
// it is under way it belongs to whoever launched it, who may change its row,
// except for its key and its class; at all other times it is the Outbox's.
type Message struct {
	storage.Message
	// Plain says that the markup was refused. It is the sender's note, which
	// stays with the message through all attempts.
	Plain bool
	// Caption says that the message to change is a picture. It is the sender's note, as
	// Plain is.
	Caption bool
	// Maybes counts the calls in this process after which it may have arrived, and
	// Since is when the first of them was. They are the sender's notes.
	Maybes int
	Since  time.Time

	chat *chat
	// seq is the order of arrival in this process.
	seq uint64
	// unpaced says that its slot has yet to be asked for.
	unpaced bool
	// slot is the earliest time of the call that is to be made, began when the
	// last was.
	slot, began time.Time
	// arrived says that the messenger has taken it, and that this is being
	// written down.
	arrived bool
	// moved says that it has followed its group once.
	moved bool
	// withdrawn says that it is not to be sent any more.
	withdrawn bool
	// parked is since when it stands aside, until how long; alone says that the
	// line may be the reason.
	parked, until time.Time
	alone         bool
	// doubted is when it was first refused in a way that may be the account's
	// trouble.
	doubted time.Time
}

// overtakes reports whether m goes before other in their chat. Numbers count per
// person, so in a group only the order of arrival compares two persons.
func (m *Message) overtakes(other *Message) bool {
	if off := m.Class == flows.TakeOff; off != (other.Class == flows.TakeOff) {
		return off
	}
	if tidy := m.Class == flows.Tidy; tidy != (other.Class == flows.Tidy) {
		return !tidy
	}
	if m.User == other.User {
		return m.Number < other.Number
	}
	return m.seq < other.seq
}

// chat is what waits for one chat, and what is under way to it.
type chat struct {
	id      int64
	waiting []*Message // in the order in which they go
	// flying has one message at most, except after a merger of two groups.
	flying []*Message
	// flushed are those that were taken out and may be put back.
	flushed []*Message
	// until is how long the chat must be left alone; fails counts the
	// failures in a row that led to it.
	until  time.Time
	fails  int
	bucket Bucket

	// Its place in the order, and its number there. It has none when it has
	// nothing to send, or something under way.
	place place
	pos   int
	class flows.Class // the best class that waits
	seq   uint64      // the oldest of that class
	at    time.Time   // when the next call may be made
}

// place is where a chat stands in the order.
type place uint8

const (
	nowhere place = iota
	amongReady
	amongDelayed
)

func (c *chat) insert(m *Message) {
	i := len(c.waiting)
	for i > 0 && m.overtakes(c.waiting[i-1]) {
		i--
	}
	m.chat = c
	c.waiting = slices.Insert(c.waiting, i, m)
}

// launch takes the first message off the ground.
func (c *chat) launch() *Message {
	m := c.waiting[0]
	c.waiting = slices.Delete(c.waiting, 0, 1)
	c.flying = append(c.flying, m)
	return m
}

func (c *chat) land(m *Message) {
	c.flying = slices.DeleteFunc(c.flying, func(other *Message) bool { return other == m })
}

// rank finds the best class of what waits, and its oldest message. A reply behind
// a push lifts the push, for it cannot pass it.
func (c *chat) rank() {
	c.class, c.seq = c.waiting[0].Class, c.waiting[0].seq
	for _, m := range c.waiting[1:] {
		if m.Class.Before(c.class) || m.Class == c.class && m.seq < c.seq {
			c.class, c.seq = m.Class, m.seq
		}
	}
}

// telling counts the messages that wait and do not tidy: they go before those that do.
func (c *chat) telling() int {
	n := slices.IndexFunc(c.waiting, func(m *Message) bool { return m.Class == flows.Tidy })
	if n < 0 {
		return len(c.waiting)
	}
	return n
}

// ready is when the next call may be made to the chat. What tidies leaves room in its
// burst for a message that comes right behind.
func (c *chat) ready(now time.Time, rate float64) time.Time {
	spare := 0.0
	if c.class == flows.Tidy {
		spare = 1
	}
	return flows.Later(c.bucket.ready(now, rate, spare), c.until)
}

// free reports whether nothing stands before a message that comes now, but what
// has arrived and is being written down.
func (c *chat) free(now time.Time, rate float64) bool {
	return c.telling() == 0 && !c.until.After(now) && !c.bucket.ready(now, rate, 0).After(now) &&
		!slices.ContainsFunc(c.flying, func(m *Message) bool { return !m.arrived })
}

// idle reports whether nothing would be lost if the chat were forgotten.
func (c *chat) idle(now time.Time, rate float64) bool {
	return len(c.waiting)+len(c.flying) == 0 && !c.until.After(now) && c.bucket.full(now, rate)
}

// rename gives the chat another id, and its messages with it. Messages that were
// sent before are called otherwise there, or are not there at all.
func (c *chat) rename(to int64) {
	c.id = to
	for _, m := range slices.Concat(c.flying, c.waiting) {
		m.Chat, m.Topic, m.ReplyTo = to, 0, 0
	}
}

// join takes over all that another chat has.
func (c *chat) join(other *chat) {
	other.rename(c.id)
	for _, m := range other.flying {
		m.chat = c
	}
	c.flying = append(c.flying, other.flying...)
	for _, m := range other.waiting {
		c.insert(m)
	}
	c.until = flows.Later(c.until, other.until)
	other.flying, other.waiting = nil, nil
}
