package trace

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// maxUnknown is of how many facts at once it is tried that they were not known, such as
// where somebody lives, and from when to when they sleep.
const maxUnknown = 3

// unknown are the beginnings in which some of the facts of one were not known.
func (b *beginning) unknown(names []string, most int) []*beginning {
	var list []*beginning
	for i, name := range names {
		without := b.with(name, nil)
		list = append(list, without)
		if most > 1 {
			list = append(list, without.unknown(names[i+1:], most-1)...)
		}
	}
	return list
}

// others are the beginnings that differ from one in one fact, in some that were not
// known, or in those that one flow remembers.
func (j *judge) others(p *person, b *beginning) []*beginning {
	var list []*beginning
	for _, group := range j.groups(p)[1:] {
		placed := append([]string{zone}, group...)
		list = append(list, b.as(p, group), b.as(p, placed))
		list = append(list, b.unknown(placed, maxUnknown)...)
	}
	for _, name := range j.lasting(p) {
		list = append(list, b.with(name, nil))
		for _, v := range j.possible(p, name) {
			list = append(list, b.with(name, v))
		}
	}
	for _, f := range j.catalog.Flows() {
		for i := range f.Tracks {
			if name := f.Tracks[i].Name; !slices.Contains(b.had, name) {
				other := *b
				other.had = append(slices.Clone(b.had), name)
				list = append(list, &other)
			}
		}
	}
	return list
}

// possible are the values that a variable may have had.
func (j *judge) possible(p *person, name string) []any {
	if name == zone {
		return []any{p.zone}
	}
	values := append(j.values(name), p.facts[name])
	if _, instant := j.catalog.Vars[name].(time.Time); instant {
		values = append(values, p.returns()...)
	}
	return values
}

// hanging are the variables on which it hangs whether the step of an entry is come to.
func (j *judge) hanging(p *person, e *entry) []string {
	if e == nil {
		return nil
	}
	step := j.catalog.Step(e.Step)
	if step == nil {
		return nil
	}
	return slices.DeleteFunc(j.lasting(p), func(name string) bool { return !step.When.Uses(name) })
}

// maxTogether bounds the beginnings that differ in several facts at once.
const maxTogether = 100

// together are the beginnings in which the variables on which it hangs whether an entry
// could come have any values that they may have had; nil is none.
func (j *judge) together(p *person, b *beginning, e *entry) []*beginning {
	list := []*beginning{b}
	for _, name := range j.hanging(p, e) {
		values := j.possible(p, name)
		for _, other := range list {
			for _, v := range values {
				if len(list) <= maxTogether {
					list = append(list, other.with(name, v))
				}
			}
		}
	}
	return list[1:]
}

// How many instants are tried as one that was known before, and how long before them
// nothing was heard.
const (
	manyReturns = 8
	awayLeast   = time.Hour
)

// returns are when the person was heard first, and after some time again: an instant that
// was known before, and is to come, may have come meanwhile.
func (p *person) returns() []any {
	var list []any
	before := time.Time{}
	for i := range p.timelines[0].entries {
		at := p.timelines[0].entries[i].At
		if at.Sub(before) > awayLeast && len(list) < manyReturns {
			list = append(list, at.Format(time.RFC3339Nano))
		}
		before = at
	}
	return list
}

// values are what the flows can set a variable to, as far as that is known before
// anybody is asked.
func (j *judge) values(name string) []any {
	var list []any
	add := func(v any) {
		if n, ok := v.(int); ok {
			v = float64(n)
		}
		if v != nil && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	set := func(sets []lang.Assignment, choice string) {
		for _, a := range sets {
			if a.Var == name {
				if v, err := a.Value.Eval(choosing{engine.Scope(j.catalog, &flows.State{}, time.Time{}), choice}); err == nil {
					add(v)
				}
			}
		}
	}
	for _, f := range j.catalog.Flows() {
		for i := range f.Steps {
			step := &f.Steps[i]
			set(step.Sets(), "")
			for _, c := range step.Choices {
				set(c.Set, c.ID)
				set(step.Set, c.ID)
			}
			if _, about := step.Question.(ask.AboutSigns); about {
				for _, p := range step.Question.Possible(j.catalog.View(&flows.State{}, step), step.ID) {
					set(step.Follows(p.Choice, p.Group).Set, p.Choice)
					set(step.Set, p.Choice)
				}
			}
			for _, v := range j.known(step, name) {
				add(v)
			}
		}
	}
	return list
}

// known are the answers to a question that set a variable.
func (j *judge) known(step *lang.Step, name string) []any {
	if step.Question == nil || !slices.ContainsFunc(step.Question.Vars(step.ID), func(v flows.Var) bool { return v.Name == name }) {
		return nil
	}
	var list []any
	for _, p := range step.Question.Possible(j.catalog.View(&flows.State{}, step), step.ID) {
		for _, s := range p.Sets {
			switch {
			case s.Var == name && s.Known:
				list = append(list, s.Value.Any())
			case s.Var == name && s.Value.Kind == flows.BoolValue:
				list = append(list, false, true)
			}
		}
	}
	return list
}

// choosing is somebody who has made a choice.
type choosing struct {
	lang.Scope
	choice string
}

// Lookup knows the choice.
func (c choosing) Lookup(name string) any {
	if name == "choice" {
		return c.choice
	}
	return c.Scope.Lookup(name)
}
