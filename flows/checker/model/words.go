package model

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"spasmbot/flows/lang"
)

// value is what an expression can be: a sum if it is a number or a span of time,
// and for whom.
type value struct {
	where cube
	kind  kind
	sum   sum
	text  int32
}

// maxAlternatives is how many values an expression is followed with, and how many
// cubes a condition is written as; beyond, nothing is known.
const maxAlternatives = 24

// reader reads expressions. Choice is the choice that was made, if chosen.
type reader struct {
	*Model
	choice string
	chosen bool
}

var anybody = []cube{{}}

// condition is for whom a condition holds, or does not. It may be for more: what
// is not known may be either way.
func (r reader) condition(e *lang.Expr, want bool) []cube {
	if e == nil {
		if want {
			return anybody
		}
		return nil
	}
	return r.truth(e.Syntax().Node(), want)
}

func (r reader) truth(n ast.Node, want bool) []cube {
	switch n := n.(type) {
	case *ast.BoolNode:
		if n.Value == want {
			return anybody
		}
		return nil
	case *ast.IdentifierNode:
		return r.named(n.Value, want)
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return r.truth(n.Node, !want)
		}
	case *ast.ConditionalNode:
		return either(both(r.truth(n.Cond, true), r.truth(n.Exp1, want)), both(r.truth(n.Cond, false), r.truth(n.Exp2, want)))
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||":
			return r.join(n, want)
		case "in":
			return r.within(n, want)
		case "==", "!=":
			return r.equal(n.Left, n.Right, want == (n.Operator == "=="))
		case "<":
			return r.less(n.Left, n.Right, want)
		case ">":
			return r.less(n.Right, n.Left, want)
		case "<=":
			return r.less(n.Right, n.Left, !want)
		case ">=":
			return r.less(n.Left, n.Right, !want)
		}
	}
	return anybody
}

// join reads an "and" or an "or".
func (r reader) join(n *ast.BinaryNode, want bool) []cube {
	isAnd := n.Operator == "and" || n.Operator == "&&"
	left, right := r.truth(n.Left, want), r.truth(n.Right, want)
	if isAnd == want {
		return both(left, right)
	}
	return either(left, right)
}

func (r reader) named(name string, want bool) []cube {
	if name == "live" {
		return r.inSet(r.index[inEpisode], only(r.text("")).not(), want)
	}
	i, ok := r.index[name]
	switch {
	case !ok || r.kinds[i] != truth:
		return anybody
	case want:
		return r.inSet(i, only(yes), true)
	}
	return r.inSet(i, only(no), true)
}

func (r reader) inSet(v int32, s set, want bool) []cube {
	switch {
	case !r.follows(v):
		return anybody
	case !want:
		s = s.not()
	}
	return []cube{{sets: []held{{v, s}}}}
}

func (r reader) within(n *ast.BinaryNode, want bool) []cube {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return anybody
	}
	out := []cube(nil)
	if !want {
		out = anybody
	}
	for _, item := range list.Nodes {
		one := r.equal(n.Left, item, want)
		if want {
			out = either(out, one)
		} else {
			out = both(out, one)
		}
	}
	return out
}

func (r reader) equal(a, b ast.Node, want bool) []cube {
	if isTruth(r, a) || isTruth(r, b) {
		same := either(both(r.truth(a, true), r.truth(b, want)), both(r.truth(a, false), r.truth(b, !want)))
		return same
	}
	if v, ok := r.textVar(a); ok {
		return r.isText(v, b, want)
	}
	if v, ok := r.textVar(b); ok {
		return r.isText(v, a, want)
	}
	var out []cube
	for _, x := range r.values(a) {
		for _, y := range r.values(b) {
			where, ok := x.where.and(y.where)
			if ok {
				out = either(out, both([]cube{where}, r.same(x, y, want)))
			}
		}
	}
	return out
}

