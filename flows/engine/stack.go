package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// interrupt puts the waiting step on the stack, to be asked again when the
// interrupting flow returns. A question of that flow itself is given up, since it
// begins anew.
func (sc *screen) interrupt(flow string) {
	s := sc.p.s
	at := s.At
	again := at.Step != "" && at.Flow != flow
	if again {
		at.Again, at.Due = true, sc.deadline()
		s.Stack = append(s.Stack, at)
	}
	sc.begun, sc.stands = again, sc.messages.carried != 0 && again
	if sc.stands {
		sc.left = at.Step
		s.At = flows.Place{} // its screen stays as long as nothing takes its place
		return
	}
	sc.leave()
}

// merge takes the question that was interrupted off the stack if the interrupting
// flow asks nothing but that, by the same calls: nobody is asked it twice.
func (sc *screen) merge() {
	s := sc.p.s
	if !sc.begun {
		return
	}
	sc.begun = false
	end := len(s.Stack)
	for end > 0 && !s.Stack[end-1].Again {
		end--
	}
	if end == 0 {
		return
	}
	at := s.At
	at.Again = true
	calls := slices.Concat(s.Stack[end:], []flows.Place{at})
	if begin := end - len(calls); begin >= 0 && slices.EqualFunc(s.Stack[begin:end], calls, samePlace) && (begin == 0 || s.Stack[begin-1].Again) {
		s.Stack = s.Stack[:end-1]
	}
}

// samePlace reports whether two places are the same, whenever they are over.
func samePlace(a, b flows.Place) bool {
	a.Due, b.Due = time.Time{}, time.Time{}
	return a == b
}

// maxInterrupted is how many questions may wait for others to be answered.
const maxInterrupted = 8

// full reports whether a flow may not interrupt: it waits to go on already, and so
// do too many. What is in force is to be answered first.
func (sc *screen) full(flow string) bool {
	waiting, begun := 0, false
	first := true
	for _, at := range sc.p.s.Stack {
		begun = begun || first && at.Flow == flow
		if first = at.Again; first {
			waiting++
		}
	}
	return begun && waiting >= maxInterrupted
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

// void reports whether an interrupted question has lost its reason meanwhile: its
// condition does not hold any more. It goes on then as if its wait were over. One
// that waits for a moment does so when that has come.
func (sc *screen) void(s *lang.Step) bool {
	if s.When == nil || s.Wait == nil || sc.p.holds(s.When) {
		return false
	}
	if s.Wait.Until == nil {
		return true
	}
	until := sc.p.instant(s.Wait.Until)
	return !until.IsZero() && !until.After(sc.p.now)
}

// leftOut reports whether a question is not for the person.
func (sc *screen) leftOut(s *lang.Step) bool {
	return s.Question != nil && s.Question.Optional() && s.Question.LeftOut(sc.p.view(s))
}

// takeUp puts an interrupted question in force again. It is asked again, unless
// nothing was said meanwhile.
func (sc *screen) takeUp(f *lang.Flow, i int, at flows.Place) {
	if sc.stands && sc.messages.carried != 0 {
		at.Again, at.Due = false, time.Time{}
		sc.p.s.At = at
		return
	}
	sc.askBy(f, i, "", at.Due)
}
