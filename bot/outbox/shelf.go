package outbox

import (
	"spasmbot/flows"
	"spasmbot/storage"
)

// shelf knows which messages are held in memory. There may be more than memory
// should hold; then the rest stays in the store, and the shelf is said to be
// behind.
//
// Invariant: while behind, every unsent message up to and including frontier is
// held; while not behind, every unsent message is. So a message beyond the
// frontier must not be taken in on its own: older ones of the same person may
// be waiting in the store.
type shelf struct {
	held map[storage.MessageKey]struct{}
	// idle counts those of them that pushes wait behind or are: the first
	// contacts and the pushes. No push waits behind what tidies.
	idle     int
	behind   bool
	frontier storage.MessageKey
	// gone holds what was released while the store was being read: the
	// reading still shows it as unsent. Nil when nobody reads.
	gone map[storage.MessageKey]struct{}
	// limit bounds what is held of pushes and first contacts; see most.
	limit int
}

const (
	// mostHeld is the limit of a shelf, unless another is given.
	mostHeld = 10_000
	// mostIdle is how many pushes and first contacts may wait before no more
	// pushes should be made.
	mostIdle = 500
)

// newShelf starts behind: everything is still in the store.
func newShelf(limit int) shelf {
	if limit <= 0 {
		limit = mostHeld
	}
	return shelf{held: make(map[storage.MessageKey]struct{}), behind: true, limit: limit}
}

func (s *shelf) take(k storage.MessageKey, class flows.Class) {
	s.held[k] = struct{}{}
	if isIdle(class) {
		s.idle++
	}
}

func (s *shelf) release(k storage.MessageKey, class flows.Class) {
	delete(s.held, k)
	if isIdle(class) {
		s.idle--
	}
	if s.gone != nil {
		s.gone[k] = struct{}{}
	}
}

func isIdle(class flows.Class) bool { return class == flows.Contact || class == flows.Push }

// known reports whether a message is held or has just been let go.
func (s *shelf) known(k storage.MessageKey) bool {
	_, held := s.held[k]
	_, gone := s.gone[k]
	return held || gone
}

// admits reports whether a message that was committed just now may be taken in.
func (s *shelf) admits(k storage.MessageKey, class flows.Class) bool {
	return class == flows.TakeOff || !s.beyond(k) && !s.full(class)
}

// full reports whether messages of a class are not let in any more. Each class
// finds room where those behind it have filled theirs, and take-offs always do. While
// some are in the store alone, none comes in that tidies: nobody misses it.
func (s *shelf) full(class flows.Class) bool {
	switch {
	case class == flows.TakeOff:
		return false
	case class.Before(flows.Reply):
		return len(s.held) >= 3*s.limit
	case class.Before(flows.Contact):
		return len(s.held) >= 2*s.limit
	case class == flows.Tidy:
		return s.behind || len(s.held) >= s.limit/2
	}
	return len(s.held) >= s.limit
}

// room is for how many messages from the store there is room.
func (s *shelf) room() int { return s.limit - len(s.held) }

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

// advance moves the frontier after a reading that went on from it: to the last
// key read, or to the end.
func (s *shelf) advance(last storage.MessageKey, end bool) {
	if end {
		s.behind = false
	} else {
		s.frontier = last
	}
}

// wantsMore reports whether there is more in the store and room for it.
func (s *shelf) wantsMore() bool { return s.behind && len(s.held) <= s.limit/2 }

// crowded reports whether no more pushes should be made.
func (s *shelf) crowded() bool { return s.behind || s.idle > mostIdle }

// after reports the store's order of messages: by person, then by number.
func after(a, b storage.MessageKey) bool {
	return a.User > b.User || a.User == b.User && a.Number > b.Number
}
