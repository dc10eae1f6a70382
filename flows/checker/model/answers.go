package model

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// answer is one that a question can be given.
type answer struct {
	choice string
	value  Value // of the first variable
	sets   []setting
}

// setting gives a variable that is followed a value.
type setting struct {
	at    int
	value Value
}

// answers lists the answers to a question that may make a difference: of what is
// not followed, one is enough, whatever it is.
func (x *explorer) answers(s *lang.Step) []answer {
	if list, known := x.byStep[s.ID]; known {
		return list
	}
	var list []answer
	for _, p := range s.Question.Possible(x.view(s), s.ID) {
		first := answer{choice: p.Choice}
		if len(p.Sets) > 0 {
			first.value = x.whole(p.Sets[0])
		}
		ways := []answer{first}
		for _, set := range p.Sets {
			ways = x.spread(ways, set)
		}
		list = append(list, ways...)
	}
	if !x.tells(s) {
		list = list[:min(1, len(list))]
	}
	x.byStep[s.ID] = list
	return list
}

// tells reports whether it makes a difference how a question is answered.
func (x *explorer) tells(s *lang.Step) bool {
	follows := func(name string) bool { _, ok := x.varIndex[name]; return ok }
	if len(s.Choices) > 0 || s.Question.Measures() != "" && slices.ContainsFunc(measures, follows) {
		return true
	}
	return slices.ContainsFunc(s.Question.Vars(s.ID), func(v flows.Var) bool { return follows(v.Name) })
}

// spread follows each value that a variable can be.
func (x *explorer) spread(ways []answer, set ask.Setting) []answer {
	at, followed := x.varIndex[set.Var]
	if !followed {
		return ways
	}
	var out []answer
	for _, way := range ways {
		for _, v := range x.parts(at, set) {
			next := way
			next.sets = append(next.sets[:len(next.sets):len(next.sets)], setting{at, v})
			if len(way.sets) == 0 {
				next.value = v
			}
			out = append(out, next)
		}
	}
	return out
}

// whole is all that a variable can be, at once.
func (x *explorer) whole(set ask.Setting) Value {
	switch {
	case set.Known:
		return known(set.Value)
	case set.Value.Kind == flows.NumberValue:
		return numberIn(Span{lo: set.Least, hi: set.Most})
	case set.Value.Kind == flows.BoolValue:
		return boolOf(Unknown)
	}
	return Value{}
}

// parts are the values that conditions tell apart.
func (x *explorer) parts(at int, set ask.Setting) []Value {
	whole := x.whole(set)
	switch {
	case set.Known:
		return []Value{whole}
	case whole.kind == number:
		var list []Value
		for _, span := range whole.span.split(x.cuts[at]) {
			list = append(list, numberIn(span))
		}
		return list
	case whole.kind == truth:
		return []Value{boolOf(True), boolOf(False)}
	}
	list := []Value{{}} // any other
	for _, e := range conditions(x.c) {
		if e.Uses(set.Var) {
			for _, t := range e.Syntax().Texts() {
				list = with(list, textOf(t))
			}
		}
	}
	return list
}

// view is what a question sees of somebody of whom nothing is known.
func (x *explorer) view(s *lang.Step) ask.View { return x.c.View(&flows.State{}, s) }
