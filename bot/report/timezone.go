package report

import (
	"fmt"
	"time"
)

// observance is a time in which a zone keeps to one offset.
type observance struct {
	start        time.Time // zero: ever since
	name         string
	offset, last int // seconds east of UTC, and before it began
	summer       bool
}

// observances are those of a zone from one instant to another.
func observances(z *time.Location, from, to time.Time) []observance {
	var list []observance
	for t := from.In(z); ; {
		start, end := t.ZoneBounds()
		o := observance{start: start, summer: t.IsDST()}
		o.name, o.offset = t.Zone()
		o.last = o.offset
		if !start.IsZero() {
			_, o.last = start.Add(-time.Second).Zone()
		}
		list = append(list, o)
		if end.IsZero() || end.After(to) {
			return list
		}
		t = end
	}
}

// zone describes the person's zone for as long as the plan goes. Each change of the
// clock is told by itself: rules of zones change, and not all of them can be written as
// one that comes again.
func (c *icalendar) zone(p Person, plan []Appointment) {
	if len(plan) == 0 || p.Zone == nil || p.Zone == time.UTC {
		return
	}
	from, to := plan[0].At, plan[0].At
	for _, a := range plan {
		for _, t := range []time.Time{a.At.Add(a.Length), a.Until.Add(a.Length)} {
			if t.After(to) {
				to = t
			}
		}
	}
	c.line("BEGIN", "VTIMEZONE")
	c.line("TZID", tzid(p.Zone))
	for _, o := range observances(p.Zone, from, to) {
		kind := "STANDARD"
		if o.summer {
			kind = "DAYLIGHT"
		}
		start := "19700101T000000"
		if !o.start.IsZero() {
			// By the clock as it went before.
			start = o.start.UTC().Add(time.Duration(o.last) * time.Second).Format("20060102T150405")
		}
		c.line("BEGIN", kind)
		c.line("DTSTART", start)
		c.line("TZOFFSETFROM", offset(o.last))
		c.line("TZOFFSETTO", offset(o.offset))
		c.text("TZNAME", o.name)
		c.line("END", kind)
	}
	c.line("END", "VTIMEZONE")
}

// offset is "+0530". Seconds, which no zone has had for decades, are left out.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}
