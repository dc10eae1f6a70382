package flows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Expr is a compiled expression of the flow language: a condition, a value or
// an instant.
type Expr struct {
	Source  string
	program *vm.Program
	names   []string
}

// Scope gives an expression the values of its names and the time.
type Scope interface {
	// Lookup returns the value of a name, nil if it has none.
	Lookup(name string) any
	Now() time.Time
	// Live reports whether an episode is live.
	Live() bool
	// RoundsToday counts the rounds of a track begun today.
	RoundsToday(track string) int
	// Local is now in the person's zone.
	Local() time.Time
	// Measured returns the first, the last but one and the last value of a
	// measurement, all 0 if there is none.
	Measured(name string) (first, before, last float64)
}

// Type is the type an expression must have.
type Type int

// The types of expressions.
const (
	AnyType Type = iota
	BoolType
	InstantType
)

// durationLiteral matches 72h, 30m, 2d where they stand as a word of their
// own, and quoted text, in which they mean nothing.
var durationLiteral = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|` + "`[^`]*`|" + `\b\d+[smhd]\b`)

// expandDurations turns the flow language's 72h into what the expression
// library reads.
func expandDurations(src string) string {
	return durationLiteral.ReplaceAllStringFunc(src, func(lit string) string {
		d, err := ParseDuration(lit)
		if err != nil {
			return lit
		}
		return fmt.Sprintf(`duration('%s')`, d)
	})
}

// ParseDuration reads a duration such as "20m", "2h", "1h30m" or "3d".
func ParseDuration(s string) (time.Duration, error) {
	days, ok := strings.CutSuffix(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	d, err := time.ParseDuration(days + "h")
	if err == nil && d != d*24/24 {
		err = fmt.Errorf("%q is longer than a duration can be", s)
	}
	return 24 * d, err
}

// Names lists the names that an expression source uses, whether or not they
// exist.
func Names(src string) ([]string, error) {
	tree, err := parseExpr(src)
	if err != nil {
		return nil, err
	}
	var v nameVisitor
	ast.Walk(&tree.Node, &v)
	return v.names, nil
}

// Bounds on an expression. The longest that anybody has written is far below.
const (
	maxExpr      = 2000
	maxExprNodes = 300
)

// parseExpr parses an expression and refuses what the flow language leaves
// out: whatever could run for long, grow large or ask the host for the time.
func parseExpr(src string) (tree *parser.Tree, err error) {
	defer func() {
		if r := recover(); r != nil {
			tree, err = nil, fmt.Errorf("it cannot be read")
		}
	}()
	if len(src) > maxExpr {
		return nil, fmt.Errorf("it is longer than %d characters", maxExpr)
	}
	if tree, err = parser.Parse(expandDurations(src)); err != nil {
		return nil, shortExprError(err)
	}
	var v boundsVisitor
	ast.Walk(&tree.Node, &v)
	return tree, v.err
}

// builtins are the functions of the expression library that expressions may
// use: those that take and give single values.
var builtins = []string{"abs", "ceil", "floor", "round", "int", "float", "min", "max", "len", "upper", "lower", "trim", "duration"}

type boundsVisitor struct {
	nodes int
	err   error
}

func (v *boundsVisitor) Visit(node *ast.Node) {
	what := ""
	switch n := (*node).(type) {
	case *ast.MemberNode, *ast.SliceNode, *ast.ChainNode:
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

type nameVisitor struct{ names []string }

func (v *nameVisitor) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok && !slices.Contains(v.names, id.Value) {
		v.names = append(v.names, id.Value)
	}
}

// functions is the environment that every expression has besides the
// variables.
func functions(s Scope) map[string]any {
	local := s.Local()
	first, before, last := s.Measured("pain")
	return map[string]any{
		"pain_first":   first,
		"pain_now":     last,
		"pain_trend":   last - before,
		"local_hour":   float64(local.Hour()) + float64(local.Minute())/60,
		"local_day":    strings.ToLower(local.Weekday().String()[:3]),
		"now":          s.Now(),
		"live":         s.Live(),
		"hours_since":  func(t time.Time) float64 { return s.Now().Sub(t).Hours() },
		"rounds_today": s.RoundsToday,
		"zone_at":      func(hour float64) string { return ZoneAt(s.Now(), int(hour)) },
	}
}

// nobody is the scope that expressions are compiled against.
type nobody struct{}

func (nobody) Lookup(string) any { return nil }
func (nobody) Now() time.Time    { return time.Time{} }
func (nobody) Live() bool        { return false }
func (nobody) Local() time.Time  { return time.Time{} }
func (nobody) Measured(string) (first, before, last float64) {
	return 0, 0, 0
}
func (nobody) RoundsToday(string) int { return 0 }

// Reserved reports whether a name belongs to the language and cannot be a
// variable.
func Reserved(name string) bool {
	_, ok := functions(nobody{})[name]
	return ok || name == "choice" || name == Return
}

// CompileExpr compiles an expression against the variables of a catalog: name
// to a value of its type.
func CompileExpr(src string, vars map[string]any, want Type) (e *Expr, err error) {
	names, err := Names(src)
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			e, err = nil, fmt.Errorf("it cannot be compiled")
		}
	}()
	env := functions(nobody{})
	for name, v := range vars {
		env[name] = v
	}
	opts := []expr.Option{expr.Env(env), expr.DisableIfOperator(), expr.DisableAllBuiltins()}
	for _, name := range builtins {
		opts = append(opts, expr.EnableBuiltin(name))
	}
	program, err := expr.Compile(expandDurations(src), opts...)
	if err != nil {
		return nil, shortExprError(err)
	}
	e = &Expr{Source: src, program: program, names: names}
	return e, e.mustReturn(want)
}

// mustReturn holds the type of the expression against the one it must have.
func (e *Expr) mustReturn(want Type) error {
	got := e.program.Node().Type().String()
	switch want {
	case BoolType:
		if got != "bool" {
			return fmt.Errorf("it is %s and not true or false", typeWord(got))
		}
	case InstantType:
		if got != "time.Time" {
			return fmt.Errorf("it is %s and not an instant", typeWord(got))
		}
	}
	return nil
}

// typeWord says a type of Go in the words of the flow language.
func typeWord(t string) string {
	switch t {
	case "string":
		return "a text"
	case "bool":
		return "true or false"
	case "time.Time":
		return "an instant"
	case "time.Duration":
		return "a duration"
	case "int", "int64", "float64":
		return "a number"
	}
	return "something else"
}

// shortExprError keeps the first line of a library error; the rest is a
// picture of the rewritten source, which the editor has never seen.
func shortExprError(err error) error {
	line, _, _ := strings.Cut(err.Error(), "\n")
	line = exprPosition.ReplaceAllString(line, "")
	return fmt.Errorf("%s", strings.TrimSpace(line))
}

var exprPosition = regexp.MustCompile(` \(\d+:\d+\)$`)

// Eval runs the expression.
func (e *Expr) Eval(s Scope) (any, error) {
	env := functions(s)
	for _, name := range e.names {
		if _, ok := env[name]; !ok {
			env[name] = s.Lookup(name)
		}
	}
	v, err := expr.Run(e.program, env)
	if err != nil {
		return nil, shortExprError(err)
	}
	return v, nil
}

// Returns returns a sample value of the expression's type, nil if it is not a
// type that a variable can have.
func (e *Expr) Returns() any {
	switch e.program.Node().Type().String() {
	case "string":
		return ""
	case "bool":
		return false
	case "time.Time":
		return time.Time{}
	case "int", "int64", "float64":
		return float64(0)
	}
	return nil
}
