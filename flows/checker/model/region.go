package model

// region is what leads to a node without making a difference to anything that is
// followed: whoever comes into it comes to the node, as they are.
type region struct {
	// edges are those that make a difference, or may, with where they lead.
	edges []crossing
	// rests are the nearest questions before the node, returns the calls that make
	// a difference, and covered the questions in the region of a question.
	rests, returns, covered []node
	// entry says that the flow begins in the region.
	entry bool
}

// crossing is an edge into a region.
type crossing struct {
	*edge
	land node
}

// region finds what leads to a node.
func (s *search) region(n node) *region {
	r, ok := s.regions[n]
	if !ok {
		r = s.find(n)
		s.regions[n] = r
	}
	return r
}

// straight is the region without the questions in it.
func (s *search) straight(n node) *region {
	r := *s.region(n)
	r.rests = nil
	return &r
}

func (s *search) find(n node) *region {
	r := &region{}
	seen := map[node]bool{n: true}
	queue := []node{n}
	push := func(n node) {
		if !seen[n] {
			seen[n] = true
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		if m.rests() && m != n {
			if !n.rests() {
				r.rests = append(r.rests, m)
				continue
			}
			r.covered = append(r.covered, m)
		}
		switch {
		case m.place == atStep && m.step == 0:
			r.entry = true
		case m.place == atReturn:
			if from, ok := s.idleCall(m); ok {
				push(from)
			} else {
				r.returns = append(r.returns, m)
			}
		case m.place == atWait:
			push(node{atDo, m.flow, m.step})
		}
		for i := range s.into[m] {
			if e := &s.into[m][i]; e.from.place != atVoid && s.neutral(e) {
				push(e.from)
			} else {
				r.edges = append(r.edges, crossing{e, m})
			}
		}
	}
	return r
}

func (n node) rests() bool { return n.place == atRest || n.place == atWait }

// idleCall is where one is before returning from a flow that changes nothing that
// is followed.
func (s *search) idleCall(n node) (from node, ok bool) {
	flow := s.calledAt(n)
	if s.flows[flow].Episode {
		return node{}, false
	}
	for v := range s.writes[flow] {
		if s.follows(v) {
			return node{}, false
		}
	}
	if s.asks[flow] {
		return node{atWait, n.flow, n.step}, true
	}
	return node{atDo, n.flow, n.step}, true
}

// neutral reports whether an edge makes no difference to what is followed.
func (s *search) neutral(e *edge) bool {
	if e.drops {
		return false
	}
	for _, o := range e.ops {
		if !s.neutralOp(o) {
			return false
		}
	}
	return true
}

func (s *search) neutralOp(o op) bool {
	free := func(list []cube) bool { return len(list) == 1 && len(list[0].sets)+len(list[0].bounds) == 0 }
	switch o := o.(type) {
	case passing:
		return true
	case guard, reached:
		return free(o.before(s.Model, cube{}))
	case assigned:
		return !s.follows(o.v)
	case answering:
		for _, set := range o.sets {
			if v, ok := s.index[set.Var]; ok && s.follows(v) {
				return false
			}
		}
		return o.measure != "pain" || !s.follows(s.index[painFirst]) && !s.follows(s.index[painNow]) && !s.follows(s.index[painBefore])
	case acting:
		into := make(map[int32]bool)
		s.Model.note(into, o.s)
		for v := range into {
			if s.isBit(v) && s.follows(v) {
				return false
			}
		}
		return true
	}
	return false
}

// route lists the edges from one node of a region to the node that it is of.
func (s *search) route(from, to node) []*edge {
	type hop struct {
		node node
		via  *edge
		next int
	}
	list := []hop{{to, nil, -1}}
	seen := map[node]bool{to: true}
	for i := 0; i < len(list); i++ {
		h := list[i]
		if h.node == from {
			var edges []*edge
			for ; i >= 0; i = list[i].next {
				if list[i].via != nil {
					edges = append(edges, list[i].via)
				}
			}
			return edges
		}
		add := func(n node, e *edge) {
			if !seen[n] {
				seen[n] = true
				list = append(list, hop{n, e, i})
			}
		}
		for k := range s.into[h.node] {
			if e := &s.into[h.node][k]; s.neutral(e) {
				add(e.from, e)
			}
		}
		switch h.node.place {
		case atReturn:
			if n, ok := s.idleCall(h.node); ok {
				add(n, &edge{from: n})
			}
		case atWait:
			n := node{atDo, h.node.flow, h.node.step}
			add(n, &edge{from: n, ops: []op{passing{}}})
		}
	}
	return nil
}
