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
	// pauseNews is how long calls have gone on before a pause of everything
	// is worth a word again.
	pauseNews = 5 * time.Minute
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

// leaves reports whether a message for a chat would be launched as soon as what
// is written now is committed, behind others that are to come with it.
func (q *queue) leaves(chat int64, now time.Time, others int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	ahead := others + len(q.ready.chats)
	if q.behind || now.Before(q.paused) || len(q.held)+others >= q.limit ||
		q.flying+ahead >= sendWorkers || q.pacer.lag(now, q.unpaced+ahead) > lead {
		return false
	}
	c := q.chats[chat]
	return c == nil || (c.flying == nil || c.flying.arrived) && len(c.items) == 0 && !c.until.After(now) &&
		!c.bucket.ready(now, q.rate(chat)).After(now)
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

// arrived notes that the messenger has taken a message: all that is left is to
// write that down, which is committed no later than what is asked for now.
func (q *queue) arrived(it *item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	it.arrived = true
}

// land ends the flight of a message. It is called with mu held.
func (q *queue) land(it *item) {
	it.from.flying = nil
	q.flying--
	if it.Class == flows.Push {
		q.flyingPushes--
	}
	if it.waitsForSlot {
		// No call was made.
		it.waitsForSlot = false
		q.unpaced--
		it.from.bucket.giveBack()
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
// trouble is not one source's alone. It reports whether that is news.
func (q *queue) limited(from source, now time.Time, wait time.Duration) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	until := q.alarm.limited(from, now, wait)
	news := !until.IsZero() && now.Sub(q.paused) > pauseNews
	q.paused = later(q.paused, until)
	return news
}

func (q *queue) pausedUntil() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.paused
}

// waitingFor counts the messages that wait for a chat; ok is false if some may
// lie in the store alone.
func (q *queue) waitingFor(chat int64) (n int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if c := q.chats[chat]; c != nil {
		n = len(c.items)
		if c.flying != nil {
			n++
		}
	}
	return n, !q.behind
}

// outdated reports whether a question, under way for the second time, has given
// way to another that waits behind it.
func (q *queue) outdated(it *item) bool {
	if it.State != storage.Uncertain || !isScreen(it) {
		return false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.ContainsFunc(it.from.items, func(later *item) bool {
		return later.User == it.User && later.Number > it.Number && isScreen(later)
	})
}

// isScreen tells what shows where a person stands from notices and reminders.
func isScreen(it *item) bool {
	return it.Class == flows.Reply && it.Reminder == 0 && it.Edit == 0 && len(it.Keyboard) > 0
}

// moved gives a group's new id to the messages that wait for it. Older ones of
// the new id's own go on beside them.
func (q *queue) moved(it *item, to int64, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := it.from
	it.Chat = to
	for _, waits := range c.items {
		waits.Chat = to
	}
	delete(q.chats, c.id)
	known := q.chats[to]
	if known == nil || known == c {
		c.id, q.chats[to] = to, c
		return
	}
	for _, waits := range c.items {
		waits.from = known
		known.insert(waits)
	}
	c.items = nil
	q.place(known, now)
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
