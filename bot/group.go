package bot

import (
	"maps"
	"time"
)

// groupMember is a person in a group.
type groupMember struct{ chat, user int64 }

// groupGate lets each person in each group have an answer now and then. It is
// used by the intake alone. What it forgets at a restart costs one
// message too many.
type groupGate struct{ last map[groupMember]time.Time }

const (
	groupPause   = time.Minute
	groupMembers = 10_000
)

func (g *groupGate) open(m groupMember, now time.Time) bool {
	last, ok := g.last[m]
	if ok {
		return now.Sub(last) >= groupPause
	}
	if len(g.last) >= groupMembers {
		maps.DeleteFunc(g.last, func(_ groupMember, t time.Time) bool { return now.Sub(t) >= groupPause })
	}
	// Still full of people who were answered within the minute: a flood.
	return len(g.last) < groupMembers
}

func (g *groupGate) note(answered []groupMember, now time.Time) {
	if len(answered) == 0 {
		return
	}
	if g.last == nil {
		g.last = make(map[groupMember]time.Time)
	}
	for _, m := range answered {
		g.last[m] = now
	}
}
