package lang

import (
	"fmt"
	"math"

	"github.com/expr-lang/expr/ast"
)

// wholeNumbers makes 2 the number that a variable holds, so that
// "gap == 0 ? 2 : gap" has one type. Durations and remainders are told in whole
// numbers only: the library would give something else than it says.
type wholeNumbers struct{ err error }

func (v *wholeNumbers) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IntegerNode:
		ast.Patch(node, &ast.FloatNode{Value: float64(n.Value)})
	case *ast.CallNode:
		v.days(n)
	case *ast.BinaryNode:
		scales := n.Operator == "*" && isDuration(n.Left) != isDuration(n.Right)
		if scales || n.Operator == "%" {
			whole(&n.Left)
			whole(&n.Right)
		}
		if scales && !isDuration(n.Left) && !isWhole(n.Left) || scales && !isDuration(n.Right) && !isWhole(n.Right) {
			v.err = fmt.Errorf("a duration times a number that may have a fraction is none, unlike in_minutes(n)")
		}
	}
}

// days holds the days that midnight moves by, where they are written, against what it
// takes.
func (v *wholeNumbers) days(call *ast.CallNode) {
	if name, _ := (Syntax{call.Callee}).Name(); name != "midnight" || len(call.Arguments) != 2 {
		return
	}
	if n, ok := written(call.Arguments[1]); ok && (n != math.Trunc(n) || math.Abs(n) > MostMidnights) {
		v.err = fmt.Errorf("midnight() moves by a whole number of days, at most %d, and not by %v", MostMidnights, n)
	}
}

// written is a number as it stands in an expression, perhaps with a sign; ok is false
// for anything else.
func written(n ast.Node) (number float64, ok bool) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		number, ok = written(n.Node)
		if n.Operator == "-" {
			number = -number
		}
		return number, ok && (n.Operator == "-" || n.Operator == "+")
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	}
	return 0, false
}

func isDuration(n ast.Node) bool { return typeWord(n.Type().String()) == typeWords[DurationType] }

func isWhole(n ast.Node) bool {
	switch n.(type) {
	case *ast.IntegerNode:
		return true
	case *ast.CallNode, *ast.BuiltinNode:
		return n.Type().String() == "int"
	}
	return false
}

// whole makes a number that was written without a fraction an integer again.
func whole(node *ast.Node) {
	if n, ok := (*node).(*ast.FloatNode); ok && n.Value == float64(int(n.Value)) {
		ast.Patch(node, &ast.IntegerNode{Value: int(n.Value)})
	}
}
