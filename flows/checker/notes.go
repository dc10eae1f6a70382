package checker

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// Notes tells what never happens in a catalog, and what makes no difference: the
// notes of a [Report], without any proof.
func Notes(c *lang.Catalog) []lang.Note {
	m := newSubject(c)
	return m.notes(m.witnesses(first(time.Time{}), false))
}

// notes tells of what never happens, and of what makes no difference. What is
// told is so for all who begin with these flows; there may be more of it. See
// package model for what is not known.
func (m *subject) notes(witnesses []Witness) []lang.Note {
	var list []lang.Note
	truths := m.noteModel().Truths()
	never := func(where string, e *lang.Expr, format string) {
		if t, asked := truths[e]; asked && t.True != t.False {
			list = append(list, lang.Note{Where: where, What: fmt.Sprintf(format, e.Source, t.True)})
		}
	}
	reads := m.reads()
	for _, f := range m.c.Flows() {
		list = append(list, m.neverEntered(f)...)
		for i := range f.Steps {
			s := &f.Steps[i]
			where := fmt.Sprintf("flow %s, step %s", f.ID, s.ID)
			if t := truths[s.When]; s.Action != lang.ActAsk || t.False {
				// One that always holds still says when a question is not asked again.
				never(where, s.When, "when it comes to this step, %s is always %t")
			}
			for _, b := range s.Next {
				never(where, b.When, "on the way to "+b.To+", %s is always %t")
			}
			if m.noteModel().Done(s.ID) && idle(m.c, s, reads) {
				list = append(list, lang.Note{Where: where, What: "whatever is answered, the same follows, and nothing reads the answer"})
			}
		}
		for i := range f.Tracks {
			t := &f.Tracks[i]
			where := fmt.Sprintf("flow %s, %s", f.ID, t.Name)
			if what := m.neverComes(t, truths); what != "" {
				list = append(list, lang.Note{Where: where, What: what})
			}
			never(where, t.When, "while it runs, %s is always %t")
		}
	}
	return append(list, m.neverBroken(witnesses)...)
}

// neverEntered tells of the steps of a flow to which nobody comes. Those to which
// people are led by an edit are left alone.
func (m *subject) neverEntered(f *lang.Flow) []lang.Note {
	var steps []string
	for i := range f.Steps {
		if id := f.Steps[i].ID; !m.noteModel().Entered(id) {
			steps = append(steps, id)
		}
	}
	for _, heir := range f.Retired {
		if slices.Contains(steps, heir) {
			return nil
		}
	}
	where := "flow " + f.ID
	switch len(steps) {
	case 0:
		return nil
	case len(f.Steps):
		return []lang.Note{{Where: where, What: "nobody comes into it"}}
	}
	return []lang.Note{{Where: where, What: "nobody comes to " + strings.Join(steps, ", ")}}
}

// neverComes says why a track never comes, "" if it may, or if what is told of its
// condition says it.
func (m *subject) neverComes(t *lang.TrackSpec, truths map[*lang.Expr]model.Truth) string {
	started := false
	for _, f := range m.c.Flows() {
		for i := range f.Steps {
			s := &f.Steps[i]
			starts := s.Action == lang.ActStart || s.Action == lang.ActBegin
			started = started || starts && s.Target == t.Name && m.noteModel().Done(s.ID)
		}
	}
	switch {
	case !started:
		return "nothing starts it"
	case !m.noteModel().Open(t):
		return fmt.Sprintf("it never comes: there is no time for it from %s until %s", t.From.Source, t.Until.Source)
	case !m.noteModel().Comes(t) && truths[t.When] != (model.Truth{False: true}):
		return "it never comes"
	}
	return ""
}

// neverBroken tells of the promises that never had a chance to break.
func (m *subject) neverBroken(witnesses []Witness) []lang.Note {
	var list []lang.Note
	for i, p := range m.stated() {
		where := p.source + ": " + p.name
		switch {
		case witnesses[i].Never && !m.bySigns(p.names):
			list = append(list, lang.Note{Where: where, What: "what it speaks of never happens"})
		case witnesses[i].Never:
		case !m.noteModel().Ever(p.cond, !p.want):
			list = append(list, lang.Note{Where: where, What: fmt.Sprintf("wherever somebody is, %s is %t", p.cond.Source, p.want)})
		}
	}
	return list
}

// bySigns reports whether somebody comes to one of some steps as soon as a warning sign
// is moved to another class.
func (m *subject) bySigns(steps []string) bool {
	return slices.ContainsFunc(steps, func(id string) bool { return m.noteModel().Entered(id) && !m.theModel().Entered(id) })
}

// idle reports whether a question has answers to choose from and none of them
// makes a difference. One that stays in the chat is there to be read again.
func idle(c *lang.Catalog, s *lang.Step, reads map[string]bool) bool {
	if s.Question == nil || len(s.Choices) < 2 || s.Keep || c.HasLine(s) || s.Question.Measures() != "" {
		return false
	}
	for _, v := range s.Question.Vars(s.ID) {
		if reads[v.Name] {
			return false
		}
	}
	first := &s.Choices[0]
	for i := range s.Choices {
		c := &s.Choices[i]
		if c.Next != first.Next || !slices.EqualFunc(c.Set, first.Set, same) {
			return false
		}
	}
	return !slices.ContainsFunc(first.Set, func(a lang.Assignment) bool { return a.Value.Uses("choice") })
}

func same(a, b lang.Assignment) bool {
	return a.Var == b.Var && a.Value.Syntax().String() == b.Value.Syntax().String()
}

// reads are the variables that a text or the papers show, an expression names, or the
// history of episodes keeps.
func (m *subject) reads() map[string]bool {
	reads := m.c.Shown()
	note := func(list ...*lang.Expr) {
		for _, e := range list {
			for _, name := range e.Syntax().Names() {
				reads[name] = true
			}
		}
	}
	sets := func(list []lang.Assignment) {
		for _, a := range list {
			note(a.Value)
		}
	}
	for _, f := range m.c.Flows() {
		reads[f.History] = true
		for _, name := range f.Papers.Variables() {
			reads[name] = true
		}
		note(f.WakeFrom, f.WakeTo)
		if f.Day != nil {
			note(f.Day.Invitations, f.Day.Rings)
		}
		for _, inv := range f.Invariants {
			note(inv.Require, inv.While)
		}
		for i := range f.Tracks {
			t := &f.Tracks[i]
			note(t.HoldBy, t.CheckBy, t.GapBy, t.TimesBy, t.DaysBy, t.When, t.From, t.Until)
		}
		for i := range f.Steps {
			s := &f.Steps[i]
			note(s.When)
			note(m.c.Concerning(s)...)
			if q, about := s.Question.(ask.AboutSigns); about {
				reads[q.About().But] = true
			}
			sets(s.Sets())
			for _, b := range s.Next {
				note(b.When)
			}
			if s.Wait != nil {
				note(s.Wait.Until)
			}
		}
	}
	return reads
}
