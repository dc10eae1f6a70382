package model

import (
	"encoding/binary"
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
	words   int
	at      map[placeIn]*known
	number  map[string]mode
	next    map[node][]*outgoing
	// queue holds what is to be expanded. What leads to everything that may come between
	// is expanded last, so that it seldom has to be expanded again.
	queue, last []placeIn
	guards      map[guard][]cube
	// byNode is at, by the number of the node.
	byNode [][]*known
	// changed are the variables that whatever comes between can change. others has all
	// bits of these, and written, by flow, those besides that the flow writes.
	changed map[int32]bool
	others  env
	written []env
	// callers are, by where a flow was begun, who waits for it.
	callers map[placeIn]map[placeIn]bool
	// came are, by mode, those who come back from what came between, and grown the
	// modes in which there are more.
	came  map[mode]*backers
	grown []*backers
}

// backers are those who come back: what is in their variables, and where they may.
type backers struct {
	env   env
	rests []placeIn
	grown bool
}

// mode numbers what is in the modes.
type mode int32

// maxModes bounds the modes.
const maxModes = 40

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
		changed: make(map[int32]bool), callers: make(map[placeIn]map[placeIn]bool),
		came: make(map[mode]*backers), number: make(map[string]mode), guards: make(map[guard][]cube),
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
	f.words = lay(f.domains)
	f.others = f.bitsOf(f.changed)
	for _, writes := range m.writes {
		mask := f.bitsOf(writes)
		mask.join(f.others)
		f.written = append(f.written, mask)
	}
	f.reach(node{place: atIdle}, f.newcomer())
	for f.expandAll(); len(f.grown) > 0; f.expandAll() {
		c := f.grown[0]
		f.grown, c.grown = f.grown[1:], false
		for _, at := range c.rests {
			f.resume(at, c)
		}
	}
	f.byNode = make([][]*known, len(m.number))
	some := m.number[node{place: anywhere}]
	for at, k := range f.at {
		if at.node.place == anywhere {
			continue // each question tells more
		}
		f.byNode[m.number[at.node]] = append(f.byNode[m.number[at.node]], k)
		if at.node.place == atRest || at.node.place == atIdle {
			f.byNode[some] = append(f.byNode[some], k)
		}
	}
	return f
}

func (f *facts) expandAll() {
	for len(f.queue)+len(f.last) > 0 {
		list := &f.queue
		if len(f.queue) == 0 {
			list = &f.last
		}
		at := (*list)[0]
		*list = (*list)[1:]
		f.at[at].queued = false
		f.expand(at)
	}
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
	e := make(env, f.words)
	for i := range f.m.names {
		v := int32(i)
		f.put(e, v, f.domains[v].all)
		if k := f.m.kinds[v]; k == text || k == truth {
			f.put(e, v, f.zero(v))
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
		switch {
		case k.queued:
			continue
		case n.place == anywhere || n.place == atIdle:
			f.last = append(f.last, at)
		default:
			f.queue = append(f.queue, at)
		}
		k.queued = true
	}
}

// split takes apart what is in different modes.
func (f *facts) split(e env) []env {
	list := []env{e}
	for _, v := range f.modes {
		var out []env
		for _, e := range list {
			can := f.get(e, v)
			if can&(can-1) == 0 {
				out = append(out, e)
				continue
			}
			for rest := can; rest != 0; rest &= rest - 1 {
				one := slices.Clone(e)
				f.put(one, v, rest&-rest)
				out = append(out, one)
			}
		}
		list = out
	}
	return list
}

func (f *facts) mode(e env) mode {
	key := make([]byte, 0, 8*maxModes)
	for _, v := range f.modes {
		key = binary.LittleEndian.AppendUint64(key, f.get(e, v))
	}
	n, ok := f.number[string(key)]
	if !ok {
		n = mode(len(f.number))
		f.number[string(key)] = n
	}
	return n
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
		f.rest(at, e)
	case anywhere:
		for i := range f.m.triggers {
			f.trigger(at, &f.m.triggers[i], e)
		}
	case atExit:
		if f.m.begun[n.flow] && !f.m.flows[n.flow].Episode {
			f.comes(at.mode, e)
		}
		first := placeIn{node{atStep, n.flow, 0}, at.mode}
		for caller := range f.callers[first] {
			f.returns(caller, n.flow, e)
		}
		if f.m.flows[n.flow].Episode {
			e, _ = f.after([]op{ended{}}, e)
		}
		f.reach(node{place: atIdle}, e) // it may have been begun in the place of all else
	}
}

// rest lets come between what may come at any question, and comes back from it.
func (f *facts) rest(at placeIn, e env) {
	f.reach(node{place: anywhere}, e)
	if n := at.node; n.place == atRest && hasReason(&f.m.flows[n.flow].Steps[n.step]) {
		f.reach(node{atVoid, n.flow, n.step}, e)
	}
	c := f.back(at.mode)
	if !slices.Contains(c.rests, at) {
		c.rests = append(c.rests, at)
	}
	f.resume(at, c)
}

func (f *facts) back(in mode) *backers {
	c, ok := f.came[in]
	if !ok {
		c = &backers{}
		f.came[in] = c
	}
	return c
}

// comes notes who comes back to where they were.
func (f *facts) comes(in mode, e env) {
	c := f.back(in)
	if c.env == nil {
		c.env = e
	} else if !c.env.join(e) {
		return
	}
	if !c.grown {
		c.grown, f.grown = true, append(f.grown, c)
	}
}

// resume comes back to a question: what nothing can have changed is as it was.
func (f *facts) resume(at placeIn, c *backers) {
	if c.env == nil {
		return
	}
	f.reach(at.node, mixed(f.at[at].env, c.env, f.others))
}

// enter goes into a flow.
func (f *facts) enter(flow int16, e env) {
	if f.m.flows[flow].Episode {
		var ok bool
		if e, ok = f.after([]op{begins{f.m.flows[flow].ID}}, e); !ok {
			return
		}
	}
	f.reach(node{atStep, flow, 0}, e)
}

// call goes into a flow, and comes back from it.
func (f *facts) call(from placeIn, flow int16, e env) {
	f.enter(flow, e)
	if f.m.flows[flow].Episode {
		return
	}
	first := placeIn{node{atStep, flow, 0}, from.mode}
	if f.callers[first] == nil {
		f.callers[first] = make(map[placeIn]bool)
	}
	f.callers[first][from] = true
	if exit, ok := f.at[placeIn{node{place: atExit, flow: flow}, from.mode}]; ok {
		f.returns(from, flow, exit.env)
	}
}

// returns comes back from a flow that was called: what nothing can have changed is as
// it was.
func (f *facts) returns(to placeIn, flow int16, exit env) {
	f.reach(node{atReturn, to.node.flow, to.node.step}, mixed(f.at[to].env, exit, f.written[flow]))
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
		f.comes(from.mode, e)
	default:
		f.enter(t.flow, e)
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
func (m *Model) allow(n node, c cube) bool {
	return n.place == atWait || slices.ContainsFunc(m.facts.of(n), func(k *known) bool { return m.allows(k, c) })
}

func (m *Model) allows(k *known, c cube) bool {
	for _, h := range c.sets {
		can := m.facts.get(k.env, h.v)
		if h.v == m.anyRuns {
			can = m.canRun(k.env)
		}
		if can&m.facts.domains[h.v].mask(h.set) == 0 {
			return false
		}
	}
	return true
}
