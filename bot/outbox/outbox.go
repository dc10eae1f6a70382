package outbox

import (
	"math"
	"slices"
	"sync"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// Limits are what an [Outbox] keeps to.
type Limits struct {
	// Rate and ChatRate bound calls a second, overall and in one chat; 0 means
	// no limit. Groups take a third of what private chats take.
	Rate, ChatRate float64
	// Held is how many pushes and first contacts are held in memory; 0 means
	// 10,000.
	Held int
}

// Outbox holds the messages that wait to be sent and decides which is next. All
// methods may be called at the same time, and none of them waits.
//
// A message has a life: it comes in by Add or Shelve; Next launches it; Slot is
// asked before each call for it; Arrived may be told after that; and Done or
// Again end the flight, the latter for another one later.
type Outbox struct {
	chatRate float64

	mu      sync.Mutex
	chats   map[int64]*chat
	sweepAt int // how many chats there are when idle ones are looked for
	seq     uint64

	order   order
	flights flights
	shelf   shelf
	pacer   pacer
	silence silence
	breaker breaker
	parked  parked
}

const (
	// lead is how far ahead of their slots messages are chosen. Their claims
	// are committed in that time; what comes in later cannot overtake them.
	lead = 100 * time.Millisecond
	// Forever is a wait until something changes.
	Forever = time.Duration(math.MaxInt64)
)

// New returns an Outbox that holds nothing yet, and believes that the store does:
// it has to be read to the end first.
func New(l Limits) *Outbox {
	return &Outbox{
		chatRate: l.ChatRate, chats: make(map[int64]*chat),
		order: newOrder(), shelf: newShelf(l.Held), pacer: newPacer(l.Rate),
	}
}

// groupMinute is how many messages a group takes in a minute, where a private chat
// takes one a second. Those that go at once are among them.
const groupMinute = 20

// rate is the limit of one chat.
func (o *Outbox) rate(chat int64) float64 {
	if chat < 0 {
		return o.chatRate * (groupMinute - burst) / 60
	}
	return o.chatRate
}

// Add takes in a message that was committed just now. It returns false if the
// message stays in the store for now.
func (o *Outbox) Add(m storage.Message, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	k := m.Key()
	switch {
	case o.shelf.known(k):
	case o.shelf.admits(k, m.Class):
		o.insert(m, now)
	default:
		o.shelf.leave(k)
		return false
	}
	return true
}

// Full reports whether messages of a class are not let in any more.
func (o *Outbox) Full(class flows.Class) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shelf.full(class)
}

// Rest tells whether there are messages in the store alone, from where on, and
// how many there is room for.
func (o *Outbox) Rest() (from storage.MessageKey, room int, behind bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shelf.frontier, o.shelf.room(), o.shelf.behind
}

// Reading notes that the store is being read, until the function it returns is
// called. One reads at a time, and no message is added meanwhile.
func (o *Outbox) Reading() (end func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shelf.gone = make(map[storage.MessageKey]struct{})
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.shelf.gone = nil
	}
}

// Fresh returns those of the messages read that are neither held nor gone.
func (o *Outbox) Fresh(rows []storage.Message) []storage.Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []storage.Message
	for _, m := range rows {
		if !o.shelf.known(m.Key()) {
			out = append(out, m)
		}
	}
	return out
}

// Shelve takes in messages that were read.
func (o *Outbox) Shelve(rows []storage.Message, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, m := range rows {
		if !o.shelf.known(m.Key()) {
			o.insert(m, now)
		}
	}
}

// Advance notes how far a reading has come that went on from where Rest said: to
// a key, or to the end.
func (o *Outbox) Advance(last storage.MessageKey, end bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shelf.advance(last, end)
}

// WantsMore reports whether there is more in the store and room for it.
func (o *Outbox) WantsMore() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shelf.wantsMore()
}

// Crowded reports whether no more pushes should be made.
func (o *Outbox) Crowded() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shelf.crowded()
}

// Waiting counts the messages in memory, those under way with them.
func (o *Outbox) Waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.shelf.held)
}

// WaitingFor counts the messages in memory for a chat, but for those that wait to tidy
// it; ok is false if some may lie in the store alone.
func (o *Outbox) WaitingFor(chat int64) (n int, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c := o.chats[chat]; c != nil {
		n = c.telling() + len(c.flying)
	}
	return n, !o.shelf.behind
}

// insert is called with mu held.
func (o *Outbox) insert(m storage.Message, now time.Time) {
	o.sweep(now)
	o.seq++
	o.shelf.take(m.Key(), m.Class)
	waits := &Message{Message: m, seq: o.seq}
	if m.InDoubt() {
		o.parked.add(waits, true, now)
		return
	}
	c := o.chat(m.Chat)
	c.insert(waits)
	o.place(c, now)
}

// place is called with mu held.
func (o *Outbox) place(c *chat, now time.Time) { o.order.place(c, now, o.rate(c.id)) }

