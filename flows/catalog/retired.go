package catalog

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// retired reads what becomes of people whose step, round or reminder is gone.
func (l *loader) retired(f *file, n ast.Node, fl *flowPlace) {
	fl.Retired = make(map[string]string)
	for _, e := range f.entries(n, "retired") {
		ends, before := false, len(*f.faults)
		f.fields(e.value, "a retired name", readers{
			"moved_to": func(v ast.Node) { fl.Retired[e.key] = f.ident(v) },
			"ends":     func(v ast.Node) { ends = f.truth(v) },
		})
		to := child(e.value, "moved_to")
		switch {
		case to != nil && has(e.value, "ends"):
			f.fault(e.keyNode, fmt.Sprintf("the retired %q goes on elsewhere and ends", e.key), `keep "moved_to" or "ends"`)
		case ends:
			fl.Retired[e.key] = ""
		case to == nil && len(*f.faults) == before:
			f.fault(e.keyNode, fmt.Sprintf("the retired %q leads nowhere", e.key), `add "moved_to: name", or "ends: true" for a round or a reminder that just ends`)
		}
		l.checks = append(l.checks, func() { l.checkRetired(f, e, to, fl) })
	}
}

// checkRetired follows a retirement, which may lead to what was itself retired
// later.
func (l *loader) checkRetired(f *file, e entry, to ast.Node, fl *flowPlace) {
	if what := l.stillThere(fl, e.key); what != "" {
		f.fault(e.keyNode, fmt.Sprintf("%s %q is retired and still there", what, e.key), fmt.Sprintf("remove the %s, or take it off the list", what))
		return
	}
	if other := l.retiredBefore(fl, e.key); other != nil {
		f.fault(e.keyNode, fmt.Sprintf("%q is retired in %s too", e.key, other.f.path), "keep one of the two")
		return
	}
	id := fl.Retired[e.key]
	if id == "" || f.damaged {
		return
	}
	if _, again := fl.Retired[id]; !again && l.stillThere(fl, id) == "" {
		if !l.damaged {
			f.fault(to, fmt.Sprintf("flow %q has no step %q to move to, and there is no such round or reminder", fl.ID, id),
				didYouMean(id, append(stepNames(fl), l.trackNames()...), "name a step of this flow, a round or a reminder"))
		}
		return
	}
	if inCircle(fl, id) {
		f.fault(to, fmt.Sprintf("from the retired %q people are moved in a circle", e.key), "let one of the names on the way lead to one that exists")
	}
}

// inCircle reports whether the moves from a name on come to no end.
func inCircle(fl *flowPlace, id string) bool {
	again := true
	for range len(fl.Retired) + 1 {
		var to string
		if to, again = fl.Retired[id]; !again {
			break
		}
		id = to
	}
	return again
}

// retiredBefore finds another flow, read before, that retired a name as well. That
// of a step is its own affair: its heir is one of its steps.
func (l *loader) retiredBefore(fl *flowPlace, name string) *flowPlace {
	for _, other := range l.list {
		if other == fl {
			break
		}
		if to, too := other.Retired[name]; too && other.Step(to) < 0 && fl.Step(fl.Retired[name]) < 0 {
			return other
		}
	}
	return nil
}

// stillThere says what a name is that people can be moved to from a flow: a step of
// this flow, a round or a reminder of any. It is "" for none.
func (l *loader) stillThere(fl *flowPlace, name string) string {
	if fl.Step(name) >= 0 {
		return "step"
	}
	for _, other := range l.list {
		for i := range other.Tracks {
			switch t := &other.Tracks[i]; {
			case name == "" || t.Name != name:
			case t.Round():
				return "round"
			default:
				return "reminder"
			}
		}
	}
	return ""
}
