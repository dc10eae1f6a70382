package model

import (
	"maps"

	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// write finds out what flows can change.
func (m *Model) write() {
	m.writes, m.asks = make([]map[int32]bool, len(m.flows)), make([]bool, len(m.flows))
	for i, f := range m.flows {
		m.writes[i] = make(map[int32]bool)
		for k := range f.Steps {
			s := &f.Steps[k]
			m.note(m.writes[i], s)
			m.asks[i] = m.asks[i] || s.Action == lang.ActAsk
		}
	}
	for changed := true; changed; {
		changed = false
		for i, f := range m.flows {
			for k := range f.Steps {
				if s := &f.Steps[k]; s.Action == lang.ActCall {
					called, before := m.id[s.Target], len(m.writes[i])
					maps.Copy(m.writes[i], m.writes[called])
					if len(m.writes[i]) > before || m.asks[called] && !m.asks[i] {
						m.asks[i], changed = m.asks[i] || m.asks[called], true
					}
				}
			}
		}
	}
	m.firsts = make(map[node]map[int32]bool)
	for f := range m.begun {
		m.first(f)
	}
}

// first marks the questions that a flow which comes between may ask before any other,
// with what may be changed until then.
func (m *Model) first(flow int16) {
	changed := make(map[int32]bool)
	for i := range m.triggers {
		if t := &m.triggers[i]; t.flow == flow {
			for _, o := range t.ops {
				if c, ok := o.(coming); ok {
					b := m.bits[c.t.Name]
					changed[b.running], changed[b.on], changed[b.told] = true, true, true
				}
			}
		}
	}
	var asked []node
	seen := make(map[node]bool)
	var visit func(n node)
	visit = func(n node) {
		if seen[n] || n.place != atStep {
			return
		}
		seen[n] = true
		f := m.flows[n.flow]
		s := &f.Steps[n.step]
		if s.When != nil {
			visit(m.stepAt(n.flow, int(n.step)+1))
		}
		if s.Action == lang.ActAsk {
			view := m.view(s)
			if !s.Question.LeftOut(view) {
				asked = append(asked, node{atAsk, n.flow, n.step})
				if !m.passes(s) {
					return
				}
			}
			if got := s.Question.Unasked(); got.Verdict == ask.Answered {
				if next := s.Follows(got.Choice, got.Group).Next; next != "" {
					visit(m.target(n.flow, next))
				}
			}
		}
		if s.Action == lang.ActCall && !m.flows[m.id[s.Target]].Episode {
			visit(m.stepAt(m.id[s.Target], 0))
		}
		m.note(changed, s)
		for _, b := range s.Next {
			visit(m.target(n.flow, b.To))
			if b.When == nil {
				return
			}
		}
		visit(m.stepAt(n.flow, int(n.step)+1))
	}
	visit(m.stepAt(flow, 0))
	for _, n := range asked {
		if m.firsts[n] == nil {
			m.firsts[n] = make(map[int32]bool)
		}
		maps.Copy(m.firsts[n], changed)
	}
}

// note notes what a step changes.
func (m *Model) note(into map[int32]bool, s *lang.Step) {
	for _, a := range s.Sets() {
		if v, ok := m.index[a.Var]; ok {
			into[v] = true
		}
	}
	if s.Question != nil {
		for _, v := range s.Question.Vars(s.ID) {
			into[m.index[v.Name]] = true
		}
		if s.Question.Measures() != "" {
			for _, name := range []string{painFirst, painNow, painBefore} {
				into[m.index[name]] = true
			}
		}
	}
	for _, t := range m.tracks {
		b := m.bits[t.Name]
		if (s.Action == lang.ActStart || s.Action == lang.ActBegin || s.Action == lang.ActStop) && (s.Target == t.Name || s.Target == lang.AllTracks) {
			into[b.running], into[b.on], into[b.begun] = true, true, true
			if m.isSome(t.Name) {
				into[m.anyRuns] = true
			}
		}
	}
}
