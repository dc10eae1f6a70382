package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Syntax is an expression of the flow language as a tree: what it says, and not
// how it is spelled.
type Syntax struct{ node ast.Node }

// Bounds on an expression. The longest that anybody has written is far below.
const (
	maxExpr      = 2000
	maxExprNodes = 300
)

// Parse reads an expression. It refuses what the flow language leaves out:
// whatever could run for long, grow large or ask the host for the time.
func Parse(src string) (Syntax, error) { return parse(src, new(boundsVisitor)) }

// ParsePromise reads the condition of a promise, in which emergency.none stands
// for emergency == "none", and numb.legs for numb_legs if that is the part of an
// answer.
func ParsePromise(src string, isPart func(name string) bool) (Syntax, error) {
	return parse(src, &boundsVisitor{isPart: isPart})
}

func parse(src string, v *boundsVisitor) (s Syntax, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = Syntax{}, fmt.Errorf("it cannot be read")
		}
	}()
	if len(src) > maxExpr {
		return Syntax{}, fmt.Errorf("it is longer than %d characters", maxExpr)
	}
	tree, err := parser.Parse(expandDurations(src))
	if err != nil {
		return Syntax{}, exprFault(src, err)
	}
	ast.Walk(&tree.Node, v)
	return Syntax{tree.Node}, v.err
}

type boundsVisitor struct {
	nodes int
	// isPart tells the parts of answers. It is nil unless a name behind a dot is
	// an answer to the question before it.
	isPart func(name string) bool
	err    error
}

func (v *boundsVisitor) Visit(node *ast.Node) {
	what := ""
	switch n := (*node).(type) {
	case *ast.MemberNode:
		what = "dots or [ ] behind a value"
		if question, ok := n.Node.(*ast.IdentifierNode); ok && v.isPart != nil {
			if answer, ok := n.Property.(*ast.StringNode); ok && !n.Optional {
				ast.Patch(node, v.answered(question, answer))
				what = ""
			}
		}
	case *ast.SliceNode, *ast.ChainNode:
		what = "dots or [ ] behind a value"
	case *ast.PredicateNode, *ast.PointerNode, *ast.VariableDeclaratorNode, *ast.SequenceNode, *ast.MapNode:
		what = "blocks, loops or variables of its own"
	case *ast.BytesNode:
		what = "texts of bytes"
	case *ast.BuiltinNode:
		if !slices.Contains(builtins, n.Name) {
			what = n.Name + "()"
		}
	case *ast.BinaryNode:
		if n.Operator == ".." {
			what = "ranges"
		}
	case *ast.IdentifierNode:
		if strings.HasPrefix(n.Value, "$") {
			what = n.Value
		}
	}
	v.nodes++
	switch {
	case v.err != nil:
	case what != "":
		v.err = fmt.Errorf("an expression has no %s", what)
	case v.nodes > maxExprNodes:
		v.err = fmt.Errorf("it has more than %d parts", maxExprNodes)
	}
}

// answered is the condition that a question has an answer.
func (v *boundsVisitor) answered(question *ast.IdentifierNode, answer *ast.StringNode) ast.Node {
	if part := question.Value + "_" + answer.Value; v.isPart(part) {
		return &ast.IdentifierNode{Value: part}
	}
	return &ast.BinaryNode{Operator: "==", Left: question, Right: answer}
}

// Node is the root of the tree, nil for the zero Syntax. It is not to be changed.
func (s Syntax) Node() ast.Node { return s.node }

// String writes the expression in one canonical form.
func (s Syntax) String() string {
	if s.node == nil {
		return ""
	}
	return s.node.String()
}

// Names lists the names that the expression uses, whether or not they exist,
// each once.
func (s Syntax) Names() []string {
	var names []string
	s.each(func(n ast.Node) {
		if id, ok := n.(*ast.IdentifierNode); ok && !slices.Contains(names, id.Value) {
			names = append(names, id.Value)
		}
	})
	return names
}

// Name is the name that the expression consists of; ok is false if it is not
// one.
func (s Syntax) Name() (name string, ok bool) {
	id, ok := s.node.(*ast.IdentifierNode)
	if !ok {
		return "", false
	}
	return id.Value, true
}

