package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// following is one try to follow a stretch.
type following struct {
	j    *judge
	s    *stretch
	wide bool
	list *nodes
	// front is the farthest entry that was come to, by the nodes here, and untried are
	// those of the last entries, with what is to be tried of them yet.
	front   int
	here    []*node
	untried []untried
	// missed is a timer that was due before the entry at the front and has brought none,
	// and near is what comes nearest to what the timeline says there.
	missed flows.Reminder
	near   near
}

// near is a turn that begins with some of the next entries, and then writes another.
type near struct {
	entries int
	instead flows.Entry
}

// How many nodes are followed at most at each entry: of all beginnings, and at the
// least of each.
const (
	fewNodes  = 60
	manyNodes = 400
	ownNodes  = 12
)

// run follows the entries from some nodes on, first those for which nothing is to be
// supposed: there is room for so many only. Where none leads on, more is.
func (f *following) run(from []*node) outcome {
	most := fewNodes
	if f.wide {
		most = manyNodes
	}
	f.list = newNodes(max(most/len(from), ownNodes))
	for _, n := range from {
		f.list.add(0, n)
	}
	var refused outcome
	for i, more := 0, true; more; i, more = f.suppose() {
		got := f.sweep(i)
		if got.why == "" {
			return got
		}
		if refused.why == "" || got.at > refused.at {
			refused = got
		}
	}
	if refused.from == nil {
		refused.from = beginningsOf(f.here)
	}
	return refused
}

// sweep follows the nodes that there are from an entry on, supposing nothing.
func (f *following) sweep(i int) outcome {
	for ; i < len(f.s.entries); i++ {
		here := f.list.take(i)
		if why := f.odd(i); why != "" {
			f.untried = nil // whatever was done before
			return f.refuse(i, why)
		}
		if k := f.s.of(i); k > 0 && i == f.s.ends[k-1] {
			if why := f.s.timelines[k-1].agrees(&here); why != "" {
				return f.refuse(i-1, why)
			}
		}
		if len(here) > 0 {
			f.comes(i, here)
			f.first(i, here)
		}
		if f.list.empty() {
			return f.stuck()
		}
	}
	if f.list.empty() {
		return f.stuck() // nothing leads on from what was supposed at the last entry
	}
	f.untried = nil
	return f.finish()
}

// stuck refuses the entry that nothing leads to.
func (f *following) stuck() outcome {
	return f.refuse(f.front+f.near.entries, f.expected(f.front, f.here))
}

// comes notes that some nodes have come to an entry.
func (f *following) comes(i int, here []*node) {
	switch {
	case i > f.front || f.here == nil:
		f.front, f.here = i, slices.Clone(here)
		f.missed, f.near = flows.Reminder{}, near{}
		f.untried = slices.DeleteFunc(f.untried, func(u untried) bool { return u.at < i-maxBack })
		f.list.forget(i - maxBack)
	case i == f.front:
		f.here = append(f.here, here...)
	}
}

// adjusted is how far a clock that is kept right may go back.
const adjusted = time.Minute

// maxFrom is of how many beginnings others are made.
const maxFrom = 3

// beginningsOf lists some beginnings of nodes.
func beginningsOf(here []*node) []*beginning {
	var list []*beginning
	for _, n := range here {
		if len(list) < maxFrom && !slices.Contains(list, n.from) {
			list = append(list, n.from)
		}
	}
	return list
}

// refuse refuses an entry, or what comes behind the last one.
func (f *following) refuse(i int, why string) outcome {
	last := min(i, len(f.s.entries)-1)
	return outcome{at: i, timeline: f.s.of(last), seq: f.s.entries[last].Seq, why: why}
}

// of is the timeline of an entry.
func (s *stretch) of(i int) int {
	return slices.IndexFunc(s.ends, func(end int) bool { return i < end })
}

// try tries what may have brought the next entries, behind so many events that have
// brought none.
func (f *following) try(i int, n *node, depth int) {
	rest := f.s.entries[i:]
	e := &rest[0]
	if depth > 0 {
		for _, q := range f.j.quiet(n, e.At) {
			m, records := f.j.turn(n, q.ev, q.at, q.soft)
			if len(records) == 0 && m.s.Episode.Number == n.s.Episode.Number {
				f.try(i, m, depth-1)
			}
		}
		return
	}
	p := f.j.pass(n, e.At, f.wide)
	if p.missed.ID != 0 {
		f.missed = p.missed
	}
	for _, m := range p.list {
		if e.UpdateID == 0 {
			f.ring(i, m, true)
			continue
		}
		for _, way := range f.j.guesses(m, rest) {
			f.lead(i, m, way)
		}
	}
}

// ring lets timers come due at the time of the next entry. Where they only move others,
// which are due then too, these come next.
func (f *following) ring(i int, n *node, again bool) {
	rest, before := f.s.entries[i:], f.list.count
	list := f.j.alarms(n, rest, f.wide)
	for k := 0; k < len(list); k++ {
		// A single message is the same alone and joined.
		if after := f.lead(i, list[k].n, []flows.Event{list[k].ev}); list[k].late && after.said > 1 {
			list = append(list, list[k].joined())
		}
	}
	if !again || f.list.count > before {
		return
	}
	for _, a := range list {
		m, records := f.j.turn(a.n, a.ev, rest[0].At, 0)
		if len(records) == 0 && m.s.Episode.Number == n.s.Episode.Number {
			f.ring(i, m, false)
		}
	}
}

// indifferent are the kinds of entries that may come whatever was done before.
var indifferent = []string{flows.EntryStale, flows.EntryUnexpected, flows.EntryResume, flows.EntryBlocked, flows.EntryUnblocked}

