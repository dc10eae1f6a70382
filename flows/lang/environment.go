package lang

import (
	"math"
	"slices"
	"time"

	"spasmbot/flows/places"
	"spasmbot/flows/plan"
)

// builtins are the functions of the expression library that expressions may
// use: those that take and give single values.
var builtins = []string{"abs", "ceil", "floor", "round", "int", "float", "min", "max", "len", "upper", "lower", "trim", "duration"}

// functions is the environment that every expression has besides the
// variables.
var functions = map[string]func(Scope) any{
	"pain_first":   func(s Scope) any { first, _, _ := s.Measured("pain"); return first },
	"pain_now":     func(s Scope) any { _, _, last := s.Measured("pain"); return last },
	"pain_trend":   func(s Scope) any { _, before, last := s.Measured("pain"); return last - before },
	"local_hour":   func(s Scope) any { t := s.Local(); return float64(t.Hour()) + float64(t.Minute())/60 },
	"local_day":    func(s Scope) any { return WeekdayNames[s.Local().Weekday()] },
	"now":          func(s Scope) any { return s.Now() },
	"live":         func(s Scope) any { return s.Episode() != "" },
	"episode":      func(s Scope) any { return s.Episode() },
	"last_heard":   func(s Scope) any { return s.Heard() },
	"hours_since":  func(s Scope) any { return func(t time.Time) float64 { return s.Now().Sub(t).Hours() } },
	"rounds_today": func(s Scope) any { return s.RoundsToday },
	"rounds_total": func(s Scope) any { return s.RoundsTotal },
	"why_not":      func(s Scope) any { return s.WhyNot },
	"earliest":     func(s Scope) any { return s.Earliest },
	"episodes_in":  func(s Scope) any { return func(d time.Duration) int { return s.Episodes(d, false) } },
	"alike_in":     func(s Scope) any { return func(d time.Duration) int { return s.Episodes(d, true) } },
	"in_minutes":   func(Scope) any { return func(n float64) time.Duration { return spanOf(n, time.Minute) } },
	"in_hours":     func(Scope) any { return func(n float64) time.Duration { return spanOf(n, time.Hour) } },
	"midnight":     func(s Scope) any { return func(t time.Time, days float64) time.Time { return midnight(s, t, days) } },
	"number_in":    func(Scope) any { return places.Emergency },
	"zone_in":      func(s Scope) any { return func(country string) string { return places.ZoneIn(country, s.Now()) } },
	"zones_in":     func(s Scope) any { return func(country string) int { return len(places.Cities(country, s.Now())) } },
}

// ByClock reports whether a name of the language goes by the person's time of day.
func ByClock(name string) bool {
	return name == "local_hour" || name == "local_day" || name == "rounds_today" || name == "midnight"
}

// passing are the names whose value is another at another time though nothing has happened.
var passing = []string{
	"local_hour", "local_day", "now", "hours_since", "rounds_today", "why_not", "earliest", "episodes_in", "alike_in", "zone_in", "zones_in",
}

// Passes reports whether an expression may have another value later though nothing has
// happened.
func (e *Expr) Passes() bool { return slices.ContainsFunc(passing, e.Uses) }

// MostMidnights is by how many days midnight moves at the most, in either direction.
const MostMidnights = 2900

// midnight is the beginning of the local day that is some days after the one of an
// instant. Fractions of days do not count, and no more days than there may be. Of an
// instant that was never told there is no day.
func midnight(s Scope, t time.Time, days float64) time.Time {
	switch {
	case t.IsZero() || math.IsNaN(days):
		return t
	case days > MostMidnights || days < -MostMidnights:
		days = math.Copysign(MostMidnights, days)
	}
	return plan.Midnight(s.Local().Location(), t, int(days))
}

// figures tells of which measurement a name of the language is a figure.
var figures = map[string]string{"pain_first": "pain", "pain_now": "pain", "pain_trend": "pain"}

// FigureOf is the measurement of which a name of the language is a figure, "" if
// it is none.
func FigureOf(name string) string { return figures[name] }

// spanOf is a number of units, 0 if that is none or too many to be one.
func spanOf(n float64, unit time.Duration) time.Duration {
	if d := n * float64(unit); d > 0 && d < float64(1<<62) {
		return time.Duration(d)
	}
	return 0
}

// nobody is the scope that expressions are compiled against.
type nobody struct{}

func (nobody) Lookup(string) any { return nil }
func (nobody) Now() time.Time    { return time.Time{} }
func (nobody) Episode() string   { return "" }
func (nobody) Heard() time.Time  { return time.Time{} }
func (nobody) Local() time.Time  { return time.Time{} }
func (nobody) Measured(string) (first, before, last float64) {
	return 0, 0, 0
}
func (nobody) RoundsToday(string) int           { return 0 }
func (nobody) RoundsTotal(string) int           { return 0 }
func (nobody) WhyNot(string) string             { return "" }
func (nobody) Earliest(string) time.Time        { return time.Time{} }
func (nobody) Episodes(time.Duration, bool) int { return 0 }

// Reserved reports whether a name belongs to the language and cannot be a
// variable.
func Reserved(name string) bool {
	return functions[name] != nil || name == "choice" || name == Return
}