// Literals are the texts that the expression can only be: the one that it is, or
// those of a list. It has none if it can be something else.
func (s Syntax) Literals() []string {
	switch n := s.node.(type) {
	case *ast.StringNode:
		return []string{n.Value}
	case *ast.ArrayNode:
		return s.Texts()
	}
	return nil
}

// Conjuncts are the parts that must all hold for the expression to hold.
func (s Syntax) Conjuncts() []Syntax {
	if b, ok := s.node.(*ast.BinaryNode); ok && (b.Operator == "and" || b.Operator == "&&") {
		return append(Syntax{b.Left}.Conjuncts(), Syntax{b.Right}.Conjuncts()...)
	}
	return []Syntax{s}
}

// Disjuncts are the parts of which one is enough for the expression to hold.
func (s Syntax) Disjuncts() []Syntax {
	if b, ok := s.node.(*ast.BinaryNode); ok && (b.Operator == "or" || b.Operator == "||") {
		return append(Syntax{b.Left}.Disjuncts(), Syntax{b.Right}.Disjuncts()...)
	}
	return []Syntax{s}
}

// Negated is what a "not" is put before; ok is false if there is none.
func (s Syntax) Negated() (inner Syntax, ok bool) {
	if u, ok := s.node.(*ast.UnaryNode); ok && (u.Operator == "not" || u.Operator == "!") {
		return Syntax{u.Node}, true
	}
	return Syntax{}, false
}

// Comparison is two values held against each other.
type Comparison struct {
	Operator    string
	Left, Right Syntax
}

// Comparisons lists the comparisons in the expression, innermost first.
func (s Syntax) Comparisons() []Comparison {
	var list []Comparison
	s.each(func(n ast.Node) {
		if b, ok := n.(*ast.BinaryNode); ok && slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "in"}, b.Operator) {
			list = append(list, Comparison{b.Operator, Syntax{b.Left}, Syntax{b.Right}})
		}
	})
	return list
}

// Calls lists the arguments of each call of a function.
func (s Syntax) Calls(function string) [][]Syntax {
	var list [][]Syntax
	s.each(func(n ast.Node) {
		call, ok := n.(*ast.CallNode)
		if !ok {
			return
		}
		if name, _ := (Syntax{call.Callee}).Name(); name != function {
			return
		}
		args := make([]Syntax, len(call.Arguments))
		for i, a := range call.Arguments {
			args[i] = Syntax{a}
		}
		list = append(list, args)
	})
	return list
}

// Texts lists the texts that are written in the expression.
func (s Syntax) Texts() []string {
	var list []string
	s.each(func(n ast.Node) {
		if text, ok := n.(*ast.StringNode); ok {
			list = append(list, text.Value)
		}
	})
	return list
}

// Numbers lists the numbers that are written in the expression, durations apart.
func (s Syntax) Numbers() []float64 {
	var list []float64
	s.each(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.IntegerNode:
			list = append(list, float64(n.Value))
		case *ast.FloatNode:
			list = append(list, n.Value)
		case *ast.UnaryNode:
			if last := len(list) - 1; n.Operator == "-" && isNumber(n.Node) {
				list[last] = -list[last]
			}
		}
	})
	return list
}

func isNumber(n ast.Node) bool {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return true
	}
	return false
}

// Each visits the parts of the expression, innermost first.
func (s Syntax) Each(visit func(Syntax)) { s.each(func(n ast.Node) { visit(Syntax{n}) }) }

// each visits the parts of the expression, innermost first. A duration is one
// part, whatever it is written with.
func (s Syntax) each(visit func(ast.Node)) {
	if s.node == nil {
		return
	}
	node := s.node
	ast.Walk(&node, eachVisitor{visit, durations(s.node)})
}

type eachVisitor struct {
	visit func(ast.Node)
	skip  map[ast.Node]bool
}

func (v eachVisitor) Visit(node *ast.Node) {
	if !v.skip[*node] {
		v.visit(*node)
	}
}

// durations finds the texts within duration('72h'), which are no texts of the
// editor's.
func durations(root ast.Node) map[ast.Node]bool {
	found := make(map[ast.Node]bool)
	ast.Walk(&root, durationVisitor(found))
	return found
}

type durationVisitor map[ast.Node]bool

func (v durationVisitor) Visit(node *ast.Node) {
	if call, ok := (*node).(*ast.BuiltinNode); ok && call.Name == "duration" {
		for _, a := range call.Arguments {
			v[a] = true
		}
	}
}
