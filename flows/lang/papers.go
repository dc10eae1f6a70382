package lang

import "strings"

// Papers says what the papers of a person are made from: the names of questions, of
// measurements, and of rounds and reminders. Whatever is empty stands on no paper.
type Papers struct {
	// Pain and Function are measurements, again and again, Function all but pain.
	Pain     string
	Function []string
	// Cold, Warmth, Moves and Exercise are rounds and reminders.
	Cold, Warmth, Moves, Exercise []string
	// Checks are the reminders that ask how the person is, for the calendar.
	Checks []string
	// Medicine are questions that are answered in the person's own words.
	Medicine []string
	// Since is the variable of the earliest instant at which it may have begun, and
	// Country of the country where the person is. Dark is the variable that says that
	// their chat is dark: then the chart is; Older that they are 65 or older.
	Since, Country, Dark, Older string
	// Cause and Place are questions: what set it off, and where it hurts. Facts asks for
	// what lastingly matters, Seen who has had a look, and Found what they said.
	Cause, Place, Facts, Seen, Found string
}

// PaperFailed is the text of the section system that is said in the place of a paper that
// could not be made.
const PaperFailed = "paper_failed"

// SignsFirst is the text of the section system that is said to a command that waits until
// a question about warning signs is answered.
const SignsFirst = "signs_first"

// Papers returns what the papers are made from, nil if the flows do not say.
func (c *Catalog) Papers() *Papers {
	for _, f := range c.order {
		if f.Papers != nil {
			return f.Papers
		}
	}
	return nil
}

// Variables are those that the papers show.
func (p *Papers) Variables() []string {
	if p == nil {
		return nil
	}
	return append([]string{p.Since, p.Country, p.Dark, p.Older, p.Cause, p.Place, p.Facts, p.Seen, p.Found}, p.Medicine...)
}

// Lines says the same in words, a line each.
func (p *Papers) Lines() []string {
	if p == nil {
		return nil
	}
	var lines []string
	for _, l := range []struct {
		what string
		of   []string
	}{
		{"pain", []string{p.Pain}},
		{"function", p.Function},
		{"cold", p.Cold},
		{"warmth", p.Warmth},
		{"moves", p.Moves},
		{"exercise", p.Exercise},
		{"checks", p.Checks},
		{"medicine", p.Medicine},
		{"since", []string{p.Since}},
		{"country", []string{p.Country}},
		{"dark", []string{p.Dark}},
		{"older", []string{p.Older}},
		{"cause", []string{p.Cause}},
		{"place", []string{p.Place}},
		{"facts", []string{p.Facts}},
		{"seen", []string{p.Seen}},
		{"found", []string{p.Found}},
	} {
		if of := strings.Join(l.of, " "); of != "" {
			lines = append(lines, "papers "+l.what+" "+of)
		}
	}
	return lines
}
