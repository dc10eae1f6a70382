package graph

import (
	"fmt"
	"strings"
	"time"

	"spasmbot/flows"
)

// Describe says everything about a round or a reminder, in lines.
func Describe(t *flows.TrackSpec) string {
	lines := []string{t.Name}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if t.Round() {
		add("hold %s", Short(t.Hold))
		if t.Check > 0 {
			add("check %s", Short(t.Check))
		}
		add("gap %s", Short(t.Gap))
		if t.LeastGap > 0 {
			add("least gap %s", Short(t.LeastGap))
		}
	} else if t.Gap > 0 {
		add("every %s", Short(t.Gap))
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
	if t.First > 0 {
		add("first after %s", Short(t.First))
	}
	if t.MostPerDay > 0 {
		add("at most %d a day", t.MostPerDay)
	}
	if t.Waking {
		add("waking hours")
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
