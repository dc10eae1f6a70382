package bot

import (
	"maps"
	"slices"
	"time"
)

// groupMember is a person in a group.
type groupMember struct{ chat, user int64 }

// groupGate lets each person in each group have an answer now and then, and each
// group no more than the messenger takes for it. It is used by the intake alone.
// What it forgets at a restart costs one message too many.
type groupGate struct {
	// last is when somebody was answered, by group and person.
	last map[int64]map[int64]time.Time
}

const (
	groupPause = time.Minute
	// groupMost is how many answers a group gets within a pause.
	groupMost = 20
	// groupsHeld bounds the memory.
	groupsHeld = 1000
)

// open reports whether somebody is to be answered. Others are those whose answers
// are not noted yet.
func (g *groupGate) open(m groupMember, others []groupMember, now time.Time) bool {
	if g.last[m.chat] == nil && len(g.last) >= groupsHeld {
		for chat := range g.last {
			g.forget(chat, now)
		}
		if len(g.last) >= groupsHeld { // a flood
			return false
		}
	}
	g.forget(m.chat, now)
	answered := len(g.last[m.chat])
	for _, other := range others {
		if other.chat == m.chat {
			answered++
		}
	}
	_, again := g.last[m.chat][m.user]
	return !again && !slices.Contains(others, m) && answered < groupMost
}

// forget forgets whom a group has seen answered long ago.
func (g *groupGate) forget(chat int64, now time.Time) {
	maps.DeleteFunc(g.last[chat], func(_ int64, t time.Time) bool { return now.Sub(t) >= groupPause })
	if len(g.last[chat]) == 0 {
		delete(g.last, chat)
	}
}

func (g *groupGate) note(answered []groupMember, now time.Time) {
	for _, m := range answered {
		if g.last == nil {
			g.last = make(map[int64]map[int64]time.Time)
		}
		if g.last[m.chat] == nil {
			g.last[m.chat] = make(map[int64]time.Time)
		}
		g.last[m.chat][m.user] = now
	}
}
