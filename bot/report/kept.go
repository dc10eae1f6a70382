package report

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"spasmbot/flows/markup"
)

// Kept says in words what the data hold: how many records of which kind, from when and
// until when, and how long they are kept. It is plain text of at most 1024 UTF-16 units.
func Kept(p Person) string {
	w := p.words()
	of := make(map[string]int)
	for _, r := range p.Records {
		var record struct {
			Record string         `json:"record"`
			Facts  map[string]any `json:"facts"`
		}
		if json.Unmarshal(r, &record) == nil {
			of[record.Record]++
			of["facts"] += len(record.Facts)
		}
	}
	var lines []string
	for i, n := range [...]int{
		of["facts"], of["episode"], of["entry"], of["reminder"] + of["timer"], of["message"] + of["edit"], of["quarantined"],
	} {
		if n > 0 {
			lines = append(lines, w.KeptKinds[i]+": "+strconv.Itoa(n))
		}
	}
	if first, last, ok := p.timeline(); ok {
		lines = append(lines, fill(w.KeptSpan, "from", p.date(first), "to", p.date(last)))
	}
	if days := int(p.Keep / (24 * time.Hour)); days > 0 {
		lines = append(lines, fill(w.KeptFor, "n", strconv.Itoa(days)))
	} else {
		lines = append(lines, w.KeptForEver)
	}
	return markup.Clip(strings.Join(lines, "\n"), markup.MaxCaption)
}

// timeline is from when until when the records tell; ok is false if none tells of a time.
func (p Person) timeline() (first, last time.Time, ok bool) {
	for _, r := range p.Records {
		var entry struct {
			At *time.Time `json:"at"`
		}
		if json.Unmarshal(r, &entry) != nil || entry.At == nil || entry.At.IsZero() {
			continue
		}
		if at := *entry.At; !ok {
			first, last, ok = at, at, true
		} else if at.Before(first) {
			first = at
		} else if at.After(last) {
			last = at
		}
	}
	return first, last, ok
}

// Ahead says in words what the calendar holds, a line for each appointment.
func Ahead(p Person) string {
	w := p.words()
	plan, err := p.plan()
	if err != nil || len(plan) == 0 {
		return w.NoPlan
	}
	lines := make([]string, len(plan))
	for i, a := range plan {
		lines[i] = fill(w.PlanOnce, "what", a.Title, "time", p.moment(a.At))
		if len(a.Days) > 0 {
			lines[i] = fill(w.PlanWeekly, "what", a.Title, "days", p.weekdays(a.Days), "time", p.clock(a.At), "from", p.shortDate(a.At))
		}
	}
	return markup.Clip(strings.Join(lines, "\n"), markup.MaxCaption)
}

// weekdays names days of the week.
func (p Person) weekdays(list []time.Weekday) string {
	w := p.words()
	names := make(map[time.Weekday]string)
	for _, d := range list {
		names[d] = w.Weekdays[d]
	}
	if len(names) == len(w.Weekdays) {
		return w.EveryDay
	}
	days := make([]string, len(list))
	for i, d := range list {
		days[i] = names[d]
	}
	return strings.Join(days, ", ")
}
