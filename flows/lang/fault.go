package lang

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one mistake in a flow or text file: where it is, what is wrong and
// what to do.
type Fault struct {
	File         string
	Line, Column int
	What, Remedy string
}

func (f Fault) Error() string { return fmt.Sprintf("%s: %s: %s", f.Place(), f.What, f.Remedy) }

// Place is the file with line and column.
func (f Fault) Place() string { return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column) }

// Faults is every mistake in a catalog, in the order of the files' lines.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.AsType find each Fault.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i := range f {
		errs[i] = f[i]
	}
	return errs
}

// Sort orders the faults by place and drops repetitions.
func (f Faults) Sort() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.What, b.What))
	})
	return slices.Compact(f)
}
