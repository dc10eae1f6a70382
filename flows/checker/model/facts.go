package model

import (
	"maps"
	"slices"

	"spasmbot/flows/lang"
)

// facts tell where people can be, and what can then be in each variable, whatever
// is in the others. Only of modes, and of what goes with each, more is known: they
// are the flow of the episode, and the truths that no flow changes but those that
// begin one. A mode does not change while a flow runs that others have begun or
// called.
type facts struct {
	m     *Model
	modes []int32
	// domains are by variable.
	domains []domain
	at      map[placeIn]*known
	next    map[node][]*outgoing
	queue   []placeIn
	guards  map[guard][]cube
	// byNode is at, by the number of the node.
	byNode [][]*known
	// changed are the variables that whatever comes between can change.
	changed map[int32]bool
	// callers are, by where a flow was begun, who waits for it.
	callers map[placeIn]map[placeIn]bool
}

// mode is what is in the modes.
type mode [maxModes]uint64

// maxModes bounds the modes.
const maxModes = 5

// placeIn is a node in a mode.
type placeIn struct {
	node node
	mode mode
}

// outgoing is an edge, from its beginning.
type outgoing struct {
	*edge
	to node
}

// known is what can be in variables at a place.
type known struct {
	env    env
	queued bool
}

// learn finds the facts of a catalog.
func (m *Model) learn() *facts {
	f := &facts{
		m: m, modes: m.modes(), domains: m.domains(), at: make(map[placeIn]*known), next: make(map[node][]*outgoing),
		changed: make(map[int32]bool), callers: make(map[placeIn]map[placeIn]bool), guards: make(map[guard][]cube),
	}
	for to, edges := range m.into {
		for i := range edges {
			f.next[edges[i].from] = append(f.next[edges[i].from], &outgoing{&edges[i], to})
		}
	}
	for i := range m.triggers {
		t := &m.triggers[i]
		for _, o := range t.ops {
			if c, ok := o.(coming); ok {
				b := m.bits[c.t.Name]
				f.changed[b.running], f.changed[b.on], f.changed[b.told] = true, true, true
			}
		}
		if t.flow >= 0 && !m.flows[t.flow].Episode {
			maps.Copy(f.changed, m.writes[t.flow])
		}
	}
	f.reach(node{place: atIdle}, f.newcomer())
	for len(f.queue) > 0 {
		at := f.queue[0]
		f.queue = f.queue[1:]
		f.at[at].queued = false
		f.expand(at)
	}
	f.byNode = make([][]*known, len(m.number))
	some := m.number[node{place: anywhere}]
	for at, k := range f.at {
		f.byNode[m.number[at.node]] = append(f.byNode[m.number[at.node]], k)
		if at.node.place == atRest || at.node.place == atIdle {
			f.byNode[some] = append(f.byNode[some], k)
		}
	}
	return f
}

// modes finds the truths that only episode flows change, and that other flows ask
// for.
func (m *Model) modes() []int32 {
	inside, asked := make(map[int32]bool), make(map[int32]bool)
	set := make(map[int32]bool)
	for i, f := range m.flows {
		own := make(map[int32]bool)
		for k := range f.Steps {
			m.note(own, &f.Steps[k])
			if f.Episode {
				continue
			}
			names := f.Steps[k].When.Syntax().Names()
			for _, b := range f.Steps[k].Next {
				names = append(names, b.When.Syntax().Names()...)
			}
			for _, name := range names {
				if v, ok := m.index[name]; ok {
					asked[v] = true
				}
			}
		}
		for v := range own {
			set[v] = true
			if !m.flows[i].Episode {
				inside[v] = true
			}
		}
	}
	list := []int32{m.index[inEpisode]}
	for i := range m.names {
		if v := int32(i); m.kinds[v] == truth && !m.isBit(v) && set[v] && asked[v] && !inside[v] && len(list) < maxModes {
			list = append(list, v)
		}
	}
	return list
}

// newcomer is what is known of somebody of whom nothing is.
func (f *facts) newcomer() env {
	e := make(env, len(f.m.names))
	for i := range f.m.names {
		e[i] = f.domains[i].all
		if k := f.m.kinds[i]; k == text || k == truth {
			e[i] = f.zero(int32(i))
		}
	}
	return e
}

