package lang

import (
	"fmt"

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
