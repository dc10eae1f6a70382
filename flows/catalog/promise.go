package catalog

import (
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

// invariants reads the promises of a flow.
func (l *loader) invariants(f *file, n ast.Node, fl *flowPlace) {
	items := f.items(n, "invariants")
	fl.Invariants = make([]lang.Invariant, 0, len(items)) // conditions are read later, into their places
	for _, item := range items {
		inv := lang.Invariant{Source: fmt.Sprintf("%s:%d", f.path, line(item))}
		at, bounded := &inv, newBounds(f)
		if !has(item, "bounds") {
			fl.Invariants = append(fl.Invariants, inv)
			at = &fl.Invariants[len(fl.Invariants)-1]
		}
		known := readers{
			"before":  func(v ast.Node) { at.Before = f.str(v); l.happening(f, v, at.Before, true) },
			"require": func(v ast.Node) { l.condition(f, v, &at.Require) },
			"never":   func(v ast.Node) { at.Never = f.str(v); l.happening(f, v, at.Never, false) },
			"while":   func(v ast.Node) { l.condition(f, v, &at.While) },
		}
		maps.Copy(known, bounded.readers(l))
		f.fields(item, "an invariant", known)
		if has(item, "bounds") {
			l.checkBounds(f, item, bounded)
			continue
		}
		l.checkInvariant(f, item, *at)
	}
}

// condition notes the condition of a promise, see lang.ParsePromise.
func (l *loader) condition(f *file, n ast.Node, into **lang.Expr) {
	l.expr(f, n, lang.BoolType, into).promise = true
}

// happening checks the name of what an invariant forbids.
func (l *loader) happening(f *file, n ast.Node, name string, before bool) {
	l.checks = append(l.checks, func() {
		if before && name == lang.AnyReminder || name == "" || l.damaged {
			return
		}
		known := keysOf(l.owners)
		for _, fl := range l.list {
			for i := range fl.Tracks {
				known = append(known, fl.Tracks[i].Kinds()...)
			}
		}
		if !slices.Contains(known, name) {
			f.fault(n, fmt.Sprintf("nothing is called %q", name), didYouMean(name, known, "name a step, a round, a reminder, or the kind of one, such as cold-on"))
		}
	})
}

func (l *loader) checkInvariant(f *file, n ast.Node, inv lang.Invariant) {
	if _, ok := pairs(n); !ok {
		return
	}
	before, never := has(n, "before"), has(n, "never")
	switch {
	case slices.ContainsFunc(boundKeys, func(key string) bool { return has(n, key) }):
		f.fault(n, "the invariant bounds figures, and it is not said whose", `add "bounds: cold", with the name of a round or a reminder`)
	case f.misspelt(n, "before", "require", "never", "while", "bounds"):
	case before == never:
		f.fault(n, "the invariant is neither one thing nor the other", `write "before" with "require", "never" with "while", or "bounds"`)
	case before && !has(n, "require"):
		f.fault(n, fmt.Sprintf("nothing is required before %q", inv.Before), `add "require: condition"`)
	case never && !has(n, "while"):
		f.fault(n, fmt.Sprintf("it is not said when %q must never be", inv.Never), `add "while: condition"; "true" is always`)
	case before && has(n, "while"), never && has(n, "require"):
		f.fault(n, "the invariant has a condition too many", `"before" goes with "require", "never" goes with "while"`)
	}
}