func (f *facts) zero(v int32) uint64 { return f.domains[v].mask(f.m.zeroSet(v)) }

// reach notes that somebody can be at a node with this in their variables.
func (f *facts) reach(n node, e env) {
	for _, e := range f.split(e) {
		at := placeIn{n, f.mode(e)}
		k, ok := f.at[at]
		if !ok {
			k = &known{env: e}
			f.at[at] = k
		} else if !k.env.join(e) {
			continue
		}
		if !k.queued {
			k.queued = true
			f.queue = append(f.queue, at)
		}
	}
}

// split takes apart what is in different modes.
func (f *facts) split(e env) []env {
	list := []env{e}
	for _, v := range f.modes {
		var out []env
		for _, e := range list {
			if e[v]&(e[v]-1) == 0 {
				out = append(out, e)
				continue
			}
			for rest := e[v]; rest != 0; rest &= rest - 1 {
				one := slices.Clone(e)
				one[v] = rest & -rest
				out = append(out, one)
			}
		}
		list = out
	}
	return list
}

func (f *facts) mode(e env) mode {
	var m mode
	for i, v := range f.modes {
		m[i] = e[v]
	}
	return m
}

func (f *facts) expand(at placeIn) {
	e := f.at[at].env
	for _, out := range f.next[at.node] {
		if after, ok := f.after(out.ops, e); ok {
			f.reach(out.to, after)
		}
	}
	n := at.node
	switch n.place {
	case atDo:
		if s := &f.m.flows[n.flow].Steps[n.step]; s.Action == lang.ActCall {
			f.call(at, f.m.id[s.Target], e)
		}
	case atRest, atIdle:
		for i := range f.m.triggers {
			f.trigger(at, &f.m.triggers[i], e)
		}
	case atExit:
		first := placeIn{node{atStep, n.flow, 0}, at.mode}
		for caller := range f.callers[first] {
			f.back(caller, n.flow, e)
		}
		if f.m.flows[n.flow].Episode {
			e, _ = f.after([]op{ended{}}, e)
		}
		f.reach(node{place: atIdle}, e) // it may have been begun in the place of all else
	}
}

// call goes into a flow.
func (f *facts) call(from placeIn, flow int16, e env) {
	if f.m.flows[flow].Episode {
		if e, ok := f.after([]op{begins{f.m.flows[flow].ID}}, e); ok {
			f.reach(node{atStep, flow, 0}, e)
		}
		return
	}
	first := placeIn{node{atStep, flow, 0}, from.mode}
	if f.callers[first] == nil {
		f.callers[first] = make(map[placeIn]bool)
	}
	f.callers[first][from] = true
	f.reach(first.node, e)
	if exit, ok := f.at[placeIn{node{place: atExit, flow: flow}, from.mode}]; ok {
		f.back(from, flow, exit.env)
	}
}

// back comes back from a flow: what nothing can have changed is as it was.
func (f *facts) back(to placeIn, flow int16, exit env) {
	e := slices.Clone(f.at[to].env)
	for i := range e {
		if v := int32(i); f.m.writes[flow][v] || f.changed[v] {
			e[i] = exit[i]
		}
	}
	n := to.node
	if n.place == atDo {
		n.place = atReturn
	}
	f.reach(n, e)
}

// trigger lets something come between.
func (f *facts) trigger(from placeIn, t *trigger, e env) {
	e, ok := f.after(t.ops, e)
	switch {
	case !ok:
	case t.stops:
		e, _ = f.after([]op{ended{}}, e)
		f.reach(node{place: atIdle}, e)
	case t.flow < 0:
		f.reach(from.node, e)
	default:
		f.call(from, t.flow, e)
	}
}

// of is what is known of a node, by mode.
func (f *facts) of(n node) []*known {
	i, ok := f.m.number[n]
	if !ok {
		return nil
	}
	return f.byNode[i]
}

// allow reports whether somebody in a cube can be at a node.
func (f *facts) allow(n node, c cube) bool {
	if n.place == atWait {
		return true
	}
	for _, k := range f.of(n) {
		if f.allows(k, c) {
			return true
		}
	}
	return false
}

func (f *facts) allows(k *known, c cube) bool {
	for _, h := range c.sets {
		if k.env[h.v]&f.domains[h.v].mask(h.set) == 0 {
			return false
		}
	}
	return true
}
