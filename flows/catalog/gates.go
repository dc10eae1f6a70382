package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// gated is what the parts of the answers are to questions with gates: conditions read
// the gates, and nothing but the answer sets either.
type gated struct {
	// gates tells of which step a gate is, and parts of which one a part is.
	gates, parts map[string]*lang.Step
}

// of is the step whose answer a variable is a part or a gate of, nil if it is none.
func (g *gated) of(name string) *lang.Step {
	if s := g.gates[name]; s != nil {
		return s
	}
	return g.parts[name]
}

// gates reads gates, each with its list of choices.
func (q *questionReader) gates(n ast.Node) []ask.Gate {
	var list []ask.Gate
	for _, e := range q.f.entries(n, "gates") {
		if !lang.IsName(e.key) {
			q.f.fault(e.keyNode, fmt.Sprintf("%q cannot be the name of a gate", clip(e.key)), "use a-z, 0-9 and _, at most 40 characters: it is a variable")
			continue
		}
		g := ask.Gate{Name: e.key}
		for _, item := range q.f.items(e.value, fmt.Sprintf("the gate %q", e.key)) {
			if id := q.f.ident(item); id != "" {
				g.Of = append(g.Of, id)
			}
		}
		list = append(list, g)
	}
	return list
}

// declareGates claims the names of the gates of a question, which nothing else has.
func (l *loader) declareGates(f *file, n ast.Node, s *lang.Step, parts []flows.Var) {
	gates := s.Question.Gates()
	if len(gates) == 0 {
		return
	}
	for _, v := range parts {
		if v.Name != s.ID && l.gated.parts[v.Name] == nil {
			l.gated.parts[v.Name] = s
		}
	}
	list := child(n, "gates")
	for _, g := range gates {
		at, name := child(list, g.Name), g.Name
		if other := l.gated.gates[name]; other != nil {
			f.fault(at, fmt.Sprintf("the gate %q is one of step %q as well", name, other.ID), "give it another name")
			continue
		}
		l.gated.gates[name] = s
		l.checks = append(l.checks, func() {
			taken := ""
			switch p, ok := l.owners[name]; {
			case lang.Reserved(name) || reservedNames[name] || name == "onset" || name == "zone":
				taken = "a word of the language"
			case l.parts[name] != "":
				taken = fmt.Sprintf("a choice of step %q", l.parts[name])
			case ok:
				taken = fmt.Sprintf("declared in %s:%d", p.f.path, line(p.n))
			}
			if taken != "" {
				f.fault(at, fmt.Sprintf("the gate %q is %s as well", name, taken), "give it another name")
			}
		})
	}
}

// checkGated finds expressions that read single ticks where there are gates, and that
// set what only the answer sets. Proofs rest on both.
func (l *loader) checkGated(p *pendingExpr) {
	if s := l.gated.of(p.assign); s != nil && p.assign != "" {
		p.f.fault(p.n, fmt.Sprintf("%q is set here, and by the answer to %q", p.assign, s.ID), "use another name: what is told of an answer with gates, the answer alone sets")
	}
	for _, name := range p.names {
		if s := l.gated.parts[name]; s != nil {
			p.f.faultAtName(p.n, name, fmt.Sprintf("%q is a single tick, and step %q has gates", name, s.ID), gateWith(s, strings.TrimPrefix(name, s.ID+"_")))
		}
	}
}

// gateWith says what to read in the place of a tick.
func gateWith(s *lang.Step, id string) string {
	var names []string
	for _, g := range s.Question.Gates() {
		if slices.Contains(g.Of, id) {
			names = append(names, g.Name)
		}
	}
	if len(names) == 0 {
		return fmt.Sprintf("add a gate with it, such as \"gates: {name: [%s]}\", and read that", id)
	}
	return "read a gate that has it: " + strings.Join(names, ", ")
}
