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
	at    map[spotIn]*known
	next  map[node][]*outgoing
	queue []spotIn
	// byNode is at, whatever the mode.
	byNode map[node][]*known
	// changed are the variables that whatever comes between can change.
	changed map[int32]bool
	// callers are, by where a flow was begun, who waits for it.
	callers map[spotIn]map[spotIn]bool
}

// spotIn is a node in a mode.
type spotIn struct {
	node node
	mode string
}

// outgoing is an edge, from its beginning.
type outgoing struct {
	*edge
	to node
}

// known is what can be in variables, by number; whole sets are left out.
type known struct {
	sets   map[int32]set
	queued bool
}

// learn finds the facts of a catalog.
func (m *Model) learn() *facts {
	f := &facts{
		m: m, modes: m.modes(), at: make(map[spotIn]*known), next: make(map[node][]*outgoing),
		changed: make(map[int32]bool), callers: make(map[spotIn]map[spotIn]bool),
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
	f.reach(node{place: atIdle}, m.newcomer())
	for len(f.queue) > 0 {
		at := f.queue[0]
		f.queue = f.queue[1:]
		f.at[at].queued = false
		f.expand(at)
	}
	f.byNode = make(map[node][]*known)
	for at, k := range f.at {
		f.byNode[at.node] = append(f.byNode[at.node], k)
		if at.node.place == atRest || at.node.place == atIdle {
			f.byNode[node{place: anywhere}] = append(f.byNode[node{place: anywhere}], k)
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
		if v := int32(i); m.kinds[v] == truth && !m.isBit(v) && set[v] && asked[v] && !inside[v] && len(list) < 5 {
			list = append(list, v)
		}
	}
	return list
}

// newcomer is what is known of somebody of whom nothing is.
func (m *Model) newcomer() map[int32]set {
	env := make(map[int32]set)
	for i := range m.names {
		if v := int32(i); m.kinds[v] == text || m.kinds[v] == truth {
			env[v] = m.zeroSet(v)
		}
	}
	return env
}

// reach notes that somebody can be at a node with this in their variables.
func (f *facts) reach(n node, env map[int32]set) {
	for _, env := range f.split(env) {
		at := spotIn{n, f.mode(env)}
		k, ok := f.at[at]
		if !ok {
			k = &known{sets: env}
			f.at[at] = k
		} else if joined, more := join(k.sets, env); more {
			k.sets = joined
		} else {
			continue
		}
		if !k.queued {
			k.queued = true
			f.queue = append(f.queue, at)
		}
	}
}

// split takes apart what is in different modes.
func (f *facts) split(env map[int32]set) []map[int32]set {
	list := []map[int32]set{env}
	for _, v := range f.modes {
		var out []map[int32]set
		for _, env := range list {
			s, ok := env[v]
			if ok && !s.but && len(s.items) == 1 {
				out = append(out, env)
				continue
			}
			for _, one := range f.values(v, s, ok) {
				env := maps.Clone(env)
				env[v] = only(one)
				out = append(out, env)
			}
		}
		list = out
	}
	return list
}

// values lists what a mode can be.
func (f *facts) values(v int32, s set, ok bool) []int32 {
	all := []int32{no, yes}
	if f.m.kinds[v] == text {
		all = []int32{f.m.text("")}
		for _, flow := range f.m.flows {
			if flow.Episode {
				all = append(all, f.m.text(flow.ID))
			}
		}
	}
	return slices.DeleteFunc(all, func(one int32) bool { return ok && !s.has(one) })
}

func (f *facts) mode(env map[int32]set) string {
	b := make([]byte, 0, 8)
	for _, v := range f.modes {
		b = env[v].key(b)
	}
	return string(b)
}

func join(a, b map[int32]set) (out map[int32]set, more bool) {
	for v, s := range a {
		t, ok := b[v]
		if ok && t.within(s) {
			continue
		}
		if !more {
			out, more = maps.Clone(a), true
		}
		if all := s.or(t); ok && !all.whole() {
			out[v] = all
		} else {
			delete(out, v)
		}
	}
	return out, more
}

func (f *facts) expand(at spotIn) {
	env := f.at[at].sets
	for _, e := range f.next[at.node] {
		if after, ok := f.after(e.ops, env); ok {
			f.reach(e.to, after)
		}
	}
	n := at.node
	switch n.place {
	case atDo:
		if s := &f.m.flows[n.flow].Steps[n.step]; s.Action == lang.ActCall {
			f.call(at, f.m.id[s.Target], env)
		}
	case atRest, atIdle:
		for i := range f.m.triggers {
			f.trigger(at, &f.m.triggers[i], env)
		}
	case atExit:
		first := spotIn{node{atStep, n.flow, 0}, at.mode}
		for caller := range f.callers[first] {
			f.back(caller, n.flow, env)
		}
		if f.m.flows[n.flow].Episode {
			env, _ = f.after([]op{ended{}}, env)
		}
		f.reach(node{place: atIdle}, env) // it may have been begun in the place of all else
	}
}

// call goes into a flow.
func (f *facts) call(from spotIn, flow int16, env map[int32]set) {
	if f.m.flows[flow].Episode {
		if env, ok := f.after([]op{begins{f.m.flows[flow].ID}}, env); ok {
			f.reach(node{atStep, flow, 0}, env)
		}
		return
	}
	first := spotIn{node{atStep, flow, 0}, from.mode}
	if f.callers[first] == nil {
		f.callers[first] = make(map[spotIn]bool)
	}
	f.callers[first][from] = true
	f.reach(first.node, env)
	if exit, ok := f.at[spotIn{node{place: atExit, flow: flow}, from.mode}]; ok {
		f.back(from, flow, exit.sets)
	}
}

// back comes back from a flow: what nothing can have changed is as it was.
func (f *facts) back(to spotIn, flow int16, exit map[int32]set) {
	env := maps.Clone(f.at[to].sets)
	for i := range f.m.names {
		v := int32(i)
		if !f.m.writes[flow][v] && !f.changed[v] {
			continue
		}
		if s, ok := exit[v]; ok {
			env[v] = s
		} else {
			delete(env, v)
		}
	}
	n := to.node
	if n.place == atDo {
		n.place = atReturn
	}
	f.reach(n, env)
}

// trigger lets something come between.
func (f *facts) trigger(from spotIn, t *trigger, env map[int32]set) {
	env, ok := f.after(t.ops, env)
	switch {
	case !ok:
	case t.stops:
		env, _ = f.after([]op{ended{}}, env)
		f.reach(node{place: atIdle}, env)
	case t.flow < 0:
		f.reach(from.node, env)
	default:
		f.call(from, t.flow, env)
	}
}

// after is what can be in variables behind some ops; ok is false if nobody gets
// there.
func (f *facts) after(ops []op, env map[int32]set) (map[int32]set, bool) {
	ok := true
	for _, o := range ops {
		if env, ok = f.afterOne(o, env); !ok {
			return nil, false
		}
	}
	return env, true
}

func (f *facts) afterOne(o op, env map[int32]set) (map[int32]set, bool) {
	m := f.m
	switch o := o.(type) {
	case guard:
		return only1(env, reader{Model: m}.condition(o.e, o.want))
	case during:
		return only1(env, o.before(m, cube{}))
	case toldOf:
		return only1(env, o.before(m, cube{}))
	case assigned:
		return f.assign(o, env), true
	case answering:
		env = maps.Clone(env)
		for _, set := range o.sets {
			if v, ok := m.index[set.Var]; ok {
				delete(env, v)
				if one, ok := m.one(set.Value.Any()); ok && set.Known {
					env[v] = only(one)
				}
			}
		}
		return env, true
	case acting:
		return f.act(o.s, env), true
	case ended:
		return f.halted(with(env, m.index[inEpisode], m.text(""))), true
	case begins:
		return f.begin(o, env), true
	case coming:
		return f.come(o, env)
	}
	return env, true
}

// only1 is what can be in the variables of those who are in one of some cubes.
func only1(env map[int32]set, list []cube) (map[int32]set, bool) {
	var out map[int32]set
	for _, c := range list {
		one, ok := env, true
		for _, h := range c.sets {
			s, have := env[h.v]
			if !have {
				s = set{but: true}
			}
			both := s.and(h.set)
			if both.empty() {
				ok = false
				break
			}
			if have && s.within(h.set) {
				continue
			}
			one = maps.Clone(one)
			one[h.v] = both
		}
		switch {
		case !ok:
		case out == nil:
			out = one
		default:
			if all, more := join(out, one); more {
				out = all
			}
		}
	}
	return out, out != nil
}

func with(env map[int32]set, v, one int32) map[int32]set {
	env = maps.Clone(env)
	env[v] = only(one)
	return env
}

// one is the number of a text or a truth.
func (m *Model) one(value any) (int32, bool) {
	switch value := value.(type) {
	case string:
		return m.text(value), true
	case bool:
		if value {
			return yes, true
		}
		return no, true
	}
	return 0, false
}

// assign lists what can be in a variable that is given a value.
func (f *facts) assign(a assigned, env map[int32]set) map[int32]set {
	m := f.m
	var s set
	switch m.kinds[a.v] {
	case truth:
		for _, want := range []int32{no, yes} {
			list := reader{m, a.choice, a.chosen}.truth(a.e.Syntax().Node(), want == yes)
			if _, ok := only1(env, list); ok {
				s = s.or(only(want))
			}
		}
	case text:
		s = f.texts(reader{m, a.choice, a.chosen}, a, env)
	default:
		return env
	}
	env = maps.Clone(env)
	delete(env, a.v)
	if !s.whole() {
		env[a.v] = s
	}
	return env
}

// texts tries each text that there is.
func (f *facts) texts(r reader, a assigned, env map[int32]set) set {
	out := set{but: true}
	n := a.e.Syntax().Node()
	all := set{}
	for i := range f.m.texts.all() {
		one := firstText + int32(i)
		all.items = append(all.items, one)
		if _, ok := only1(env, r.textBefore(cube{}, only(one), n)); !ok {
			out = out.and(only(one).not())
		}
	}
	if _, ok := only1(env, r.textBefore(cube{}, all.not(), n)); !ok {
		out = out.and(all)
	}
	return out
}

func (f *facts) act(s *lang.Step, env map[int32]set) map[int32]set {
	m := f.m
	env = maps.Clone(env)
	switch {
	case s.Action == lang.ActStart || s.Action == lang.ActBegin:
		env[m.anyRuns], env[m.bits[s.Target].running] = only(yes), only(yes)
	case s.Action == lang.ActStop && s.Target == lang.AllTracks:
		env[m.anyRuns] = only(no)
		for _, b := range m.bits {
			env[b.running], env[b.on] = only(no), only(no)
		}
	case s.Action == lang.ActStop:
		env[m.bits[s.Target].running] = only(no)
	}
	return env
}

func (f *facts) halted(env map[int32]set) map[int32]set {
	env[f.m.anyRuns] = only(no)
	for _, b := range f.m.bits {
		env[b.running], env[b.on], env[b.told] = only(no), only(no), only(no)
	}
	return env
}

func (f *facts) begin(b begins, env map[int32]set) map[int32]set {
	m := f.m
	was, ok := env[m.index[inEpisode]]
	idle := !ok || was.has(m.text(""))
	live := !ok || !was.within(only(m.text("")))
	env = with(env, m.index[inEpisode], m.text(b.flow))
	for i := range m.names {
		if v := int32(i); !m.lasts[v] && !m.isBit(v) && (m.kinds[v] == text || m.kinds[v] == truth) {
			env[v] = m.zeroSet(v)
		}
	}
	fresh := f.halted(maps.Clone(env))
	if !idle {
		return fresh
	}
	for _, b := range m.bits {
		env[b.told] = only(no)
	}
	if live {
		env, _ = joinAll(env, fresh)
	}
	return env
}

func joinAll(a, b map[int32]set) (map[int32]set, bool) {
	if out, more := join(a, b); more {
		return out, true
	}
	return a, false
}

func (f *facts) come(c coming, env map[int32]set) (map[int32]set, bool) {
	m := f.m
	b := m.bits[c.t.Name]
	if c.phase != c.t.Start() {
		env, ok := only1(env, []cube{{sets: []held{{b.on, only(yes)}}}})
		if !ok {
			return nil, false
		}
		return with(env, b.on, no), true
	}
	env, ok := only1(env, m.mayStart(c.t))
	if !ok {
		return nil, false
	}
	if c.t.Done != "" {
		env = with(env, b.told, yes)
	}
	if c.t.Round() {
		env = with(env, b.on, yes)
	}
	if c.t.Once {
		env = with(env, b.running, no)
	}
	return env, true
}

// allow reports whether somebody in a cube can be at a node.
func (f *facts) allow(n node, c cube) bool {
	if n.place == atWait {
		return true
	}
	for _, k := range f.byNode[n] {
		if k.allows(c) {
			return true
		}
	}
	return false
}

func (k *known) allows(c cube) bool {
	for _, h := range c.sets {
		if s, ok := k.sets[h.v]; ok && s.and(h.set).empty() {
			return false
		}
	}
	return true
}
