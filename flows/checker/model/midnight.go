package model

import (
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"

	"spasmbot/flows/lang"
)

// What is known of midnight(now, days) for a number of days that is written. Since the
// local day began no more time has passed than a day has, and what clocks were changed
// by in between: since 2012 that was three hours at the most, in the Antarctic, and
// midnight moves no further back than from the year 2020 to there. What rests on
// another instant, which may never have been told, is not known.
const (
	aDay        = 24 * 3600.0
	clockChange = 4 * 3600.0
)

// midnight reads such a midnight, and says between which sums it is.
func (r reader) midnight(n ast.Node) (low, high sum, ok bool) {
	call, _ := n.(*ast.CallNode)
	if call == nil || len(call.Arguments) != 2 {
		return sum{}, sum{}, false
	}
	callee, _ := call.Callee.(*ast.IdentifierNode)
	of, _ := call.Arguments[0].(*ast.IdentifierNode)
	if callee == nil || callee.Value != "midnight" || of == nil || of.Value != now {
		return sum{}, sum{}, false
	}
	list := r.values(call.Arguments[1])
	if len(list) != 1 || !list[0].always() || list[0].kind != number || len(list[0].sum.terms) > 0 {
		return sum{}, sum{}, false
	}
	days := math.Trunc(max(-lang.MostMidnights, min(list[0].sum.plus, lang.MostMidnights)))
	from, to := (days-1)*aDay-clockChange, days*aDay+clockChange
	if days > 0 {
		from = max(from, 0)
	} else {
		to = min(to, 0)
	}
	clock := variable(r.index[now])
	return clock.add(constant(from)), clock.add(constant(to)), true
}

// always reports whether an expression is this value whoever is asked.
func (v value) always() bool { return len(v.where.sets)+len(v.where.bounds) == 0 }

// between is the cube of those who are in c once a variable has been given something
// from one sum to another. The sums do not speak of the variable.
func (c cube) between(v int32, low, high sum) (cube, bool) {
	bounds := slices.Concat(c.bounds, []bound{atMost(low, variable(v), false), atMost(variable(v), high, false)})
	return c.bounded(without(bounds, v))
}
