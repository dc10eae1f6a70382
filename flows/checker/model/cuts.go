package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// cut finds where the values of numbers and of instants are told apart.
func (m *Model) cut(follow Follow) {
	m.cuts, m.bounds = make([][]float64, len(m.vars)), make([][]float64, len(m.vars))
	judged := slices.Concat(follow.Timed, follow.Judged)
	for _, t := range m.tracks {
		judged = append(judged, t.From, t.Until)
	}
	for i, name := range m.vars {
		switch m.zero[i].kind {
		case number:
			m.cuts[i] = rising(m.numbers(name))
			m.bounds[i] = m.cuts[i]
		case never:
			m.cuts[i] = rising(m.roots(i, follow.Timed))
			m.bounds[i] = rising(m.roots(i, judged))
		}
	}
}

// other stands for all texts that a variable is not compared with.
const other = "\x00"

// words finds the texts that variables are compared with, and nothing else is
// done with.
func (m *Model) words() {
	m.texts = make([][]string, len(m.vars))
	for i, name := range m.vars {
		if m.zero[i].kind != text {
			continue
		}
		if list, all := compared(m.c, name); all {
			m.texts[i] = append(list, other)
			m.zero[i] = m.settle(i, m.zero[i])
		}
	}
}

// compared lists the texts that a variable is compared with; all is false if
// anything else is done with it.
func compared(c *lang.Catalog, name string) (list []string, all bool) {
	for _, e := range conditions(c) {
		uses, found := 0, 0
		count := func(s lang.Syntax) {
			if n, _ := s.Name(); n == name {
				uses++
			}
		}
		e.Syntax().Each(count)
		for _, cmp := range e.Syntax().Comparisons() {
			for _, sides := range [][2]lang.Syntax{{cmp.Left, cmp.Right}, {cmp.Right, cmp.Left}} {
				if n, _ := sides[0].Name(); n != name || cmp.Operator == "in" && sides[0] != cmp.Left {
					continue
				}
				if texts := sides[1].Literals(); texts != nil && slices.Contains([]string{"==", "!=", "in"}, cmp.Operator) {
					list, found = union(list, texts), found+1
				}
			}
		}
		if found != uses {
			return nil, false
		}
	}
	return list, true
}

func rising(list []float64) []float64 {
	slices.Sort(list)
	return slices.Compact(list)
}

// numbers lists what a variable is compared with.
func (m *Model) numbers(name string) []float64 {
	var list []float64
	for _, e := range conditions(m.c) {
		if e.Uses(name) || slices.Contains(measures, name) && e.Uses("pain_trend") {
			list = append(list, e.Syntax().Numbers()...)
		}
	}
	return list
}

// roots lists where conditions, or bounds, change with the instant in a variable.
func (m *Model) roots(i int, list []*lang.Expr) []float64 {
	var at []float64
	note := func(f func(view) (Value, bool)) {
		if root, ok := m.root(i, f); ok {
			at = append(at, root)
		}
	}
	for _, e := range list {
		if !e.Uses(m.vars[i]) {
			continue
		}
		note(func(v view) (Value, bool) { return v.bound(e) })
		for _, cmp := range e.Syntax().Comparisons() {
			note(func(v view) (Value, bool) { return difference(cmp, v) })
		}
	}
	return at
}

// difference is how far the sides of a comparison are apart.
func difference(c lang.Comparison, v view) (Value, bool) {
	left, right := values(c.Left.Node(), v), values(c.Right.Node(), v)
	if len(left) != 1 || len(right) != 1 || left[0].kind != right[0].kind {
		return Value{}, false
	}
	d := arithmetic("-", left[0], right[0])
	return d, d.kind == number || d.kind == duration
}

// root finds the seconds from now to the instant in variable i for which f is 0,
// where f is linear in them and known but for them.
func (m *Model) root(i int, f func(view) (Value, bool)) (at float64, ok bool) {
	value := func(x float64) (float64, bool) {
		d := m.nobody()
		d.vars[i] = instantIn(exactly(x))
		v, ok := f(view{m, d})
		n, exact := v.span.exact()
		return n, ok && exact
	}
	y0, ok0 := value(0)
	y1, ok1 := value(-3600)
	if !ok0 || !ok1 || y0 == y1 {
		return 0, false
	}
	at = 3600 * y0 / (y1 - y0)
	y, ok := value(at)
	return at, ok && y == 0
}
