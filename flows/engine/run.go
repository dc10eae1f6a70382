package engine

import (
	"fmt"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// maxSteps bounds one turn. A checked catalog has no cycle without a question,
// so only a mistake in the checks could reach it.
const maxSteps = 1000

// run goes through the steps of f from i on, until one waits for the person,
// the flow returns to nobody, or the episode ends.
func (t *turn) run(f *lang.Flow, i int) {
	for range maxSteps {
		if i >= len(f.Steps) {
			if f, i = t.back(f); f == nil {
				return
			}
			continue
		}
		s := &f.Steps[i]
		if s.When != nil && !t.holds(s.When, "") {
			i++
			continue
		}
		if s.Question != nil && s.Question.LeftOut(t.catalog.View(&t.s, s)) {
			i = t.next(f, i)
			continue
		}
		if s.Action == lang.ActAsk {
			t.ask(f, i, "")
			return
		}
		if text := t.text(s.ID, "text"); text != "" {
			t.tell(s, text, nil)
		}
		switch s.Action {
		case lang.ActEnd:
			t.assign(s.Set, "")
			t.end(s.Target)
			if len(s.Next) == 0 {
				return
			}
			i = t.next(f, i)
			continue
		case lang.ActCall:
			called := t.catalog.Flow(s.Target)
			if called.Episode {
				t.enter(called)
				return
			}
			t.s.Stack = append(t.s.Stack, t.placeOf(f, i))
			f, i = called, 0
			continue
		case lang.ActStart:
			t.start(s.Target)
		case lang.ActBegin:
			t.beginNow(s.Target)
		case lang.ActStop:
			t.stop(s.Target)
		}
		t.assign(s.Set, "")
		i = t.next(f, i)
	}
	t.end(fmt.Sprintf("fault_in_%s", f.ID))
}

// back returns from a flow that has come to its end: to the step behind the
// call, or to the question that was interrupted. It returns nil when there is
// nowhere to go on.
func (t *turn) back(f *lang.Flow) (*lang.Flow, int) {
	for len(t.s.Stack) > 0 {
		last := len(t.s.Stack) - 1
		at := t.s.Stack[last]
		t.s.Stack = t.s.Stack[:last]
		caller, i := t.place(at)
		switch {
		case caller == nil:
			t.stands = false
			continue
		case at.Again && t.stands && t.reminder != 0: // nothing was said
			at.Again = false
			t.s.At = at
			return nil, 0
		case at.Again:
			t.ask(caller, i, "")
			return nil, 0
		case caller.Steps[i].ID != at.Step: // the call is gone; its heir is next
			return caller, i
		}
		t.assign(caller.Steps[i].Set, "")
		return caller, t.next(caller, i)
	}
	if f.Episode {
		t.end("finished")
	}
	return nil, 0
}

// next returns the step behind step i.
func (t *turn) next(f *lang.Flow, i int) int {
	for _, b := range f.Steps[i].Next {
		if b.When == nil || t.holds(b.When, "") {
			return t.target(f, b.To)
		}
	}
	return i + 1
}

// target returns the position of a named step; past the end is a return.
func (t *turn) target(f *lang.Flow, id string) int {
	if i := f.Step(id); i >= 0 {
		return i
	}
	return len(f.Steps)
}

// placeOf names a position so that it can be found again later.
func (t *turn) placeOf(f *lang.Flow, i int) flows.Place {
	s := &f.Steps[i]
	return flows.Place{Flow: f.ID, Version: f.Version, Step: s.ID, Hash: s.Hash}
}

// place finds a position again. If its step was retired, that is where the flow
// has moved it. It returns nil if the position is empty or nowhere any more.
func (t *turn) place(at flows.Place) (*lang.Flow, int) {
	f := t.catalog.Flow(at.Flow)
	if f == nil {
		return nil, 0
	}
	if i := f.Step(f.Heir(at.Step)); i >= 0 {
		return f, i
	}
	return nil, 0
}

// edited reports whether the step in force is another than the one that the
// person was asked: the flow was edited meanwhile.
func (t *turn) edited(s *lang.Step) bool {
	return s.Hash != t.s.At.Hash || s.ID != t.s.At.Step
}

// answered goes on from question i with the choice the person made.
func (t *turn) answered(f *lang.Flow, i int, choice string, value flows.Value) {
	s := &f.Steps[i]
	t.record(flows.Entry{Kind: flows.EntryAnswer, Step: s.ID, Choice: choice, Value: value.Any()})
	for _, v := range s.Question.Vars(s.ID) {
		t.noteMove(v.Name)
	}
	s.Question.Keep(&t.s, s.ID, value)
	t.leave()
	if s.Keep || s.Picture+s.Animation != "" || t.s.Shown != t.s.Messages {
		// What is to be read again stays. The words of a picture cannot be
		// replaced, and nothing new may appear above what came later.
		t.strip()
	}
	to := ""
	for k := range s.Choices {
		if s.Choices[k].ID == choice {
			t.assign(s.Choices[k].Set, choice)
			to = s.Choices[k].Next
		}
	}
	t.assign(s.Set, choice)
	if to != "" {
		t.run(f, t.target(f, to))
	} else {
		t.run(f, t.next(f, i))
	}
}

// assign sets variables. "onset" and "zone" go where the engine looks for
// them.
func (t *turn) assign(list []lang.Assignment, choice string) {
	for _, a := range list {
		t.noteMove(a.Var)
		v, err := a.Value.Eval(scope{t.view(), choice})
		if err != nil {
			continue // the checks have typed it; a value out of range sets nothing
		}
		switch v := v.(type) {
		case string:
			if a.Var == "zone" {
				t.s.Zone = v
				continue
			}
			t.s.SetVar(a.Var, flows.TextOf(v))
		case bool:
			t.s.SetVar(a.Var, flows.BoolOf(v))
		case float64:
			t.s.SetVar(a.Var, flows.NumberOf(v))
		case int:
			t.s.SetVar(a.Var, flows.NumberOf(float64(v)))
		case time.Time:
			if a.Var == "onset" {
				t.s.Episode.Onset = v.UTC()
				continue
			}
			t.s.SetVar(a.Var, flows.InstantOf(v))
		}
	}
}

// holds evaluates a condition; one that cannot be evaluated does not hold.
func (t *turn) holds(e *lang.Expr, choice string) bool {
	v, err := e.Eval(scope{t.view(), choice})
	b, ok := v.(bool)
	return err == nil && ok && b
}
