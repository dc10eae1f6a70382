package engine

import (
	"cmp"
	"fmt"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/markup"
)

// maxSteps bounds one turn. A checked catalog has no cycle without a question,
// so only a mistake in the checks could reach it.
const maxSteps = 1000

// walk goes through the steps of the flows.
type walk struct {
	p        *person
	out      *effects
	timers   *timers
	messages *messages
	texts    texts
	screen   *screen
	tracks   *tracks
	episode  *episode
	day      *day
	// given is what was typed behind the command that the turn answers.
	given argument
}

// enter runs a flow from its beginning: an episode, or an interruption of
// whatever the person was doing.
func (w *walk) enter(f *lang.Flow) {
	switch {
	case f.Episode:
		w.episode.begin(f)
	case w.screen.full(f.ID):
		w.screen.notNow()
		return
	default:
		w.screen.interrupt(f.ID)
	}
	w.given.depth = len(w.p.s.Stack)
	w.run(f, 0)
}

// instead runs a flow in the place of a reminder. What it says delivers the timer;
// if it says nothing, nothing comes.
func (w *walk) instead(f *lang.Flow, id uint64) {
	if w.screen.full(f.ID) {
		w.out.settle(id, flows.Dropped)
		return
	}
	w.messages.carried = id
	w.enter(f)
	if w.messages.carried != 0 {
		w.messages.carried = 0
		w.out.settle(id, flows.Dropped)
	}
}

// run goes through the steps of f from i on, until one waits for the person,
// the flow returns to nobody, or the episode ends.
func (w *walk) run(f *lang.Flow, i int) {
	for steps := 0; f != nil; steps++ {
		if steps == maxSteps {
			w.episode.end(fmt.Sprintf("fault_in_%s", f.ID))
			return
		}
		if i >= len(f.Steps) {
			f, i = w.back(f)
			continue
		}
		s := &f.Steps[i]
		switch {
		case s.When != nil && !w.p.holds(s.When):
			i++
		case w.screen.leftOut(s):
			i = w.unasked(f, i)
		case s.Action == lang.ActAsk:
			w.ask(f, i)
			return
		default:
			f, i = w.step(f, i)
		}
	}
}

// ask asks a question, unless what was typed behind the command answers it.
func (w *walk) ask(f *lang.Flow, i int) {
	if got, ok := w.given.take(w.p, &f.Steps[i]); ok {
		w.screen.comeTo(f, i)
		w.answered(f, i, got)
		return
	}
	w.screen.ask(f, i, "")
}

// step performs a step that waits for nobody, and returns what is next, nil for
// nothing.
func (w *walk) step(f *lang.Flow, i int) (*lang.Flow, int) {
	s := &f.Steps[i]
	if text := w.texts.ofStep(s); text != "" {
		w.messages.tell(s, text, nil)
	}
	switch s.Action {
	case lang.ActEnd:
		w.assign(s.Set, "")
		w.episode.end(s.Target)
		if len(s.Next) == 0 {
			return nil, 0
		}
		return f, w.next(f, i)
	case lang.ActForget:
		w.episode.forget()
		return nil, 0
	case lang.ActCall:
		called := w.p.catalog.Flow(s.Target)
		if called.Episode {
			w.episode.begin(called)
		} else {
			w.screen.call(f, i)
		}
		return called, 0
	case lang.ActStart:
		w.tracks.start(s.Target)
	case lang.ActBegin:
		w.tracks.begin(s.Target)
	case lang.ActStop:
		w.tracks.stop(s.Target)
	case lang.ActShow:
		w.screen.cardWanted = w.screen.cardWanted || s.Target == lang.TheCard
	}
	w.assign(s.Set, "")
	return f, w.next(f, i)
}

// back returns from a flow that has come to its end: to the step behind the
// call, or to the question that was interrupted. It returns nil when there is
// nowhere to go on.
func (w *walk) back(f *lang.Flow) (*lang.Flow, int) {
	caller, i, at := w.screen.pop()
	w.given.returned(len(w.p.s.Stack))
	switch {
	case caller == nil:
		if f.Episode {
			w.episode.end("finished")
		}
		return nil, 0
	case at.Again && caller.Steps[i].Action == lang.ActAsk:
		switch s := &caller.Steps[i]; {
		case w.screen.void(s):
			w.screen.leave()
			return caller, target(caller, s.Wait.Next)
		case w.screen.leftOut(s):
			w.screen.leave()
			return caller, w.unasked(caller, i)
		case w.screen.overdue(at):
			w.screen.leave()
			w.out.record(flows.Entry{Kind: flows.EntryTimeout, Step: s.ID})
			return caller, target(caller, s.Wait.Next)
		}
		w.messages.still = true // it was heard before
		w.screen.takeUp(caller, i, at)
		return nil, 0
	case at.Again, caller.Steps[i].ID != at.Step: // it is gone, or does not ask; what is there is next
		return caller, i
	}
	w.assign(caller.Steps[i].Set, "")
	return caller, w.next(caller, i)
}

