package model

import (
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// sight is what an expression sees: the values of its names.
type sight interface {
	// lookup returns what is known of a name.
	lookup(name string) Value
}

// maxAlternatives is how many values an expression is followed with; beyond,
// nothing is known.
const maxAlternatives = 8

// condition evaluates a condition; nil always holds. A condition that cannot be
// evaluated does not hold, in the engine; here that is one of its truths.
func condition(e *lang.Expr, s sight) Truth {
	if e == nil {
		return True
	}
	var t Truth
	for _, v := range values(e.Syntax().Node(), s) {
		t |= v.asTruth()
	}
	return t
}

// values lists what an expression can be.
func values(n ast.Node, s sight) []Value {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return []Value{s.lookup(n.Value)}
	case *ast.IntegerNode:
		return []Value{numberIn(exactly(float64(n.Value)))}
	case *ast.FloatNode:
		return []Value{numberIn(exactly(n.Value))}
	case *ast.BoolNode:
		return []Value{boolOf(truthOf(n.Value))}
	case *ast.StringNode:
		return []Value{textOf(n.Value)}
	case *ast.UnaryNode:
		return each(values(n.Node, s), func(v Value) Value { return unary(n.Operator, v) })
	case *ast.BinaryNode:
		return operation(n, s)
	case *ast.ConditionalNode:
		return conditional(n, s)
	case *ast.CallNode:
		return []Value{call(n, s)}
	case *ast.BuiltinNode:
		return builtin(n, s)
	case *ast.ArrayNode:
		return []Value{{kind: list}}
	}
	return []Value{{}}
}

func each(list []Value, f func(Value) Value) []Value {
	var out []Value
	for _, v := range list {
		out = with(out, f(v))
	}
	return out
}

// with adds a value to alternatives.
func with(list []Value, v Value) []Value {
	if slices.Contains(list, v) {
		return list
	}
	if len(list) == maxAlternatives {
		return []Value{{}}
	}
	return append(list, v)
}

func conditional(n *ast.ConditionalNode, s sight) []Value {
	var out []Value
	for _, c := range values(n.Cond, s) {
		if c.asTruth().May(true) {
			for _, v := range values(n.Exp1, s) {
				out = with(out, v)
			}
		}
		if c.asTruth().May(false) {
			for _, v := range values(n.Exp2, s) {
				out = with(out, v)
			}
		}
	}
	return out
}

func unary(op string, v Value) Value {
	switch {
	case op == "not" || op == "!":
		return boolOf(v.asTruth().not())
	case op == "-" && (v.kind == number || v.kind == duration):
		v.span = v.span.neg()
		return v
	case op == "+":
		return v
	}
	return Value{}
}

func operation(n *ast.BinaryNode, s sight) []Value {
	left := values(n.Left, s)
	if n.Operator == "in" {
		return each(left, func(v Value) Value { return boolOf(within(v, n.Right, s)) })
	}
	var out []Value
	for _, a := range left {
		for _, b := range values(n.Right, s) {
			out = with(out, combine(n.Operator, a, b))
		}
	}
	return out
}

// within reports whether a value is one of a list.
func within(v Value, of ast.Node, s sight) Truth {
	array, ok := of.(*ast.ArrayNode)
	if !ok {
		return Unknown
	}
	t := False
	for _, n := range array.Nodes {
		var one Truth
		for _, item := range values(n, s) {
			one |= equal(v, item)
		}
		t = t.or(one)
	}
	return t
}

func combine(op string, a, b Value) Value {
	switch op {
	case "and", "&&":
		return boolOf(a.asTruth().and(b.asTruth()))
	case "or", "||":
		return boolOf(a.asTruth().or(b.asTruth()))
	case "==":
		return boolOf(equal(a, b))
	case "!=":
		return boolOf(equal(a, b).not())
	case "<":
		return boolOf(less(a, b))
	case ">":
		return boolOf(less(b, a))
	case "<=":
		return boolOf(less(b, a).not())
	case ">=":
		return boolOf(less(a, b).not())
	}
	return arithmetic(op, a, b)
}

// maxText is how long a text may grow, in bytes, that is known.
const maxText = 100

func equal(a, b Value) Truth {
	switch {
	case a.kind == never && b.kind == never:
		return True
	case a.kind != b.kind || a.kind == unknown || a.kind == list:
		return Unknown
	case a.kind == text:
		return truthOf(a.text == b.text)
	case a.kind == truth:
		if a.truth == Unknown || b.truth == Unknown {
			return Unknown
		}
		return truthOf(a.truth == b.truth)
	}
	return a.span.equal(b.span)
}

func less(a, b Value) Truth {
	switch {
	case a.kind == never && b.kind == instant:
		return True // nobody tells an instant before the year 1
	case a.kind == instant && b.kind == never, a.kind == never && b.kind == never:
		return False
	case a.kind != b.kind:
		return Unknown
	case a.kind == number || a.kind == duration || a.kind == instant:
		return a.span.less(b.span)
	}
	return Unknown
}

