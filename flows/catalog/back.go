package catalog

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

// back reads where the button leads that goes to the question before.
func (l *loader) back(f *file, n ast.Node, fl *flowPlace) *lang.Back {
	b := new(lang.Back)
	if _, isMap := pairs(n); !isMap {
		b.Next = l.stepTarget(f, n, fl)
		return b
	}
	f.fields(n, "a way back", readers{
		"next": func(v ast.Node) { b.Next = l.stepTarget(f, v, fl) },
		"set":  func(v ast.Node) { b.Set = l.set(f, v, nil) },
	})
	if !has(n, "next") && !f.misspelt(n, "next") {
		f.fault(n, "the way back leads nowhere", `add "next: step", the question before, or "next: return"`)
	}
	return b
}

// checkBack finds ways back from what is no question, or from one about warning signs.
func (l *loader) checkBack(f *file, n ast.Node, fl *flowPlace, s *lang.Step) {
	at := child(n, "back")
	switch {
	case at == nil:
	case s.Action != lang.ActAsk:
		f.fault(at, fmt.Sprintf("step %q leads back and asks nothing", s.ID), `only a step with "ask:" has a button "back"`)
	case fl.Urgent:
		f.fault(at, fmt.Sprintf("step %q leads back in a flow that is urgent", s.ID), "remove it: a question about warning signs is to be answered, and nothing before it is gone back to")
	case s.Says(lang.BackChoice):
		f.fault(at, fmt.Sprintf("step %q leads back and has a text %q of its own", s.ID, lang.BackChoice), "give its choice or button of that name another one")
	case len(s.Choices)+len(s.Copies) >= maxButtons:
		f.fault(at, fmt.Sprintf("step %q has %d buttons with the one that leads back", s.ID, len(s.Choices)+len(s.Copies)+1), fmt.Sprintf("offer at most %d", maxButtons))
	}
}

// checkWaysBack holds where questions lead back to against how people come to them.
func (l *loader) checkWaysBack(fl *flowPlace) {
	for i := range fl.Steps {
		s := &fl.Steps[i]
		if s.Back == nil || s.Back.Next == "" || s.Action != lang.ActAsk || fl.Urgent {
			continue
		}
		at := child(fl.steps[i], "back")
		if next := child(at, "next"); next != nil {
			at = next
		}
		l.checkWayBack(fl, at, i)
	}
}

func (l *loader) checkWayBack(fl *flowPlace, at ast.Node, i int) {
	s := &fl.Steps[i]
	w := wayThere{fl: fl, from: fl.Step(s.Back.Next), to: i}
	before := fmt.Sprintf("the beginning of flow %q", fl.ID)
	switch {
	case w.from == i:
		fl.f.fault(at, fmt.Sprintf("question %q leads back to itself", s.ID), "name the question before it")
		return
	case w.from >= 0 && fl.Steps[w.from].Action != lang.ActAsk:
		fl.f.fault(at, fmt.Sprintf("question %q leads back to %q, which asks nothing", s.ID, s.Back.Next), "name the question before it")
		return
	case w.from >= 0:
		before = fmt.Sprintf("%q", s.Back.Next)
	}
	if !w.leads(w.unasked) {
		fl.f.fault(at, fmt.Sprintf("no way leads from %s to %q without another question between", before, s.ID), "lead back by one question: name one that may come right before it")
		return
	}
	for k := range fl.Steps {
		if what := l.oneWay(&fl.Steps[k]); what != "" && w.through(k) {
			fl.f.fault(at, fmt.Sprintf("between %s and %q step %q %s", before, s.ID, fl.Steps[k].ID, what),
				"nobody goes back behind that: remove the way back, or put that step elsewhere")
			return
		}
	}
}

// oneWay says what a step does that nobody goes back behind; "" if it is nothing of
// that kind.
func (l *loader) oneWay(s *lang.Step) string {
	switch s.Action {
	case lang.ActEnd:
		return "ends the episode"
	case lang.ActForget:
		return "forgets the person"
	case lang.ActStart, lang.ActBegin, lang.ActStop:
		return fmt.Sprintf("does %q", string(s.Action)+" "+s.Target)
	case lang.ActCall:
		if l.runsOneWay(l.find(s.Target), make(map[*flowPlace]bool)) {
			return fmt.Sprintf("calls %q, which asks about warning signs, or starts, stops or ends something", s.Target)
		}
	}
	return ""
}

// runsOneWay reports whether a flow, with all that it calls, does what nobody goes back
// behind.
func (l *loader) runsOneWay(fl *flowPlace, seen map[*flowPlace]bool) bool {
	if fl == nil || seen[fl] {
		return false
	}
	seen[fl] = true
	return fl.Urgent || fl.Episode || slices.ContainsFunc(fl.Steps, func(s lang.Step) bool {
		if s.Action == lang.ActCall {
			return l.runsOneWay(l.find(s.Target), seen)
		}
		return l.oneWay(&s) != ""
	})
}

// wayThere are the ways from one step of a flow to another, or from its beginning if
// from is -1, that do not come by these two in between.
type wayThere struct {
	fl       *flowPlace
	from, to int
}

// unasked lists the steps behind one at which nothing is asked.
func (w wayThere) unasked(i int) []int {
	s := &w.fl.Steps[i]
	if i == w.from || s.Action != lang.ActAsk {
		return w.on(i)
	}
	var ways []string
	if s.Question != nil && s.Question.Optional() {
		ways = leftOut(s)
	} else if s.When != nil {
		ways = []string{""}
	}
	return w.positions(i, ways)
}

// on lists the steps behind one.
func (w wayThere) on(i int) []int { return w.positions(i, waysOn(w.fl.Flow, i)) }

func (w wayThere) positions(i int, ways []string) []int {
	list := make([]int, len(ways))
	for k, to := range ways {
		if list[k] = i + 1; to != "" {
			list[k] = w.fl.Step(to)
		}
	}
	return list
}

// leads reports whether a way leads there by steps that follow each other.
func (w wayThere) leads(next func(int) []int) bool { return w.reaches(w.from, w.to, next) }

// through reports whether a way there comes by a step.
func (w wayThere) through(k int) bool {
	return k != w.from && k != w.to && w.reaches(w.from, k, w.on) && w.reaches(k, w.to, w.on)
}

// reaches reports whether a way leads from one step to another.
func (w wayThere) reaches(from, to int, next func(int) []int) bool {
	seen := make([]bool, len(w.fl.Steps))
	var visit func(i int) bool
	visit = func(i int) bool {
		switch {
		case i == to:
			return true
		case i < 0 || i >= len(seen) || seen[i] || i == w.to || i == w.from:
			return false
		}
		seen[i] = true
		return slices.ContainsFunc(next(i), visit)
	}
	if from < 0 {
		return visit(0)
	}
	return slices.ContainsFunc(next(from), visit)
}
