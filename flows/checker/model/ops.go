package model

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// guard lets those pass for whom a condition is what it is wanted to be.
type guard struct {
	e    *lang.Expr
	want bool
}

func (g guard) before(m *Model, c cube) []cube {
	return both([]cube{c}, reader{Model: m}.condition(g.e, g.want))
}

// reached lets those pass for whom an instant has come.
type reached struct{ e *lang.Expr }

func (r reached) before(m *Model, c cube) []cube {
	var out []cube
	for _, v := range (reader{Model: m}).values(r.e.Syntax().Node()) {
		one := anybody
		if v.kind == instant {
			one = m.holding(atMost(v.sum, variable(m.index[now]), false))
		}
		out = either(out, both([]cube{c}, both([]cube{v.where}, one)))
	}
	return out
}

// assigned gives a variable a value.
type assigned struct {
	v      int32
	e      *lang.Expr
	choice string
	chosen bool
}

func (a assigned) before(m *Model, c cube) []cube {
	if !c.speaksOf(a.v) {
		return []cube{c}
	}
	r := reader{m, a.choice, a.chosen}
	s, ok := c.of(a.v)
	switch m.kinds[a.v] {
	case truth:
		if !ok {
			return []cube{c}
		}
		return both([]cube{c.free(a.v)}, r.truth(a.e.Syntax().Node(), s.has(yes)))
	case text:
		if !ok {
			return []cube{c}
		}
		return r.textBefore(c.free(a.v), s, a.e.Syntax().Node())
	}
	if low, high, ok := r.midnight(a.e.Syntax().Node()); ok && m.follows(m.index[now]) {
		if c, ok = c.between(a.v, low, high); !ok {
			return nil
		}
		return []cube{c}
	}
	var out []cube
	for _, v := range r.values(a.e.Syntax().Node()) {
		one, ok := c.loose(a.v)
		if v.kind == m.kinds[a.v] {
			one, ok = m.put(c, a.v, v.sum)
		}
		if ok {
			out = either(out, both([]cube{one}, []cube{v.where}))
		}
	}
	return out
}

// textBefore is c, which says nothing of a variable, before that was given a text
// that is in s.
func (r reader) textBefore(c cube, s set, n ast.Node) []cube {
	if from, ok := r.textVar(n); ok {
		if c, ok = r.where(c, from, s); !ok {
			return nil
		}
		return []cube{c}
	}
	if n, ok := n.(*ast.ConditionalNode); ok {
		return either(
			both(r.textBefore(c, s, n.Exp1), r.truth(n.Cond, true)),
			both(r.textBefore(c, s, n.Exp2), r.truth(n.Cond, false)))
	}
	var out []cube
	for _, x := range r.values(n) {
		if x.kind != text || s.has(x.text) {
			out = either(out, both([]cube{c}, []cube{x.where}))
		}
	}
	return out
}

// answering is what the answer to a question sets.
type answering struct {
	sets    []ask.Setting
	measure string
}

func (a answering) before(m *Model, c cube) []cube {
	list := a.measured(m, c)
	for _, set := range slices.Backward(a.sets) {
		v, ok := m.index[set.Var]
		if !ok {
			continue
		}
		var out []cube
		for _, c := range list {
			if c, ok := answered(m, c, v, set); ok {
				out = put(out, c)
			}
		}
		list = out
	}
	return list
}

// answered is the part of c in which a variable may be what an answer sets it to,
// with nothing said of it.
func answered(m *Model, c cube, v int32, set ask.Setting) (cube, bool) {
	switch {
	case set.Known:
		return m.given(c, v, set.Value)
	case m.kinds[v] == number:
		var ok bool
		for _, b := range []bound{atMost(constant(set.Least), variable(v), false), atMost(variable(v), constant(set.Most), false)} {
			if c, ok = c.under(b); !ok {
				return c, false
			}
		}
		return c.loose(v)
	}
	return c.free(v).loose(v)
}

// measured is c before a measurement: it is the last one, and may be the first, or take
// the place of one that was taken back.
func (a answering) measured(m *Model, c cube) []cube {
	if a.measure != "pain" {
		return []cube{c}
	}
	first, last, before := m.index[painFirst], m.index[painNow], m.index[painBefore]
	value := variable(last)
	if len(a.sets) > 0 {
		if n, ok := a.sets[0].Value.Any().(float64); ok && a.sets[0].Known {
			value = constant(n)
		} else if v, ok := m.index[a.sets[0].Var]; ok {
			value = variable(v)
		}
	}
	var out []cube
	after := func(c cube) {
		c, ok := m.put(c, last, value)
		if !ok {
			return
		}
		out = put(out, c)
		if c, ok := m.put(c, first, value); ok {
			out = put(out, c)
		}
	}
	if c, ok := m.put(c, before, variable(last)); ok {
		after(c)
	}
	after(c) // in the place of one that was taken back, it has the same before it
	if c, ok := m.put(c, before, value); ok {
		after(c) // or none, if that was the first
	}
	return out
}

