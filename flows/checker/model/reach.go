package model

import (
	"fmt"
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

// Hints name variables that are known from questions that are almost the same.
type Hints struct {
	// Needed are followed from the beginning; if they are those that an Outcome
	// has Known, it takes one search. Likely are tried before others, in their order.
	Needed, Likely []string
}

// Reach looks for a conversation in which one of some things happens while a
// condition holds, or does not. If it is Whole and there is no Way, there is no
// such conversation. Otherwise, without a Way, the limits were reached.
func (m *Model) Reach(names []string, cond *lang.Expr, want bool, limits Limits, hints Hints) Outcome {
	var ends []end
	for _, name := range names {
		ends = append(ends, m.ends(name, cond, want)...)
	}
	if slices.Contains(names, lang.AnyReminder) {
		m = m.narrowed(cond, want)
	}
	about := m.firstGuess(ends)
	q := &quest{
		m: m, ends: ends, limits: limits, about: about, need: maps.Clone(about),
		likely: m.vars(hints.Likely), tried: make(map[string]attempt),
	}
	for _, v := range m.vars(hints.Needed) {
		q.need[v] = true
	}
	var out Outcome
	for try := q.attempt(maps.Clone(q.need), limits.States); ; out.Rounds++ {
		out.Points, out.Whole, out.Known, out.Spent = try.points, try.whole, m.named(try.follow), q.spent
		if try.done() {
			out.Known, out.Spent = m.named(q.least(try)), q.spent
		}
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

// vars finds variables by their names.
func (m *Model) vars(names []string) []int32 {
	var list []int32
	for _, name := range names {
		if v, ok := m.index[name]; ok && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
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
			return slices.ContainsFunc(e.cubes(m), func(c cube) bool { return m.allow(e.node, c) })
		})
	})
}

// quest is a question that is asked of the model.
type quest struct {
	m      *Model
	ends   []end
	limits Limits
	// about is what the question is about, need what is followed in any case.
	about, need map[int32]bool
	// likely are the variables to try first, in this order.
	likely []int32
	// tried are the searches that were made.
	tried map[string]attempt
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

// attempt searches, unless that has been done already.
func (q *quest) attempt(follow map[int32]bool, most int) attempt {
	key := fmt.Sprint(slices.Sorted(maps.Keys(follow)))
	if known, ok := q.tried[key]; ok && (known.whole || known.points > most) {
		return known
	}
	a := q.search(follow, most)
	q.tried[key] = a
	return a
}

func (q *quest) search(follow map[int32]bool, most int) attempt {
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

// better makes a search more exact, in the way that takes it furthest. What is
// likely to help is tried first.
func (q *quest) better(was attempt, from int) attempt {
	q.ways = append(q.ways, &was.way)
	r := refining{q.m, was.follow, &was.way, from}
	if best := q.best(r.likely(q.likely), was.points); best.done() || best.found {
		return best
	}
	others := r.others()
	if was.points > manyPoints {
		others = others[:min(len(others), 2)]
	}
	return q.best(others, was.points)
}

// best makes some searches and returns the best, or the first that finds nothing. At
// first none may take much longer than the one before.
func (q *quest) best(ways []map[int32]bool, before int) attempt {
	for _, follow := range ways {
		q.m.shrink(follow, q.need, q.ways)
	}
	for most := max(4*before, manyPoints); ; most *= 4 {
		most = min(most, q.limits.States)
		var best attempt
		for _, follow := range ways {
			next := q.attempt(follow, most)
			if next.done() {
				return next
			}
			if best.follow == nil || next.goodness() > best.goodness() || next.goodness() == best.goodness() && next.points < best.points {
				best = next
			}
		}
		if best.found || most == q.limits.States || q.spent > q.limits.All {
			return best
		}
	}
}

// done reports whether a search has shown that nobody comes there.
func (a attempt) done() bool { return a.whole && !a.found }

// least leaves out what a search has followed and did not have to, if that can be
// found out at little cost: it is the hint for other questions.
func (q *quest) least(was attempt) map[int32]bool {
	follow := maps.Clone(was.follow)
	for _, v := range slices.Sorted(maps.Keys(was.follow)) {
		if q.about[v] || was.points > fewPoints {
			continue
		}
		delete(follow, v)
		if try := q.attempt(maps.Clone(follow), 2*was.points); !try.done() {
			follow[v] = true
		}
	}
	return follow
}

// fewPoints is when a search takes so little that it may be made some times more.
const fewPoints = 10_000

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
				if v, ok := m.index[name]; ok && m.needed(e, v) {
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
