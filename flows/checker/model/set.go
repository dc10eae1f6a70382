package model

import (
	"encoding/binary"
	"slices"
)

// set is some of the values of a variable, or all but some: values are numbers
// that stand for texts, truths and flows.
type set struct {
	but   bool // all but the items
	items []int32
}

// The values of a truth, and the first of a text.
const (
	no        int32 = 0
	yes       int32 = 1
	firstText int32 = 2
)

func only(v int32) set { return set{items: []int32{v}} }

func (s set) has(v int32) bool { return slices.Contains(s.items, v) != s.but }

// empty reports whether no value is in the set. There are texts without end, and
// so one of them is in whatever leaves out some.
func (s set) empty() bool { return !s.but && len(s.items) == 0 }

// whole reports whether every value is in the set.
func (s set) whole() bool {
	if s.but {
		return len(s.items) == 0
	}
	return len(s.items) == 2 && s.items[0] == no && s.items[1] == yes
}

func (s set) not() set { return set{!s.but, s.items} }

// and is what is in both.
func (s set) and(t set) set {
	switch {
	case s.but && t.but:
		return set{true, sorted(s.items, t.items)}
	case s.but:
		s, t = t, s
	}
	var items []int32
	for _, v := range s.items {
		if t.has(v) {
			items = append(items, v)
		}
	}
	return set{items: items}
}

// or is what is in one of them.
func (s set) or(t set) set { return s.not().and(t.not()).not() }

// within reports whether all that is in s is in t.
func (s set) within(t set) bool { return s.and(t.not()).empty() }

func sorted(a, b []int32) []int32 {
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}

func (s set) key(b []byte) []byte {
	n := uint16(len(s.items)) << 1
	if s.but {
		n |= 1
	}
	b = binary.LittleEndian.AppendUint16(b, n)
	for _, v := range s.items {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}