// acting is what a step does to tracks.
type acting struct{ s *lang.Step }

func (a acting) before(m *Model, c cube) []cube {
	ok := true
	switch {
	case (a.s.Action == lang.ActStart || a.s.Action == lang.ActBegin) && m.isSome(a.s.Target):
		c, ok = was(c, m.anyRuns, yes)
	case a.s.Action == lang.ActStop && a.s.Target == lang.AllTracks:
		c, ok = was(c, m.anyRuns, no)
	}
	if !ok {
		return nil
	}
	for _, t := range m.tracks {
		b := m.bits[t.Name]
		named := a.s.Target == t.Name
		switch {
		case named && (a.s.Action == lang.ActStart || a.s.Action == lang.ActBegin):
			c, ok = was(c, b.running, yes)
		case a.s.Action == lang.ActStop && a.s.Target == lang.AllTracks:
			if c, ok = was(c, b.running, no); ok {
				c, ok = was(c, b.on, no)
			}
		case named && a.s.Action == lang.ActStop:
			c, ok = was(c, b.running, no)
		}
		if !ok {
			return nil
		}
	}
	return []cube{c}
}

// was is the part of c in which a truth that has just become v may be it.
func was(c cube, variable, v int32) (cube, bool) {
	if s, ok := c.of(variable); ok && !s.has(v) {
		return cube{}, false
	}
	return c.free(variable), true
}

// passing is time that passes: nobody knows how much.
type passing struct{}

func (passing) before(m *Model, c cube) []cube {
	v := m.index[now]
	if !c.speaksOf(v) {
		return []cube{c}
	}
	// It was now, and is later by something that is not below 0.
	later := int32(len(m.names))
	bounds := make([]bound, 0, len(c.bounds)+1)
	for _, b := range c.bounds {
		bounds = append(bounds, bound{b.with(v, variable(v).add(variable(later))), b.below}.scaled())
	}
	bounds = append(bounds, atMost(constant(0), variable(later), false))
	c, ok := c.bounded(without(bounds, later))
	if !ok {
		return nil
	}
	return []cube{c}
}

// ended is the end of the episode.
type ended struct{}

func (ended) before(m *Model, c cube) []cube {
	if s, ok := c.of(m.index[inEpisode]); ok && !s.has(m.text("")) {
		return nil
	}
	return m.halted(c.free(m.index[inEpisode]))
}

// halted is c before all tracks were stopped and forgotten.
func (m *Model) halted(c cube) []cube {
	c, ok := was(c, m.anyRuns, no)
	if !ok {
		return nil
	}
	for _, t := range m.tracks {
		b := m.bits[t.Name]
		for _, v := range []int32{b.running, b.on, b.told} {
			if c, ok = was(c, v, no); !ok {
				return nil
			}
		}
	}
	return []cube{c}
}

// begins is the beginning of an episode. One that was live ends; what was started
// in none goes on.
type begins struct{ flow string }

func (b begins) before(m *Model, c cube) []cube {
	v := m.index[inEpisode]
	if s, ok := c.of(v); ok && !s.has(m.text(b.flow)) {
		return nil
	}
	c = c.free(v)
	var ok bool
	for i := range m.names {
		if v := int32(i); !m.lasts[i] && !m.isBit(v) {
			if c, ok = m.unset(c, v); !ok {
				return nil
			}
		}
	}
	var out []cube
	if idle, ok := m.where(c, v, only(m.text(""))); ok {
		for _, t := range m.tracks {
			if idle, ok = was(idle, m.bits[t.Name].told, no); !ok {
				break
			}
		}
		if ok {
			out = put(out, idle)
		}
	}
	for _, c := range m.halted(c) {
		if live, ok := m.where(c, v, only(m.text("")).not()); ok {
			out = put(out, live)
		}
	}
	return out
}

func (m *Model) isBit(v int32) bool { return v >= m.bitsFrom }

// follows reports whether anything is to be known of a variable.
func (m *Model) follows(v int32) bool { return m.follow == nil || m.follow[v] }

// where is the part of c in which a variable is in a set.
func (m *Model) where(c cube, v int32, s set) (cube, bool) {
	if !m.follows(v) {
		return c, true
	}
	return c.where(v, s)
}

// put is c before a variable was given a sum.
func (m *Model) put(c cube, v int32, s sum) (cube, bool) {
	c, ok := c.put(v, s)
	for _, t := range s.terms {
		if ok && !m.follows(t.v) {
			c, ok = c.loose(t.v)
		}
	}
	return c, ok
}
