package catalog

import (
	"fmt"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
)

// The targets are checked once everything has been read, since a step may lead
// to one that stands below it or in another file.

func (l *loader) stepTarget(f *file, n ast.Node, fl *flows.Flow, id string) {
	l.checks = append(l.checks, func() {
		if id == flows.Return {
			if fl.Episode {
				f.fault(n, fmt.Sprintf("flow %q is an episode and cannot return", fl.ID), `lead to a step, or to one with "end: outcome"`)
			}
			return
		}
		for i := range fl.Steps {
			if fl.Steps[i].ID == id {
				return
			}
		}
		f.fault(n, fmt.Sprintf("flow %q has no step %q", fl.ID, id), "name a step of this flow, or return")
	})
}

func (l *loader) flowTarget(f *file, n ast.Node, id string) {
	l.checks = append(l.checks, func() {
		for _, fl := range l.list {
			if fl.ID == id {
				return
			}
		}
		f.fault(n, fmt.Sprintf("there is no flow %q", id), `name the "flow:" of one of the files`)
	})
}

func (l *loader) trackTarget(f *file, n ast.Node, name string) {
	l.checks = append(l.checks, func() {
		for _, fl := range l.list {
			for i := range fl.Tracks {
				if fl.Tracks[i].Name == name {
					return
				}
			}
		}
		f.fault(n, fmt.Sprintf("there is no round or reminder %q", name), `declare it under "rounds:" or "reminders:"`)
	})
}

func (l *loader) checkStep(f *file, n ast.Node, s *flows.Step, at stepNodes) {
	if s.ID == "" {
		f.fault(n, "the step has no name", `begin it with "- id: name"`)
	}
	ask := s.Action == flows.ActAsk
	if at.choices != nil && (!ask || s.Ask != flows.AskChoice) {
		f.fault(at.choices, fmt.Sprintf("step %q has choices but does not ask for one", s.ID), `add "ask: choice", or remove the choices`)
	}
	if ask && s.Ask == flows.AskChoice && len(s.Choices) == 0 {
		f.fault(n, fmt.Sprintf("step %q asks for a choice and offers none", s.ID), `add "choices:"`)
	}
	if len(s.Choices) > maxButtons {
		f.fault(at.choices, fmt.Sprintf("step %q has %d choices", s.ID, len(s.Choices)), fmt.Sprintf("offer at most %d", maxButtons))
	}
	if s.Columns < 1 || s.Columns > 8 {
		f.fault(at.columns, fmt.Sprintf("%d buttons side by side do not fit", s.Columns), "use 1 to 8 columns")
	}
	l.checkTyped(f, n, s, at)
	if s.Picture != "" && s.Animation != "" {
		f.fault(n, fmt.Sprintf("step %q shows a picture and an animation", s.ID), "choose one, or split the step")
	}
	if !ask && s.Wait != nil {
		f.fault(n, fmt.Sprintf("step %q waits for nothing", s.ID), `only a step with "ask:" can have "wait:"`)
	}
}

// checkTyped checks what belongs to answers that are typed, and to numbers.
func (l *loader) checkTyped(f *file, n ast.Node, s *flows.Step, at stepNodes) {
	typed := s.Ask == flows.AskNumber || s.Ask == flows.AskText
	switch {
	case at.bounds != nil && !typed:
		f.fault(at.bounds, fmt.Sprintf("step %q has bounds but nothing is typed there", s.ID), `least and most belong to "ask: number" and "ask: text"`)
	case at.bounds != nil && s.Most <= s.Least:
		f.fault(at.bounds, fmt.Sprintf("at step %q most is not above least", s.ID), "let least be the smaller of the two")
	case typed && at.bounds == nil:
		f.fault(n, fmt.Sprintf("step %q takes anything", s.ID), `bound it with "least" and "most": the number itself, or the length of the text`)
	case s.Ask == flows.AskText && s.Most > maxTyped:
		f.fault(at.bounds, fmt.Sprintf("step %q takes a text of %v characters", s.ID, s.Most), fmt.Sprintf("take at most %d", maxTyped))
	}
	if at.pattern != nil && s.Ask != flows.AskText {
		f.fault(at.pattern, fmt.Sprintf("step %q has a pattern but no text is typed there", s.ID), `a pattern belongs to "ask: text"`)
	}
	if at.measure != nil && s.Ask != flows.AskScale && s.Ask != flows.AskNumber {
		f.fault(at.measure, fmt.Sprintf("step %q measures something without a number", s.ID), `measure belongs to "ask: scale" and "ask: number"`)
	}
}

