package measure

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed shipped/budgets.yaml
var shippedBudgets []byte

// ShippedBudgets are those of the flows that come with the program.
func ShippedBudgets() Budgets {
	budgets, err := ReadBudgets(shippedBudgets)
	if err != nil {
		panic(err) // the file is a part of the program: a test reads it
	}
	return budgets
}

// Budgets are the rows of a file of limits.
type Budgets struct {
	Budgets []Budget `yaml:"budgets"`
}

// Budget bounds figures of one person: until a mark, over some days together, or on
// each of them.
type Budget struct {
	Of      string           `yaml:"of"`
	Until   string           `yaml:"until"`
	Days    string           `yaml:"days"`
	Each    string           `yaml:"each"`
	Figures map[Figure]Limit `yaml:"figures"`

	from, to int
}

// Limit is what a figure may be at the most: now, and once all is as it should be.
type Limit struct {
	Now     *int `yaml:"now"`
	ToReach *int `yaml:"to_reach"`
}

// Held is a figure beside its limit.
type Held struct {
	Row      string `json:"row"`
	Figure   Figure `json:"figure"`
	Measured int    `json:"measured"`
	Now      int    `json:"now"`
	ToReach  *int   `json:"to_reach,omitempty"`
}

// Over reports whether the limit of now is exceeded.
func (h Held) Over() bool { return h.Measured > h.Now }

// ReadBudgets reads limits. The error names every mistake.
func ReadBudgets(src []byte) (Budgets, error) {
	var b Budgets
	if err := yaml.UnmarshalWithOptions(src, &b, yaml.Strict()); err != nil {
		return Budgets{}, fmt.Errorf("the budgets cannot be read: %s", strings.TrimSpace(err.Error()))
	}
	var faults []error
	if len(b.Budgets) == 0 {
		faults = append(faults, errors.New("there is no budget: write a list behind \"budgets:\""))
	}
	for i := range b.Budgets {
		for _, err := range b.Budgets[i].prepare() {
			faults = append(faults, fmt.Errorf("budget %d: %w", i+1, err))
		}
	}
	return b, errors.Join(faults...)
}

// prepare checks a row and reads its days.
func (b *Budget) prepare() (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	said := 0
	for _, s := range []string{b.Until, b.Days, b.Each} {
		if s != "" {
			said++
		}
	}
	if b.Of == "" || said != 1 {
		fault("name a person behind of, and give one of until, days and each")
	}
	if days := b.Days + b.Each; b.Until == "" && said == 1 && !b.read(days) {
		fault("%q are no days: write such as 2, or 2-7", days)
	}
	if len(b.Figures) == 0 {
		fault("it bounds nothing: write such as figures: {presses: {now: 5, to_reach: 2}}")
	}
	for _, f := range b.figures() {
		l := b.Figures[f]
		switch {
		case !slices.Contains(AllFigures, f):
			fault("there is no figure %q: write one of %s", f, figureNames())
		case l.Now == nil || *l.Now < 0 || l.ToReach != nil && *l.ToReach < 0:
			fault("%s: write now: with the most that it may be, from 0 on", f)
		case b.Until != "" && f.atTheEnd():
			fault("%s: it is counted at the end of a day, not until a mark", f)
		}
	}
	return faults
}

var daysForm = regexp.MustCompile(`^(\d{1,3})(?:-(\d{1,3}))?$`)

func (b *Budget) read(days string) bool {
	m := daysForm.FindStringSubmatch(days)
	if m == nil {
		return false
	}
	b.from, _ = strconv.Atoi(m[1])
	b.to = b.from
	if m[2] != "" {
		b.to, _ = strconv.Atoi(m[2])
	}
	return 1 <= b.from && b.from <= b.to
}

// figures lists what the row bounds, in the order in which it is told.
func (b *Budget) figures() []Figure {
	var out []Figure
	for f := range b.Figures {
		out = append(out, f)
	}
	order := func(f Figure) int { return slices.Index(AllFigures, f) }
	slices.SortFunc(out, func(a, b Figure) int {
		if order(a) != order(b) {
			return order(a) - order(b)
		}
		return strings.Compare(string(a), string(b))
	})
	return out
}

func figureNames() string {
	var names []string
	for _, f := range AllFigures {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// row is how the budget is told.
func (b *Budget) row() string {
	switch {
	case b.Until != "":
		return b.Of + ", until " + b.Until
	case b.Each != "":
		return b.Of + ", each of the days " + b.Each
	case b.from == b.to:
		return b.Of + ", day " + b.Days
	}
	return b.Of + ", days " + b.Days
}

// Hold holds what was counted against the budgets. The error names each row that is
// about what there is not.
func (b Budgets) Hold(reports []Report) ([]Held, error) {
	out := []Held{}
	var faults []error
	for i := range b.Budgets {
		row := &b.Budgets[i]
		got, err := row.measured(reports)
		if err != nil {
			faults = append(faults, fmt.Errorf("budget %d, %s: %w", i+1, row.row(), err))
			continue
		}
		for _, f := range row.figures() {
			out = append(out, Held{row.row(), f, got[f], *row.Figures[f].Now, row.Figures[f].ToReach})
		}
	}
	return out, errors.Join(faults...)
}

// measured are the figures that the row is about.
func (b *Budget) measured(reports []Report) (Figures, error) {
	i := slices.IndexFunc(reports, func(r Report) bool { return r.Person == b.Of })
	if i < 0 {
		return nil, errors.New("there is no such person")
	}
	r := reports[i]
	if b.Until != "" {
		return r.at(b.Until)
	}
	if b.to > len(r.Days) {
		return nil, fmt.Errorf("the person is counted for %d days only", len(r.Days))
	}
	out := none()
	for _, day := range r.Days[b.from-1 : b.to] {
		for _, f := range AllFigures {
			switch {
			case b.Each != "":
				out[f] = max(out[f], day[f])
			case f.atTheEnd():
				out[f] = day[f]
			default:
				out[f] += day[f]
			}
		}
	}
	return out, nil
}

// at are the figures at a mark.
func (r *Report) at(mark string) (Figures, error) {
	var names []string
	for _, m := range r.Marks {
		switch {
		case m.Mark != mark:
			names = append(names, m.Mark)
		case m.Figures == nil:
			return nil, errors.New("the person never comes to the mark: say in their script what it is in these flows")
		default:
			return m.Figures, nil
		}
	}
	return nil, fmt.Errorf("the person has no such mark: write one of %s", cmp.Or(strings.Join(names, ", "), "their own, of which there are none yet"))
}
