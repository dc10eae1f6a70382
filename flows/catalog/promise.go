package catalog

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
)

// retired reads where people go on whose step is gone.
func (l *loader) retired(f *file, n ast.Node, fl *flows.Flow) {
	fl.Retired = make(map[string]string)
	for _, e := range f.entries(n, "retired") {
		var to string
		f.fields(e.value, "a retired step", readers{
			"moved_to": func(v ast.Node) { to = f.ident(v); l.stepTarget(f, v, fl, to) },
		})
		if to == "" {
			f.fault(e.keyNode, fmt.Sprintf("retired step %q leads nowhere", e.key), `add "moved_to: step"`)
		}
		l.checks = append(l.checks, func() {
			if slices.ContainsFunc(fl.Steps, func(s flows.Step) bool { return s.ID == e.key }) {
				f.fault(e.keyNode, fmt.Sprintf("step %q is retired and still there", e.key), "remove the step, or take it off the list")
			}
		})
		fl.Retired[e.key] = to
	}
}

// answerLiteral is emergency.none, short for emergency == "none".
var answerLiteral = regexp.MustCompile(`\b([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\b`)

// invariants reads the promises of a flow.
func (l *loader) invariants(f *file, n ast.Node, fl *flows.Flow) {
	items := f.items(n, "invariants")
	fl.Invariants = make([]flows.Invariant, len(items))
	for i, item := range items {
		inv := &fl.Invariants[i]
		inv.Source = fmt.Sprintf("%s:%d", f.path, line(item))
		f.fields(item, "an invariant", readers{
			"before":  func(v ast.Node) { inv.Before = f.str(v); l.happening(f, v, inv.Before, true) },
			"require": func(v ast.Node) { l.condition(f, v, &inv.Require) },
			"never":   func(v ast.Node) { inv.Never = f.str(v); l.happening(f, v, inv.Never, false) },
			"while":   func(v ast.Node) { l.condition(f, v, &inv.While) },
		})
		l.checks = append(l.checks, func() { l.checkInvariant(f, item, *inv) })
	}
}

// condition notes a condition in which emergency.none may stand for
// emergency == "none".
func (l *loader) condition(f *file, n ast.Node, into **flows.Expr) {
	p := l.expr(f, n, flows.BoolType, into)
	p.src = answerLiteral.ReplaceAllString(p.src, `$1 == "$2"`)
}

// happening checks the name of what an invariant forbids.
func (l *loader) happening(f *file, n ast.Node, name string, before bool) {
	l.checks = append(l.checks, func() {
		if before && name == flows.AnyReminder {
			return
		}
		if _, ok := l.owners[name]; ok {
			return
		}
		for _, fl := range l.list {
			for i := range fl.Tracks {
				if slices.Contains(fl.Tracks[i].Kinds(), name) {
					return
				}
			}
		}
		f.fault(n, fmt.Sprintf("nothing is called %q", name), "name a step, a round, a reminder, or the kind of one, such as cold-on")
	})
}

func (l *loader) checkInvariant(f *file, n ast.Node, inv flows.Invariant) {
	before, never := inv.Before != "", inv.Never != ""
	switch {
	case before == never:
		f.fault(n, "the invariant is neither one thing nor the other", `write "before" with "require", or "never" with "while"`)
	case before && !l.hasKey(n, "require"):
		f.fault(n, fmt.Sprintf("nothing is required before %q", inv.Before), `add "require: condition"`)
	case never && !l.hasKey(n, "while"):
		f.fault(n, fmt.Sprintf("it is not said when %q must never be", inv.Never), `add "while: condition"; "true" is always`)
	}
}

func (l *loader) hasKey(n ast.Node, key string) bool {
	m, ok := n.(*ast.MappingNode)
	return ok && slices.ContainsFunc(m.Values, func(v *ast.MappingValueNode) bool { return v.Key.GetToken().Value == key })
}
