package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// Close adds whatever the variables to follow are made from.
func (f Follow) Close(c *lang.Catalog) Follow {
	from := Sources(c)
	add := func(names []string) {
		for _, name := range names {
			if name == "pain_trend" {
				f.Vars = union(f.Vars, measures)
			}
			if _, isVar := c.Vars[name]; isVar || name == "onset" || slices.Contains(measures, name) {
				f.Vars = union(f.Vars, []string{name})
			}
		}
	}
	vars := f.Vars
	f.Vars = nil
	add(vars)
	for i := 0; i < len(f.Vars); i++ {
		add(from[f.Vars[i]])
	}
	return f
}

func union(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(slices.Clip(list), s)
		}
	}
	return list
}

// Sources tells of each variable what it is made from: other variables, and steps
// by their answers.
func Sources(c *lang.Catalog) map[string][]string {
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
			note(s.ID, s.Set)
			for _, choice := range s.Choices {
				note(s.ID, choice.Set)
			}
		}
	}
	return from
}

// conditions lists all conditions of the catalog, those of its promises too.
func conditions(c *lang.Catalog) []*lang.Expr {
	var list []*lang.Expr
	for _, f := range c.Flows() {
		for i := range f.Steps {
			list = append(list, f.Steps[i].When)
			for _, b := range f.Steps[i].Next {
				list = append(list, b.When)
			}
			for _, a := range f.Steps[i].Set {
				list = append(list, a.Value)
			}
			for _, choice := range f.Steps[i].Choices {
				for _, a := range choice.Set {
					list = append(list, a.Value)
				}
			}
		}
		for i := range f.Tracks {
			list = append(list, f.Tracks[i].When)
		}
		for _, inv := range f.Invariants {
			list = append(list, inv.Require, inv.While)
		}
	}
	return slices.DeleteFunc(list, func(e *lang.Expr) bool { return e == nil })
}
