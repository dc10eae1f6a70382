package model

import (
	"maps"
	"slices"

	"spasmbot/flows/lang"
)

// domain numbers the values of a variable that are told apart.
type domain struct {
	bit map[int32]uint64
	all uint64
	// The bits are in one word of an env, from shift on.
	word, shift int
}

// full has all bits of the variable, those too that nothing stands for.
func (d *domain) full() uint64 { return 1<<(len(d.bit)+1) - 1 }

// in is what an env says of the variable.
func (d *domain) in(e env) uint64 { return e[d.word] >> d.shift & d.full() }

// put writes what can be in the variable.
func (d *domain) put(e env, can uint64) {
	e[d.word] = e[d.word]&^(d.full()<<d.shift) | can<<d.shift
}

// lay gives the domains their places; it returns how many words an env has.
func lay(list []domain) int {
	word, shift := 0, 0
	for i := range list {
		d := &list[i]
		width := len(d.bit) + 1
		if shift+width > 64 {
			word, shift = word+1, 0
		}
		d.word, d.shift = word, shift
		shift += width
	}
	return word + 1
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
