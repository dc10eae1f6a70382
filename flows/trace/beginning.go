package trace

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
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
