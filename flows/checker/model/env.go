package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// env is what can be in each variable: of the texts and truths that are told apart
// there, each has a bit, and the first is for all others. The bits of all variables lie
// together in as few words as they take, since environments are copied and joined all
// the time; domains know where.
type env []uint64

// others is the bit of what is not told apart.
const others uint64 = 1

// join adds what can be; it reports whether there was something new.
func (e *env) join(with env) bool {
	old, more := *e, false
	for i, m := range with {
		if m&^old[i] != 0 {
			if !more {
				old, more = slices.Clone(old), true
			}
			old[i] |= m
		}
	}
	*e = old
	return more
}

// bitsOf has all bits of some variables.
func (f *facts) bitsOf(vars map[int32]bool) env {
	e := make(env, f.words)
	for v := range vars {
		if vars[v] {
			f.put(e, v, f.domains[v].full())
		}
	}
	return e
}

// mixed is one env, with the bits of a mask from the other.
func mixed(one, other, mask env) env {
	e := make(env, len(one))
	for i, m := range mask {
		e[i] = one[i]&^m | other[i]&m
	}
	return e
}

// after is what can be in variables behind some ops; ok is false if nobody gets
// there.
func (f *facts) after(ops []op, e env) (env, bool) {
	for _, o := range ops {
		next, ok := f.afterOne(o, e)
		if !ok {
			return nil, false
		}
		e = next
	}
	return e, true
}

func (f *facts) afterOne(o op, e env) (env, bool) {
	m := f.m
	switch o := o.(type) {
	case guard:
		return f.among(e, f.cubes(o))
	case during, toldOf, offOf:
		return f.among(e, o.before(m, cube{}))
	case assigned:
		return f.assign(o, e), true
	case answering:
		e = slices.Clone(e)
		for _, set := range o.sets {
			if v, ok := m.index[set.Var]; ok {
				can := f.domains[v].all
				if one, ok := m.one(set.Value.Any()); ok && set.Known {
					can = f.domains[v].mask(only(one))
				}
				f.put(e, v, can)
			}
		}
		return e, true
	case acting:
		return f.act(o.s, e), true
	case ended:
		e = slices.Clone(e)
		f.put(e, m.index[inEpisode], f.zero(m.index[inEpisode]))
		f.halt(e)
		return e, true
	case begins:
		return f.begin(o, e), true
	case coming:
		return f.come(o, e)
	}
	return e, true
}

// cubes are those of a guard, which are asked for often.
func (f *facts) cubes(g guard) []cube {
	list, known := f.guards[g]
	if !known {
		list = g.before(f.m, cube{})
		f.guards[g] = list
	}
	return list
}

// among is what can be in the variables of those who are in one of some cubes.
func (f *facts) among(e env, list []cube) (env, bool) {
	var out env
	for _, c := range list {
		one, ok := f.within(e, c)
		switch {
		case !ok:
		case out == nil:
			out = one
		default:
			out.join(one)
		}
	}
	return out, out != nil
}

func (f *facts) within(e env, c cube) (env, bool) {
	cloned := false
	for _, h := range c.sets {
		can := f.get(e, h.v)
		both := can & f.domains[h.v].mask(h.set)
		switch {
		case both == 0:
			return nil, false
		case both == can:
			continue
		case !cloned:
			e, cloned = slices.Clone(e), true
		}
		f.put(e, h.v, both)
	}
	return e, true
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
func (f *facts) assign(a assigned, e env) env {
	m := f.m
	r := reader{m, a.choice, a.chosen}
	n := a.e.Syntax().Node()
	var can uint64
	d := &f.domains[a.v]
	switch m.kinds[a.v] {
	case truth:
		for _, one := range []int32{no, yes} {
			if _, ok := f.among(e, r.truth(n, one == yes)); ok {
				can |= d.mask(only(one))
			}
		}
	case text:
		var all set
		for one, bit := range d.bit {
			all.items = append(all.items, one)
			if _, ok := f.among(e, r.textBefore(cube{}, only(one), n)); ok {
				can |= bit
			}
		}
		slices.Sort(all.items)
		if _, ok := f.among(e, r.textBefore(cube{}, all.not(), n)); ok {
			can |= others
		}
	default:
		return e
	}
	e = slices.Clone(e)
	f.put(e, a.v, can)
	return e
}

func (f *facts) get(e env, v int32) uint64      { return f.domains[v].in(e) }
func (f *facts) put(e env, v int32, can uint64) { f.domains[v].put(e, can) }

// is is what a truth is known to be.
func (f *facts) is(v, one int32) uint64 { return f.domains[v].mask(only(one)) }

func (f *facts) act(s *lang.Step, e env) env {
	m := f.m
	e = slices.Clone(e)
	set := func(v, one int32) { f.put(e, v, f.is(v, one)) }
	switch {
	case s.Action == lang.ActStart || s.Action == lang.ActBegin:
		set(m.bits[s.Target].running, yes)
		set(m.bits[s.Target].begun, yes)
	case s.Action == lang.ActStop && s.Target == lang.AllTracks:
		for _, b := range m.bits {
			set(b.running, no)
			set(b.on, no)
			set(b.begun, no)
		}
	case s.Action == lang.ActStop:
		set(m.bits[s.Target].running, no)
	}
	return e
}

// halt stops all tracks.
func (f *facts) halt(e env) {
	for _, b := range f.m.bits {
		for _, v := range []int32{b.running, b.on, b.told, b.begun} {
			f.put(e, v, f.is(v, no))
		}
	}
}

func (f *facts) begin(b begins, was env) env {
	m := f.m
	v := m.index[inEpisode]
	e := slices.Clone(was)
	f.put(e, v, f.is(v, m.text(b.flow)))
	for i := range m.names {
		if v := int32(i); !m.lasts[v] && !m.isBit(v) && (m.kinds[v] == text || m.kinds[v] == truth) {
			f.put(e, v, f.zero(v))
		}
	}
	fresh := slices.Clone(e)
	f.halt(fresh)
	if f.get(was, v)&f.zero(v) == 0 {
		return fresh
	}
	for _, b := range m.bits {
		f.put(e, b.told, f.is(b.told, no))
	}
	if f.get(was, v)&^f.zero(v) != 0 {
		e.join(fresh)
	}
	return e
}

func (f *facts) come(c coming, e env) (env, bool) {
	m := f.m
	b := m.bits[c.t.Name]
	if c.phase != c.t.Start() {
		if f.get(e, b.on)&f.is(b.on, yes) == 0 {
			return nil, false
		}
		e = slices.Clone(e)
		f.put(e, b.on, f.is(b.on, no))
		return e, true
	}
	e, ok := f.among(e, m.mayStart(c.t))
	if !ok {
		return nil, false
	}
	e = slices.Clone(e)
	if answersBy(c.t) {
		f.put(e, b.told, f.is(b.told, yes))
	}
	if c.t.Round() {
		f.put(e, b.on, f.is(b.on, yes))
	}
	if c.t.Once {
		f.put(e, b.running, f.is(b.running, no))
	}
	return e, true
}