// next returns the step behind step i.
func (w *walk) next(f *lang.Flow, i int) int {
	for _, b := range f.Steps[i].Next {
		if b.When == nil || w.p.holds(b.When) {
			return target(f, b.To)
		}
	}
	return i + 1
}

// target returns the position of a named step; past the end is a return.
func target(f *lang.Flow, id string) int {
	if i := f.Step(id); i >= 0 {
		return i
	}
	return len(f.Steps)
}

// answered goes on from question i with the answer of the person.
func (w *walk) answered(f *lang.Flow, i int, got ask.Outcome) {
	s := &f.Steps[i]
	if s.IsBack(got.Choice) {
		w.goBack(f, i)
		return
	}
	w.out.record(flows.Entry{
		Kind: flows.EntryAnswer, Step: s.ID, Choice: got.Choice, Value: got.Value.Any(), Signs: w.p.catalog.SignsVersion(s),
		Anew: w.p.s.GoneBackTo(s.ID),
	})
	w.keep(s, got)
	shown, older := w.screen.answeredBy(), w.messages.pressed != 0 && !w.screen.seen
	w.leave(shown)
	w.tidy(s, shown, older)
	w.run(f, w.follow(f, i, got))
}

// unasked goes on from question i, which is left out for the person, and returns
// the step behind it. Nothing of it stands in the timeline: nobody has said anything.
func (w *walk) unasked(f *lang.Flow, i int) int {
	s := &f.Steps[i]
	got := s.Question.Unasked()
	if got.Verdict != ask.Answered {
		return w.next(f, i)
	}
	w.keep(s, got)
	return w.follow(f, i, got)
}

// keep keeps the answer to a question.
func (w *walk) keep(s *lang.Step, got ask.Outcome) {
	vars := s.Question.Vars(s.ID)
	for _, v := range vars {
		w.tracks.noteMove(v.Name)
	}
	view := w.p.view(s)
	w.p.dropParts(s)
	s.Question.Keep(view, w.p.s, s.ID, got.Value)
	if name := s.Question.Measures(); name != "" {
		w.p.s.MeasuredOn(name, w.p.day(w.p.now))
	}
	for _, v := range vars {
		w.p.s.Answers(v.Name, s.Asks)
	}
}

// follow sets what an answer to question i sets, and returns the step behind it.
func (w *walk) follow(f *lang.Flow, i int, got ask.Outcome) int {
	s := &f.Steps[i]
	chosen := s.Follows(got.Choice, got.Group)
	w.assign(chosen.Set, got.Choice)
	w.assign(s.Set, got.Choice)
	if chosen.Next != "" {
		return target(f, chosen.Next)
	}
	return w.next(f, i)
}

// moveOn goes on with a person whose question is a step now that does not ask, since
// the flow was edited, or that has nothing to ask any more.
func (w *walk) moveOn() (moved bool) {
	f, i := w.screen.find(w.p.s.At)
	if f == nil || f.Steps[i].Action == lang.ActAsk && !w.screen.leftOut(&f.Steps[i]) {
		return false
	}
	w.screen.leave()
	w.run(f, i)
	return true
}

// timedOut goes on from the question in force, which nobody has answered in time.
func (w *walk) timedOut() {
	f, i := w.screen.find(w.p.s.At)
	s, shown, newest := &f.Steps[i], w.p.s.Shown, w.screen.newest()
	w.screen.leave()
	if s.Shows() && !s.Keep && newest {
		w.messages.leave(shown, 0)
	}
	w.run(f, target(f, s.Wait.Next))
}

// assign sets variables. "onset" and "zone" go where the engine looks for
// them.
func (w *walk) assign(list []lang.Assignment, choice string) {
	for _, a := range list {
		w.tracks.noteMove(a.Var)
		v, err := a.Value.Eval(chosen{w.p, choice})
		if err != nil {
			continue // the checks have typed it; a value out of range sets nothing
		}
		s := w.p.s
		switch v := v.(type) {
		case string:
			if a.Var == "zone" {
				s.Zone = cmp.Or(v, s.Zone) // a country of several zones has none of its own
				continue
			}
			s.SetVar(a.Var, flows.TextOf(markup.Clip(v, lang.MostHeld)))
		case bool:
			s.SetVar(a.Var, flows.BoolOf(v))
		case float64:
			s.SetVar(a.Var, flows.NumberOf(v))
		case int:
			s.SetVar(a.Var, flows.NumberOf(float64(v)))
		case time.Time:
			if a.Var == "onset" {
				s.Episode.Onset = v.UTC()
				continue
			}
			s.SetVar(a.Var, flows.InstantOf(v))
		}
	}
}
