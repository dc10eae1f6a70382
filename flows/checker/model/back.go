package model

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// back draws the button that leads from a question to the one before, and on from
// there if that is not asked: conditions first, as they are when it is pressed, and
// then all that is set.
func (m *Model) back(flow, i int16, s *lang.Step) {
	f, label := m.flows[flow], Event{Kind: Answered, Step: s.ID, Choice: lang.BackChoice}
	var guards, sets []op
	for range f.Steps {
		if s.Back == nil {
			return
		}
		to := m.target(flow, s.Back.Next)
		sets = append(slices.Clip(sets), m.assigning(s.Back.Set, "", false)...)
		if to.place == atExit {
			m.link(to, edge{from: node{atRest, flow, i}, ops: slices.Concat(guards, sets), label: label})
			return
		}
		if s = &f.Steps[to.step]; !s.Question.LeftOut(m.c.View(&flows.State{}, s)) {
			asked := guards
			if s.When != nil {
				asked = append(slices.Clip(guards), guard{e: s.When, want: true})
			}
			m.link(to, edge{from: node{atRest, flow, i}, ops: slices.Concat(asked, sets), label: label})
			if s.When == nil {
				return
			}
			guards = append(slices.Clip(guards), guard{e: s.When})
		}
	}
}
