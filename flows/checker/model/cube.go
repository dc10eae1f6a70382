package model

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// cube is some of the persons that there can be: those whose variables are each in
// a set, and for whom all bounds hold. Of what it does not name it says nothing.
// It is a value: whoever changes it makes a new one.
type cube struct {
	sets   []held // by variable
	bounds []bound
}

// held is a set that holds a variable.
type held struct {
	v int32
	set
}

// of is the set that holds a variable; ok is false if nothing is said of it.
func (c cube) of(v int32) (s set, ok bool) {
	i, ok := slices.BinarySearchFunc(c.sets, v, func(h held, v int32) int { return cmp.Compare(h.v, v) })
	if !ok {
		return set{}, false
	}
	return c.sets[i].set, true
}

// speaksOf reports whether the cube says something of a variable.
func (c cube) speaksOf(v int32) bool {
	_, ok := c.of(v)
	return ok || slices.ContainsFunc(c.bounds, func(b bound) bool { return b.by(v) != 0 })
}

// speaksOfSome reports whether the cube says something of one of some variables.
func (c cube) speaksOfSome(vars map[int32]bool) bool {
	return slices.ContainsFunc(c.sets, func(h held) bool { return vars[h.v] }) ||
		slices.ContainsFunc(c.bounds, func(b bound) bool {
			return slices.ContainsFunc(b.terms, func(t term) bool { return vars[t.v] })
		})
}

// where is the part of the cube in which a variable is in a set; ok is false if
// there is none.
func (c cube) where(v int32, s set) (out cube, ok bool) {
	i, known := slices.BinarySearchFunc(c.sets, v, func(h held, v int32) int { return cmp.Compare(h.v, v) })
	if known {
		both := c.sets[i].and(s)
		if both.empty() {
			return cube{}, false
		}
		out = cube{slices.Clone(c.sets), c.bounds}
		out.sets[i].set = both
		return out, true
	}
	if s.whole() {
		return c, true
	}
	return cube{slices.Insert(slices.Clip(c.sets), i, held{v, s}), c.bounds}, !s.empty()
}

// free is the cube without what it says of a variable that has a set.
func (c cube) free(v int32) cube {
	if _, ok := c.of(v); !ok {
		return c
	}
	return cube{slices.DeleteFunc(slices.Clone(c.sets), func(h held) bool { return h.v == v }), c.bounds}
}

// under is the part of the cube for which a bound holds.
func (c cube) under(b bound) (out cube, ok bool) {
	for _, known := range c.bounds {
		if v, never := known.never(); never {
			b = bound{b.with(v, constant(untold)), b.below}.scaled()
		}
	}
	b = b.usual()
	if holds, fixed := b.fixed(); fixed {
		return c, holds
	}
	if v, never := b.never(); never && slices.ContainsFunc(c.bounds, func(b bound) bool { return b.by(v) != 0 }) {
		if c, ok = c.put(v, constant(untold)); !ok {
			return cube{}, false
		}
		return c.under(b)
	}
	for i, known := range c.bounds {
		switch {
		case known.against(b):
			return cube{}, false
		case known.implies(b):
			return c, true
		case b.implies(known):
			out = cube{c.sets, slices.Delete(slices.Clone(c.bounds), i, i+1)}
			return out.under(b)
		}
	}
	if len(c.bounds) == maxBounds {
		return c, true
	}
	i, _ := slices.BinarySearchFunc(c.bounds, b, bound.compare)
	return cube{c.sets, slices.Insert(slices.Clip(c.bounds), i, b)}, true
}

// bounded is a cube with other bounds.
func (c cube) bounded(bounds []bound) (out cube, ok bool) {
	out = cube{sets: c.sets}
	for _, b := range bounds {
		if out, ok = out.under(b); !ok {
			return cube{}, false
		}
	}
	return out, true
}

// loose is the cube in which a number may be anything.
func (c cube) loose(v int32) (cube, bool) { return c.bounded(without(c.bounds, v)) }

// put is the cube of those who are in c once a variable has been given a sum.
func (c cube) put(v int32, s sum) (cube, bool) {
	if !slices.ContainsFunc(c.bounds, func(b bound) bool { return b.by(v) != 0 }) {
		return c, true
	}
	bounds := make([]bound, len(c.bounds))
	for i, b := range c.bounds {
		bounds[i] = bound{b.with(v, s), b.below}.scaled()
	}
	return c.bounded(bounds)
}

// and is what is in both.
func (c cube) and(d cube) (out cube, ok bool) {
	out = c
	for _, h := range d.sets {
		if out, ok = out.where(h.v, h.set); !ok {
			return cube{}, false
		}
	}
	for _, b := range d.bounds {
		if out, ok = out.under(b); !ok {
			return cube{}, false
		}
	}
	return out, true
}

// holds reports whether all of d is in c, as far as can be told at once.
func (c cube) holds(d cube) bool {
	if len(c.sets) > len(d.sets) || len(c.bounds) > 0 && len(d.bounds) == 0 {
		return false
	}
	for _, h := range c.sets {
		if s, ok := d.of(h.v); !ok || !s.within(h.set) {
			return false
		}
	}
	for _, b := range c.bounds {
		if !slices.ContainsFunc(d.bounds, func(a bound) bool { return a.implies(b) }) {
			return false
		}
	}
	return true
}

// join is a cube of exactly those who are in one of two; ok is false if there is
// none.
func (c cube) join(d cube) (out cube, ok bool) {
	if len(c.sets) != len(d.sets) || len(c.bounds) != len(d.bounds) {
		return cube{}, false
	}
	at := -1
	for i := range c.sets {
		if c.sets[i].v != d.sets[i].v {
			return cube{}, false
		}
		if !c.sets[i].within(d.sets[i].set) || !d.sets[i].within(c.sets[i].set) {
			if at >= 0 {
				return cube{}, false
			}
			at = i
		}
	}
	mine, yours := lacking(c.bounds, d.bounds), lacking(d.bounds, c.bounds)
	switch {
	case at >= 0 && mine < 0 && yours < 0:
		out = cube{slices.Clone(c.sets), c.bounds}
		out.sets[at].set = c.sets[at].or(d.sets[at].set)
		if out.sets[at].whole() {
			out.sets = slices.Delete(out.sets, at, at+1)
		}
		return out, true
	case at < 0 && mine >= 0 && yours >= 0 && mine < several && yours < several && c.bounds[mine].not().scaled().implies(d.bounds[yours]):
		return cube{c.sets, slices.Delete(slices.Clone(c.bounds), mine, mine+1)}, true
	}
	return cube{}, false
}

// several stands for more than one bound.
const several = 1 << 20

// lacking is the place of the one bound of a list that another has not, -1 if
// there is none.
func lacking(list, other []bound) int {
	at := -1
	for i, b := range list {
		if slices.ContainsFunc(other, func(a bound) bool { return a.below == b.below && a.compare(b) == 0 }) {
			continue
		}
		if at >= 0 {
			return several
		}
		at = i
	}
	return at
}

func (c cube) key() string {
	b := make([]byte, 0, 64)
	for _, h := range c.sets {
		b = binary.LittleEndian.AppendUint16(b, uint16(h.v))
		b = h.key(b)
	}
	b = append(b, 0xff, 0xff)
	for _, x := range c.bounds {
		b = x.key(b)
	}
	return string(b)
}
