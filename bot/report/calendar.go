package report

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// planned is for how long what comes again without an end is put into a calendar.
const planned = 365 * 24 * time.Hour

// Calendar is what lies ahead as an iCalendar file (RFC 5545), by the clock of the
// person's zone, which the file describes as long as it needs it. Who imports a newer
// one gets the newer appointments in the place of the old ones.
func Calendar(p Person) ([]byte, error) {
	plan, err := p.plan()
	if err != nil {
		return nil, fmt.Errorf("write the calendar: %w", err)
	}
	var c icalendar
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.text("PRODID", strings.TrimSpace("-//Spasmbot//"+p.Version)+"//EN")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.zone(p, plan)
	for _, a := range plan {
		c.event(p, a)
	}
	c.line("END", "VCALENDAR")
	return c.Bytes(), nil
}

// plan is the plan with what the calendar needs of each appointment filled in.
func (p Person) plan() ([]Appointment, error) {
	var faults []error
	seen := make(map[string]bool)
	plan := make([]Appointment, 0, len(p.Plan))
	for i, a := range p.Plan {
		switch {
		case a.ID == "":
			faults = append(faults, fmt.Errorf("appointment %d has no ID: give it one that it keeps", i+1))
		case seen[a.ID]:
			faults = append(faults, fmt.Errorf("appointment %d has the ID of another, %q: give each its own", i+1, a.ID))
		case a.At.IsZero():
			faults = append(faults, fmt.Errorf("appointment %q has no time: say when it is first", a.ID))
		case a.Length < 0:
			faults = append(faults, fmt.Errorf("appointment %q takes %v: give a length that is not negative", a.ID, a.Length))
		}
		seen[a.ID] = true
		if a, comes := p.first(a); comes {
			plan = append(plan, a)
		}
	}
	return ordered(plan, func(a Appointment) time.Time { return a.At }), errors.Join(faults...)
}

// first moves an appointment that comes again to the first of its days. It reports
// false if there is none until the end.
func (p Person) first(a Appointment) (Appointment, bool) {
	if len(a.Days) == 0 {
		return a, true
	}
	if a.Until.IsZero() {
		a.Until = a.At.Add(planned)
	}
	at := p.local(a.At)
	for range 7 {
		for _, day := range a.Days {
			if at.Weekday() == day {
				a.At = at
				return a, !at.After(a.Until)
			}
		}
		at = at.AddDate(0, 0, 1)
	}
	return a, false
}

// icalendar is the file that is being written.
type icalendar struct{ strings.Builder }

func (c *icalendar) Bytes() []byte { return []byte(c.String()) }

func (c *icalendar) event(p Person, a Appointment) {
	uid := sha256.Sum256([]byte(a.ID))
	c.line("BEGIN", "VEVENT")
	c.line("UID", fmt.Sprintf("%x@spasmbot", uid[:16]))
	c.line("DTSTAMP", p.Now.UTC().Format("20060102T150405Z"))
	c.line(p.starts(a.At))
	// Without a length it is a point in time.
	if a.Length > 0 {
		c.line("DURATION", fmt.Sprintf("PT%dM", int(math.Ceil(a.Length.Minutes()))))
	}
	if len(a.Days) > 0 {
		days := make([]string, len(a.Days))
		for i, d := range a.Days {
			days[i] = strings.ToUpper(d.String()[:2])
		}
		c.line("RRULE", "FREQ=WEEKLY;BYDAY="+strings.Join(days, ",")+";UNTIL="+a.Until.UTC().Format("20060102T150405Z"))
	}
	c.text("SUMMARY", a.Title)
	if a.Note != "" {
		c.text("DESCRIPTION", a.Note)
	}
	c.line("CLASS", "PRIVATE")
	c.line("TRANSP", "TRANSPARENT") // nobody is busy for it
	c.line("END", "VEVENT")
}

// starts is the line that says when an event begins, by the person's clock.
func (p Person) starts(t time.Time) (name, value string) {
	if p.Zone == nil || p.Zone == time.UTC {
		return "DTSTART", t.UTC().Format("20060102T150405Z")
	}
	return "DTSTART;TZID=" + tzid(p.Zone), p.local(t).Format("20060102T150405")
}

// tzid is the name of a zone, without what would end it.
func tzid(z *time.Location) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`";:,`, r) {
			return '-'
		}
		return r
	}, z.String())
}

// text writes a line whose value people read.
func (c *icalendar) text(name, value string) {
	value = strings.ToValidUTF8(value, "\uFFFD")
	value = strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`, `\`, `\\`, ";", `\;`, ",", `\,`).Replace(value)
	c.line(name, strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, value))
}

// line writes a line, folded so that none has more than 75 bytes, never within a letter.
func (c *icalendar) line(name, value string) {
	const most = 75
	rest, room := name+":"+value, most
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], most-1 // a space leads the next
	}
	c.WriteString(rest + "\r\n")
}
