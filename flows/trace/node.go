package trace

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
)

// node is one of the states in which a person can be, by what their timeline says
// so far.
type node struct {
	s flows.State
	// now is when the last event was, as far as is known; later is possible.
	now time.Time
	// since is from when on the person may have done something that no entry
	// tells: some kinds of entries come whatever was done.
	since time.Time
	// soft says of a timer how much later than it seems it may be due: it was
	// armed at an instant that no entry tells.
	soft map[uint64]time.Duration
	// from is what was known in the beginning.
	from *beginning
	// said is how many messages the last turn has sent, but for what tidies the chat.
	said int
}

// turn takes one event through the engine and returns what that writes. Timers
// that it arms may be due later by soft.
func (j *judge) turn(n *node, ev flows.Event, at time.Time, soft time.Duration) (*node, []flows.Entry) {
	s, effects := engine.Step(j.catalog, n.s, ev, at)
	after := &node{s: s, now: at, since: at, from: n.from}
	var records []flows.Entry
	for _, e := range effects {
		switch e := e.(type) {
		case flows.Record:
			records = append(records, e.Entry)
		case flows.Say:
			if e.Message.Class != flows.Tidy {
				after.said++
			}
		}
	}
	for _, r := range s.Pending {
		more, was := n.soft[r.ID]
		if r.ID > n.s.Reminders {
			more, was = soft, soft > 0
		}
		if was {
			if after.soft == nil {
				after.soft = make(map[uint64]time.Duration)
			}
			after.soft[r.ID] = more
		}
	}
	return after, records
}

// key is the same of nodes that behave alike.
func (n *node) key() string {
	b, err := json.Marshal(n.s)
	if err != nil {
		return ""
	}
	for _, id := range slices.Sorted(maps.Keys(n.soft)) {
		b = append(b, byte(id), byte(id>>8))
		b = append(b, n.soft[id].String()...)
	}
	return string(b)
}

// written reports how many entries of a timeline are what a turn has written, one
// behind the other.
func written(records []flows.Entry, rest []entry) int {
	for i, r := range records[:min(len(records), len(rest))] {
		e := &rest[i]
		if r.Kind != e.Kind || r.Step != e.Step || r.Choice != e.Choice || !r.At.Equal(e.At) || e.UpdateID != rest[0].UpdateID || r.Signs != e.Signs || spelled(r.Value) != e.value {
			return i
		}
	}
	return min(len(records), len(rest))
}

// nodes are those that are possible, by how many entries of a timeline they have
// behind them.
type nodes struct {
	at   map[int][]*node
	seen map[int]map[string]bool
	// most is how many there may be of each beginning, and of how many there are.
	most int
	of   map[int]map[*beginning]int
	// count is how many were ever added.
	count int
}

func newNodes(most int) *nodes {
	return &nodes{
		at: make(map[int][]*node), seen: make(map[int]map[string]bool), most: most, of: make(map[int]map[*beginning]int),
	}
}

// add adds a node unless there is one like it, or there are too many.
func (l *nodes) add(i int, n *node) {
	l.count++ // be it one that is known already
	if l.of[i][n.from] >= l.most {
		return
	}
	key := n.key()
	if l.seen[i][key] {
		return
	}
	if l.seen[i] == nil {
		l.seen[i] = make(map[string]bool)
	}
	if l.of[i] == nil {
		l.of[i] = make(map[*beginning]int)
	}
	l.of[i][n.from]++
	l.seen[i][key] = true
	l.at[i] = append(l.at[i], n)
}

// take takes out those that have come so far. What they were stays known: none comes
// twice.
func (l *nodes) take(i int) []*node {
	list := l.at[i]
	delete(l.at, i)
	delete(l.of, i)
	return list
}

// forget forgets what has come less far: nothing goes on from before there.
func (l *nodes) forget(i int) {
	maps.DeleteFunc(l.seen, func(at int, _ map[string]bool) bool { return at <= i })
}

// empty reports whether none goes on.
func (l *nodes) empty() bool { return len(l.at) == 0 }
