package bot

import (
	"container/heap"
	"math"
	"slices"
	"sync"
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

// queue holds the messages that wait to be sent and decides which is next. All
// its times are real time, and it never waits: callers pass now and are told
// how long to sleep.
type queue struct {
	chatRate float64

	mu    sync.Mutex
	chats map[int64]*chatQueue
	// ready may be called now, by class and age; delayed must wait, by time.
	ready, delayed chatHeap
	seq            uint64
	sweepAt        int

	pacer  pacer
	alarm  alarm
	paused time.Time

	// flying counts messages under way, flyingPushes those of class Push,
	// unpaced those that have yet to ask the pacer.
	flying, flyingPushes, unpaced int
	// pushes counts messages of class Push held.
	pushes int

	shelf
}

const (
	// sendWorkers is how many messages are under way, from claim to receipt:
	// so many can share a commit. sendCalls of them are with the messenger.
	sendWorkers = 128
	sendCalls   = 32
	// pushWorkers leaves calls free for those who wait for an answer while a
	// slow network holds up the pushes.
	pushWorkers = 24
	// lead is how far ahead of their slots messages are chosen. Their claims
	// are committed in that time; what comes in later cannot overtake them.
	lead = 100 * time.Millisecond
	// forever means: until woken.
	forever = time.Duration(math.MaxInt64)
)

func newQueue(rate, chatRate float64) *queue {
	return &queue{
		chatRate: chatRate,
		chats:    make(map[int64]*chatQueue),
		ready: chatHeap{less: func(a, b *chatQueue) bool {
			return a.class < b.class || a.class == b.class && a.seq < b.seq
		}},
		delayed: chatHeap{less: func(a, b *chatQueue) bool { return a.at.Before(b.at) }},
		pacer:   newPacer(rate),
		shelf:   newShelf(),
	}
}

// rate is the limit of one chat. Groups take 20 messages a minute where private
// chats take 60.
func (q *queue) rate(chat int64) float64 {
	if chat < 0 {
		return q.chatRate / 3
	}
	return q.chatRate
}

// insert takes a message in. It is called with mu held.
func (q *queue) insert(m storage.Message, now time.Time) {
	q.sweep(now)
	c := q.chats[m.Chat]
	if c == nil {
		c = &chatQueue{id: m.Chat}
		q.chats[m.Chat] = c
	}
	q.seq++
	q.held[m.Key()] = struct{}{}
	if m.Class == flows.Push {
		q.pushes++
	}
	c.insert(&item{Message: m, from: c, seq: q.seq})
	q.place(c, now)
}

// place puts a chat where it belongs after a change. It is called with mu held.
func (q *queue) place(c *chatQueue, now time.Time) {
	if c.in != nil {
		heap.Remove(c.in, c.pos)
	}
	if c.flying != nil || len(c.items) == 0 {
		return
	}
	c.rank()
	c.at = c.bucket.ready(now, q.rate(c.id))
	if c.until.After(c.at) {
		c.at = c.until
	}
	if c.at.After(now) {
		heap.Push(&q.delayed, c)
	} else {
		heap.Push(&q.ready, c)
	}
}

// sweep forgets idle chats, now and then. It is called with mu held.
func (q *queue) sweep(now time.Time) {
	if len(q.chats) < q.sweepAt {
		return
	}
	for id, c := range q.chats {
		if c.flying == nil && len(c.items) == 0 && !c.until.After(now) && c.bucket.full(now, q.rate(id)) {
			delete(q.chats, id)
		}
	}
	q.sweepAt = 2*len(q.chats) + 1024
}

// next returns the message to send now. If there is none it returns how long
// to wait for one.
func (q *queue) next(now time.Time) (*item, time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now.Before(q.paused) {
		return nil, q.paused.Sub(now)
	}
	for len(q.delayed.chats) > 0 && !q.delayed.chats[0].at.After(now) {
		q.place(q.delayed.chats[0], now)
	}
	wait := forever
	if len(q.delayed.chats) > 0 {
		wait = q.delayed.chats[0].at.Sub(now)
	}
	if len(q.ready.chats) == 0 {
		return nil, wait
	}
	c := q.ready.chats[0]
	if c.class == flows.Push && q.flyingPushes >= pushWorkers {
		return nil, wait
	}
	if lag := q.pacer.lag(now, q.unpaced); lag > lead {
		return nil, lag - lead
	}
	return q.launch(c, now), 0
}

// launch takes the first message of a chat off the ground. It is called with mu
// held.
func (q *queue) launch(c *chatQueue, now time.Time) *item {
	it := c.items[0]
	c.items = slices.Delete(c.items, 0, 1)
	c.flying = it
	c.bucket.take(now, q.rate(c.id))
	q.place(c, now)
	q.flying++
	if it.Class == flows.Push {
		q.flyingPushes++
	}
	it.waitsForSlot = true
	q.unpaced++
	return it
}

// slot returns how long to wait before the call for a message under way, or
// false if no calls are to be made now.
func (q *queue) slot(it *item, now time.Time) (time.Duration, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now.Before(q.paused) {
		return 0, false
	}
	if it.waitsForSlot {
		it.waitsForSlot = false
		q.unpaced--
	} else { // a second call for the same message
		it.from.bucket.take(now, q.rate(it.from.id))
	}
	return q.pacer.take(now), true
}

// land ends the flight of a message. It is called with mu held.
func (q *queue) land(it *item) {
	it.from.flying = nil
	q.flying--
	if it.Class == flows.Push {
		q.flyingPushes--
	}
	if it.waitsForSlot {
		it.waitsForSlot = false
		q.unpaced--
	}
}

// done lets go of a message that was sent or has failed.
func (q *queue) done(it *item, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.land(it)
	it.from.fails, it.from.until = 0, time.Time{}
	q.drop(it)
	q.place(it.from, now)
}

// again puts a message back; its chat is left alone until the given time.
func (q *queue) again(it *item, now, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.land(it)
	it.from.until = until
	it.from.insert(it)
	q.place(it.from, now)
}

// failed counts a failure of a chat and returns how many there were in a row.
func (q *queue) failed(it *item) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	it.from.fails++
	return it.from.fails
}

// flush empties the queue of the chat that a message under way belongs to.
func (q *queue) flush(it *item, now time.Time) []*item {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := it.from.items
	it.from.items = nil
	q.place(it.from, now)
	return out
}

// forget lets go of messages that were flushed.
func (q *queue) forget(items []*item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, it := range items {
		q.drop(it)
	}
}

// drop forgets a message. It is called with mu held.
func (q *queue) drop(it *item) {
	q.shelf.release(it.Key())
	if it.Class == flows.Push {
		q.pushes--
	}
}

// limited notes that the messenger refused a call, and pauses everything if the
// trouble is not one chat's alone. It reports whether it did.
func (q *queue) limited(it *item, now time.Time, wait time.Duration) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.alarm.limited(it.from.id, now, wait) {
		return false
	}
	if until := now.Add(wait); until.After(q.paused) {
		q.paused = until
	}
	return true
}

func (q *queue) pausedUntil() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.paused
}

func (q *queue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.held)
}

// quiet reports whether nothing is under way and nothing can be sent before
// end.
func (q *queue) quiet(end time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.flying > 0 {
		return false
	}
	if q.paused.After(end) {
		return true
	}
	return len(q.ready.chats) == 0 && !q.behind &&
		(len(q.delayed.chats) == 0 || q.delayed.chats[0].at.After(end))
}
