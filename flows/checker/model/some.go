package model

import (
	"maps"

	"spasmbot/flows/lang"
)

// narrowed is the model for a promise about any reminder: that some track runs is
// said in it only of the tracks that can break the promise. A reminder that only
// comes where the condition is what it is to be makes no difference to it.
func (m *Model) narrowed(cond *lang.Expr, want bool) *Model {
	part := *m
	part.some = make(map[string]bool)
	broken := reader{Model: m}.condition(cond, want)
	for _, t := range m.tracks {
		b := m.bits[t.Name]
		for _, v := range []int32{b.running, b.on} {
			for _, c := range both(broken, reader{Model: m}.inSet(v, only(yes), true)) {
				part.some[t.Name] = part.some[t.Name] || m.allow(node{place: anywhere}, c)
			}
		}
	}
	part.writes = make([]map[int32]bool, len(m.writes))
	for i, writes := range m.writes {
		part.writes[i] = maps.Clone(writes)
		delete(part.writes[i], m.anyRuns)
		for name := range part.some {
			if part.some[name] && writes[m.bits[name].running] {
				part.writes[i][m.anyRuns] = true
			}
		}
	}
	return &part
}

// isSome reports whether a track is one of those of which anyRuns speaks.
func (m *Model) isSome(track string) bool { return m.some == nil || m.some[track] }

// canRun is what the truth can be that some track runs.
func (m *Model) canRun(e env) uint64 {
	var running uint64
	stopped := m.facts.is(m.anyRuns, no)
	for name, b := range m.bits {
		if m.isSome(name) {
			if m.facts.get(e, b.begun)&m.facts.is(b.begun, yes) != 0 {
				running = m.facts.is(m.anyRuns, yes)
			}
			if m.facts.get(e, b.begun)&m.facts.is(b.begun, no) == 0 {
				stopped = 0
			}
		}
	}
	return running | stopped
}

// needed reports whether a variable that a promise speaks of is to be followed from
// the beginning: the facts do not say enough of it.
func (m *Model) needed(e end, v int32) bool {
	cubes := e.cubes(m)
	for _, c := range cubes {
		s, ok := c.of(v)
		if !ok {
			if c.speaksOf(v) {
				return true
			}
			continue
		}
		allowed := false
		for _, k := range m.facts.of(e.node) {
			if !m.allows(k, c) {
				continue
			}
			if allowed = true; v != m.anyRuns && m.facts.get(k.env, v)&^m.facts.domains[v].mask(s) != 0 {
				return true
			}
		}
		if !allowed {
			return true // nobody is there as c says, which is seen by following v
		}
	}
	return len(cubes) == 0 // the same
}
