package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// await goes on at a caller wherever a context is entered.
func (s *search) await(c context, w waiting) {
	id, isNew := s.enter(c)
	st := &s.stays[id]
	for _, known := range st.callers {
		if known.ctx == w.ctx && known.node == w.node && known.next == w.next && known.via == w.via {
			return
		}
	}
	st.callers = append(st.callers, w)
	for _, e := range slices.Clone(st.entries) {
		s.resume(w, e)
	}
	if isNew {
		s.begin(id)
	}
}

// begin starts at the end of a context.
func (s *search) begin(id int32) {
	c := s.stays[id].context
	switch c.kind {
	case called:
		s.reachOne(id, node{place: atExit, flow: c.flow}, c.cube, s.on(-1))
	case within:
		for _, n := range s.pauses(c.flow) {
			s.reachOne(id, n, c.cube, s.on(-1))
		}
	case again:
		s.reachOne(id, c.question, c.cube, s.on(-1))
	case between:
		cube := s.cubes[c.cube]
		for _, t := range s.mattering {
			switch {
			case !s.changes(*t, cube):
			case t.flow < 0:
				how := s.on(-1)
				how.label, how.ops = t.label, t.ops
				s.enters(id, s.past(cause{t: t}, c.cube), how)
			case !s.flows[t.flow].Episode:
				for _, left := range s.reasoned(c.question, c.cube) {
					s.await(context{kind: called, flow: t.flow, cube: left}, waiting{ctx: id, node: node{place: anywhere}, next: -1, via: t})
				}
			}
		}
	}
}

// enters notes where a context is entered.
func (s *search) enters(id int32, list []int32, how arrived) {
	for _, cube := range list {
		c := s.cubes[cube]
		st := &s.stays[id]
		if slices.ContainsFunc(st.entries, func(e int32) bool { return s.cubes[s.points[e].cube].holds(c) }) {
			continue
		}
		how.point = point{id, node{place: anywhere}, cube}
		e := s.note(how)
		st.entries = append(st.entries, e)
		for _, w := range slices.Clone(st.callers) {
			s.resume(w, e)
		}
	}
}

// resume goes on at a caller of a context that has been entered.
func (s *search) resume(w waiting, entry int32) {
	how := s.on(w.next)
	if w.next >= 0 {
		how.land = w.land
	}
	how.inner = entry
	if w.via == nil {
		s.reachOne(w.ctx, w.node, s.points[entry].cube, how)
		return
	}
	how.label, how.ops = w.via.label, w.via.ops
	if s.stays[w.ctx].kind == between {
		s.enters(w.ctx, s.past(cause{t: w.via}, s.points[entry].cube), how)
		return
	}
	s.reach(w.ctx, w.node, s.past(cause{t: w.via}, s.points[entry].cube), how)
}

// entered goes on from the beginning of a flow to whoever begins it.
func (s *search) entered(i int32, p point) {
	f := s.flows[p.node.flow]
	first := node{atStep, p.node.flow, 0}
	if s.stays[p.ctx].kind != open && !f.Episode {
		s.anew(i, p)
	}
	st := &s.stays[p.ctx]
	switch st.kind {
	case called, within:
		st.entries = append(st.entries, i)
		for _, w := range slices.Clone(st.callers) {
			s.resume(w, i)
		}
		return
	case again:
		s.enteredAgain(i, p)
		return
	case root:
		if !f.Episode {
			return
		}
	}
	var ops []op
	if f.Episode {
		ops = []op{begins{f.ID}}
	}
	for _, from := range s.callers[p.node.flow] {
		s.backBy(0, from, i, first, Event{}, ops...)
	}
	for _, t := range s.begins[p.node.flow] {
		s.backBy(0, node{place: anywhere}, i, first, t.label, slices.Concat(t.ops, ops)...)
	}
}

