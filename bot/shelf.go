package bot

import (
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// shelf knows which messages of the outbox are held in memory. The outbox may
// be larger than memory should be; then the rest stays in the store, and the
// queue is said to be behind.
//
// Invariant: while behind, every unsent message up to and including frontier is
// held; while not behind, every unsent message is. So a message beyond the
// frontier must not be taken in on its own: older ones of the same person may
// be waiting in the store.
type shelf struct {
	held     map[storage.MessageKey]struct{}
	behind   bool
	frontier storage.MessageKey
	// gone holds what was released while the store was being read: the
	// reading still shows it as unsent. Nil when nobody reads.
	gone map[storage.MessageKey]struct{}
	// limit bounds the pushes held; messages that a person waits for may
	// fill as much again, and take-offs are let in always. When even the
	// former do not fit, so many wait that one more of them can wait in the
	// store.
	limit int
}

const (
	// maxHeld is the limit of a shelf.
	maxHeld = 10_000
	// maxPushes is how many pushes may wait before the scheduler takes no
	// more timers.
	maxPushes = 500
)

// newShelf starts behind: everything is still in the store.
func newShelf() shelf {
	return shelf{held: make(map[storage.MessageKey]struct{}), behind: true, limit: maxHeld}
}

func (s *shelf) release(k storage.MessageKey) {
	delete(s.held, k)
	if s.gone != nil {
		s.gone[k] = struct{}{}
	}
}

// known reports whether a message is held or has just been let go.
func (s *shelf) known(k storage.MessageKey) bool {
	_, held := s.held[k]
	_, gone := s.gone[k]
	return held || gone
}

func (s *shelf) beyond(k storage.MessageKey) bool {
	return s.behind && after(k, s.frontier)
}

// leave notes that a message stays in the store.
func (s *shelf) leave(k storage.MessageKey) {
	if s.beyond(k) {
		return
	}
	s.behind = true
	s.frontier = storage.MessageKey{User: k.User, Number: k.Number - 1}
}

// after reports the store's order of messages: by person, then by number.
func after(a, b storage.MessageKey) bool {
	return a.User > b.User || a.User == b.User && a.Number > b.Number
}

// add takes in a message that was committed just now. It returns false if the
// message stays in the store for now.
func (q *queue) add(m storage.Message, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	k := m.Key()
	if q.known(k) {
		return true
	}
	limit := q.limit
	if m.Class < flows.Push {
		limit *= 2
	}
	if m.Class != flows.TakeOff && (q.beyond(k) || len(q.held) >= limit) {
		q.leave(k)
		return false
	}
	q.insert(m, now)
	return true
}

// full reports whether not even messages that a person waits for are let in.
func (q *queue) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.held) >= 2*q.limit
}

// rest tells whether there are messages in the store alone, from where on, and
// how many there is room for.
func (q *queue) rest() (from storage.MessageKey, room int, behind bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.frontier, q.limit - len(q.held), q.behind
}

// reading notes that the store is being read, until the function it returns is
// called.
func (q *queue) reading() (end func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gone = make(map[storage.MessageKey]struct{})
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.gone = nil
	}
}

// fresh returns those of the messages read that are neither held nor gone.
func (q *queue) fresh(rows []storage.Message) []storage.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []storage.Message
	for _, m := range rows {
		if !q.known(m.Key()) {
			out = append(out, m)
		}
	}
	return out
}

// shelve takes in messages that were read.
func (q *queue) shelve(rows []storage.Message, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range rows {
		if !q.known(m.Key()) {
			q.insert(m, now)
		}
	}
}

// advance moves the frontier after a reading that went on from it: to the last
// key read, or to the end.
func (q *queue) advance(last storage.MessageKey, end bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if end {
		q.behind = false
	} else {
		q.frontier = last
	}
}

// wantsMore reports whether there is more in the store and room for it.
func (q *queue) wantsMore() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.behind && len(q.held) <= q.limit/2
}

// crowded reports whether no more pushes should be made.
func (q *queue) crowded() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.behind || q.pushes > maxPushes
}
