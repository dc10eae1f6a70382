package model

import (
	"spasmbot/flows/lang"
)

// Move is an event on the way to something, with where it leads.
type Move struct {
	Event
	// Then is the question in force afterwards, "" if there is none, Anywhere if
	// that makes no difference.
	Then string
	// Guards are the conditions that decide where it leads.
	Guards []*lang.Expr
}

// Anywhere stands for any question.
const Anywhere = "\x00"

// writer writes a way down: what happens on it, and as moves of a person.
type writer struct {
	moves []Move
	ops   []op
	end   end
}

// list lists the moves.
func (w *writer) list() []Move {
	for i := range w.moves {
		// Whoever answers a question stands there before.
		if next := i + 1; next < len(w.moves) && (w.moves[next].Kind == Answered || w.moves[next].Kind == TimedOut) {
			w.moves[i].Then = w.moves[next].Step
		}
	}
	if w.moves == nil {
		return []Move{}
	}
	return w.moves
}

// follow writes what happens from a point on, to where nothing follows.
func (s *search) follow(i int32, w *writer) {
	for i >= 0 {
		p := s.points[i]
		w.at(s, p.node)
		w.goes(p.label, p.ops)
		if p.end >= 0 {
			w.end = s.ends[p.end]
		}
		if p.inner >= 0 {
			e := s.points[p.inner]
			if k := s.stays[e.ctx].kind; k == called || k == within {
				s.pass(node{atStep, e.node.flow, 0}, e.node, w)
			}
			s.follow(p.inner, w)
		}
		if p.next >= 0 {
			s.pass(p.land, s.points[p.next].node, w)
		}
		i = p.next
	}
}

// pass writes how somebody comes from a node of a region to the one that it is of.
func (s *search) pass(from, to node, w *writer) {
	for _, e := range s.route(from, to) {
		w.at(s, e.from)
		w.goes(e.label, e.ops)
	}
}

// at notes that the way comes by a node.
func (w *writer) at(s *search, n node) {
	last := len(w.moves) - 1
	if last < 0 {
		return
	}
	switch n.place {
	case atRest:
		w.moves[last].Then = s.flows[n.flow].Steps[n.step].ID
	case atIdle:
		w.moves[last].Then = ""
	case atWait:
		w.moves[last].Then = Anywhere
	}
}

// goes notes what happens next.
func (w *writer) goes(label Event, ops []op) {
	if label.Kind != NoEvent {
		w.moves = append(w.moves, Move{Event: label, Then: Anywhere})
	}
	w.ops = append(w.ops, ops...)
	last := len(w.moves) - 1
	for _, o := range ops {
		if g, ok := o.(guard); ok && last >= 0 {
			w.moves[last].Guards = append(w.moves[last].Guards, g.e)
		}
	}
}
