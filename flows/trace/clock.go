package trace

import (
	"cmp"
	"slices"
	"time"

	"spasmbot/flows"
)

// clock knows when the bot is known to have worked: whenever anybody's timeline
// has an entry.
type clock struct {
	seen []time.Time // rising
	// slack is how long a timer may wait though the bot works.
	slack time.Duration
}

// How long timers may wait while the bot works: so long in any case, for each
// person whom there is to tell, and while the machine stands still.
const (
	slackAlways = 10 * time.Minute
	slackPerson = 2 * time.Second
	slackStall  = 30 * time.Second
)

// endless is farther away than anything in a timeline.
const endless = 1000 * 24 * time.Hour

func newClock(e *Export) *clock {
	c := &clock{slack: slackAlways + time.Duration(len(e.people))*slackPerson + time.Duration(e.speed*float64(slackStall))}
	for _, p := range e.people {
		for _, t := range p.timelines {
			for i := range t.entries {
				// That somebody has blocked the bot shows when it sends.
				if t.entries[i].Kind != flows.EntryBlocked {
					c.seen = append(c.seen, t.entries[i].At)
				}
			}
		}
	}
	if !e.alive.IsZero() {
		c.seen = append(c.seen, e.alive)
	}
	slices.SortFunc(c.seen, time.Time.Compare)
	return c
}

// by is when a timer that is due at an instant has come at the latest. The bot may
// fall down at once, and is then back when it is next seen.
func (c *clock) by(due time.Time) time.Time {
	i, _ := slices.BinarySearchFunc(c.seen, due.Add(c.slack), time.Time.Compare)
	if i == len(c.seen) {
		return due.Add(endless)
	}
	return c.seen[i].Add(c.slack)
}

// end is the last instant at which the bot is known to have worked.
func (c *clock) end() time.Time {
	if len(c.seen) == 0 {
		return time.Time{}
	}
	return c.seen[len(c.seen)-1]
}

// screenGrace is for how long the engine repeats a question that was to be repeated.
const screenGrace = 15 * time.Minute

// passing finds the ways in which time can pass without an entry until an instant:
// what has come due before it has brought none, or waits since the bot was away.
type passing struct {
	j     *judge
	until time.Time
	// wide tries what is rare too.
	wide bool
	list []*node
	// turns is how many were tried.
	turns int
	// missed is a timer that had to bring an entry.
	missed flows.Reminder
}

// maxWays bounds the ways in which time can pass, and maxTurns how much is tried to find
// them: seldom are there more than sixty turns, and where most lead nowhere there may be
// millions.
const (
	maxWays  = 24
	maxTurns = 1000
)

func (j *judge) pass(n *node, until time.Time, wide bool) *passing {
	p := &passing{j: j, until: until, wide: wide}
	p.from(n, nil)
	return p
}

// from goes on from a node. Held are the timers that may be due later than they seem.
func (p *passing) from(n *node, held []uint64) {
	if len(p.list) >= maxWays || p.turns >= maxTurns {
		return
	}
	r, ok := p.next(n, held)
	if !ok {
		p.list = append(p.list, n)
		return
	}
	soft := n.soft[r.ID]
	by := p.j.clock.by(r.Due.Add(soft))
	found := len(p.list)
	if soft > 0 && !p.until.After(by) {
		p.from(n, append(slices.Clone(held), r.ID))
	}
	onTime := p.silently(n, flows.Later(r.Due, n.now), by, held)
	if !onTime || p.wide {
		for _, at := range p.moments(n, r) {
			if at.Before(p.until) && !at.After(by) {
				p.silently(n, at, by, held)
			}
		}
		if !p.until.After(by) {
			p.list = append(p.list, n) // the bot was away, or is about to
		}
	}
	if len(p.list) == found && p.missed.ID == 0 {
		p.missed = r
	}
}

// next is the timer that comes due first, before the end.
func (p *passing) next(n *node, held []uint64) (next flows.Reminder, ok bool) {
	for _, r := range n.s.Pending {
		if r.Due.Before(p.until) && !slices.Contains(held, r.ID) && (!ok || r.Due.Before(next.Due)) {
			next, ok = r, true
		}
	}
	return next, ok
}

// silently lets everything come due that is at an instant, if that brings no entry.
func (p *passing) silently(n *node, at, by time.Time, held []uint64) bool {
	if !at.Before(p.until) {
		return false
	}
	ids := due(n, func(r flows.Reminder) bool { return !r.Due.After(at) && !slices.Contains(held, r.ID) })
	// It may have come later, and so may what it has armed.
	most := flows.Later(at, by)
	if most.After(p.until) {
		most = p.until
	}
	soft := most.Sub(at)
	if soft > p.j.clock.slack {
		soft = endless
	}
	p.turns++
	after, records := p.j.turn(n, flows.Due{IDs: ids}, at, soft)
	if len(records) > 0 {
		return false
	}
	p.from(after, held)
	return true
}

// moments are when a timer may have come too late to bring an entry: behind the grace of
// one that waits. What is rarer is that the day has no place for it any more at the end of
// the grace, and that whoever has done something at night is asleep again.
func (p *passing) moments(n *node, r flows.Reminder) []time.Time {
	list := []time.Time{p.until.Add(-1)}
	add := func(at time.Time, rare bool) {
		if at.After(r.Due) && !at.Before(n.now) && (p.wide || !rare) {
			list = append(list, at)
		}
	}
	for _, other := range n.s.Pending {
		grace := screenGrace
		if spec := p.j.catalog.Track(other.Track); spec != nil {
			grace = spec.Grace
		}
		add(other.Due.Add(grace), true)
		add(other.Due.Add(grace+time.Second), false)
	}
	if f := p.j.catalog.Flow(n.s.Episode.Flow); f != nil && f.Day != nil {
		add(n.s.Heard.Add(f.Day.Awake), true)
	}
	slices.SortFunc(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

// due lists the timers of a node that have come due, as the scheduler hands them
// over.
func due(n *node, is func(flows.Reminder) bool) []uint64 {
	var list []flows.Reminder
	for _, r := range n.s.Pending {
		if is(r) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b flows.Reminder) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	ids := make([]uint64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return ids
}