// same compares two values.
func (r reader) same(x, y value, want bool) []cube {
	switch {
	case x.kind == opaque || y.kind == opaque || x.kind != y.kind:
		return anybody
	case x.kind == text:
		if (x.text == y.text) == want {
			return anybody
		}
		return nil
	case want:
		return both(r.holding(atMost(x.sum, y.sum, false)), r.holding(atMost(y.sum, x.sum, false)))
	}
	return either(r.holding(atMost(x.sum, y.sum, true)), r.holding(atMost(y.sum, x.sum, true)))
}

// holding is for whom a bound holds.
func (m *Model) holding(b bound) []cube {
	if slices.ContainsFunc(b.terms, func(t term) bool { return !m.follows(t.v) }) {
		return anybody
	}
	c, ok := cube{}.under(b)
	if !ok {
		return nil
	}
	return []cube{c}
}

func (r reader) textVar(n ast.Node) (int32, bool) {
	id, ok := n.(*ast.IdentifierNode)
	if !ok || r.chosen && id.Value == "choice" {
		return 0, false
	}
	v, ok := r.index[id.Value]
	return v, ok && r.kinds[v] == text
}

// isText compares a text in a variable with an expression.
func (r reader) isText(v int32, n ast.Node, want bool) []cube {
	if other, ok := r.textVar(n); ok {
		return r.alike(v, other, want)
	}
	var out []cube
	for _, x := range r.values(n) {
		one := anybody
		if x.kind == text {
			one = r.inSet(v, only(x.text), want)
		}
		out = either(out, both([]cube{x.where}, one))
	}
	return out
}

// alike compares the texts in two variables: each that has a number apart, and
// those that have none together.
func (r reader) alike(a, b int32, want bool) []cube {
	if a == b {
		if want {
			return anybody
		}
		return nil
	}
	var all set
	var out []cube
	for i := range r.texts.all() {
		n := firstText + int32(i)
		if len(out) > maxAlternatives {
			return anybody
		}
		all.items = append(all.items, n)
		out = append(out, both(r.inSet(a, only(n), true), r.inSet(b, only(n), want))...)
	}
	return append(out, both(r.inSet(a, all, false), anybody)...)
}

func isTruth(r reader, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BoolNode:
		return true
	case *ast.IdentifierNode:
		i, ok := r.index[n.Value]
		return n.Value == "live" || ok && r.kinds[i] == truth
	case *ast.UnaryNode:
		return n.Operator == "not" || n.Operator == "!"
	}
	return false
}

func (r reader) less(a, b ast.Node, want bool) []cube {
	var out []cube
	for _, x := range r.values(a) {
		for _, y := range r.values(b) {
			where, ok := x.where.and(y.where)
			if !ok {
				continue
			}
			one := anybody
			switch {
			case x.kind != y.kind || x.kind == opaque || x.kind == text:
			case want:
				one = r.holding(atMost(x.sum, y.sum, true))
			default:
				one = r.holding(atMost(y.sum, x.sum, false))
			}
			out = either(out, both([]cube{where}, one))
		}
	}
	return out
}

// both is what is in one of each.
func both(a, b []cube) []cube {
	var out []cube
	for _, x := range a {
		for _, y := range b {
			if c, ok := x.and(y); ok {
				out = put(out, c)
			}
		}
	}
	return few(out)
}

func either(a, b []cube) []cube {
	out := a
	for _, c := range b {
		out = put(out, c)
	}
	return few(out)
}

// put adds a cube to a list, if that does not have it already.
func put(list []cube, c cube) []cube {
	for i, known := range list {
		if known.holds(c) {
			return list
		}
		if all, ok := known.join(c); ok {
			return put(slices.Concat(list[:i], list[i+1:]), all)
		}
	}
	out := make([]cube, 0, len(list)+1)
	for _, known := range list {
		if !c.holds(known) {
			out = append(out, known)
		}
	}
	return append(out, c)
}

func few(list []cube) []cube {
	if len(list) > maxAlternatives {
		return anybody
	}
	return list
}
