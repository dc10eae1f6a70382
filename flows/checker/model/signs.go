package model

import (
	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/signs"
)

// AnyClass makes the model of a catalog in which each warning sign is of every class
// that it may have: what never happens there never happens however signs are moved
// from class to class. A list of signs may be asked there, or not.
func AnyClass(c *lang.Catalog) *Model { return build(c, c.SignTable() != nil) }

// view is what a question sees of nobody in particular.
func (m *Model) view(s *lang.Step) ask.View {
	v := m.c.View(&flows.State{}, s)
	if m.anyClass {
		return ofAnyClass{v}
	}
	return v
}

// ofAnyClass is a view of a table in which each sign is of every class that it may
// have.
type ofAnyClass struct{ ask.View }

func (v ofAnyClass) Signs() []ask.Sign {
	var list []ask.Sign
	for _, s := range v.View.Signs() {
		for _, s.Class = range signs.Open(s.ID) {
			list = append(list, s)
		}
	}
	return list
}

// passes reports whether a question that is asked of some is passed over by others.
func (m *Model) passes(s *lang.Step) bool {
	q, about := s.Question.(ask.AboutSigns)
	return s.Asked != nil || m.anyClass && about && q.Lists()
}

// asking draws the way to a question that not everybody is asked, and the one past it.
// Whoever comes back to it, since something came between, and for whom nothing is on it
// any more goes on as those who answer it so, which everybody can here.
func (m *Model) asking(flow, i int16, view ask.View) {
	s := &m.flows[flow].Steps[i]
	at := func(p place) node { return node{p, flow, i} }
	if !m.passes(s) {
		m.link(at(atAsk), edge{from: at(atDo)})
		return
	}
	var none []op
	if m.anyClass {
		m.link(at(atAsk), edge{from: at(atDo)})
	} else {
		for _, e := range s.Asked {
			m.link(at(atAsk), edge{from: at(atDo), ops: []op{guard{e: e, want: true}}})
			none = append(none, guard{e: e})
		}
	}
	m.unasked(flow, i, view, edge{from: at(atDo), ops: none})
}

// unasked draws what follows where a question is left out, behind way.
func (m *Model) unasked(flow, i int16, view ask.View, way edge) {
	s := &m.flows[flow].Steps[i]
	got := s.Question.Unasked()
	if got.Verdict != ask.Answered {
		m.branch(flow, i, way)
		return
	}
	for _, p := range s.Question.Possible(view, s.ID) {
		if p.Choice == got.Choice {
			m.answer(flow, i, p, way)
		}
	}
}

// concerned lets those pass whom the sign that is an answer concerns.
func (m *Model) concerned(p ask.Possible) []op {
	if p.Group == "" {
		return nil
	}
	if s := m.c.Sign(p.Choice); s != nil && s.Of != nil {
		return []op{guard{e: s.Of, want: true}}
	}
	return nil
}
