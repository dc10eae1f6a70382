package model

import (
	"maps"
	"slices"

	"spasmbot/flows/lang"
)

// env is what can be in each variable: of the texts and truths that are told apart
// there, each has a bit, and the first is for all others.
type env []uint64

// others is the bit of what is not told apart.
const others uint64 = 1

// domain numbers the values of a variable that are told apart.
type domain struct {
	bit map[int32]uint64
	all uint64
}

func (d *domain) add(v int32) {
	if _, known := d.bit[v]; !known && len(d.bit) < 63 {
		d.bit[v] = 1 << (len(d.bit) + 1)
		d.all |= d.bit[v]
	}
}

// mask is a set as bits.
func (d *domain) mask(s set) uint64 {
	var m uint64
	for _, v := range s.items {
		if b, ok := d.bit[v]; ok {
			m |= b
		} else if !s.but {
			m |= others
		}
	}
	if s.but {
		return d.all &^ m
	}
	return m
}

// domains finds what is told apart in each variable.
func (m *Model) domains() []domain {
	list := make([]domain, len(m.names))
	for i := range list {
		list[i] = domain{bit: make(map[int32]uint64), all: others}
		switch m.kinds[i] {
		case truth:
			list[i].add(no)
			list[i].add(yes)
			list[i].all &^= others
		case text:
			list[i].add(m.text(""))
		}
	}
	var copies [][2]int32
	note := func(ops []op) {
		for _, o := range ops {
			switch o := o.(type) {
			case guard, during:
				for _, c := range o.before(m, cube{}) {
					for _, h := range c.sets {
						for _, v := range h.items {
							list[h.v].add(v)
						}
					}
				}
				if g, ok := o.(guard); ok {
					for _, c := range (guard{g.e, !g.want}).before(m, cube{}) {
						for _, h := range c.sets {
							for _, v := range h.items {
								list[h.v].add(v)
							}
						}
					}
				}
			case assigned:
				if m.kinds[o.v] != text {
					continue
				}
				list[o.v].add(m.text(o.choice))
				for _, t := range o.e.Syntax().Texts() {
					list[o.v].add(m.text(t))
				}
				for _, name := range o.e.Syntax().Names() {
					if from, ok := m.index[name]; ok && m.kinds[from] == text {
						copies = append(copies, [2]int32{from, o.v}, [2]int32{o.v, from})
					}
				}
			case answering:
				for _, set := range o.sets {
					if v, ok := m.index[set.Var]; ok && set.Known {
						if one, ok := m.one(set.Value.Any()); ok && m.kinds[v] == text {
							list[v].add(one)
						}
					}
				}
			case begins:
				list[m.index[inEpisode]].add(m.text(o.flow))
			}
		}
	}
	for _, n := range m.nodes {
		for i := range m.into[n] {
			note(m.into[n][i].ops)
		}
	}
	for i := range m.triggers {
		note(m.triggers[i].ops)
	}
	for _, f := range m.flows {
		if f.Episode {
			list[m.index[inEpisode]].add(m.text(f.ID))
		}
		for _, inv := range f.Invariants {
			for _, e := range []*lang.Expr{inv.Require, inv.While} {
				if e != nil {
					note([]op{guard{e, true}})
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, c := range copies {
			before := len(list[c[1]].bit)
			for _, v := range slices.Sorted(maps.Keys(list[c[0]].bit)) {
				list[c[1]].add(v)
			}
			changed = changed || len(list[c[1]].bit) > before
		}
	}
	return list
}

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
				e[v] = f.domains[v].all
				if one, ok := m.one(set.Value.Any()); ok && set.Known {
					e[v] = f.domains[v].mask(only(one))
				}
			}
		}
		return e, true
	case acting:
		return f.act(o.s, e), true
	case ended:
		e = slices.Clone(e)
		e[m.index[inEpisode]] = f.zero(m.index[inEpisode])
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
		both := e[h.v] & f.domains[h.v].mask(h.set)
		switch {
		case both == 0:
			return nil, false
		case both == e[h.v]:
			continue
		case !cloned:
			e, cloned = slices.Clone(e), true
		}
		e[h.v] = both
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
	e[a.v] = can
	return e
}

// is is what a truth is known to be.
func (f *facts) is(v, one int32) uint64 { return f.domains[v].mask(only(one)) }

func (f *facts) act(s *lang.Step, e env) env {
	m := f.m
	e = slices.Clone(e)
	set := func(v, one int32) { e[v] = f.is(v, one) }
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
			e[v] = f.is(v, no)
		}
	}
}

func (f *facts) begin(b begins, was env) env {
	m := f.m
	v := m.index[inEpisode]
	e := slices.Clone(was)
	e[v] = f.is(v, m.text(b.flow))
	for i := range m.names {
		if v := int32(i); !m.lasts[v] && !m.isBit(v) && (m.kinds[v] == text || m.kinds[v] == truth) {
			e[v] = f.zero(v)
		}
	}
	fresh := slices.Clone(e)
	f.halt(fresh)
	if was[v]&f.zero(v) == 0 {
		return fresh
	}
	for _, b := range m.bits {
		e[b.told] = f.is(b.told, no)
	}
	if was[v]&^f.zero(v) != 0 {
		e.join(fresh)
	}
	return e
}

func (f *facts) come(c coming, e env) (env, bool) {
	m := f.m
	b := m.bits[c.t.Name]
	if c.phase != c.t.Start() {
		if e[b.on]&f.is(b.on, yes) == 0 {
			return nil, false
		}
		e = slices.Clone(e)
		e[b.on] = f.is(b.on, no)
		return e, true
	}
	e, ok := f.among(e, m.mayStart(c.t))
	if !ok {
		return nil, false
	}
	e = slices.Clone(e)
	if answersBy(c.t) {
		e[b.told] = f.is(b.told, yes)
	}
	if c.t.Round() {
		e[b.on] = f.is(b.on, yes)
	}
	if c.t.Once {
		e[b.running] = f.is(b.running, no)
	}
	return e, true
}
