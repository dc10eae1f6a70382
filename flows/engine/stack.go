package engine

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// interrupt puts the waiting step on the stack, to be asked again when the
// interrupting flow returns. The stack cannot grow without end: a question that
// stands on it already, asked by the same calls, is where the person is back
// at, and a question of the interrupting flow is given up, since that flow
// begins anew.
func (sc *screen) interrupt(flow string) {
	s := sc.p.s
	at := s.At
	sc.stands = sc.messages.carried != 0 && at.Step != "" && at.Flow != flow
	if at.Step != "" {
		at.Again = true
		s.Stack = append(s.Stack, at)
		s.Stack = s.Stack[:firstLike(s.Stack)]
	}
	s.Stack = slices.DeleteFunc(s.Stack, func(at flows.Place) bool { return at.Again && at.Flow == flow })
	if sc.stands {
		s.At = flows.Place{} // its screen stays as long as nothing takes its place
		return
	}
	sc.leave()
}

// call puts a call on the stack.
func (sc *screen) call(f *lang.Flow, i int) { sc.p.s.Stack = append(sc.p.s.Stack, sc.placeOf(f, i)) }

// pop takes the innermost place off the stack and finds it. What is nowhere any
// more is passed over; it returns nil if nothing is left.
func (sc *screen) pop() (f *lang.Flow, i int, at flows.Place) {
	for len(sc.p.s.Stack) > 0 {
		last := len(sc.p.s.Stack) - 1
		at, sc.p.s.Stack = sc.p.s.Stack[last], sc.p.s.Stack[:last]
		if f, i = sc.find(at); f != nil {
			return f, i, at
		}
		sc.stands = false
	}
	return nil, 0, flows.Place{}
}

// takeUp puts an interrupted question in force again. It is asked again, unless
// nothing was said meanwhile.
func (sc *screen) takeUp(f *lang.Flow, i int, at flows.Place) {
	if sc.stands && sc.messages.carried != 0 {
		at.Again = false
		sc.p.s.At = at
		return
	}
	sc.ask(f, i, "")
}

// firstLike is how much to keep of a stack whose last place is a question: up to
// the first one like it that was asked by the same calls.
func firstLike(stack []flows.Place) int {
	calls := func(question int) []flows.Place { // and the question itself
		begin := question
		for begin > 0 && !stack[begin-1].Again {
			begin--
		}
		return stack[begin : question+1]
	}
	last := len(stack) - 1
	for i, at := range stack[:last] {
		if at.Again && slices.Equal(calls(i), calls(last)) {
			return i + 1
		}
	}
	return len(stack)
}
