package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/plan"
)

// person is somebody at an instant, and what expressions see of them: it is the
// lang.Scope of a turn. A turn changes the state through it.
type person struct {
	catalog *lang.Catalog
	s       *flows.State
	now     time.Time
}

// Scope is what expressions see of a person at an instant.
func Scope(c *lang.Catalog, s *flows.State, now time.Time) lang.Scope {
	return &person{c, s, now.UTC()}
}

// Waking is when the person may be disturbed, as Step sees it.
func Waking(c *lang.Catalog, s *flows.State, now time.Time, f *lang.Flow) plan.Window {
	return (&person{c, s, now.UTC()}).waking(f)
}

// at is the same person at another instant, as far as is known now.
func (p *person) at(instant time.Time) *person { return &person{p.catalog, p.s, instant} }

func (p *person) live() bool { return p.s.Episode.Live() }

func (p *person) zone() *time.Location { return p.catalog.Location(p.s.Zone) }

// day names the person's local day at an instant.
func (p *person) day(at time.Time) string { return plan.Day(p.zone(), at) }

// waking is when the person may be disturbed: as the episode says, since that is
// what it asks about, and outside of one as the flow at hand says.
func (p *person) waking(f *lang.Flow) plan.Window {
	if episode := p.catalog.Flow(p.Episode()); episode != nil {
		f = episode
	}
	return f.WakingIn(p)
}

// stranger reports whether nothing is to be kept of the person: they have not said what
// the flows demand for that, and nothing waits for them, or they for a take-off. Whoever
// has blocked the bot waits for nothing.
func (p *person) stranger() bool {
	on := func(tr flows.Track) bool { return !tr.On.IsZero() }
	waits := !p.s.Inactive && (p.live() || p.s.At.Step != "") || len(p.s.Pending) > 0
	return !waits && !p.catalog.Keeps(p.s) && !slices.ContainsFunc(p.s.Tracks, on)
}

// track finds the running state of a round or recurrence, nil if it was never
// started. Its state is the person's own: a turn changes it there.
func (p *person) track(name string) *flows.Track {
	for i := range p.s.Tracks {
		if p.s.Tracks[i].Name == name {
			return &p.s.Tracks[i]
		}
	}
	return nil
}

// view is what the question of a step sees of the person.
func (p *person) view(s *lang.Step) ask.View { return p.catalog.ViewIn(p, p.s, s) }

// View is what the question of a step sees of a person at an instant, as Step sees it.
func View(c *lang.Catalog, s *flows.State, step *lang.Step, now time.Time) ask.View {
	return (&person{c, s, now.UTC()}).view(step)
}

// holds evaluates a condition; one that cannot be evaluated does not hold.
func (p *person) holds(e *lang.Expr) bool {
	v, err := e.Eval(p)
	b, ok := v.(bool)
	return err == nil && ok && b
}

// instant evaluates an instant; it is zero for nil and for one that rests on an
// onset nobody has told yet.
func (p *person) instant(e *lang.Expr) time.Time {
	if e == nil {
		return time.Time{}
	}
	v, err := e.Eval(p)
	at, ok := v.(time.Time)
	if err != nil || !ok || at.Year() < 1970 {
		return time.Time{}
	}
	return at.UTC()
}

// number evaluates a number; ok is false if there is none.
func (p *person) number(e *lang.Expr) (n float64, ok bool) {
	v, err := e.Eval(p)
	switch v := v.(type) {
	case float64:
		return v, err == nil
	case int:
		return float64(v), err == nil
	}
	return 0, false
}

// Lookup returns the value of a name.
func (p *person) Lookup(name string) any {
	switch name {
	case "choice":
		return "" // there is one where a choice was made, see chosen
	case "onset":
		return p.s.Episode.Onset
	case "zone":
		return p.zone().String()
	}
	if v := p.catalog.Var(p.s, name).Any(); v != nil {
		return v
	}
	return p.catalog.Vars[name]
}

// Now is the instant.
func (p *person) Now() time.Time { return p.now }

// Heard is when the person last did anything.
func (p *person) Heard() time.Time { return p.s.Heard }

