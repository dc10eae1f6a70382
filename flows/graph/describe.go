package graph

import (
	"fmt"
	"strings"
	"time"

	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// Describe says everything about a round or a reminder, in lines.
func Describe(t *lang.TrackSpec) string {
	lines := []string{t.Name}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	// span adds a figure, or the expression that gives the person's own.
	span := func(name string, d time.Duration, by *lang.Expr) {
		switch {
		case by != nil:
			add("%s %s", name, by.Source)
		case d > 0:
			add("%s %s", name, Short(d))
		}
	}
	if t.Round() {
		span("hold", t.Hold, t.HoldBy)
		if t.HoldBy != nil || t.MostHold > t.Hold {
			span("most hold", t.MostHold, nil)
		}
		if t.RestsAfter > 0 {
			add("rests after %d", t.RestsAfter)
		}
		span("check", t.Check, t.CheckBy)
		span("gap", t.Gap, t.GapBy)
	} else {
		span("every", t.Gap, t.GapBy)
	}
	span("least gap", t.LeastGap, nil)
	if t.TimesBy != nil {
		add("at %s", t.TimesBy.Source)
	}
	if t.DaysBy != nil {
		add("on %s", t.DaysBy.Source)
	}
	if len(t.Times) > 0 {
		times := make([]string, len(t.Times))
		for i, m := range t.Times {
			times[i] = fmt.Sprintf("%02d:%02d", m/60, m%60)
		}
		add("at %s", strings.Join(times, ", "))
	}
	if len(t.Days) > 0 {
		days := make([]string, len(t.Days))
		for i, d := range t.Days {
			days[i] = d.String()[:3]
		}
		add("on %s", strings.Join(days, ", "))
	}
	if t.Once {
		add("once after %s", Short(t.First))
	} else if t.First > 0 {
		add("first after %s", Short(t.First))
	}
	if t.MostPerDay > 0 {
		add("at most %d a day", t.MostPerDay)
	}
	if t.Waking {
		add("waking hours")
	}
	if t.Silent {
		add("silent")
	}
	if t.QuietChecks {
		add("checks silent from the second on")
	}
	if t.Class != plan.ClassCheckIn && !t.Round() {
		add("class %s", t.Class)
	}
	if t.When != nil {
		add("when %s", t.When.Source)
	}
	if t.Done != "" {
		add("done runs %s", t.Done)
	}
	if t.Run != "" {
		add("runs %s", t.Run)
	}
	if t.Wrong != "" {
		add("wrong runs %s", t.Wrong)
	}
	if t.From != nil {
		add("from %s", t.From.Source)
	}
	if t.Until != nil {
		add("until %s", t.Until.Source)
	}
	add("late: %s after %s", t.Late, Short(t.Grace))
	return strings.Join(lines, "\n")
}

// Short writes a duration as a flow does: 20m, 1h30m, 3d.
func Short(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
