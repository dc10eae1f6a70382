package measure

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"text/tabwriter"

	"spasmbot/flows/lang"
)

// Report is what was counted of one person.
type Report struct {
	Person string    `json:"person"`
	About  string    `json:"about"`
	Marks  []Reached `json:"marks"`
	// Days are the days that are counted, the first of them first.
	Days []Figures `json:"days"`
}

// Reached is how a person came to a mark: how long after the counting began, and the
// figures up to then. Both are empty if they never did.
type Reached struct {
	Mark    string  `json:"mark"`
	After   string  `json:"after,omitempty"`
	Figures Figures `json:"figures,omitempty"`
}

// Measure plays everybody and counts. The error names every question that somebody has
// no answer to.
func Measure(c *lang.Catalog, people People) ([]Report, error) {
	var out []Report
	var faults []error
	for i := range people.People {
		p := &people.People[i]
		count, err := play(c, p)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		out = append(out, Report{p.Name, p.About, count.marks, count.days[:p.Days]})
	}
	return out, errors.Join(faults...)
}

// WriteTable prints what was counted, and how it stands with the budgets.
func WriteTable(out io.Writer, reports []Report, held []Held) error {
	for i := range reports {
		if err := reports[i].write(out); err != nil {
			return err
		}
	}
	if len(held) == 0 {
		return nil
	}
	fmt.Fprintln(out, "budgets")
	w := table(out)
	fmt.Fprintln(w, "\tof\t\tmeasured\tat most\tto reach")
	for _, h := range held {
		reach := "-"
		if h.ToReach != nil {
			reach = fmt.Sprint(*h.ToReach)
		}
		over := ""
		if h.Over() {
			over = "\tEXCEEDED"
		}
		fmt.Fprintf(w, "\t%s\t%s\t%d\t%d\t%s%s\n", h.Row, h.Figure, h.Measured, h.Now, reach, over)
	}
	return w.Flush()
}

// write prints the figures of one person, and an empty line. Days that are alike are one
// row.
func (r *Report) write(out io.Writer) error {
	fmt.Fprintf(out, "%s: %s\n", r.Person, cmp.Or(r.About, "(no words about them)"))
	w := table(out)
	fmt.Fprint(w, "\t")
	for _, f := range AllFigures {
		fmt.Fprintf(w, "\t%s", f)
	}
	fmt.Fprintln(w)
	for _, m := range r.Marks {
		name := "until " + m.Mark
		if m.Figures == nil {
			name += ": never"
		}
		line(w, name, m.Figures)
	}
	for first := 0; first < len(r.Days); {
		last := first
		for last+1 < len(r.Days) && maps.Equal(r.Days[last+1], r.Days[first]) {
			last++
		}
		name := fmt.Sprintf("day %d", first+1)
		if last > first {
			name += fmt.Sprintf(" to %d", last+1)
		}
		line(w, name, r.Days[first])
		first = last + 1
	}
	fmt.Fprintln(w)
	return w.Flush()
}

// line writes one row of figures.
func line(w io.Writer, name string, got Figures) {
	fmt.Fprintf(w, "\t%s", name)
	for _, f := range AllFigures {
		if n, ok := got[f]; ok {
			fmt.Fprintf(w, "\t%d", n)
		} else {
			fmt.Fprint(w, "\t-")
		}
	}
	fmt.Fprintln(w)
}

func table(out io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(out, 0, 0, 2, ' ', 0) }
