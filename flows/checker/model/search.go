package model

import "slices"

// contextKind is what is known of where a flow that is gone through returns to.
type contextKind uint8

const (
	open    contextKind = iota // nothing: it may have been entered by anybody
	root                       // to nothing: it was begun in the place of all else
	called                     // it must have come to its end with some data
	within                     // it must have come to some question, or call, with some data
	between                    // it is all that may come between and leave some data
	again                      // it asks, before any other, the question that was interrupted for it
)

// context is a kind with what belongs to it: the flow that is gone through, or the
// question in it, and the data.
type context struct {
	kind     contextKind
	flow     int16
	cube     int32
	question node
}

// point is some persons at a place. The search goes backward: whoever is there
// can go on from there to what is looked for, if the model is right.
type point struct {
	ctx  int32
	node node
	cube int32
}

// reached is a point, and how it goes on from there.
type arrived struct {
	point
	// next is the point that follows, -1 for none. Inner is where what comes
	// before it begins, a flow that is called or comes between, -1 for none.
	next, inner int32
	label       Event
	// ops are those on the way to the next point, and land is the node of its
	// region to which they lead.
	ops  []op
	land node
	// end numbers what was looked for, of a point at which it happens.
	end  int32
	gone bool // it is part of another
}

// waiting is who goes on when a context is entered.
type waiting struct {
	ctx  int32
	node node
	next int32
	land node
	via  *trigger // what begins it, nil for a call
}

// stay is what is known of a context.
type stay struct {
	context
	entries []int32
	callers []waiting
}

// spot is a place in a context.
type spot uint64

func (m *Model) spot(ctx int32, n node) spot { return spot(ctx)<<32 | spot(m.number[n]) }

// search looks for ways to some points, from their end.
type search struct {
	*Model
	most   int
	points []arrived
	at     map[spot][]int32
	cubes  []cube
	cubeID map[string]int32
	stays  []stay
	ctxID  map[context]int32
	found  int32
	queue  []int32
	ends   []end
	// pasts and allows remember what was found out before.
	pasts   map[came][]int32
	allows  map[spot]bool
	regions map[node]*region
	// mattering are the triggers that may change what is followed.
	mattering []*trigger
}

func (m *Model) newSearch(most int) *search {
	s := &search{Model: m, most: most, at: make(map[spot][]int32), cubeID: make(map[string]int32), ctxID: make(map[context]int32), found: -1, regions: make(map[node]*region), pasts: make(map[came][]int32), allows: make(map[spot]bool)}
	s.enter(context{kind: open})
	for i := range m.triggers {
		if t := &m.triggers[i]; !t.stops && m.matters(t) {
			s.mattering = append(s.mattering, t)
		}
	}
	return s
}

func (s *search) id(c cube) int32 {
	key := c.key()
	n, ok := s.cubeID[key]
	if !ok {
		n = int32(len(s.cubes))
		s.cubeID[key] = n
		s.cubes = append(s.cubes, c)
	}
	return n
}

func (s *search) enter(c context) (id int32, isNew bool) {
	id, known := s.ctxID[c]
	if !known {
		id = int32(len(s.stays))
		s.ctxID[c] = id
		s.stays = append(s.stays, stay{context: c})
	}
	return id, !known
}

// reach notes points, unless all that are in them have been noted.
func (s *search) reach(ctx int32, n node, list []int32, how arrived) {
	for _, c := range list {
		s.reachOne(ctx, n, c, how)
	}
}

func (s *search) reachOne(ctx int32, n node, id int32, how arrived) {
	here := s.spot(ctx, n)
	c := s.cubes[id]
	for _, i := range s.at[here] {
		if p := &s.points[i]; p.cube == id || s.cubes[p.cube].holds(c) {
			return
		}
	}
	if !s.allowed(n, id) {
		return
	}
	how.point = point{ctx, n, id}
	i := s.note(how)
	for _, k := range s.at[here] {
		if p := &s.points[k]; !p.gone && c.holds(s.cubes[p.cube]) {
			p.gone = true
		}
	}
	s.at[here] = append(slices.DeleteFunc(s.at[here], func(k int32) bool { return s.points[k].gone }), i)
	s.queue = append(s.queue, i)
}

// allowed reports whether somebody in a cube can be at a node.
func (s *search) allowed(n node, id int32) bool {
	key := spot(s.number[n])<<32 | spot(id)
	ok, known := s.allows[key]
	if !known {
		ok = s.allow(n, s.cubes[id])
		s.allows[key] = ok
	}
	return ok
}

// cause is what leads from one point to another: an edge, a trigger, or neither,
// if it is time alone.
type cause struct {
	e *edge
	t *trigger
}

// came is a cause, and what came of it.
type came struct {
	cause
	cube int32
}

// past lists those who were before a cause, for those who are in a cube behind it.
func (s *search) past(by cause, id int32) []int32 {
	key := came{by, id}
	list, known := s.pasts[key]
	if !known {
		list = s.ids(s.before(by.ops(), s.cubes[id]))
		s.pasts[key] = list
	}
	return list
}

func (c cause) ops() []op {
	switch {
	case c.e != nil:
		return c.e.ops
	case c.t != nil:
		return c.t.ops
	}
	return justTime
}

func (c cause) label() Event {
	switch {
	case c.e != nil:
		return c.e.label
	case c.t != nil:
		return c.t.label
	}
	return Event{}
}

// justTime is time that passes.
var justTime = []op{passing{}}

