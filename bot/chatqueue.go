package bot

import (
	"math"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// item is a message on its way, with what the ledger does not keep.
type item struct {
	storage.Message
	from *chatQueue
	// seq is the order of arrival in this process.
	seq uint64
	// plain, moved: the markup was refused, the group has a new id.
	plain, moved bool
	// dead: it was refused for what it is, and keeps its words.
	dead bool
	// arrived: the messenger has taken it, and that is being written down.
	arrived bool
	// waitsForSlot says that the pacer has yet to be asked.
	waitsForSlot bool
}

// overtakes reports whether a goes before b in their chat. Numbers count per
// person, so in a group only the order of arrival compares two persons.
func (a *item) overtakes(b *item) bool {
	if off := a.Class == flows.TakeOff; off != (b.Class == flows.TakeOff) {
		return off
	}
	if a.User == b.User {
		return a.Number < b.Number
	}
	return a.seq < b.seq
}

// chatQueue is what waits for one chat.
type chatQueue struct {
	id    int64
	items []*item
	// flying is the message under way; a chat has one at a time.
	flying *item
	// until is how long the chat must be left alone; fails counts the
	// failures in a row that led to it.
	until  time.Time
	fails  int
	bucket bucket

	// The place in a heap: in is nil when the chat has nothing to send or
	// something flying.
	in    *chatHeap
	pos   int
	class flows.Class // the best class in items
	seq   uint64      // the oldest of that class
	at    time.Time   // when the next call may be made
}

func (c *chatQueue) insert(it *item) {
	i := len(c.items)
	for i > 0 && it.overtakes(c.items[i-1]) {
		i--
	}
	c.items = slices.Insert(c.items, i, it)
}

// rank finds the best class that waits, and its oldest message. A reply behind
// a push lifts the push, for it cannot pass it.
func (c *chatQueue) rank() {
	c.class, c.seq = math.MaxUint8, 0
	for _, it := range c.items {
		if it.Class < c.class || it.Class == c.class && it.seq < c.seq {
			c.class, c.seq = it.Class, it.seq
		}
	}
}

// chatHeap is a priority queue of chats that know their place in it.
type chatHeap struct {
	chats []*chatQueue
	less  func(a, b *chatQueue) bool
}

func (h *chatHeap) Len() int           { return len(h.chats) }
func (h *chatHeap) Less(i, j int) bool { return h.less(h.chats[i], h.chats[j]) }
func (h *chatHeap) Swap(i, j int) {
	h.chats[i], h.chats[j] = h.chats[j], h.chats[i]
	h.chats[i].pos, h.chats[j].pos = i, j
}

func (h *chatHeap) Push(x any) {
	c := x.(*chatQueue)
	c.in, c.pos = h, len(h.chats)
	h.chats = append(h.chats, c)
}

func (h *chatHeap) Pop() any {
	last := len(h.chats) - 1
	c := h.chats[last]
	h.chats[last], h.chats = nil, h.chats[:last]
	c.in = nil
	return c
}
