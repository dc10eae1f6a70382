package trace

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/plan"
)

// An export holds what is known of a person now, and not what was known when the
// first of their timelines began. A beginning is what that may have been.
type beginning struct {
	zone string
	vars map[string]any
	// had are the rounds and reminders of which the day has just had its number.
	had []string
}

// zone stands for the time zone among variables.
const zone = "zone"

// with is a beginning with another value of a variable, nil for none.
func (b *beginning) with(name string, v any) *beginning {
	other := *b
	switch {
	case name == zone:
		other.zone, _ = v.(string)
	case v == nil:
		other.vars = maps.Clone(b.vars)
		delete(other.vars, name)
	default:
		other.vars = maps.Clone(b.vars)
		other.vars[name] = v
	}
	return &other
}

// lasting names the variables that a person may have had before: those that outlive
// an episode.
func (j *judge) lasting(p *person) []string {
	names := []string{zone}
	for name := range p.facts {
		if j.catalog.Remembers(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// first are the likely beginnings: all facts were as they are now, or none was
// known.
func (j *judge) first(p *person) []*beginning {
	all := &beginning{zone: p.zone, vars: make(map[string]any)}
	for _, name := range j.lasting(p) {
		if name != zone {
			all.vars[name] = p.facts[name]
		}
	}
	return []*beginning{all, {vars: make(map[string]any)}}
}

// grouped are the beginnings in which some facts were known: those that one flow
// remembers are mostly told together.
func (j *judge) grouped(p *person) []*beginning {
	list := j.first(p)[1:]
	for _, group := range j.groups(p) {
		for _, b := range list {
			if len(list) < manyNodes {
				list = append(list, b.as(p, group))
			}
		}
	}
	return list
}

// as is a beginning with some facts as they are now.
func (b *beginning) as(p *person, names []string) *beginning {
	for _, name := range names {
		if name == zone {
			b = b.with(name, p.zone)
		} else {
			b = b.with(name, p.facts[name])
		}
	}
	return b
}

// groups are the variables by the flow that remembers them.
func (j *judge) groups(p *person) [][]string {
	groups := [][]string{{zone}}
	names := j.lasting(p)
	for _, f := range j.catalog.Flows() {
		own := slices.DeleteFunc(j.whole(f), func(name string) bool { return !slices.Contains(names, name) })
		if len(own) > 0 {
			groups = append(groups, own)
		}
	}
	return groups
}

// whole are the variables that a flow remembers, with the parts of answers.
func (j *judge) whole(f *lang.Flow) []string {
	list := slices.Clone(f.Remember)
	for _, name := range f.Remember {
		if s := j.catalog.Step(name); s != nil && s.Question != nil {
			for _, v := range s.Question.Vars(name) {
				if v.Name != name {
					list = append(list, v.Name)
				}
			}
		}
	}
	return list
}

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
		if name == zone {
			list = append(list, b.with(name, p.zone))
			continue
		}
		values := append(j.values(name), p.facts[name])
		if _, instant := j.catalog.Vars[name].(time.Time); instant {
			values = append(values, p.returns()...)
		}
		for _, v := range values {
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

// begin is a person before the first of their entries.
func (j *judge) begin(p *person, b *beginning, first *entry) *node {
	s := flows.State{User: p.user, Lang: p.lang, Zone: b.zone}
	for _, name := range slices.Sorted(maps.Keys(b.vars)) {
		if v, ok := valueOf(j.catalog.Vars[name], b.vars[name]); ok {
			s.SetVar(name, v)
		}
	}
	for _, past := range p.past {
		if past.Onset.Before(first.At) && !p.tells(past) {
			s.Past = append(s.Past, past)
		}
	}
	for _, name := range b.had {
		s.Tracks = append(s.Tracks, j.had(&s, name, first.At))
	}
	if first.UpdateID == 0 {
		waiting(&s, first)
	}
	return &node{s: s, now: first.At, since: first.At, from: b}
}

// withOpenings is the catalog with more flows: those that begin an episode and
// nothing else.
func withOpenings(c *lang.Catalog) *lang.Catalog {
	list := openings(c)
	for _, f := range c.Flows() {
		own := *f // a catalog notes in its flows where their steps are
		list = append(list, &own)
	}
	return c.With(list)
}

// openings are flows that begin an episode and nothing else, one for each flow with
// episodes. They stand for whatever has led to the first one that an export has.
func openings(c *lang.Catalog) []*lang.Flow {
	var list []*lang.Flow
	for _, f := range c.Flows() {
		if f.Episode {
			id := opening(f.ID)
			list = append(list, &lang.Flow{ID: id, Commands: []string{id}, Steps: []lang.Step{
				{ID: id, Action: lang.ActCall, Target: f.ID},
				{ID: id + " later", Action: lang.ActAsk, Wait: &lang.Wait{Next: id}},
			}})
		}
	}
	return list
}

// opening is the name of the flow that begins an episode of a flow. No flow that is
// read from a file can have it.
func opening(flow string) string { return "begin " + flow }

// waiting lets a person wait for a timer that begins an episode.
func waiting(s *flows.State, first *entry) {
	id := opening(first.Step)
	s.At = flows.Place{Flow: id, Step: id + " later"}
	s.Reminders = 1
	s.Pending = []flows.Reminder{{ID: 1, Kind: flows.KindTimeout, Phase: flows.PhaseWait, Track: "screen", Due: first.At}}
}

// tells reports whether an ended episode is one of the timelines.
func (p *person) tells(past flows.Past) bool {
	return slices.ContainsFunc(p.timelines, func(t *timeline) bool {
		return t.row != nil && t.row.Flow == past.Flow && t.row.Onset.Equal(past.Onset)
	})
}

// had is a track of which somebody has just had all that a day brings.
func (j *judge) had(s *flows.State, name string, at time.Time) flows.Track {
	spec := j.catalog.Track(name)
	return flows.Track{
		Name: name, Flow: spec.Flow, Off: at, Last: at,
		Day: plan.Day(j.catalog.Location(s.Zone), at), Today: cmp.Or(spec.MostPerDay, 1),
	}
}

// valueOf is a fact of an export as a variable; like is a value of its type.
func valueOf(like, v any) (flows.Value, bool) {
	switch v := v.(type) {
	case bool:
		return flows.BoolOf(v), true
	case float64:
		return flows.NumberOf(v), true
	case string:
		if _, instant := like.(time.Time); instant {
			at, err := time.Parse(time.RFC3339Nano, v)
			return flows.InstantOf(at), err == nil
		}
		return flows.TextOf(v), true
	}
	return flows.Value{}, false
}

// commandsOf lists the commands of all flows.
func commandsOf(c *lang.Catalog) []string {
	var list []string
	for _, f := range c.Flows() {
		list = append(list, f.Commands...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
