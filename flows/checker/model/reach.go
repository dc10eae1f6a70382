package model

import (
	"maps"
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Outcome is what a search has found.
type Outcome struct {
	// Points is how many were gone through, each some persons at some place, by the
	// last of the searches before which there were Rounds, and which has Known these
	// variables.
	Points, Rounds int
	Known          []string
	// Spent is what all searches have gone through.
	Spent int
	// Whole says that there are no more.
	Whole bool
	// Way is how somebody comes there of whom nothing is known, nil if nobody does.
	Way []Move
}

// end is a point at which what is looked for happens.
type end struct {
	node  node
	label Event
	ops   []op
	cond  *lang.Expr
	want  bool
}

// cubes are those for whom it happens.
func (e end) cubes(m *Model) []cube {
	list := reader{Model: m}.condition(e.cond, e.want)
	for _, o := range e.ops {
		switch o := o.(type) {
		case coming:
			list = both(list, m.comes(o))
		case anyComing:
			list = both(list, reader{Model: m}.inSet(m.anyRuns, only(yes), true))
		}
	}
	return list
}

// ends finds where a thing happens: a step is done, a question is in force, a
// reminder comes.
func (m *Model) ends(name string, cond *lang.Expr, want bool) []end {
	if name == lang.AnyReminder {
		return []end{{node{place: anywhere}, Event{Kind: Came}, []op{anyComing{}}, cond, want}}
	}
	var list []end
	for i := range m.triggers {
		t := &m.triggers[i]
		if come, ok := first(t.ops).(coming); ok && t.label.Kind == Came && come.t.Kind(come.phase) == name {
			list = append(list, end{node{place: anywhere}, t.label, t.ops[:1], cond, want})
		}
	}
	for _, t := range m.tracks {
		if t.Checks() && t.Kind(flows.PhaseLook) == name {
			label := Event{Kind: Came, Track: t.Name, Phase: flows.PhaseLook}
			list = append(list, end{node{place: anywhere}, label, []op{coming{t, flows.PhaseLook}}, cond, want})
		}
	}
	for f := range m.flows {
		if i := m.flows[f].Step(name); i >= 0 {
			n := node{atDone, int16(f), int16(i)}
			if m.flows[f].Steps[i].Action == lang.ActAsk {
				n.place = atRest
			}
			list = append(list, end{n, Event{}, nil, cond, want})
		}
	}
	return list
}

// Limits bound what is spent on a question.
type Limits struct {
	// States bounds one search, All what all searches for one answer go through.
	States, All int
}

// Reach looks for a conversation in which one of some things happens while a
// condition holds, or does not. If it is Whole and there is no Way, there is no
// such conversation. Otherwise, without a Way, the limits were reached.
//
// Hint names variables that are known to matter; with those of an Outcome for
// flows that are almost the same, it takes one search.
func (m *Model) Reach(names []string, cond *lang.Expr, want bool, limits Limits, hint ...string) Outcome {
	var ends []end
	for _, name := range names {
		ends = append(ends, m.ends(name, cond, want)...)
	}
	q := &quest{m: m, ends: ends, limits: limits, need: m.firstGuess(ends)}
	follow := maps.Clone(q.need)
	for _, name := range hint {
		if v, ok := m.index[name]; ok {
			follow[v] = true
		}
	}
	var out Outcome
	for try := q.attempt(follow, limits.States); ; out.Rounds++ {
		out.Points, out.Whole, out.Known, out.Spent = try.points, try.whole, m.named(try.follow), q.spent
		if !try.found {
			return out
		}
		if q.spent > limits.All {
			out.Whole = false
			return out
		}
		from, stuck := m.stuck(&try.way, 0)
		if !stuck {
			out.Way = try.way.list()
			return out
		}
		try = q.better(try, from)
	}
}

// named lists variables.
func (m *Model) named(follow map[int32]bool) []string {
	list := make([]string, 0, len(follow))
	for v := range follow {
		list = append(list, m.names[v])
	}
	slices.Sort(list)
	return list
}

// MayHappen reports whether one of some things can happen, as far as can be told
// at once. If not, it cannot.
func (m *Model) MayHappen(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(m.ends(name, nil, true), func(e end) bool {
			return slices.ContainsFunc(e.cubes(m), func(c cube) bool { return m.facts.allow(e.node, c) })
		})
	})
}

