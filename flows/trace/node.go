package trace

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
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
	j.turns++
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
	// most is how many there may be of each beginning, and of how many there are; by place
	// of how many stand where.
	most  int
	of    map[int]map[*beginning]int
	place map[int]map[place]int
	// count is how many were ever added.
	count int
}

// place is where the person stands, of what begins in one way.
type place struct {
	from  *beginning
	where string
}

// fewThere is how many at a place there is always room for. What has been corrected may
// lead to very many nodes at few places, of which one is where the timeline goes on.
const fewThere = 2

func newNodes(most int) *nodes {
	return &nodes{
		at: make(map[int][]*node), seen: make(map[int]map[string]bool), most: most,
		of: make(map[int]map[*beginning]int), place: make(map[int]map[place]int),
	}
}

// add adds a node unless there is one like it, or there are too many.
func (l *nodes) add(i int, n *node) {
	l.count++ // be it one that is known already
	there := place{n.from, n.where()}
	if l.of[i][n.from] >= l.most && l.place[i][there] >= fewThere {
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
		l.of[i], l.place[i] = make(map[*beginning]int), make(map[place]int)
	}
	l.of[i][n.from]++
	l.place[i][there]++
	l.seen[i][key] = true
	l.at[i] = append(l.at[i], n)
}

// where is the question in force, with those to which it leads back.
func (n *node) where() string {
	var b strings.Builder
	b.WriteString(n.s.At.Flow + "/" + n.s.At.Step)
	for _, p := range n.s.Stack {
		b.WriteString(" " + p.Flow + "/" + p.Step)
	}
	return b.String()
}

// take takes out those that have come so far. What they were stays known: none comes
// twice.
func (l *nodes) take(i int) []*node {
	list := l.at[i]
	delete(l.at, i)
	delete(l.of, i)
	delete(l.place, i)
	return list
}

// forget forgets what has come less far: nothing goes on from before there.
func (l *nodes) forget(i int) {
	maps.DeleteFunc(l.seen, func(at int, _ map[string]bool) bool { return at <= i })
}

// empty reports whether none goes on.
func (l *nodes) empty() bool { return len(l.at) == 0 }