func arithmetic(op string, a, b Value) Value {
	if op == "-" {
		op, b = "+", negated(b)
	}
	switch {
	case op == "+" && a.kind == number && b.kind == number:
		return numberIn(a.span.add(b.span))
	case op == "+" && a.kind == duration && b.kind == duration:
		return durationIn(a.span.add(b.span))
	case op == "+" && a.kind == instant && b.kind == duration:
		return instantIn(a.span.add(b.span))
	case op == "+" && a.kind == duration && b.kind == instant:
		return instantIn(a.span.add(b.span))
	case op == "+" && a.kind == never && b.kind == duration:
		return a
	case op == "+" && a.kind == text && b.kind == text && len(a.text)+len(b.text) <= maxText:
		return textOf(a.text + b.text)
	case op == "+" && a.kind == instant && b.kind == pastInstant:
		return durationIn(a.span.add(b.span))
	case op == "*":
		return times(a, b)
	case op == "/" && a.kind == number && b.kind == number:
		if by, ok := b.span.exact(); ok && by > 0 {
			return numberIn(a.span.over(by))
		}
		return numberIn(everything)
	}
	return Value{}
}

// pastInstant is an instant that is taken away from another.
const pastInstant = list + 1

func negated(v Value) Value {
	switch v.kind {
	case number, duration:
		v.span = v.span.neg()
		return v
	case instant:
		return Value{kind: pastInstant, span: v.span.neg()}
	}
	return Value{}
}

func times(a, b Value) Value {
	if by, ok := a.span.exact(); ok && a.kind == number && (b.kind == number || b.kind == duration) {
		b.span = b.span.scale(by)
		return b
	}
	if by, ok := b.span.exact(); ok && b.kind == number && (a.kind == number || a.kind == duration) {
		a.span = a.span.scale(by)
		return a
	}
	return Value{}
}

// call evaluates a function of the flow language. What rests on the history of
// a track, or on the hour, is not known.
func call(n *ast.CallNode, s sight) Value {
	callee, _ := n.Callee.(*ast.IdentifierNode)
	if callee == nil || len(n.Arguments) != 1 {
		return Value{}
	}
	args := values(n.Arguments[0], s)
	if len(args) != 1 {
		return Value{}
	}
	switch arg := args[0]; callee.Value {
	case "hours_since":
		switch arg.kind {
		case instant:
			return numberIn(arg.span.neg().over(3600))
		case never:
			return numberIn(Span{lo: 1e6, hi: inf, openHi: true})
		}
		return numberIn(everything)
	case "in_minutes", "in_hours":
		unit := map[string]time.Duration{"in_minutes": time.Minute, "in_hours": time.Hour}[callee.Value].Seconds()
		if n, ok := arg.span.exact(); ok && arg.kind == number && n > 0 && n < 1e6 {
			return durationIn(exactly(n * unit))
		}
		return durationIn(Span{lo: 0, hi: inf, openHi: true})
	case "rounds_today", "rounds_total", "episodes_in", "alike_in":
		return numberIn(Span{lo: 0, hi: inf, openHi: true})
	}
	return Value{}
}

func builtin(n *ast.BuiltinNode, s sight) []Value {
	switch n.Name {
	case "duration":
		if src, ok := n.Arguments[0].(*ast.StringNode); ok {
			if d, err := time.ParseDuration(src.Value); err == nil {
				return []Value{durationIn(exactly(d.Seconds()))}
			}
		}
	case "min", "max":
		if len(n.Arguments) != 2 {
			break
		}
		var out []Value
		for _, a := range values(n.Arguments[0], s) {
			for _, b := range values(n.Arguments[1], s) {
				out = with(out, extreme(n.Name == "max", a, b))
			}
		}
		return out
	case "int", "float":
		return each(values(n.Arguments[0], s), func(v Value) Value {
			if n, ok := v.span.exact(); ok && v.kind == number && n == float64(int64(n)) {
				return v
			}
			return Value{}
		})
	case "lower", "upper", "trim":
		return each(values(n.Arguments[0], s), func(v Value) Value {
			if v.kind != text {
				return Value{}
			}
			return textOf(map[string]func(string) string{"lower": strings.ToLower, "upper": strings.ToUpper, "trim": strings.TrimSpace}[n.Name](v.text))
		})
	}
	return []Value{{}}
}

func extreme(most bool, a, b Value) Value {
	if a.kind != b.kind || a.kind != number && a.kind != duration {
		return Value{}
	}
	first, second := a, b
	if most {
		first, second = b, a
	}
	switch a.span.less(b.span) {
	case True:
		return first
	case False:
		return second
	}
	a.span = a.span.hull(b.span)
	return a
}

// zeroOf is what is known of a variable that was never set.
func zeroOf(sample any) Value {
	switch sample.(type) {
	case string:
		return textOf("")
	case bool:
		return boolOf(False)
	case float64:
		return numberIn(exactly(0))
	case time.Time:
		return Value{kind: never}
	}
	return Value{}
}

// known is what is known of a value that is given.
func known(v flows.Value) Value {
	switch v := v.Any().(type) {
	case string:
		return textOf(v)
	case bool:
		return boolOf(truthOf(v))
	case float64:
		return numberIn(exactly(v))
	}
	return Value{}
}
