package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// date is "Tue 24 Nov 2026", by the person's clock.
func (p Person) date(t time.Time) string {
	return p.shortDate(t) + " " + strconv.Itoa(p.local(t).Year())
}

// shortDate is "Tue 24 Nov".
func (p Person) shortDate(t time.Time) string {
	t, w := p.local(t), p.words()
	return fmt.Sprintf("%s %d %s", w.Weekdays[t.Weekday()], t.Day(), w.Months[t.Month()-1])
}

// moment is "Tue 24 Nov, 14:05".
func (p Person) moment(t time.Time) string { return p.shortDate(t) + ", " + p.clock(t) }

// clock is "14:05".
func (p Person) clock(t time.Time) string { return p.local(t).Format("15:04") }

// timeOfDay is "22:30", from what has passed since midnight.
func timeOfDay(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours())%24, int(d.Minutes())%60)
}

// city is how a zone is called: "America/New_York" is "New York".
func (p Person) city() string {
	if p.Zone == nil {
		return "UTC"
	}
	name := p.Zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

// number writes a figure without zeros that say nothing.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// fill puts values into words: fill("Day {n}", "n", "3").
func fill(words string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(words)
}
