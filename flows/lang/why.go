package lang

import (
	"spasmbot/flows"
)

// A step can say why the reminder came that came last: what that was, what has moved it
// from when it was to come, and what comes next. All of it is read off what the ledger
// has of that reminder.

// The names that the text of such a step fills in.
const (
	WhyCame  = "came"  // which reminder it was: the text CameText of its kind
	WhyMoved = "moved" // what has moved it: the text of the step with the name of that
	// CameAt is when it came, in CameText, and WhyFirst when it was to come, in the
	// texts of the moves.
	CameAt   = "came_at"
	WhyFirst = "first"
)

// CameText is the text of a reminder's kind that says of one which it was.
const CameText = "came"

// The texts of such a step besides those of the moves.
const (
	WhyNothing  = "none"     // nothing has come by itself yet
	WhyInTime   = "in_time"  // nothing has moved it
	WhyLate     = "late"     // it could not be sent in time
	WhyAskedOn  = "asked_on" // a question was repeated, or given up
	WhyReminder = "reminder" // which it was, of a kind without words for that
)

// Tells reports whether the step says why the reminder came that came last.
func (s *Step) Tells() bool { return s.Action == ActShow && s.Target == TheWhy }

// WhyTexts are the texts of a step that says why, besides text and none, with the name
// that each fills in.
func WhyTexts() map[string]string {
	texts := map[string]string{WhyInTime: "", WhyLate: WhyFirst, WhyAskedOn: CameAt, WhyReminder: CameAt}
	for _, m := range flows.Moves {
		texts[string(m)] = WhyFirst
	}
	return texts
}

// measureWhy notes how long that reads which such steps alone fill in.
func (c *Catalog) measureWhy(most map[string]int) {
	most[CameAt], most[WhyFirst] = max(most[CameAt], longestInstant), max(most[WhyFirst], longestInstant)
	longest := func(of, section, key string) {
		for _, language := range c.Languages() {
			text := c.Text(language, section, key)
			most[of] = max(most[of], text.Longest(func(name string) int { return most[name] }))
		}
	}
	for _, t := range c.tracks {
		for _, kind := range t.Kinds() {
			longest(WhyCame, kind, CameText)
		}
	}
	for _, f := range c.order {
		for i := range f.Steps {
			for key := range WhyTexts() {
				if !f.Steps[i].Tells() {
					continue
				}
				of := WhyMoved
				if key == WhyAskedOn || key == WhyReminder {
					of = WhyCame
				}
				longest(of, f.Steps[i].ID, key)
			}
		}
	}
}