// Local is now in the person's zone.
func (p *person) Local() time.Time { return p.now.In(p.zone()) }

// Episode is the flow of the live episode, "" without one.
func (p *person) Episode() string {
	if p.live() {
		return p.s.Episode.Flow
	}
	return ""
}

// Measured returns the first, the last but one and the last value.
func (p *person) Measured(name string) (first, before, last float64) {
	for _, m := range p.s.Measures {
		if m.Name == name {
			return m.First, m.Before, m.Last
		}
	}
	return 0, 0, 0
}

// Episodes counts those whose onset lies behind, be they of today.
func (p *person) Episodes(within time.Duration, alike bool) int {
	mark, count := "", 0
	if f := p.catalog.Flow(p.s.Episode.Flow); f != nil && f.History != "" {
		mark, _ = p.s.Var(f.History).Any().(string)
	}
	for _, past := range p.s.Past {
		if p.now.Sub(past.Onset) <= within && (!alike || past.Mark == mark && mark != "") {
			count++
		}
	}
	return count
}

// RoundsToday counts the starts of a track on the local day.
func (p *person) RoundsToday(track string) int {
	tr := p.track(track)
	if tr == nil || !plan.Counted(p.zone(), tr, p.now) {
		return 0
	}
	return tr.Today
}

// RoundsTotal counts the starts of a track in the episode.
func (p *person) RoundsTotal(track string) int {
	if tr := p.track(track); tr != nil {
		return tr.Total
	}
	return 0
}

// WhyNot says why the person cannot have a start at this moment.
func (p *person) WhyNot(track string) string {
	spec := p.catalog.Track(track)
	if spec == nil {
		return string(plan.Late)
	}
	rules := p.rules(spec)
	return string(rules.WhyNot(p.standing(track), plan.Start{At: p.now}))
}

// Earliest goes by the least gap, as WhyNot does, and for the rest by what comes
// by itself.
func (p *person) Earliest(track string) time.Time {
	spec := p.catalog.Track(track)
	if spec == nil {
		return time.Time{}
	}
	rules := p.rules(spec)
	at, ok := rules.First(p.standing(track), p.now, rules.Least)
	if !ok {
		return time.Time{}
	}
	return at
}

// standing is a track as the gate sees it, be it one that was never started.
func (p *person) standing(track string) *flows.Track {
	if tr := p.track(track); tr != nil {
		return tr
	}
	return new(flows.Track)
}

// byTime is the gap of what comes at times of the day, which tell one start from
// the next.
const byTime = time.Minute

// rules are those of a track for the person at this instant: what the gate of
// package plan goes by.
func (p *person) rules(spec *lang.TrackSpec) plan.Rules {
	r := plan.Rules{
		Zone: p.zone(), Hold: spec.HoldIn(p), Gap: spec.GapIn(p), Least: spec.LeastGap,
		MostPerDay: spec.MostPerDay, From: p.instant(spec.From), Until: p.instant(spec.Until),
		Up: p.up(), Days: spec.DaysIn(p), Times: spec.TimesIn(p), Grace: spec.Grace,
	}
	switch {
	case spec.Round() || spec.Once: // what comes once has no gap of its own
	case spec.ByTime():
		r.Gap = max(byTime, r.Least)
		r.Least = r.Gap
	case r.Least == 0:
		r.Least = r.Gap
	}
	if f := p.catalog.Flow(spec.Flow); spec.Waking && f != nil {
		r.Waking = p.waking(f)
	}
	if spec.When != nil {
		r.When = func(at time.Time) bool { return p.at(at).holds(spec.When) }
	}
	return r
}

// up is until when the person is up whatever the hour, where the day is planned.
func (p *person) up() time.Time {
	if f := p.catalog.Flow(p.Episode()); f != nil && f.Day != nil && !p.s.Heard.IsZero() {
		return p.s.Heard.Add(f.Day.Awake)
	}
	return time.Time{}
}

// chosen is a person who has just made a choice.
type chosen struct {
	*person
	choice string
}

// Lookup knows the choice.
func (c chosen) Lookup(name string) any {
	if name == "choice" {
		return c.choice
	}
	return c.person.Lookup(name)
}
