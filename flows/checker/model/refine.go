package model

import (
	"cmp"
	"maps"
	"slices"

	"spasmbot/flows/lang"
)

// manyPoints is when a search takes so long that few candidates are tried.
const manyPoints = 20_000

// shrink leaves out whatever is not needed to see that nobody can go some ways.
func (m *Model) shrink(follow, need map[int32]bool, ways []*writer) {
	try := *m
	try.follow = follow
	list := make([]int32, 0, len(follow))
	for v := range follow {
		if !need[v] {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b int32) int { return cmp.Or(cmp.Compare(m.uses[b], m.uses[a]), cmp.Compare(a, b)) })
	for _, v := range list {
		delete(follow, v)
		if slices.ContainsFunc(ways, func(w *writer) bool { _, stuck := try.stuck(w, 0); return !stuck }) {
			follow[v] = true
		}
	}
}

// stuck is how much of a way nobody can go, as the number of the first op of its
// last part; ok is false if somebody can go it.
func (m *Model) stuck(w *writer, from int) (at int, ok bool) {
	list := w.end.cubes(m)
	for i := len(w.ops) - 1; i >= from; i-- {
		var out []cube
		for _, c := range list {
			for _, b := range w.ops[i].before(m, c) {
				out = put(out, b)
			}
		}
		if list = few(out); len(list) == 0 {
			return i, true
		}
	}
	return 0, from == 0 && !slices.ContainsFunc(list, m.stranger)
}

// maxCandidates bounds the variables that are tried one after the other.
const maxCandidates = 6

// refine lists what else to follow so that nobody seems to go the part of a way on
// which they get stuck: one more variable, or as few as it takes, and rather those
// that few steps speak of.
func (m *Model) refine(was map[int32]bool, w *writer, from int) []map[int32]bool {
	try := *m
	rare := make([]int32, 0, len(m.names))
	for i := range m.names {
		if v := int32(i); !was[v] && m.uses[i] > 0 {
			rare = append(rare, v)
		}
	}
	slices.SortStableFunc(rare, func(a, b int32) int { return cmp.Compare(m.uses[a], m.uses[b]) })
	refutes := func(follow map[int32]bool, from int) bool {
		try.follow = follow
		_, ok := try.stuck(w, from)
		return ok
	}
	var list []map[int32]bool
	tried := make(map[int32]bool)
	for _, begin := range []int{from, 0} {
		found := 0
		for _, v := range rare {
			follow := maps.Clone(was)
			follow[v] = true
			if !tried[v] && found < maxCandidates && refutes(follow, begin) {
				list, found, tried[v] = append(list, follow), found+1, true
			}
		}
	}
	if len(list) > 0 {
		return list
	}
	all := maps.Clone(was)
	for _, v := range rare {
		all[v] = true
	}
	for _, v := range slices.Backward(rare) {
		delete(all, v)
		if !refutes(all, from) {
			all[v] = true
		}
	}
	return []map[int32]bool{all}
}

// use counts the edges that speak of each variable.
func (m *Model) use() {
	m.uses = make([]int, len(m.names))
	count := func(ops []op) {
		for _, o := range ops {
			for _, v := range m.spoken(o) {
				m.uses[v]++
			}
		}
	}
	for _, edges := range m.into {
		for i := range edges {
			count(edges[i].ops)
		}
	}
	for i := range m.triggers {
		count(m.triggers[i].ops)
	}
}

// spoken lists the variables that an op speaks of.
func (m *Model) spoken(o op) []int32 {
	var list []int32
	names := func(e *lang.Expr) {
		for _, name := range e.Syntax().Names() {
			if name == "live" {
				name = inEpisode
			}
			if v, ok := m.index[name]; ok {
				list = append(list, v)
			}
		}
	}
	switch o := o.(type) {
	case guard:
		names(o.e)
	case reached:
		names(o.e)
	case assigned:
		list = append(list, o.v)
		names(o.e)
	case answering:
		for _, set := range o.sets {
			if v, ok := m.index[set.Var]; ok {
				list = append(list, v)
			}
		}
	case acting:
		for _, t := range m.tracks {
			if o.s.Target == t.Name || o.s.Target == lang.AllTracks {
				list = append(list, m.bits[t.Name].running, m.bits[t.Name].on)
			}
		}
	case during:
		list = append(list, m.index[inEpisode])
	case toldOf:
		list = append(list, m.bits[o.t.Name].told)
	case coming:
		b := m.bits[o.t.Name]
		list = append(list, b.running, b.on, b.told)
	}
	return list
}
