package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// skips says of each step where a person comes to from it through steps that
// change nothing that is followed, and whose conditions nothing that is followed
// decides. Such steps are passed at once: whatever may come in between at one of
// their questions may come at the first.
type skips struct {
	keep [][]bool // by flow and step: it matters
	to   map[[2]int16][]landing
}

// landing is a step that matters, or the end of the flow, and whether a question
// lies before it.
type landing struct {
	step   int16
	rested bool
}

// stepDecides reports whether something that is followed decides where a step
// leads, or whether it is done.
func (m *Model) stepDecides(s *lang.Step) bool {
	decides := func(e *lang.Expr) bool {
		return e != nil && slices.ContainsFunc(e.Syntax().Names(), func(name string) bool {
			_, followed := m.varIndex[name]
			return followed || name == "live" || name == "episode" || name == "pain_trend"
		})
	}
	if s.Action == lang.ActStart || s.Action == lang.ActBegin {
		if t := m.c.Track(s.Target); t.Run != "" || t.Done != "" {
			return true // it may come from then on
		}
	}
	return decides(s.When) || slices.ContainsFunc(s.Next, func(b lang.Branch) bool { return decides(b.When) })
}

func (m *Model) skips(names []string, matter map[string]bool) *skips {
	s := &skips{to: make(map[[2]int16][]landing)}
	for _, f := range m.flows {
		keep := make([]bool, len(f.Steps))
		for i := range f.Steps {
			keep[i] = m.stepMatters(&f.Steps[i], names, matter) || m.stepDecides(&f.Steps[i])
		}
		s.keep = append(s.keep, keep)
	}
	return s
}

// over reports whether a step is passed at once.
func (s *skips) over(flow, step int16) bool { return !s.keep[flow][step] }

// landings lists where a person comes to from a step that is passed.
func (m *Model) landings(s *skips, flow, step int16) []landing {
	at := [2]int16{flow, step}
	if list, known := s.to[at]; known {
		return list
	}
	var list []landing
	seen := make(map[landing]bool)
	queue := []landing{{step, false}}
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		if seen[l] {
			continue
		}
		seen[l] = true
		if int(l.step) >= len(m.flows[flow].Steps) || !s.over(flow, l.step) {
			list = append(list, l)
			continue
		}
		for _, way := range m.ways(flow, l.step) {
			queue = append(queue, landing{way.to, l.rested || way.rests})
		}
	}
	s.to[at] = list
	return list
}

// way is one way on from a step that is passed.
type way struct {
	to    int16
	rests bool // a person may stay there for a while
	label Event
	// doubts are the conditions that let it be gone.
	doubts []Doubt
}

// ways lists the ways on, whatever conditions say.
func (m *Model) ways(flow, step int16) []way {
	f := m.flows[flow]
	s := &f.Steps[step]
	var done []Doubt
	var list []way
	if s.When != nil {
		list = append(list, way{to: step + 1, doubts: []Doubt{{s.When, false}}})
		done = []Doubt{{s.When, true}}
	}
	// on lists where the step leads by itself.
	on := func(rests bool, label Event) {
		doubts := done
		for _, b := range s.Next {
			if b.When == nil {
				list = append(list, way{m.place(flow, b.To), rests, label, doubts})
				return
			}
			list = append(list, way{m.place(flow, b.To), rests, label, append(slices.Clip(doubts), Doubt{b.When, true})})
			doubts = append(slices.Clip(doubts), Doubt{b.When, false})
		}
		list = append(list, way{step + 1, rests, label, doubts})
	}
	switch {
	case s.Question == nil:
		on(s.Action == lang.ActCall, Event{})
		return list
	case s.Question.Optional():
		on(false, Event{})
	}
	for i := range s.Choices {
		c := &s.Choices[i]
		label := Event{Kind: Answered, Step: s.ID, Choice: c.ID, Value: textOf(c.ID)}
		if c.Next != "" {
			list = append(list, way{m.place(flow, c.Next), true, label, done})
		} else {
			on(true, label)
		}
	}
	if len(s.Choices) == 0 {
		on(true, Event{Kind: Answered, Step: s.ID})
	}
	if s.Wait != nil {
		list = append(list, way{m.place(flow, s.Wait.Next), true, Event{Kind: TimedOut, Step: s.ID}, done})
	}
	return list
}

// place is the position of a named step; none of that name is the end.
func (m *Model) place(flow int16, id string) int16 {
	f := m.flows[flow]
	if i := f.Step(id); i >= 0 {
		return int16(i)
	}
	return int16(len(f.Steps))
}

// route lists what a person does on a shortest way from a step that is passed to
// one that matters, and the conditions on it before they do anything.
func (x *explorer) route(flow, from, to int16) (first []Doubt, moves []Move) {
	type node struct {
		step  int16
		first []Doubt
		moves []Move
	}
	seen := make(map[int16]bool)
	queue := []node{{step: from}}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n.step == to {
			return n.first, n.moves
		}
		if seen[n.step] || int(n.step) >= len(x.flows[flow].Steps) || !x.skips.over(flow, n.step) {
			continue
		}
		seen[n.step] = true
		for _, w := range x.ways(flow, n.step) {
			next := node{w.to, n.first, slices.Clone(n.moves)}
			if w.label.Kind != NoEvent {
				next.moves = append(next.moves, Move{Event: w.label, Then: Anywhere})
			}
			if last := len(next.moves) - 1; last >= 0 {
				next.moves[last].Doubts = append(slices.Clip(next.moves[last].Doubts), w.doubts...)
			} else {
				next.first = append(slices.Clip(next.first), w.doubts...)
			}
			queue = append(queue, next)
		}
	}
	return nil, nil
}

// skip passes a step at once.
func (x *explorer) skip(i int32, p point, d data) {
	rested := x.id(x.rest(d))
	for _, l := range x.landings(x.skips, p.flow, p.step) {
		to := p
		to.step = l.step
		if l.rested {
			to.data = rested
			x.reach(to, i, -1, Event{}, nil)
			back := to
			back.data = 0
			x.interrupts(i, rested, frame{what: toCall, point: back, from: i})
			continue
		}
		x.reach(to, i, -1, Event{}, nil)
	}
}