// sweep forgets idle chats, now and then. It is called with mu held.
func (o *Outbox) sweep(now time.Time) {
	if len(o.chats) < o.sweepAt {
		return
	}
	for id, c := range o.chats {
		if c.idle(now, o.rate(id)) {
			delete(o.chats, id)
		}
	}
	o.sweepAt = 2*len(o.chats) + 1024
}

// Next launches the message whose turn it is. If there is none it returns how
// long to wait for one, unless something changes before.
func (o *Outbox) Next(now time.Time) (*Message, time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	wait := o.unpark(now)
	if left := max(o.silence.left(now), o.breaker.wait(now)); left > 0 {
		return nil, left
	}
	for c := o.order.due(now); c != nil; c = o.order.due(now) {
		o.place(c, now)
	}
	if at, ok := o.order.opens(); ok {
		wait = min(wait, at.Sub(now))
	}
	c := o.order.next()
	if o.breaker.open {
		c = o.order.probe()
	}
	if c == nil || !o.flights.admits(c.class) {
		return nil, wait
	}
	if lag := o.pacer.lag(now, o.flights.unpaced); lag > lead {
		return nil, lag - lead
	}
	m := c.launch()
	c.bucket.take(now, o.rate(c.id))
	o.place(c, now)
	o.flights.begin(m)
	o.breaker.launched(m)
	return m, 0
}

// Leaves reports whether a message for a chat would be launched as soon as what
// is written now is committed, behind others that are to come with it.
func (o *Outbox) Leaves(chat int64, now time.Time, others int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	ahead := others + len(o.order.ready.chats)
	if o.shelf.behind || o.breaker.open || o.silence.left(now) > 0 || len(o.shelf.held)+others >= o.shelf.limit ||
		o.flights.all+ahead >= mostFlights || o.pacer.lag(now, o.flights.unpaced+ahead) > lead {
		return false
	}
	c := o.chats[chat]
	return c == nil || c.free(now, o.rate(chat))
}

// Arrived notes that the messenger has taken a message: all that is left is to
// write that down, which is committed no later than what is asked for now.
func (o *Outbox) Arrived(m *Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	m.arrived = true
}

// Done ends the flight of a message that was sent or has failed, and lets go of
// it.
func (o *Outbox) Done(m *Message, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.land(m, now)
	m.chat.fails = 0
	o.shelf.release(m.Key(), m.Class)
	o.place(m.chat, now)
}

// Again ends the flight of a message that has to be tried once more; its chat is
// left alone until the given time. One that was withdrawn meanwhile is let go of.
func (o *Outbox) Again(m *Message, now, until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.land(m, now)
	m.chat.until = flows.Later(m.chat.until, until)
	if m.withdrawn {
		o.shelf.release(m.Key(), m.Class)
	} else {
		m.chat.insert(m)
	}
	o.place(m.chat, now)
}

// land is called with mu held.
func (o *Outbox) land(m *Message, now time.Time) {
	m.chat.land(m)
	m.arrived = false
	called := o.flights.end(m)
	if !m.slot.IsZero() {
		m.slot, called = time.Time{}, false
		o.pacer.leave()
	}
	if !called {
		m.chat.bucket.giveBack()
	}
	o.breaker.landed(m, called, now)
}

// Failed counts a failure of the chat of a message under way, and returns how
// many there were in a row.
func (o *Outbox) Failed(m *Message) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	m.chat.fails++
	return m.chat.fails
}

// Flush takes all that waits for the chat of a message under way. It is held
// until Forget or Restore.
func (o *Outbox) Flush(m *Message, now time.Time) []*Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	parked := o.parked.take(func(other *Message) bool { return other.Chat == m.Chat })
	out := slices.Concat(m.chat.waiting, parked)
	m.chat.waiting, m.chat.flushed = nil, out
	o.place(m.chat, now)
	return out
}

// Forget lets go of messages that were flushed.
func (o *Outbox) Forget(messages []*Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, m := range messages {
		o.shelf.release(m.Key(), m.Class)
		m.chat.flushed = nil
	}
}

// Move gives a group's new id to a message under way and to those that wait for
// the group. It returns false if the message has been moved before: it might go
// from one group to the other for ever.
func (o *Outbox) Move(m *Message, to int64, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if m.moved {
		return false
	}
	m.moved = true
	c, known := m.chat, o.chats[to]
	for _, other := range o.parked {
		if other.Chat == c.id {
			other.Chat = to
		}
	}
	delete(o.chats, c.id)
	if known == nil || known == c {
		c.rename(to)
		o.chats[to] = c
		return true
	}
	known.join(c)
	o.place(known, now)
	return true
}

// Quiet reports whether nothing is under way and nothing can be sent before end.
func (o *Outbox) Quiet(end time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.flights.all > 0:
		return false
	case o.silence.until.After(end), o.breaker.open && o.breaker.until.After(end):
		return true
	case o.order.next() != nil || o.shelf.behind:
		return false
	}
	at, waits := o.order.opens()
	return !waits || at.After(end)
}
