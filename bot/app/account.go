package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"spasmbot/bot/report"
	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// Kept is what the store keeps of a person, as far as the papers tell of it. Episodes
// and Entries are in the order of their numbers.
type Kept struct {
	State    flows.State
	Episodes []flows.Episode
	Entries  []flows.Entry
	// Records is everything, as it is exported.
	Records []json.RawMessage
}

// Account tells of a person what the papers are made from, by the flows that are in use.
// It is of the last episode of the flow that says what the papers are made from, and of
// what has followed it; without any, nothing has happened.
func Account(c *lang.Catalog, k Kept, version string, now time.Time) report.Person {
	a := account{
		catalog: c, kept: k, papers: cmp.Or(c.Papers(), new(lang.Papers)), steps: make(map[string]*lang.Step), now: now,
	}
	for _, f := range c.Flows() {
		for i := range f.Steps {
			a.steps[f.Steps[i].ID] = &f.Steps[i]
		}
	}
	country, _ := k.State.Var(a.papers.Country).Any().(string)
	p := report.Person{
		Now: now, Country: country, Dark: k.State.Var(a.papers.Dark) == flows.BoolOf(true), Zone: c.Location(k.State.Zone), Lang: k.State.Lang, Version: version, Age: a.age(), Facts: a.facts(),
		Records: k.Records,
	}
	episode, ok := a.find()
	p.Earlier = a.earlier(episode)
	if !ok {
		return p
	}
	p.Sleep, p.Plan = a.sleep(), a.plan()
	p.Spasm = a.spasm(episode)
	return p
}

// account is an account that is being made.
type account struct {
	catalog *lang.Catalog
	kept    Kept
	papers  *lang.Papers
	steps   map[string]*lang.Step
	now     time.Time
	// entries are those of the episode and of what has followed.
	entries []flows.Entry
}

// find finds the episode, and its entries.
func (a *account) find() (flows.Episode, bool) {
	for _, e := range slices.Backward(a.kept.Episodes) {
		if f := a.catalog.Flow(e.Flow); f == nil || f.Papers == nil {
			continue
		}
		for _, entry := range a.kept.Entries {
			if entry.Episode >= e.Number {
				a.entries = append(a.entries, entry)
			}
		}
		a.entries = flows.Counting(a.entries)
		return e, true
	}
	return flows.Episode{}, false
}

// spasm tells of an episode.
func (a *account) spasm(e flows.Episode) report.Spasm {
	s := report.Spasm{
		Onset: report.Span{From: e.Onset, To: e.Onset}, Cause: a.last(a.papers.Cause), Place: a.last(a.papers.Place),
		Ended: e.Ended, Outcome: e.Outcome, Signs: a.signs(), Seen: a.seen(), Done: a.done(),
	}
	if since, ok := a.kept.State.Var(a.papers.Since).Any().(time.Time); ok && e.Number == a.kept.State.Episode.Number {
		s.Onset.From = since
	}
	// What follows it, such as the exercises, belongs to it.
	if last := a.kept.State.Episode; last.Live() && last.Number > e.Number {
		s.Ended, s.Outcome = time.Time{}, ""
	}
	s.Pain = a.figures(a.papers.Pain)
	for _, name := range a.papers.Function {
		if f := a.figures(name); len(f) > 0 {
			s.Function = append(s.Function, report.Measure{Name: a.asked(name), Figures: f})
		}
	}
	for _, entry := range a.entries {
		s.Timeline = append(s.Timeline, report.Entry{At: entry.At, Kind: entry.Kind, What: entry.Step, Answer: a.label(entry), Value: entry.Value})
	}
	return s
}

// answers are the entries that answered a question.
func (a *account) answers(step string) (list []flows.Entry) {
	for _, e := range a.entries {
		if step != "" && e.Kind == flows.EntryAnswer && e.Step == step && e.Choice != lang.BackChoice {
			list = append(list, e)
		}
	}
	return list
}

// label is how an answer reads, "" for what is none.
func (a *account) label(e flows.Entry) string {
	if e.Kind != flows.EntryAnswer {
		return e.Choice
	}
	s := a.steps[e.Step]
	if s == nil || s.Question == nil {
		return a.pressed(e)
	}
	v, ok := valueOf(e.Value)
	if !ok {
		return e.Choice
	}
	return s.Question.Label(a.catalog.View(&a.kept.State, s), v)
}

// pressed is what stood on the button of a reminder.
func (a *account) pressed(e flows.Entry) string {
	for _, at := range [][2]string{{e.Step, e.Choice + "_label"}, {"buttons", e.Choice}} {
		if words := a.catalog.Text(a.kept.State.Lang, at[0], at[1]).Plain(); words != "" {
			return words
		}
	}
	return e.Choice
}

// last is the last answer to a question, as it reads.
func (a *account) last(step string) string {
	if list := a.answers(step); len(list) > 0 {
		return a.label(list[len(list)-1])
	}
	return ""
}

// figures are those of a measurement.
func (a *account) figures(name string) (list []report.Figure) {
	for _, e := range a.entries {
		s := a.steps[e.Step]
		if v, ok := e.Value.(float64); ok && name != "" && e.Kind == flows.EntryAnswer && s != nil && s.Question != nil && s.Question.Measures() == name {
			list = append(list, report.Figure{At: e.At, Value: v})
		}
	}
	return list
}

// asked is how a measurement was asked for the last time.
func (a *account) asked(name string) string {
	for _, e := range slices.Backward(a.entries) {
		if s := a.steps[e.Step]; s != nil && s.Question != nil && s.Question.Measures() == name {
			return a.catalog.Text(a.kept.State.Lang, s.ID, "text").Plain()
		}
	}
	return name
}

