package model

import (
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
)

// values lists what an expression can be.
func (r reader) values(n ast.Node) []value {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return []value{r.variable(n.Value)}
	case *ast.IntegerNode:
		return []value{{kind: number, sum: constant(float64(n.Value))}}
	case *ast.FloatNode:
		return []value{{kind: number, sum: constant(n.Value)}}
	case *ast.StringNode:
		return []value{{kind: text, text: r.text(n.Value)}}
	case *ast.UnaryNode:
		return each(r.values(n.Node), func(v value) value {
			if n.Operator == "-" && (v.kind == number || v.kind == duration) {
				v.sum = v.sum.times(-1)
				return v
			}
			return value{where: v.where}
		})
	case *ast.ConditionalNode:
		return r.choose(n)
	case *ast.BinaryNode:
		return r.pairs(n.Left, n.Right, func(a, b value) []value { return []value{arithmetic(n.Operator, a, b)} })
	case *ast.CallNode:
		return r.call(n)
	case *ast.BuiltinNode:
		return r.builtin(n)
	}
	return []value{{}}
}

func each(list []value, f func(value) value) []value {
	out := make([]value, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

func (r reader) variable(name string) value {
	switch {
	case name == "choice" && r.chosen:
		return value{kind: text, text: r.text(r.choice)}
	case name == "pain_trend":
		return value{kind: number, sum: variable(r.index[painNow]).minus(variable(r.index[painBefore]))}
	}
	v, ok := r.index[name]
	if !ok {
		return value{}
	}
	switch r.kinds[v] {
	case number, instant:
		return value{kind: r.kinds[v], sum: variable(v)}
	}
	return value{}
}

func (r reader) choose(n *ast.ConditionalNode) []value {
	var out []value
	for _, way := range []struct {
		then ast.Node
		want bool
	}{{n.Exp1, true}, {n.Exp2, false}} {
		for _, where := range r.truth(n.Cond, way.want) {
			for _, v := range r.values(way.then) {
				if both, ok := where.and(v.where); ok {
					v.where = both
					out = append(out, v)
				}
			}
		}
	}
	if len(out) > maxAlternatives {
		return []value{{}}
	}
	return out
}

// pairs puts each value of two expressions together.
func (r reader) pairs(a, b ast.Node, f func(a, b value) []value) []value {
	var out []value
	for _, x := range r.values(a) {
		for _, y := range r.values(b) {
			where, ok := x.where.and(y.where)
			if !ok {
				continue
			}
			for _, v := range f(x, y) {
				if v.where, ok = v.where.and(where); ok {
					out = append(out, v)
				}
			}
		}
	}
	if len(out) > maxAlternatives {
		return []value{{}}
	}
	return out
}

func arithmetic(op string, a, b value) value {
	exact := func(v value) bool { return v.kind == number && len(v.sum.terms) == 0 }
	switch {
	case a.kind == opaque || b.kind == opaque || a.kind == text || b.kind == text:
	case op == "+" && a.kind == b.kind && a.kind != instant:
		return value{kind: a.kind, sum: a.sum.add(b.sum)}
	case op == "+" && (a.kind == instant && b.kind == duration || a.kind == duration && b.kind == instant):
		return value{kind: instant, sum: a.sum.add(b.sum)}
	case op == "-" && a.kind == b.kind && a.kind != instant:
		return value{kind: a.kind, sum: a.sum.minus(b.sum)}
	case op == "-" && a.kind == instant && b.kind == duration:
		return value{kind: instant, sum: a.sum.minus(b.sum)}
	case op == "-" && a.kind == instant && b.kind == instant:
		return value{kind: duration, sum: a.sum.minus(b.sum)}
	case op == "*" && exact(b) && a.kind != instant:
		return value{kind: a.kind, sum: a.sum.times(b.sum.plus)}
	case op == "*" && exact(a) && b.kind != instant:
		return value{kind: b.kind, sum: b.sum.times(a.sum.plus)}
	case op == "/" && exact(b) && b.sum.plus != 0 && a.kind == number:
		return value{kind: a.kind, sum: a.sum.times(1 / b.sum.plus)}
	}
	return value{}
}

// call reads a call of a function of the flow language. What rests on the history
// of a track, or on the hour, is not known.
func (r reader) call(n *ast.CallNode) []value {
	callee, _ := n.Callee.(*ast.IdentifierNode)
	if callee == nil || len(n.Arguments) != 1 {
		return []value{{}}
	}
	args := r.values(n.Arguments[0])
	switch callee.Value {
	case "hours_since":
		return each(args, func(v value) value {
			if v.kind != instant {
				return value{where: v.where}
			}
			return value{v.where, number, variable(r.index[now]).minus(v.sum).times(1.0 / 3600), 0}
		})
	case "in_minutes", "in_hours":
		unit := 60.0
		if callee.Value == "in_hours" {
			unit = 3600
		}
		return r.spans(args, unit)
	}
	return []value{{}}
}

// spans are numbers of units; of what is no number above 0, there is none.
func (r reader) spans(list []value, unit float64) []value {
	var out []value
	for _, v := range list {
		if v.kind != number {
			out = append(out, value{where: v.where})
			continue
		}
		for _, where := range both([]cube{v.where}, r.holding(atMost(constant(0), v.sum, true))) {
			out = append(out, value{where, duration, v.sum.times(unit), 0})
		}
		for _, where := range both([]cube{v.where}, r.holding(atMost(v.sum, constant(0), false))) {
			out = append(out, value{where, duration, constant(0), 0})
		}
	}
	return out
}

func (r reader) builtin(n *ast.BuiltinNode) []value {
	switch n.Name {
	case "duration":
		if src, ok := n.Arguments[0].(*ast.StringNode); ok {
			if d, err := time.ParseDuration(src.Value); err == nil {
				return []value{{kind: duration, sum: constant(d.Seconds())}}
			}
		}
	case "min", "max":
		if len(n.Arguments) != 2 {
			break
		}
		return r.pairs(n.Arguments[0], n.Arguments[1], func(a, b value) []value {
			if a.kind != b.kind || a.kind == opaque || a.kind == text {
				return []value{{}}
			}
			low, high := r.holding(atMost(a.sum, b.sum, false)), r.holding(atMost(b.sum, a.sum, true))
			if n.Name == "max" {
				a, b = b, a
			}
			var out []value
			for _, c := range low {
				out = append(out, value{c, a.kind, a.sum, 0})
			}
			for _, c := range high {
				out = append(out, value{c, b.kind, b.sum, 0})
			}
			return out
		})
	case "lower", "upper", "trim":
		change := map[string]func(string) string{"lower": strings.ToLower, "upper": strings.ToUpper, "trim": strings.TrimSpace}[n.Name]
		return each(r.values(n.Arguments[0]), func(v value) value {
			if v.kind != text {
				return value{where: v.where}
			}
			return value{v.where, text, sum{}, r.text(change(r.texts.all()[v.text-firstText]))}
		})
	}
	return []value{{}}
}
