package outbox

import (
	"container/heap"
	"time"
)

// order is the order of the chats that have something to send.
type order struct {
	// ready may be called now, by class and age; delayed must wait, by time.
	ready, delayed chatHeap
}

func newOrder() order {
	return order{
		ready: chatHeap{place: amongReady, less: func(a, b *chat) bool {
			return a.class.Before(b.class) || a.class == b.class && a.seq < b.seq
		}},
		delayed: chatHeap{place: amongDelayed, less: func(a, b *chat) bool { return a.at.Before(b.at) }},
	}
}

// place puts a chat where it belongs after a change.
func (o *order) place(c *chat, now time.Time, rate float64) {
	switch c.place {
	case amongReady:
		heap.Remove(&o.ready, c.pos)
	case amongDelayed:
		heap.Remove(&o.delayed, c.pos)
	}
	if len(c.flying) > 0 || len(c.waiting) == 0 {
		return
	}
	c.rank()
	c.at = c.ready(now, rate)
	if c.at.After(now) {
		heap.Push(&o.delayed, c)
	} else {
		heap.Push(&o.ready, c)
	}
}

// due returns a delayed chat that need not wait any longer, or nil.
func (o *order) due(now time.Time) *chat {
	if len(o.delayed.chats) == 0 || o.delayed.chats[0].at.After(now) {
		return nil
	}
	return o.delayed.chats[0]
}

// next is the chat whose turn it is; nil if none may be called.
func (o *order) next() *chat {
	if len(o.ready.chats) == 0 {
		return nil
	}
	return o.ready.chats[0]
}

// probe is the chat to try with whether any message arrives: of those that may be
// called the one that has failed least, so that it is not always the same.
func (o *order) probe() *chat {
	best := o.next()
	for _, c := range o.ready.chats {
		if c.fails < best.fails || c.fails == best.fails && o.ready.less(c, best) {
			best = c
		}
	}
	return best
}

// opens is when the first of the delayed chats may be called; ok is false if
// there is none.
func (o *order) opens() (at time.Time, ok bool) {
	if len(o.delayed.chats) == 0 {
		return time.Time{}, false
	}
	return o.delayed.chats[0].at, true
}

// chatHeap is a priority queue of chats that know their place in it.
type chatHeap struct {
	place place
	chats []*chat
	less  func(a, b *chat) bool
}

func (h *chatHeap) Len() int           { return len(h.chats) }
func (h *chatHeap) Less(i, j int) bool { return h.less(h.chats[i], h.chats[j]) }
func (h *chatHeap) Swap(i, j int) {
	h.chats[i], h.chats[j] = h.chats[j], h.chats[i]
	h.chats[i].pos, h.chats[j].pos = i, j
}

func (h *chatHeap) Push(x any) {
	c := x.(*chat)
	c.place, c.pos = h.place, len(h.chats)
	h.chats = append(h.chats, c)
}

func (h *chatHeap) Pop() any {
	last := len(h.chats) - 1
	c := h.chats[last]
	h.chats[last], h.chats = nil, h.chats[:last]
	c.place = nowhere
	return c
}
