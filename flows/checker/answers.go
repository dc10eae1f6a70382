package checker

import (
	"slices"

	"spasmbot/flows/lang"
)

// gatherAnswers notes what the conditions, and the figures of rounds and
// reminders, compare answers with.
func (m *subject) gatherAnswers(c *lang.Catalog) {
	var conds []*lang.Expr
	for _, f := range c.Flows() {
		for i := range f.Steps {
			conds = append(conds, f.Steps[i].When)
			conds = append(conds, c.Concerning(&f.Steps[i])...)
			for _, b := range f.Steps[i].Next {
				conds = append(conds, b.When)
			}
		}
		for i := range f.Tracks {
			t := &f.Tracks[i]
			conds = append(conds, t.When, t.From, t.Until, t.HoldBy, t.CheckBy, t.GapBy, t.TimesBy, t.DaysBy)
		}
		for _, inv := range f.Invariants {
			conds = append(conds, inv.Require, inv.While)
		}
	}
	heirs := inheritance(c)
	for _, f := range c.Flows() {
		for i := range f.Steps {
			for _, e := range conds {
				if s := &f.Steps[i]; e != nil && s.Question != nil && concerns(e, s, heirs) {
					m.spoken[s.ID] = append(m.spoken[s.ID], e.Syntax().Texts()...)
					for _, n := range e.Syntax().Numbers() {
						m.notable[s.ID] = append(m.notable[s.ID], n-1, n, n+1)
					}
				}
			}
		}
	}
}

// concerns reports whether a condition speaks of the answer to a question, or
// of a variable that is made from it.
func concerns(e *lang.Expr, s *lang.Step, heirs map[string][]string) bool {
	names := e.Syntax().Names()
	var of []string
	for _, v := range s.Question.Vars(s.ID) {
		of = append(of, v.Name)
	}
	measure := s.Question.Measures()
	for i := 0; i < len(of); i++ {
		for _, heir := range heirs[of[i]] {
			if !slices.Contains(of, heir) {
				of = append(of, heir)
			}
		}
	}
	return slices.ContainsFunc(names, func(n string) bool {
		return slices.Contains(of, n) || measure != "" && lang.FigureOf(n) == measure
	})
}

// inheritance tells of each variable which others are made from it.
func inheritance(c *lang.Catalog) map[string][]string {
	heirs := make(map[string][]string)
	for name, from := range sources(c) {
		for _, source := range from {
			heirs[source] = append(heirs[source], name)
		}
	}
	return heirs
}

func union(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(slices.Clip(list), s)
		}
	}
	return list
}

// sources tells of each variable what it is made from: other variables, and steps
// by their answers.
func sources(c *lang.Catalog) map[string][]string {
	from := make(map[string][]string)
	note := func(step string, list []lang.Assignment) {
		for _, a := range list {
			for _, name := range a.Value.Syntax().Names() {
				if name == "choice" {
					name = step
				}
				from[a.Var] = union(from[a.Var], []string{name})
			}
		}
	}
	for _, f := range c.Flows() {
		for i := range f.Steps {
			s := &f.Steps[i]
			note(s.ID, s.Sets())
		}
	}
	return from
}
