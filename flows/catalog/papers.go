package catalog

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// papers reads what the papers of a person are made from. It is said once: a person has
// one set of papers, whatever flows they went through.
func (l *loader) papers(f *file, n ast.Node, fl *flowPlace) {
	if l.papersAt != nil {
		f.fault(n, fmt.Sprintf("what the papers are made from is said in %s:%d already", l.papersAt.f.path, line(l.papersAt.n)), "keep one of the two")
		return
	}
	l.papersAt = &place{f, n}
	p := new(lang.Papers)
	fl.Papers = p
	one := func(into *string, check func(*file, ast.Node, string)) func(ast.Node) {
		return func(n ast.Node) {
			*into = f.ident(n)
			check(f, n, *into)
		}
	}
	list := func(into *[]string, check func(*file, ast.Node, string)) func(ast.Node) {
		return func(n ast.Node) {
			for _, item := range f.items(n, "this part of the papers") {
				name := f.ident(item)
				check(f, item, name)
				*into = append(*into, name)
			}
		}
	}
	variable := func(f *file, n ast.Node, name string) { l.remembered(f, n, name) }
	f.fields(n, "a set of papers", readers{
		"pain":     one(&p.Pain, l.measurement),
		"function": list(&p.Function, l.measurement),
		"cold":     list(&p.Cold, l.trackTarget),
		"warmth":   list(&p.Warmth, l.trackTarget),
		"moves":    list(&p.Moves, l.trackTarget),
		"exercise": list(&p.Exercise, l.trackTarget),
		"checks":   list(&p.Checks, l.trackTarget),
		"medicine": list(&p.Medicine, l.question),
		"since":    one(&p.Since, variable),
		"country":  one(&p.Country, variable),
		"dark":     one(&p.Dark, variable),
		"older":    one(&p.Older, variable),
		"cause":    one(&p.Cause, l.question),
		"place":    one(&p.Place, l.question),
		"facts":    one(&p.Facts, l.question),
		"seen":     one(&p.Seen, l.question),
		"found":    one(&p.Found, l.question),
	})
	if lines, isMap := pairs(n); isMap && len(lines) == 0 {
		f.fault(n, "the papers are made from nothing", `write a line such as "pain: pain", or remove the key`)
	}
}

// measurement checks that some step measures what a name says.
func (l *loader) measurement(f *file, n ast.Node, name string) {
	l.checks = append(l.checks, func() {
		if name != "" && !l.measured[name] && !l.damaged {
			f.fault(n, fmt.Sprintf("no step measures %q", name), didYouMean(name, keysOf(l.measured), fmt.Sprintf(`add "measure: %s" to the step that asks for it`, name)))
		}
	})
}

// question checks that a name is that of a question.
func (l *loader) question(f *file, n ast.Node, name string) {
	l.checks = append(l.checks, func() {
		asked := make(map[string]bool)
		for _, fl := range l.list {
			for i := range fl.Steps {
				if fl.Steps[i].Action == lang.ActAsk {
					asked[fl.Steps[i].ID] = true
				}
			}
		}
		if name != "" && !asked[name] && !l.damaged {
			f.fault(n, fmt.Sprintf("no step %q asks a question", name), didYouMean(name, keysOf(asked), `name a step with "ask:"`))
		}
	})
}

// handed is a step that hands over a paper.
type handed struct {
	place
	step *lang.Step
}

// handsOver notes that a step hands over a paper.
func (l *loader) handsOver(f *file, n ast.Node, s *lang.Step) {
	l.handed = append(l.handed, handed{place{f, n}, s})
}

// checkPapers holds the steps that hand papers over against what these are made from. The
// data alone are of themselves.
func (l *loader) checkPapers() {
	for _, h := range l.handed {
		if paper := h.step.Paper(); paper != "" && paper != flows.DataPaper && l.papersAt == nil {
			h.f.fault(h.n, fmt.Sprintf("the %s would have nothing to tell: no flow says what the papers are made from", paper), `add "papers:" to the flow of the episode`)
		}
	}
	for _, fl := range l.list {
		if fl.Papers == nil {
			continue
		}
		l.trueOrFalse("dark", fl.Papers.Dark, "whether the chat is dark")
		l.trueOrFalse("older", fl.Papers.Older, "whether the person is 65 or older")
	}
}

// trueOrFalse checks the variable that a part of the papers names.
func (l *loader) trueOrFalse(key, name, says string) {
	if v, ok := l.vars[name]; ok && typeName(v) != typeName(false) {
		l.papersAt.f.fault(child(l.papersAt.n, key), fmt.Sprintf("%q says %s and is a %s", name, says, typeName(v)), "name a variable that is set to true or false")
	}
}
