package checker

import (
	"slices"

	"spasmbot/flows/button"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// maxTogether bounds what is put together before it is answered.
const maxTogether = 5

// together answers a question that is put together press by press, as in the model.
// Whatever stands there already that is not wanted is taken away.
func (p *player) together(w *world, ev model.Event, moves []move) []made {
	step := p.m.step(&w.s)
	if step == nil || step.ID != ev.Step {
		return nil
	}
	parts := p.parts(w, step)
	if len(parts) == 0 {
		return nil
	}
	var list []made
	for _, wanted := range p.wanted(w, step, ev, parts) {
		at := p.arrange(made{w: w, moves: moves}, step, parts, wanted)
		if at.found {
			return append(list, at)
		}
		if len(wanted) == 0 && len(at.moves) == len(moves) {
			continue // there is a button for that
		}
		for _, b := range p.buttons(at.w, step) {
			if b.Does.Verdict == ask.Answered && b.Does.Choice == ev.Choice {
				list = append(list, p.do(at.w, at.moves, at.w.press(button.Screen, at.w.s.Shown, b.Data)))
			}
		}
	}
	return list
}

// wanted are what may be put together: what the model says, or each set of what the
// promise speaks of.
func (p *player) wanted(w *world, step *lang.Step, ev model.Event, parts []string) [][]string {
	possible := step.Question.Possible(engine.View(p.m.c, &w.s, step, w.now), step.ID)
	if ev.Answer < len(possible) && possible[ev.Answer].Together != nil {
		return [][]string{possible[ev.Answer].Together}
	}
	spoken := p.spokenOf(step, parts)
	sets := make([][]string, 1<<len(spoken))
	for set := range sets {
		for i, id := range spoken {
			if set>>i&1 == 1 {
				sets[set] = append(sets[set], id)
			}
		}
	}
	return sets
}

// spokenOf are the parts of an answer that the promise speaks of, by themselves or by a
// gate.
func (p *player) spokenOf(step *lang.Step, parts []string) []string {
	names := p.part.cond.Syntax().Names()
	var list []string
	for _, id := range parts {
		speaks := slices.Contains(names, step.ID+"_"+id)
		for _, g := range step.Question.Gates() {
			speaks = speaks || slices.Contains(names, g.Name) && slices.Contains(g.Of, id)
		}
		if speaks && len(list) < maxTogether {
			list = append(list, id)
		}
	}
	return list
}

// arrange puts together what is wanted, and nothing else.
func (p *player) arrange(at made, step *lang.Step, parts, wanted []string) made {
	for _, id := range parts {
		for _, b := range p.buttons(at.w, step) {
			if b.Does.Verdict == ask.Drafted && b.Does.Choice == id && b.TakesBack(id) != slices.Contains(wanted, id) {
				at = p.do(at.w, at.moves, at.w.press(button.Screen, at.w.s.Shown, b.Data))
				break
			}
		}
		if at.found {
			break
		}
	}
	return at
}

// parts are what an answer can be put together of.
func (p *player) parts(w *world, step *lang.Step) []string {
	var list []string
	for _, b := range p.buttons(w, step) {
		if b.Does.Verdict == ask.Drafted {
			list = append(list, b.Does.Choice)
		}
	}
	return list
}

func (p *player) buttons(w *world, step *lang.Step) []ask.Button {
	return slices.Concat(step.Question.Buttons(engine.View(p.m.c, &w.s, step, w.now))...)
}
