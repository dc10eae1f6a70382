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

// refining looks for what else to follow so that nobody seems to go the part of a
// way on which they get stuck.
type refining struct {
	m    *Model
	was  map[int32]bool
	way  *writer
	from int
}

func (r refining) refutes(follow map[int32]bool, from int) bool {
	try := *r.m
	try.follow = follow
	_, ok := try.stuck(r.way, from)
	return ok
}

// likely are those of some variables that do it, two at the most.
func (r refining) likely(vars []int32) []map[int32]bool {
	var list []map[int32]bool
	for _, v := range vars {
		if follow := with(r.was, v); !r.was[v] && v != r.m.index[inEpisode] && len(list) < 2 && (r.refutes(follow, r.from) || r.refutes(follow, 0)) {
			list = append(list, follow)
		}
	}
	return list
}

// others are one more variable, or as few as it takes, and rather those that few
// steps speak of.
func (r refining) others() []map[int32]bool {
	rare := r.rare()
	var list []map[int32]bool
	tried := make(map[int32]bool)
	for _, begin := range []int{r.from, 0} {
		found := 0
		for _, v := range rare {
			follow := with(r.was, v)
			if v == r.m.index[inEpisode] && len(list) > 0 {
				break // the facts know much of it already
			}
			if !tried[v] && found < maxCandidates && r.refutes(follow, begin) {
				list, found, tried[v] = append(list, follow), found+1, true
			}
		}
	}
	if len(list) > 0 {
		return list
	}
	all := maps.Clone(r.was)
	for _, v := range rare {
		all[v] = true
	}
	for _, v := range slices.Backward(rare) {
		delete(all, v)
		if !r.refutes(all, r.from) {
			all[v] = true
		}
	}
	return []map[int32]bool{all}
}

// rare are the variables that are not followed and that the way speaks of, those
// first that few steps speak of. The flow of the episode comes last.
func (r refining) rare() []int32 {
	var list []int32
	for v := range r.m.spokenOn(r.way) {
		if !r.was[v] && r.m.uses[v] > 0 && r.m.names[v] != inEpisode {
			list = append(list, v)
		}
	}
	slices.Sort(list)
	slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(r.m.uses[a], r.m.uses[b]) })
	if v := r.m.index[inEpisode]; !r.was[v] {
		list = append(list, v)
	}
	return list
}

// with is some variables and one more.
func with(was map[int32]bool, v int32) map[int32]bool {
	follow := maps.Clone(was)
	follow[v] = true
	return follow
}

// use counts the edges that speak of each variable. What stops all speaks of none in
// particular.
func (m *Model) use() {
	m.uses = make([]int, len(m.names))
	count := func(ops []op) {
		for _, o := range ops {
			if o, ok := o.(acting); ok && o.s.Target == lang.AllTracks {
				continue
			}
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

// spokenOn are the variables that a way speaks of: others cannot show that nobody goes
// it.
func (m *Model) spokenOn(w *writer) map[int32]bool {
	vars := make(map[int32]bool)
	for _, o := range slices.Concat(w.ops, w.end.ops, []op{guard{e: w.end.cond}}) {
		for _, v := range m.spoken(o) {
			vars[v] = true
		}
	}
	return vars
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
	case offOf:
		list = append(list, m.bits[o.t.Name].on)
	case coming:
		b := m.bits[o.t.Name]
		list = append(list, b.running, b.on, b.told)
		names(o.t.When)
		names(o.t.From)
		names(o.t.Until)
	}
	return list
}
