package report

import (
	"strconv"
	"strings"

	"spasmbot/flows/markup"
)

// Caption says in words what the chart shows, in at most 1024 UTF-16 units. It is
// plain text, without markup.
func Caption(p Person) string {
	w := p.words()
	lines := []string{p.days()}
	if pain := p.pain(); len(pain) == 0 {
		lines = append(lines, w.NoPain)
	} else {
		top := worst(pain)
		lines = append(
			lines,
			fill(w.PainThen, "from", number(pain[0].Value), "to", number(pain[len(pain)-1].Value)),
			fill(w.PainWorst, "n", number(top.Value), "time", p.moment(top.At)),
		)
	}
	for k := range Kind(kinds) {
		if n := len(p.done(k)); n > 0 {
			lines = append(lines, fill(w.Times, "kind", w.Kinds[k], "n", strconv.Itoa(n)))
		}
	}
	return markup.Clip(strings.Join(lines, "\n"), markup.MaxCaption)
}

// days is "Days 1 to 5: Fri 23 Oct to Tue 27 Oct".
func (p Person) days() string {
	w, last := p.words(), p.day(p.end())
	if last == 1 {
		return fill(w.Day, "n", "1") + ": " + p.shortDate(p.end())
	}
	days := fill(w.Days, "from", "1", "to", strconv.Itoa(last))
	return days + ": " + p.shortDate(p.begin()) + " – " + p.shortDate(p.end())
}