// enteredAgain goes on from the beginning of a flow to whoever begins it, up to
// where the question was interrupted that is asked again.
func (s *search) enteredAgain(i int32, p point) {
	first := node{atStep, p.node.flow, 0}
	if s.flows[p.node.flow].Episode {
		return
	}
	for _, from := range s.callers[p.node.flow] {
		s.backBy(p.ctx, from, i, first, Event{})
	}
	for _, t := range s.begins[p.node.flow] {
		how := s.then(i, first)
		how.label, how.ops = t.label, t.ops
		s.enters(p.ctx, s.past(cause{t: t}, p.cube), how)
	}
}

// anew goes back from the beginning of a flow to its own questions: one at which
// it was begun anew was given up.
func (s *search) anew(i int32, p point) {
	for _, t := range s.begins[p.node.flow] {
		for _, rest := range s.own[t.flow] {
			s.back(p.ctx, rest, i, node{atStep, t.flow, 0}, cause{t: t})
		}
	}
}

// returned goes back over a call.
func (s *search) returned(i int32, p point, back node, c cube) {
	do := node{atDo, back.flow, back.step}
	flow := s.calledAt(back)
	if s.flows[flow].Episode {
		return // nobody comes back from there
	}
	if !s.changesIn(flow, c) {
		if s.asks[flow] {
			s.back(p.ctx, node{atWait, back.flow, back.step}, i, back, cause{})
			return
		}
		s.backBy(p.ctx, do, i, back, Event{})
		return
	}
	s.await(context{kind: called, flow: flow, cube: p.cube}, waiting{ctx: p.ctx, node: do, next: i, land: back})
}

// pauses are where something may come between in a flow, or in what it calls.
func (m *Model) pauses(flow int16) []node {
	list := slices.Clone(m.own[flow])
	for k := range m.flows[flow].Steps {
		if s := &m.flows[flow].Steps[k]; s.Action == lang.ActCall {
			if called := m.id[s.Target]; m.asks[called] && !m.flows[called].Episode {
				list = append(list, node{atWait, flow, int16(k)})
			}
		}
	}
	return list
}

// inside goes back from a flow that was called, and in which something has come between
// that makes a difference: what the flow has done until then may make one, too.
func (s *search) inside(i int32, p point) {
	s.interrupted(i, p, p.node)
	do := node{atDo, p.node.flow, p.node.step}
	s.await(context{kind: within, flow: s.calledAt(p.node), cube: p.cube}, waiting{ctx: p.ctx, node: do, next: i, land: p.node})
}

func (s *search) calledAt(n node) int16 { return s.Model.id[s.flows[n.flow].Steps[n.step].Target] }

// interrupted goes back over what may come between before a point, to where it
// came.
func (s *search) interrupted(i int32, p point, where node) {
	s.await(context{kind: between, cube: p.cube, question: s.reason(where)}, waiting{ctx: p.ctx, node: where, next: i, land: p.node})
}

// reason is a question if it is in force behind a flow that came between only as
// long as its condition holds, and so for all from which somebody comes to it as they
// are. Otherwise it is no node of a question.
func (s *search) reason(where node) node {
	if where.place != atRest {
		return node{}
	}
	for _, n := range s.region(where).covered {
		if n != where {
			return node{}
		}
	}
	if !hasReason(&s.flows[where.flow].Steps[where.step]) {
		return node{}
	}
	return where
}

// void goes back from where a question has lost its reason to where it was in force,
// over what came between.
func (s *search) void(i int32, p point) {
	where := node{atRest, p.node.flow, p.node.step}
	s.await(context{kind: between, cube: p.cube}, waiting{ctx: p.ctx, node: where, next: i, land: p.node})
}

// reasoned are those of a cube for whom a question has its reason.
func (s *search) reasoned(question node, cube int32) []int32 {
	if question.place != atRest {
		return []int32{cube}
	}
	when := s.flows[question.flow].Steps[question.step].When
	return s.ids(s.before([]op{guard{when, true}}, s.cubes[cube]))
}
