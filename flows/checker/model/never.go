package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// What is told here is of those who begin with the flows as they are, and whom no
// edit of the flows has moved. It may be too much: what is said never to be never
// is, and of the rest nothing is said.

// Entered reports whether anybody may come to a step, whether or not it is then
// done; Done, whether it may be done, or asked.
func (m *Model) Entered(step string) bool { return m.known(atStep, step) }

// Done is as told at [Model.Entered].
func (m *Model) Done(step string) bool {
	return m.known(atDone, step) || m.known(atRest, step)
}

func (m *Model) known(p place, step string) bool {
	for i, f := range m.flows {
		if k := f.Step(step); k >= 0 {
			return len(m.facts.of(node{p, int16(i), int16(k)})) > 0
		}
	}
	return false
}

// Comes reports whether a track may begin a round or a recurrence.
func (m *Model) Comes(t *lang.TrackSpec) bool {
	for _, k := range m.facts.of(node{place: anywhere}) {
		if _, ok := m.facts.come(coming{t, t.Start()}, k.env); ok {
			return true
		}
	}
	return false
}

// Open reports whether there may be a time between From and Until of a track that
// is long enough for it. What is reckoned from an instant that was never told is left
// out.
func (m *Model) Open(t *lang.TrackSpec) bool {
	if t.From == nil || t.Until == nil {
		return true
	}
	usual := func(e *lang.Expr) []cube {
		return either(m.keeps(e, isTold), m.keeps(e, func(s sum) bound { return atMost(s, constant(untold), false) }))
	}
	return len(both(both(usual(t.From), usual(t.Until)), both(m.isFrom(t), m.isUntil(t)))) > 0
}

// Truth is what a condition may be: both if nothing is known.
type Truth struct{ True, False bool }

// Truths tells of each condition that decides where somebody goes, or whether a
// track comes, what it may be when it is asked. One that is never asked is not
// among them.
func (m *Model) Truths() map[*lang.Expr]Truth {
	found := make(map[*lang.Expr]Truth)
	for _, n := range m.nodes {
		for _, e := range m.facts.next[n] {
			for _, k := range m.facts.of(n) {
				m.judge(found, e.ops, k)
			}
		}
	}
	for _, t := range m.tracks {
		running := cube{sets: []held{{m.bits[t.Name].running, only(yes)}}}
		for _, k := range m.facts.of(node{place: anywhere}) {
			if env, ok := m.facts.within(k.env, running); ok && t.When != nil {
				m.judgeOne(found, t.When, &known{env: env})
			}
		}
	}
	return found
}

// judge notes what the conditions on an edge may be for those who take it.
func (m *Model) judge(found map[*lang.Expr]Truth, ops []op, k *known) {
	env := k.env
	for _, o := range ops {
		if g, ok := o.(guard); ok {
			m.judgeOne(found, g.e, &known{env: env})
		}
		var ok bool
		if env, ok = m.facts.afterOne(o, env); !ok {
			return
		}
	}
}

func (m *Model) judgeOne(found map[*lang.Expr]Truth, e *lang.Expr, k *known) {
	t := found[e]
	t.True, t.False = t.True || m.can(k, e, true), t.False || m.can(k, e, false)
	found[e] = t
}

func (m *Model) can(k *known, e *lang.Expr, want bool) bool {
	return slices.ContainsFunc(reader{Model: m}.condition(e, want), func(c cube) bool { return m.allows(k, c) })
}

// Ever reports whether a condition can anywhere be true, or not.
func (m *Model) Ever(e *lang.Expr, want bool) bool {
	for _, n := range m.nodes {
		if slices.ContainsFunc(m.facts.of(n), func(k *known) bool { return m.can(k, e, want) }) {
			return true
		}
	}
	return false
}
