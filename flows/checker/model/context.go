package model

import "slices"

// enter notes who has entered a context. A context that has returned before
// returns to them at once.
func (x *explorer) enter(c context, f frame, called bool) int32 {
	id, ok := x.ctxID[c]
	if !ok {
		id = int32(len(x.stays))
		x.ctxID[c] = id
		x.stays = append(x.stays, stay{context: c})
		if c.root {
			x.stays[id].callers = []frame{{what: toIdle, from: f.from}}
		}
	}
	if called && !c.root {
		x.addCaller(id, f)
	}
	return id
}

func (x *explorer) addCaller(id int32, f frame) bool {
	s := &x.stays[id]
	if slices.ContainsFunc(s.callers, func(known frame) bool { return known.what == f.what && known.point == f.point }) {
		return false
	}
	s.callers = append(s.callers, f)
	for _, exit := range slices.Clone(s.exits) {
		x.resume(f, exit)
	}
	return true
}

// resume goes on where a context returns to.
func (x *explorer) resume(f frame, exit int32) {
	end := x.points[exit].point
	d := x.datas[end.data]
	to := f.point
	to.data = end.data
	switch f.what {
	case toIdle:
		if flow := x.stays[end.ctx].flow; flow >= 0 && x.flows[flow].Episode {
			d = x.ended(d)
		}
		to = point{place: atIdle, data: x.id(x.rest(d))}
	case toCallers:
		to = point{place: atExit, ctx: f.ctx, data: end.data}
	}
	x.reach(to, f.from, exit, f.label, nil)
}

// repeat looks for questions to which an interruption may return instead: the
// engine cuts its stack where the same question, asked by the same calls, stands
// on it twice. That of a flow which was begun and not called is given up before it
// is asked again, and stands there once. It reports whether there is something new
// to go through.
func (x *explorer) repeat() bool {
	before := len(x.points)
	added := false
	for id := range x.stays {
		for _, f := range slices.Clone(x.stays[id].callers) {
			if f.what != toAsk {
				continue
			}
			for _, above := range x.above(f.ctx) {
				other := f
				other.ctx = above
				if above != f.ctx && x.calledAlike(above, f.ctx) && x.addCaller(int32(id), other) {
					added = true
				}
			}
		}
	}
	return added || len(x.points) > before
}

// calledAlike reports whether two contexts are the same flow, called from the same
// step.
func (x *explorer) calledAlike(a, b int32) bool {
	if x.stays[a].flow != x.stays[b].flow {
		return false
	}
	return slices.ContainsFunc(x.stays[a].callers, func(f frame) bool {
		return f.what == toCall && slices.ContainsFunc(x.stays[b].callers, func(g frame) bool {
			return g.what == toCall && g.flow == f.flow && g.step == f.step
		})
	})
}

// above lists the contexts that a context may return to, at last.
func (x *explorer) above(ctx int32) []int32 {
	list := []int32{ctx}
	for i := 0; i < len(list); i++ {
		for _, f := range x.stays[list[i]].callers {
			if f.what != toIdle && !slices.Contains(list, f.ctx) {
				list = append(list, f.ctx)
			}
		}
	}
	return list
}
