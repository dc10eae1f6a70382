package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// matters finds the flows that can change anything that is followed, or bring
// what a claim speaks of. The others are left out: whoever comes back from one is
// where they were, and whatever else may come in between may as well come before
// or after.
func (m *Model) matters(names []string) map[string]bool {
	matter := make(map[string]bool)
	for changed := true; changed; {
		changed = false
		for _, f := range m.flows {
			if !matter[f.ID] && slices.ContainsFunc(f.Steps, func(s lang.Step) bool { return m.stepMatters(&s, names, matter) }) {
				matter[f.ID], changed = true, true
			}
		}
	}
	return matter
}

func (m *Model) stepMatters(s *lang.Step, names []string, matter map[string]bool) bool {
	sets := func(list []lang.Assignment) bool {
		return slices.ContainsFunc(list, func(a lang.Assignment) bool { _, ok := m.varIndex[a.Var]; return ok })
	}
	_, track := m.trackIndex[s.Target]
	switch {
	case slices.Contains(names, s.ID), sets(s.Set):
		return true
	case s.Action == lang.ActEnd:
		return true
	case s.Action == lang.ActCall:
		return matter[s.Target] || m.c.Flow(s.Target).Episode
	case s.Action == lang.ActStart || s.Action == lang.ActBegin:
		return track
	case s.Action == lang.ActStop:
		return track || s.Target == lang.AllTracks && len(m.tracks) > 0
	case s.Question == nil:
		return false
	}
	for _, v := range s.Question.Vars(s.ID) {
		if _, followed := m.varIndex[v.Name]; followed {
			return true
		}
	}
	if s.Question.Measures() != "" && slices.ContainsFunc(measures, func(name string) bool { _, ok := m.varIndex[name]; return ok }) {
		return true
	}
	return slices.ContainsFunc(s.Choices, func(c lang.Choice) bool { return sets(c.Set) })
}