// lead plays events at the time of the next entry. All but the last are to write
// nothing, and that what stands there. It returns where they lead.
func (f *following) lead(i int, n *node, way []flows.Event) (after *node) {
	rest := f.s.entries[i:]
	at := rest[0].At
	for k, ev := range way {
		m, records := f.j.turn(n, ev, at, 0)
		if k < len(way)-1 {
			if n = m; len(records) > 0 {
				return n
			}
			continue
		}
		after = m
		got := written(records, rest)
		switch {
		case got < len(records):
			if got > f.near.entries && got < len(rest) {
				f.near = near{got, records[got]}
			}
		case got > 0:
			last := &rest[got-1]
			m.s.Entries, m.s.Episode.Number = last.Seq, last.Episode
			if slices.Contains(indifferent, last.Kind) {
				m.since = n.since
			}
			f.list.add(i+got, m)
		}
	}
	return after
}

// odd says what is wrong with an entry whatever the state of the person.
func (f *following) odd(i int) string {
	e := &f.s.entries[i]
	if i > 0 && e.Seq != f.s.entries[i-1].Seq+1 {
		return fmt.Sprintf("entry %d is followed by entry %d", f.s.entries[i-1].Seq, e.Seq)
	}
	k := f.s.of(i)
	begins := i == 0 || i == f.s.ends[max(k, 1)-1]
	if begins != (e.Kind == flows.EntryStart) {
		return fmt.Sprintf("%s: an episode begins with an entry of the kind start, and has no other", described(e))
	}
	return f.s.timelines[k].contradicts(e)
}

// contradicts says in what an entry differs from the episode's record.
func (t *timeline) contradicts(e *entry) string {
	switch {
	case e.Kind == flows.EntryStart && (e.Step != t.row.Flow || !e.At.Equal(t.row.Started)):
		return fmt.Sprintf("the record of the episode says that %s began at %s", t.row.Flow, stamp(t.row.Started))
	case e.Kind == flows.EntryEnd && (e.Choice != t.row.Outcome || !e.At.Equal(t.row.Ended)):
		return fmt.Sprintf("the record of the episode says that it ended at %s as %q", stamp(t.row.Ended), t.row.Outcome)
	}
	return ""
}

// agrees leaves the nodes in which an episode has the onset of its record.
func (t *timeline) agrees(here *[]*node) string {
	if t.row.Edited != 0 {
		return ""
	}
	before := len(*here)
	*here = slices.DeleteFunc(*here, func(n *node) bool {
		return n.s.Episode.Number == t.number && !n.s.Episode.Onset.Equal(t.row.Onset)
	})
	if before > 0 && len(*here) == 0 {
		return fmt.Sprintf("the record of the episode says that the onset was at %s, which nobody has told", stamp(t.row.Onset))
	}
	return ""
}

// finish judges what should have come behind the last entry.
func (f *following) finish() outcome {
	i := len(f.s.entries)
	here := f.list.take(i)
	last := len(f.s.timelines) - 1
	t := f.s.timelines[last]
	if why := t.agrees(&here); why != "" {
		return f.refuse(i, why)
	}
	if !t.row.Ended.IsZero() && t.row.Edited == 0 && slices.IndexFunc(t.entries, func(e entry) bool { return e.Kind == flows.EntryEnd }) < 0 {
		return f.refuse(i, fmt.Sprintf("the record of the episode says that it ended at %s, and no entry does", stamp(t.row.Ended)))
	}
	if !f.s.last || t.row.Edited != 0 {
		return outcome{at: i}
	}
	refused := f.refuse(i, "")
	for _, n := range here {
		p := f.j.pass(n, f.j.clock.end(), f.wide)
		f.missed = p.missed
		for _, m := range p.list {
			other := f.s.p.others(m, f.s.entries[0].Episode > 1 || f.tellsZone())
			if len(other) == 0 {
				return outcome{at: i}
			}
			if refused.other == nil || len(other) < len(refused.other) {
				refused.other, refused.from = other, nil
			}
			if len(other) == len(refused.other) && len(refused.from) < maxFrom {
				refused.from = append(refused.from, m.from)
			}
		}
	}
	refused.why = "behind it is missing: " + timerText(f.missed)
	if refused.other != nil {
		refused.why = "what the export knows of the person is not what the timeline comes to: " + strings.Join(refused.other, ", ")
	}
	return refused
}

// tellsZone reports whether a zone is told on the way: then the one of before is not
// known, by which an instant may have been reckoned.
func (f *following) tellsZone() bool {
	return slices.ContainsFunc(f.s.entries, func(e entry) bool {
		s := f.j.catalog.Step(e.Step)
		return e.Kind == flows.EntryAnswer && s != nil && slices.ContainsFunc(s.Sets(), func(a lang.Assignment) bool { return a.Var == zone })
	})
}

// others names the facts that the export has otherwise than a node. Outside of an
// episode a person may have changed some without an entry, and where the past is not
// kept, an instant may rest on a round of it, or on the zone that was told then.
func (p *person) others(n *node, past bool) []string {
	if !n.s.Episode.Live() || p.facts == nil {
		return nil
	}
	var list []string
	for _, v := range n.s.Vars {
		if spelled(v.Any()) != spelled(p.facts[v.Name]) && !(past && v.Kind == flows.InstantValue) {
			list = append(list, v.Name)
		}
	}
	for name := range p.facts {
		if n.s.Var(name).Kind == "" {
			list = append(list, name)
		}
	}
	if n.s.Zone != p.zone {
		list = append(list, zone)
	}
	slices.Sort(list)
	return list
}