func (s *search) ids(list []cube) []int32 {
	ids := make([]int32, len(list))
	for i, c := range list {
		ids[i] = s.id(c)
	}
	return ids
}

// back notes who was at a node before something that leads to a node in the region
// of a point.
func (s *search) back(ctx int32, n node, next int32, land node, by cause) {
	how := s.then(next, land)
	how.label, how.ops = by.label(), by.ops()
	s.reach(ctx, n, s.past(by, s.points[next].cube), how)
}

// backBy is back for what happens once in a while.
func (s *search) backBy(ctx int32, n node, next int32, land node, label Event, ops ...op) {
	how := s.then(next, land)
	how.label, how.ops = label, ops
	s.reach(ctx, n, s.ids(s.before(ops, s.cubes[s.points[next].cube])), how)
}

func (s *search) note(p arrived) int32 {
	s.points = append(s.points, p)
	return int32(len(s.points) - 1)
}

// run goes back from the points in the queue, until somebody is found of whom
// nothing is known. It reports whether it has gone through all.
func (s *search) run() (whole bool) {
	for len(s.queue) > 0 && s.found < 0 {
		if len(s.points) > s.most {
			return false
		}
		i := s.queue[0]
		s.queue = s.queue[1:]
		if !s.points[i].gone {
			s.expand(i)
		}
	}
	return true
}

// then is how to go on to a node in the region of a point, -1 for none.
func (s *search) then(next int32, land node) arrived {
	return arrived{next: next, inner: -1, end: -1, land: land}
}

// on is how to go on to a point.
func (s *search) on(next int32) arrived {
	if next < 0 {
		return s.then(next, node{})
	}
	return s.then(next, s.points[next].node)
}

func (s *search) expand(i int32) {
	p := s.points[i].point
	c := s.cubes[p.cube]
	switch p.node.place {
	case atIdle:
		s.idle(i, p, c)
		return
	case anywhere:
		s.somewhere(i, p)
		return
	case atVoid:
		s.void(i, p)
		return
	case atRest, atWait:
		s.back(p.ctx, p.node, i, p.node, cause{})
		if s.points[i].gone {
			return // somebody who is there has been for a while
		}
		if p.node.place == atWait && s.changesIn(s.calledAt(p.node), c) {
			s.inside(i, p)
			return
		}
		s.rest(i, p, c)
	}
	s.expandRegion(i, p, c)
}

// expandRegion goes back to where its region was entered.
func (s *search) expandRegion(i int32, p point, c cube) {
	k := s.stays[p.ctx].kind
	r := s.region(p.node)
	if k == again {
		r = s.straight(p.node)
	}
	for _, e := range r.edges {
		switch {
		case !e.drops:
			s.back(p.ctx, e.from, i, e.land, cause{e: e.edge})
		case k == open || k == root:
			s.back(0, e.from, i, e.land, cause{e: e.edge})
		}
	}
	for _, rest := range r.rests {
		s.back(p.ctx, rest, i, rest, cause{})
	}
	for _, n := range r.returns {
		s.returned(i, p, n, c)
	}
	if r.entry {
		s.entered(i, p)
	}
}

// rest is where a question is in force: something may come between.
func (s *search) rest(i int32, p point, c cube) {
	for _, n := range s.region(p.node).covered {
		here := s.spot(p.ctx, n)
		for _, k := range s.at[here] {
			if q := &s.points[k]; c.holds(s.cubes[q.cube]) {
				q.gone = true
			}
		}
		s.at[here] = append(s.at[here], i)
	}
	s.interrupted(i, p, p.node)
	ask := node{atAsk, p.node.flow, p.node.step}
	if s.stays[p.ctx].kind != open && c.speaksOfSome(s.firsts[ask]) {
		// Somebody may be asked it instead of going back to it, and things changed.
		s.await(context{kind: again, question: ask, cube: p.cube}, waiting{ctx: p.ctx, node: p.node, next: i, land: p.node})
	}
}

func (s *search) before(ops []op, c cube) []cube {
	list := []cube{c}
	for _, o := range slices.Backward(ops) {
		var out []cube
		for _, c := range list {
			for _, b := range o.before(s.Model, c) {
				out = put(out, b)
			}
		}
		list = out
	}
	return list
}

// idle is where nothing is in force.
func (s *search) idle(i int32, p point, c cube) {
	if s.stranger(c) {
		s.found = i
		return
	}
	s.back(p.ctx, p.node, i, p.node, cause{})
	s.interrupted(i, p, p.node)
	for k := range s.into[p.node] {
		e := &s.into[p.node][k]
		s.back(0, e.from, i, p.node, cause{e: e})
	}
	for f := range s.flows {
		id, _ := s.enter(context{kind: root, flow: int16(f)})
		var ops []op
		if s.flows[f].Episode {
			ops = []op{ended{}}
		}
		s.backBy(id, node{place: atExit, flow: int16(f)}, i, p.node, Event{}, ops...)
	}
	for k := range s.triggers {
		if t := &s.triggers[k]; t.stops {
			s.backBy(0, node{place: anywhere}, i, p.node, t.label, append(slices.Clip(t.ops), ended{})...)
		}
	}
}

// somewhere is at any question, or at none.
func (s *search) somewhere(i int32, p point) {
	for _, rest := range s.rests {
		s.back(0, rest, i, p.node, cause{})
	}
	s.back(0, node{place: atIdle}, i, p.node, cause{})
}
