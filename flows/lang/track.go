package lang

import (
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// Late says what becomes of a reminder that could not be sent in time.
type Late string

// The late policies.
const (
	LateExpire  Late = "expire"  // useless now; wait for the next one
	LateDrop    Late = "drop"    // the same, for what nobody misses
	LateDeliver Late = "deliver" // always told
)

// TrackSpec describes a round (Hold > 0: start, check, take off) or a
// recurrence (Hold == 0: one reminder at a time).
type TrackSpec struct {
	Name string
	// Flow is the flow that declares the track.
	Flow string
	// Class is what it is to the person, for the planning of the day.
	Class plan.Class
	// Hold is how long a round lasts, at the most if HoldBy gives the person's
	// own. Check is when, within it, the skin is to be looked at (0: not).
	Hold, Check     time.Duration
	HoldBy, CheckBy *Expr
	// MostHold is how long what was called may be on, whenever the person says that
	// it is; it is no shorter than Hold.
	MostHold time.Duration
	// RestsAfter is how many calls in a row the person leaves unanswered before
	// none comes until they are heard; 0 is never.
	RestsAfter int
	// Gap separates the end of one round from the start of the next, or two
	// reminders of a recurrence, unless GapBy gives the person's own. It is 0
	// for a recurrence with Times.
	Gap   time.Duration
	GapBy *Expr
	// LeastGap bounds what a person may choose.
	LeastGap time.Duration
	// Once says that a recurrence comes a single time, First after the start.
	Once bool
	// Times are the times of day of a recurrence, in minutes since midnight,
	// rising. TimesBy gives the person's own hour instead.
	Times   []int
	TimesBy *Expr
	// Days are the days of the week on which there are starts; empty means
	// all. DaysBy gives the person's own.
	Days   []time.Weekday
	DaysBy *Expr
	// When is judged at each start: without it there is none; nil is always
	// true.
	When *Expr
	// Done is the flow that runs when a person presses "Done" on the reminder.
	// Run is the flow that runs instead of the reminder. Wrong is the flow that runs
	// when they say at a look that the skin looks wrong, and the round has ended.
	Done, Run, Wrong string
	// MostPerDay bounds starts in one local day; 0 means no bound.
	MostPerDay int
	// Waking keeps starts within waking hours. A round in progress ends on
	// time whatever the hour.
	Waking bool
	// From and Until bound the rounds: none starts before From, and each has
	// ended by Until. Nil means no bound.
	From, Until *Expr
	Late        Late
	// Grace is how late a reminder may be before Late applies.
	Grace time.Duration
	// Silent says that the starts make no sound. Looks and take-offs do.
	Silent bool
	// QuietChecks says that the looks make none either, from the second round of an
	// episode on.
	QuietChecks bool
	// First delays the first reminder; 0 sends it at once.
	First time.Duration
}

// Round reports whether the track is a round with a start and an end.
func (t *TrackSpec) Round() bool { return t.Hold > 0 }

// ByTime reports whether the starts of the track are at times of the day.
func (t *TrackSpec) ByTime() bool { return len(t.Times) > 0 || t.TimesBy != nil }

// HoldIn is how long a round of this person lasts.
func (t *TrackSpec) HoldIn(s Scope) time.Duration {
	if own := durationOf(t.HoldBy, s); own > 0 {
		return min(own, t.Hold)
	}
	return t.Hold
}

// CheckIn is when this person's skin is to be looked at in a round that lasts so
// long, 0 for not.
func (t *TrackSpec) CheckIn(s Scope, hold time.Duration) time.Duration {
	check := t.Check
	if t.CheckBy != nil {
		check = durationOf(t.CheckBy, s)
	}
	if check >= hold {
		return 0
	}
	return max(check, 0)
}

// Checks reports whether there is a check in some round.
func (t *TrackSpec) Checks() bool { return t.Check > 0 || t.CheckBy != nil }

// GapIn is this person's gap between two starts.
func (t *TrackSpec) GapIn(s Scope) time.Duration {
	if t.GapBy == nil {
		return t.Gap
	}
	return max(durationOf(t.GapBy, s), t.LeastGap)
}

// TimesIn lists this person's times of day, in minutes since midnight.
func (t *TrackSpec) TimesIn(s Scope) []int {
	if t.TimesBy == nil {
		return t.Times
	}
	v, err := t.TimesBy.Eval(s)
	hour, ok := numberIn(v)
	if err != nil || !ok || hour < 0 || hour >= 24 {
		return []int{noon}
	}
	return []int{int(hour * 60)}
}

// noon is in minutes since midnight.
const noon = 12 * 60

// DaysIn lists this person's days, empty for all.
func (t *TrackSpec) DaysIn(s Scope) []time.Weekday {
	if t.DaysBy == nil {
		return t.Days
	}
	v, err := t.DaysBy.Eval(s)
	words, _ := v.(string)
	if err != nil {
		return nil
	}
	var days []time.Weekday
	for word := range strings.FieldsSeq(words) {
		if i := slices.Index(WeekdayNames, word); i >= 0 {
			days = append(days, time.Weekday(i))
		}
	}
	return days
}

// WeekdayNames are the days as the flow language calls them, Sunday first.
var WeekdayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func durationOf(e *Expr, s Scope) time.Duration {
	if e == nil {
		return 0
	}
	v, err := e.Eval(s)
	d, ok := v.(time.Duration)
	if err != nil || !ok {
		return 0
	}
	return d
}

func numberIn(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}

// Kind is the reminder kind of a phase, as the timeline and the texts call it:
// "cold-on", "cold-check" and "cold-off" of a round, "check-in" of a recurrence.
func (t *TrackSpec) Kind(phase flows.Phase) string {
	name := strings.ReplaceAll(t.Name, "_", "-")
	switch phase {
	case flows.PhaseCall:
		return name + "-on"
	case flows.PhaseLook:
		return name + "-check"
	case flows.PhaseTakeOff:
		return name + "-off"
	}
	return name
}

// Start is the phase that begins a round, or that a recurrence consists of.
func (t *TrackSpec) Start() flows.Phase {
	if t.Round() {
		return flows.PhaseCall
	}
	return flows.PhaseTick
}

// Tells reports whether the track has reminders of a phase. A track that is not
// there has none.
func (t *TrackSpec) Tells(phase flows.Phase) bool {
	switch {
	case t == nil:
		return false
	case phase == flows.PhaseLook:
		return t.Round() && t.Checks()
	}
	return phase == t.Start() || t.Round() && phase == flows.PhaseTakeOff
}

// Kinds lists the reminder kinds of the track.
func (t *TrackSpec) Kinds() []string {
	var list []string
	for _, phase := range []flows.Phase{flows.PhaseTick, flows.PhaseCall, flows.PhaseLook, flows.PhaseTakeOff} {
		if t.Tells(phase) {
			list = append(list, t.Kind(phase))
		}
	}
	return list
}