// quest is a question that is asked of the model.
type quest struct {
	m      *Model
	ends   []end
	limits Limits
	// need is what must be followed in any case.
	need map[int32]bool
	// ways are those that nobody can go.
	ways []*writer
	// spent is what all searches have gone through.
	spent int
}

// attempt is one search.
type attempt struct {
	follow map[int32]bool
	points int
	whole  bool
	found  bool
	way    writer
}

func (q *quest) attempt(follow map[int32]bool, most int) attempt {
	part := *q.m
	part.follow = follow
	s := part.newSearch(most)
	s.ends = q.ends
	for i, e := range q.ends {
		how := s.on(-1)
		how.label, how.end = e.label, int32(i)
		s.reach(0, e.node, s.ids(e.cubes(&part)), how)
	}
	a := attempt{follow: follow, whole: s.run(), points: len(s.points), found: s.found >= 0}
	if a.found {
		s.follow(s.found, &a.way)
	}
	q.spent += a.points
	return a
}

// better makes a search more exact, in the way that takes it furthest.
func (q *quest) better(was attempt, from int) attempt {
	q.ways = append(q.ways, &was.way)
	var best attempt
	ways := q.m.refine(was.follow, &was.way, from)
	if was.points > manyPoints {
		ways = ways[:min(len(ways), 2)]
	}
	for i, follow := range ways {
		q.m.shrink(follow, q.need, q.ways)
		limit := q.limits.States
		if i > 0 {
			limit = min(limit, best.points+1000)
		}
		next := q.attempt(follow, limit)
		if next.whole && !next.found {
			return next
		}
		if i == 0 || next.goodness() > best.goodness() || next.goodness() == best.goodness() && next.points < best.points {
			best = next
		}
	}
	return best
}

// goodness is how many moves it takes to what was looked for, as far as is known:
// the more, the closer to how it is.
func (a attempt) goodness() int {
	if !a.found {
		return 0 // too large
	}
	return len(a.way.moves)
}

// firstGuess is what a search begins with: what it is about.
func (m *Model) firstGuess(ends []end) map[int32]bool {
	follow := map[int32]bool{m.index[now]: true}
	for _, e := range ends {
		if e.cond != nil {
			for _, name := range e.cond.Syntax().Names() {
				if name == "live" {
					name = inEpisode
				}
				if v, ok := m.index[name]; ok {
					follow[v] = true
				}
				if name == "pain_trend" {
					follow[m.index[painNow]], follow[m.index[painBefore]] = true, true
				}
			}
		}
		for _, o := range e.ops {
			switch o := o.(type) {
			case coming:
				follow[m.bits[o.t.Name].running], follow[m.bits[o.t.Name].on] = true, true
			case anyComing:
				follow[m.anyRuns] = true
			}
		}
	}
	return follow
}

// anyComing is a reminder of any track that comes.
type anyComing struct{}

func (anyComing) before(_ *Model, c cube) []cube { return []cube{c} }

// comes is for whom a reminder may come, as they are before it.
func (m *Model) comes(c coming) []cube {
	if c.phase == c.t.Start() {
		return m.mayStart(c.t)
	}
	return c.before(m, cube{})
}

func first(ops []op) op {
	if len(ops) == 0 {
		return nil
	}
	return ops[0]
}

// Cuts are, by variable, how many seconds from now an instant is when a condition
// changes.
func (m *Model) Cuts() map[string][]float64 { return m.changing }

// change finds the cuts.
func (m *Model) change() {
	m.changing = make(map[string][]float64)
	clock := m.index[now]
	note := func(list []cube) {
		for _, c := range list {
			for _, b := range c.bounds {
				if len(b.terms) != 2 || b.terms[0].v != clock || b.terms[0].by != -b.terms[1].by {
					continue
				}
				name, at := m.names[b.terms[1].v], -b.plus/b.terms[1].by
				if !slices.Contains(m.changing[name], at) {
					m.changing[name] = append(m.changing[name], at)
				}
			}
		}
	}
	for _, edges := range m.into {
		for i := range edges {
			for _, o := range edges[i].ops {
				switch o := o.(type) {
				case guard, reached:
					note(o.before(m, cube{}))
				}
			}
		}
	}
	for _, t := range m.tracks {
		note(m.mayStart(t))
	}
}