// maxTyped is the longest text that a person may be asked to type.
const maxTyped = 1000

func (l *loader) checkTrack(f *file, e entry, t *flows.TrackSpec, round bool) {
	if round && t.Hold <= 0 {
		f.fault(e.keyNode, fmt.Sprintf("round %q has no length", t.Name), `add "hold: 20m"`)
	}
	if t.Check >= t.Hold && t.Check > 0 {
		f.fault(e.keyNode, fmt.Sprintf("round %q is checked after it has ended", t.Name), "make check shorter than hold")
	}
	if (t.Gap > 0) == (len(t.Times) > 0) && !round {
		f.fault(e.keyNode, fmt.Sprintf("it is not clear when reminder %q comes", t.Name), `give "every: 2h" or "at: [\"08:30\"]", not both`)
	} else if t.Gap < time.Minute && len(t.Times) == 0 {
		f.fault(e.keyNode, fmt.Sprintf("%q repeats without a pause", t.Name), `add "gap:" to a round, "every:" to a reminder, of a minute or more`)
	}
	if t.LeastGap > t.Gap {
		f.fault(e.keyNode, fmt.Sprintf("the gap of round %q is shorter than its least gap", t.Name), "make gap at least as long as least_gap")
	}
}

// checkFlows finds dead ends, steps that nothing leads to, and commands that
// two flows want.
func (l *loader) checkFlows() {
	type claim struct {
		command string
		while   flows.While
	}
	claims := make(map[claim]string)
	for _, fl := range l.list {
		for _, c := range fl.Commands {
			for _, w := range []flows.While{flows.WhenLive, flows.WhenIdle} {
				if fl.While != flows.Always && fl.While != w {
					continue
				}
				if other, taken := claims[claim{c, w}]; taken {
					p := l.placeOf(fl)
					p.f.fault(p.n, fmt.Sprintf("flows %q and %q both answer /%s", other, fl.ID, c), `remove it from one, or keep them apart with "while:"`)
				}
				claims[claim{c, w}] = fl.ID
			}
		}
		l.checkReach(fl)
	}
}

func (l *loader) placeOf(fl *flows.Flow) place {
	for _, s := range l.steps {
		if s.flow == fl {
			return s.place
		}
	}
	return place{&file{fl.ID, &l.faults}, nil}
}

func (l *loader) checkReach(fl *flows.Flow) {
	reached := make([]bool, len(fl.Steps))
	index := make(map[string]int, len(fl.Steps))
	for i := range fl.Steps {
		index[fl.Steps[i].ID] = i
	}
	var visit func(i int)
	visit = func(i int) {
		if i >= len(fl.Steps) || reached[i] {
			return
		}
		reached[i] = true
		for _, next := range waysOn(fl, i) {
			if next == "" {
				visit(i + 1)
			} else if to, ok := index[next]; ok {
				visit(to)
			}
		}
	}
	visit(0)
	for _, s := range l.steps {
		if s.flow != fl {
			continue
		}
		if !reached[s.index] {
			s.f.fault(s.n, fmt.Sprintf("nothing leads to step %q", s.step().ID), "lead to it with next, or remove it")
		}
		if fl.Episode && s.index == len(fl.Steps)-1 && s.step().Action != flows.ActEnd {
			for _, next := range waysOn(fl, s.index) {
				if next == "" {
					s.f.fault(s.n, fmt.Sprintf("step %q is a dead end: the episode goes nowhere from here", s.step().ID), `add "next: step", or "end: outcome"`)
				}
			}
		}
	}
}

// waysOn lists the targets of a step; "" is the step that follows.
func waysOn(fl *flows.Flow, i int) []string {
	s := &fl.Steps[i]
	if s.Action == flows.ActEnd {
		return nil
	}
	ways := make([]string, 0, 4)
	if s.When != nil {
		ways = append(ways, "")
	}
	follow := true
	for _, b := range s.Next {
		ways = append(ways, b.To)
		if b.When == nil {
			follow = false
		}
	}
	for _, c := range s.Choices {
		if c.Next != "" {
			ways = append(ways, c.Next)
		}
	}
	if s.Wait != nil {
		ways = append(ways, s.Wait.Next)
	}
	all := len(s.Choices) > 0
	for _, c := range s.Choices {
		all = all && c.Next != ""
	}
	if follow && !all {
		ways = append(ways, "")
	}
	return ways
}
