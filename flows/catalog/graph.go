package catalog

import (
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// checkFlows checks the ways through the flows, if all of them could be read.
func (l *loader) checkFlows() {
	if l.damaged {
		return
	}
	for _, fl := range l.list {
		if !fl.lost {
			l.checkReach(fl)
			l.checkWaysBack(fl)
		}
		l.checkLapses(fl)
		l.checkConsent(fl)
		if v, ok := l.vars[fl.History]; ok && typeName(v) != "text" {
			fl.f.fault(child(fl.n, "history"), fmt.Sprintf("the history would keep %q, which is a %s", fl.History, typeName(v)), "name a question with choices, or a variable that holds a text")
		}
	}
	l.checkPapers()
	l.checkUse()
	if !l.checkRecursion() {
		l.checkSilentCycles()
	}
}

// checkUse finds flows that nothing leads to, the lack of an episode, and
// questions of an episode that would stand for ever.
func (l *loader) checkUse() {
	used := make(map[string]bool)
	inEpisode := make(map[*flowPlace]bool)
	episodes := 0
	for _, fl := range l.list {
		used[fl.Worse], used[fl.Stop] = true, true
		for _, to := range calls(fl) {
			used[to] = true
		}
		if has(fl.n, "episode") || len(fl.Steps) == 0 {
			episodes++ // or what may become one
		}
		if fl.Episode {
			l.callsFrom(fl, inEpisode)
		}
	}
	if episodes == 0 && len(l.list) > 0 {
		l.list[0].fault("no flow begins an episode", `write "episode: true" into the one that does`)
	}
	for _, fl := range l.list {
		if !has(fl.n, "commands") && !fl.f.misspelt(fl.n, "commands") && fl.Menu == 0 && len(fl.Steps) > 0 && !used[fl.ID] && fl.ID != "" {
			fl.fault(fmt.Sprintf("nothing leads to flow %q", fl.ID), `give it a command, or call it from a step`)
		}
		for i := range fl.Steps {
			if s := &fl.Steps[i]; inEpisode[fl] && s.Action == lang.ActAsk && s.Wait == nil {
				fl.f.fault(fl.steps[i], fmt.Sprintf("question %q stands for ever if nobody answers", s.ID), `add "wait: {timeout: 2h, next: step}", or a "default_wait:" to the flow`)
			}
		}
	}
}

func (fl *flowPlace) fault(what, remedy string) { fl.f.fault(fl.n, what, remedy) }

// callsFrom collects the flows that run within fl: those it calls, and those
// behind its buttons.
func (l *loader) callsFrom(fl *flowPlace, seen map[*flowPlace]bool) {
	if fl == nil || seen[fl] {
		return
	}
	seen[fl] = true
	for _, id := range append(calls(fl), fl.Worse, fl.Stop) {
		if id != "" {
			l.callsFrom(l.find(id), seen)
		}
	}
}

// calls lists the flows that a flow runs: by its steps, its reminders and its lasting
// choices.
func calls(fl *flowPlace) []string {
	var ids []string
	for i := range fl.Steps {
		s := &fl.Steps[i]
		if s.Action == lang.ActCall {
			ids = append(ids, s.Target)
		}
		for _, c := range s.Choices {
			if c.Lasting != "" {
				ids = append(ids, c.Lasting)
			}
		}
	}
	for i := range fl.Tracks {
		for _, to := range []string{fl.Tracks[i].Done, fl.Tracks[i].Run, fl.Tracks[i].Wrong} {
			if to != "" {
				ids = append(ids, to)
			}
		}
	}
	return ids
}

// checkReach finds steps that nothing leads to, and dead ends.
func (l *loader) checkReach(fl *flowPlace) {
	reached := make([]bool, len(fl.Steps))
	var visit func(i int)
	visit = func(i int) {
		if i < 0 || i >= len(fl.Steps) || reached[i] {
			return
		}
		reached[i] = true
		for _, next := range waysOn(fl.Flow, i) {
			if next == "" {
				visit(i + 1)
			} else {
				visit(fl.Step(next))
			}
		}
	}
	visit(0)
	for _, heir := range fl.Retired {
		visit(fl.Step(heir))
	}
	for i := range fl.Steps {
		s := &fl.Steps[i]
		switch {
		case !reached[i]:
			fl.f.fault(fl.steps[i], fmt.Sprintf("nothing leads to step %q", s.ID), "lead to it with next, or remove it")
		case fl.Episode && i == len(fl.Steps)-1 && slices.Contains(waysOn(fl.Flow, i), ""):
			fl.f.fault(fl.steps[i], fmt.Sprintf("step %q is a dead end: the episode goes nowhere from here", s.ID), `add "next: step" without a condition, or put a step with "end: outcome" below it`)
		}
	}
}

// waysOn lists the targets of a step; "" is the step that follows.
func waysOn(fl *lang.Flow, i int) []string {
	s := &fl.Steps[i]
	var ways []string
	if s.When != nil || s.Action == "" {
		ways = append(ways, "")
	}
	if s.Final() {
		return ways
	}
	follow := true
	for _, b := range s.Next {
		ways = append(ways, b.To)
		follow = follow && b.When != nil
	}
	all := len(s.Choices) > 0
	for _, c := range s.Choices {
		if c.Next != "" {
			ways = append(ways, c.Next)
		}
		all = all && c.Next != ""
	}
	if s.Wait != nil && s.Wait.Next != "" {
		ways = append(ways, s.Wait.Next)
	}
	if follow && !all && !s.OnCard() {
		ways = append(ways, "")
	}
	return ways
}

// checkRecursion finds flows that call themselves, which would put one place
// of return upon the other without end. An episode clears them all.
func (l *loader) checkRecursion() (found bool) {
	done := make(map[*flowPlace]bool)
	var visit func(fl *flowPlace, path []string)
	visit = func(fl *flowPlace, path []string) {
		path = append(path, fl.ID)
		for i := range fl.Steps {
			to := l.find(fl.Steps[i].Target)
			if fl.Steps[i].Action != lang.ActCall || to == nil || to.Episode {
				continue
			}
			if at := slices.Index(path, to.ID); at >= 0 {
				found = true
				fl.f.fault(child(fl.steps[i], "call"), fmt.Sprintf("flows call each other without end: %s", strings.Join(append(slices.Clone(path[at:]), to.ID), " → ")), "let one of them return instead of calling the next")
			} else if !done[to] {
				visit(to, slices.Clone(path))
			}
		}
		done[fl] = true
	}
	for _, fl := range l.list {
		if !done[fl] {
			visit(fl, nil)
		}
	}
	return found
}

// spot is a step of a flow.
type spot struct {
	flow *flowPlace
	i    int
}

// checkSilentCycles finds ways round that pass no question: the engine would
// go on for ever, and the person would be buried in messages.
func (l *loader) checkSilentCycles() {
	returns := l.silentReturns()
	const open, closed = 1, 2
	state := make(map[spot]int)
	var visit func(at spot, path []spot)
	visit = func(at spot, path []spot) {
		state[at] = open
		path = append(path, at)
		for _, to := range l.silentWays(at, returns) {
			switch state[to] {
			case open:
				names := make([]string, 0, len(path))
				for _, p := range path[slices.Index(path, to):] {
					names = append(names, p.flow.Steps[p.i].ID)
				}
				at.flow.f.fault(at.flow.steps[at.i], fmt.Sprintf("steps go round without a question: %s → %s", strings.Join(names, " → "), names[0]), `ask something on the way round, in a step without "when"`)
			case closed:
			default:
				visit(to, path)
			}
		}
		state[at] = closed
	}
	for _, fl := range l.list {
		for i := range fl.Steps {
			if state[spot{fl, i}] == 0 {
				visit(spot{fl, i}, nil)
			}
		}
	}
}

// silentEpisode finds a step that begins an episode and that may come after the
// beginning of a flow without a question; nil if there is none.
func (l *loader) silentEpisode(fl *flowPlace) *lang.Step {
	returns := l.silentReturns()
	seen := make(map[spot]bool)
	var visit func(at spot) *lang.Step
	visit = func(at spot) *lang.Step {
		if seen[at] {
			return nil
		}
		seen[at] = true
		s := &at.flow.Steps[at.i]
		if called := l.find(s.Target); s.Action == lang.ActCall && called != nil && called.Episode {
			return s
		}
		for _, to := range l.silentWays(at, returns) {
			if found := visit(to); found != nil {
				return found
			}
		}
		return nil
	}
	if len(fl.Steps) == 0 {
		return nil
	}
	return visit(spot{fl, 0})
}

// silentWays lists the steps that may follow one in the same turn.
func (l *loader) silentWays(at spot, returns map[*flowPlace]bool) []spot {
	var out []spot
	s := &at.flow.Steps[at.i]
	if called := l.find(s.Target); s.Action == lang.ActCall && called != nil && len(called.Steps) > 0 {
		out = append(out, spot{called, 0})
	}
	for _, next := range l.silentlyOn(at, returns) {
		if next >= 0 && next < len(at.flow.Steps) {
			out = append(out, spot{at.flow, next})
		}
	}
	return out
}

// silentlyOn lists the positions of the flow that may follow one without a
// question. What is none of the flow's is behind its end.
func (l *loader) silentlyOn(at spot, returns map[*flowPlace]bool) []int {
	s := &at.flow.Steps[at.i]
	var ways []string
	switch {
	case s.Question != nil && s.Question.Optional():
		ways = leftOut(s)
	case s.Action != lang.ActAsk && (s.Action != lang.ActCall || returns[l.find(s.Target)]):
		ways = waysOn(at.flow.Flow, at.i)
	case s.When != nil:
		ways = []string{""}
	}
	on := make([]int, len(ways))
	for k, to := range ways {
		if on[k] = at.i + 1; to != "" {
			on[k] = at.flow.Step(to)
		}
	}
	return on
}

// silentReturns finds the flows that may return without a question.
func (l *loader) silentReturns() map[*flowPlace]bool {
	returns := make(map[*flowPlace]bool)
	for changed := true; changed; {
		changed = false
		for _, fl := range l.list {
			if !returns[fl] && !fl.Episode && l.passes(fl, returns) {
				returns[fl], changed = true, true
			}
		}
	}
	return returns
}

// passes reports whether a way leads from the beginning of a flow to its end
// without a question, given the flows that are known to have one.
func (l *loader) passes(fl *flowPlace, returns map[*flowPlace]bool) bool {
	seen := make([]bool, len(fl.Steps))
	var visit func(i int) bool
	visit = func(i int) bool {
		if i < 0 || i >= len(fl.Steps) {
			return true // return, or past the end
		}
		if seen[i] {
			return false
		}
		seen[i] = true
		return slices.ContainsFunc(l.silentlyOn(spot{fl, i}, returns), visit)
	}
	return visit(0)
}

// leftOut lists where a question leads that is not asked.
func leftOut(s *lang.Step) []string {
	got := s.Question.Unasked()
	if next := s.Follows(got.Choice, got.Group).Next; got.Verdict == ask.Answered && next != "" {
		if s.When != nil {
			return []string{next, ""}
		}
		return []string{next}
	}
	var ways []string
	follow := true
	for _, b := range s.Next {
		ways = append(ways, b.To)
		follow = follow && b.When != nil
	}
	if follow || s.When != nil {
		ways = append(ways, "")
	}
	return ways
}
