package checker

import (
	"slices"
	"strings"
	"time"

	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// refine makes a model more exact where the engine did not follow it. It reports
// whether there was something to be made so.
func (p *player) refine(follow *model.Follow, mixed []string) bool {
	if more := slices.DeleteFunc(mixed, func(name string) bool { return slices.Contains(follow.Kept, name) }); len(more) > 0 {
		follow.Kept = append(follow.Kept, more...)
		return true
	}
	k := min(max(p.far, 0), len(p.way)-1)
	for i := k; i >= 0; i-- {
		if p.differing(follow, p.way[i], p.trail[i]) {
			return true
		}
	}
	for _, mv := range p.way[k:] {
		if p.blame(follow, mv) {
			return true
		}
	}
	for _, mv := range slices.Backward(p.way[:k]) {
		if p.blame(follow, mv) {
			return true
		}
	}
	return false
}

// differing follows a part of a condition that the engine sees the other way, in
// the world before a move.
func (p *player) differing(follow *model.Follow, mv model.Move, before *world) bool {
	for _, d := range mv.Doubts {
		for _, part := range p.m.against(before, d.Expr.Syntax(), d.Took) {
			if p.m.followExpr(follow, d.Expr, part) {
				return true
			}
		}
	}
	return false
}

// blame follows one more of the things that a move rests on.
func (p *player) blame(follow *model.Follow, mv model.Move) bool {
	for _, d := range mv.Doubts {
		if p.m.followExpr(follow, d.Expr, d.Expr.Syntax()) {
			return true
		}
	}
	if t := p.m.c.Track(mv.Track); t != nil {
		if !slices.Contains(follow.Tracks, t.Name) {
			follow.Tracks = append(follow.Tracks, t.Name)
			return true
		}
		for _, e := range []*lang.Expr{t.From, t.Until, t.When} {
			if e != nil && p.m.followExpr(follow, e, e.Syntax()) {
				return true
			}
		}
	}
	if s := p.m.stepOf(mv.Step); s != nil && mv.Kind == model.TimedOut && s.Wait != nil && s.Wait.Until != nil {
		return p.m.followExpr(follow, s.Wait.Until, s.Wait.Until.Syntax())
	}
	return false
}

// against lists the parts of a condition because of which the engine sees it the
// other way than it was taken.
func (m *subject) against(w *world, s lang.Syntax, took bool) []lang.Syntax {
	if inner, ok := s.Negated(); ok {
		return m.against(w, inner, !took)
	}
	holds := func(s lang.Syntax) bool {
		e, err := lang.CompileExpr(s.String(), m.c.Vars, lang.BoolType)
		return err == nil && w.scope(m.c).holds(e)
	}
	if holds(s) == took {
		return nil
	}
	parts := s.Conjuncts()
	if !took {
		parts = s.Disjuncts()
	}
	if len(parts) == 1 {
		return parts
	}
	var list []lang.Syntax
	for _, part := range parts {
		list = append(list, m.against(w, part, took)...)
	}
	if len(list) == 0 {
		return []lang.Syntax{s}
	}
	return list
}

// followExpr follows what a part of a condition speaks of.
func (m *subject) followExpr(follow *model.Follow, e *lang.Expr, part lang.Syntax) bool {
	if e == nil {
		return false
	}
	changed := false
	known := follow.Close(m.c)
	for _, name := range part.Names() {
		sample, isVar := m.c.Vars[name]
		if (isVar || name == "onset" || strings.HasPrefix(name, "pain_")) && !slices.Contains(known.Vars, name) {
			follow.Vars = append(follow.Vars, name)
			changed = true
		}
		if _, isInstant := sample.(time.Time); (isInstant || name == "onset") && !slices.Contains(follow.Timed, e) {
			follow.Timed = append(follow.Timed, e)
			changed = true
		}
	}
	return changed
}

// stepOf finds a step by its name.
func (m *subject) stepOf(id string) *lang.Step {
	for _, f := range m.c.Flows() {
		if i := f.Step(id); i >= 0 {
			return &f.Steps[i]
		}
	}
	return nil
}
