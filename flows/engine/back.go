package engine

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/typed"
)

// wayBack is where Back leads from a question of a flow, with what is set on the way:
// to the question before it, or if that is not asked now, on from there by its own way
// back. It is not ok where that leads nowhere.
func (p *person) wayBack(f *lang.Flow, s *lang.Step) (to string, sets []lang.Assignment, ok bool) {
	for range f.Steps { // ways back may go round
		if s.Back == nil {
			return "", nil, false
		}
		to, sets = s.Back.Next, append(sets, s.Back.Set...)
		i := f.Step(to)
		if i < 0 {
			return to, sets, true
		}
		if s = &f.Steps[i]; !p.leavesOut(s) {
			return to, sets, true
		}
	}
	return "", nil, false
}

// leavesOut reports whether the person is not asked a question.
func (p *person) leavesOut(s *lang.Step) bool {
	return s.When != nil && !p.holds(s.When) || s.Question.LeftOut(p.view(s))
}

// backKey is the button that leads back from the question in force; ok is false if it
// has none.
func backKey(p *person, s *lang.Step) (key flows.Key, ok bool) {
	f := p.catalog.Flow(p.s.At.Flow)
	if s.Back == nil || f == nil {
		return flows.Key{}, false
	}
	_, _, ok = p.wayBack(f, s)
	return flows.Key{Label: p.catalog.Text(p.s.Lang, "buttons", lang.BackChoice).Plain(), Data: lang.BackChoice}, ok
}

// saysBack reports whether typed words are those of the button that leads back.
func (p *person) saysBack(s *lang.Step, words string) bool {
	key, ok := backKey(p, s)
	return ok && typed.Same(key.Label, words)
}

// goBack leaves question i, unanswered, for the one before.
func (w *walk) goBack(f *lang.Flow, i int) {
	s := &f.Steps[i]
	to, sets, _ := w.p.wayBack(f, s)
	w.out.record(flows.Entry{Kind: flows.EntryAnswer, Step: s.ID, Choice: lang.BackChoice})
	shown := w.screen.answeredBy()
	w.leave(shown)
	w.makeWay(s, w.messages.answered)
	w.assign(sets, "")
	stack := slices.Clone(w.p.s.Stack)
	w.run(f, target(f, to))
	if landed, i := w.screen.question(); landed != nil && !resumes(stack, w.p.s) {
		w.p.s.GoesBackTo(landed.Steps[i].ID)
	}
}

// resumes reports whether the question in force was interrupted, as a stack says that is
// as it was before: such a question has not been answered.
func resumes(stack []flows.Place, s *flows.State) bool {
	depth := len(s.Stack)
	return depth < len(stack) && stack[depth].Again && stack[depth].Step == s.At.Step
}