// age is how old the person is, "" if nobody has asked.
func (a *account) age() string {
	words := report.English()
	switch a.kept.State.Var(a.papers.Older) {
	case flows.BoolOf(true):
		return words.Older
	case flows.BoolOf(false):
		return words.Younger
	}
	return ""
}

// facts are what was ticked, whenever that was, nil if nobody was asked.
func (a *account) facts() (list []string) {
	s := a.steps[a.papers.Facts]
	if s == nil || s.Question == nil || a.kept.State.Var(a.papers.Facts) == (flows.Value{}) {
		return nil
	}
	list = []string{}
	for _, v := range s.Question.Vars(s.ID) {
		choice, part := strings.CutPrefix(v.Name, s.ID+"_")
		if !part || a.kept.State.Var(v.Name) != flows.BoolOf(true) {
			continue
		}
		if words := a.catalog.Text(a.kept.State.Lang, s.ID, choice).Plain(); words != "" {
			list = append(list, words)
		}
	}
	return list
}

// seen are the looks of others at the person: each that was followed by what they said. It
// is nil if nobody has asked.
func (a *account) seen() (list []report.Seen) {
	if len(a.answers(a.papers.Seen)) > 0 {
		list = []report.Seen{}
	}
	by := ""
	for _, e := range a.entries {
		switch {
		case e.Kind != flows.EntryAnswer:
		case e.Step == a.papers.Seen:
			by = a.label(e)
		case e.Step == a.papers.Found && by != "":
			list = append(list, report.Seen{By: by, Found: a.label(e), At: e.At})
			by = ""
		}
	}
	return list
}

// earlier are the ended episodes that the state still knows, but for the one told of.
func (a *account) earlier(than flows.Episode) (list []report.Earlier) {
	cause := a.steps[a.papers.Cause]
	for _, p := range a.kept.State.Past {
		if f := a.catalog.Flow(p.Flow); f == nil || f.Papers == nil || p.Onset.Equal(than.Onset) {
			continue
		}
		e := report.Earlier{Onset: p.Onset, Cause: p.Mark}
		if cause != nil && cause.Question != nil && p.Mark != "" {
			e.Cause = cause.Question.Label(a.catalog.View(&a.kept.State, cause), flows.TextOf(p.Mark))
		}
		list = append(list, e)
	}
	return list
}

// sleep is when the person sleeps, by the flow of their last episode.
func (a *account) sleep() report.Sleep {
	s := &a.kept.State
	f := a.catalog.Flow(s.Episode.Flow)
	if f == nil {
		return report.Sleep{}
	}
	awake, told := f.WakingTold(engine.Scope(a.catalog, s, a.now))
	return report.Sleep{From: time.Duration(awake.To) * time.Minute, To: time.Duration(awake.From) * time.Minute, Told: told}
}

// checksAhead is for how long the calendar has the check-ins: they become fewer.
const checksAhead = 7 * 24 * time.Hour

// plan is what lies ahead of the exercises and the check-ins, as they are armed now.
func (a *account) plan() (list []report.Appointment) {
	s, words := &a.kept.State, report.English()
	for _, r := range s.Pending {
		spec := a.catalog.Track(r.Track)
		if spec == nil || !r.Starts() {
			continue
		}
		one := report.Appointment{ID: fmt.Sprintf("%d-%d-%s", s.User, s.Seal, r.Track), At: a.due(r), Length: spec.Hold}
		switch {
		case slices.Contains(a.papers.Exercise, r.Track):
			one.Title = words.Kinds[report.Exercise]
		case slices.Contains(a.papers.Checks, r.Track):
			one.Title, one.Until = words.Check, one.At.Add(checksAhead)
		default:
			continue
		}
		list = append(list, a.times(one, spec)...)
	}
	return list
}

// due is when a start is to come by the rules of its track, to which the hours of the
// calendar belong: on its own day it may come a little later, beside other things.
func (a *account) due(r flows.Reminder) time.Time {
	for _, tr := range a.kept.State.Tracks {
		if tr.Name == r.Track && !tr.Due.IsZero() {
			return tr.Due
		}
	}
	return r.Due
}

// times are an appointment at each time of day at which it comes, from the one that is
// armed on.
func (a *account) times(one report.Appointment, spec *lang.TrackSpec) []report.Appointment {
	if !spec.ByTime() {
		return []report.Appointment{one}
	}
	scope := engine.Scope(a.catalog, &a.kept.State, a.now)
	if one.Days = spec.DaysIn(scope); len(one.Days) == 0 {
		one.Days = []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	}
	times := spec.TimesIn(scope)
	if len(times) < 2 {
		return []report.Appointment{one}
	}
	var list []report.Appointment
	due := one.At.In(a.catalog.Location(a.kept.State.Zone))
	for _, minute := range times {
		at := one
		at.ID = fmt.Sprintf("%s-%d", one.ID, minute)
		y, m, d := due.Date()
		if at.At = time.Date(y, m, d, 0, minute, 0, 0, due.Location()); at.At.Before(due) {
			at.At = time.Date(y, m, d+1, 0, minute, 0, 0, due.Location())
		}
		list = append(list, at)
	}
	return list
}

// valueOf is the value of an entry as an answer.
func valueOf(v any) (flows.Value, bool) {
	switch v := v.(type) {
	case string:
		return flows.TextOf(v), true
	case float64:
		return flows.NumberOf(v), true
	case bool:
		return flows.BoolOf(v), true
	case time.Time:
		return flows.InstantOf(v), true
	}
	return flows.Value{}, false
}

// about is the question of a step, if it is about signs.
func (a *account) about(step string) (ask.AboutSigns, bool) {
	if s := a.steps[step]; s != nil {
		q, ok := s.Question.(ask.AboutSigns)
		return q, ok
	}
	return nil, false
}
