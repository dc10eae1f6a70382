package lang

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"spasmbot/flows/places"
)

// Expr is a compiled expression of the flow language: a condition, a value or
// an instant.
type Expr struct {
	Source  string
	program *vm.Program
	names   []string
	// constant is the value of an expression that names nothing, nil for one
	// that does.
	constant any
}

// Scope gives an expression the values of its names and the time.
type Scope interface {
	// Lookup returns the value of a name, nil if it has none.
	Lookup(name string) any
	Now() time.Time
	// Episode is the flow of the live episode, "" without one.
	Episode() string
	// Heard is when the person last did anything.
	Heard() time.Time
	// RoundsToday and RoundsTotal count the starts of a track, of today and
	// of the episode.
	RoundsToday(track string) int
	RoundsTotal(track string) int
	// WhyNot says why a track may not start at this moment: it is "on"; its
	// "gap" is not over; the "day" has had its number; it is "early" or
	// "late" for its bounds. "" is that it may.
	WhyNot(track string) string
	// Earliest is when the track may next start, zero for never.
	Earliest(track string) time.Time
	// Episodes counts the ended episodes that began within a time before now;
	// with alike, those only that have the present one's mark.
	Episodes(within time.Duration, alike bool) int
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
	DurationType
	NumberType
	TextType
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
var functions = map[string]func(Scope) any{
	"pain_first":   func(s Scope) any { first, _, _ := s.Measured("pain"); return first },
	"pain_now":     func(s Scope) any { _, _, last := s.Measured("pain"); return last },
	"pain_trend":   func(s Scope) any { _, before, last := s.Measured("pain"); return last - before },
	"local_hour":   func(s Scope) any { t := s.Local(); return float64(t.Hour()) + float64(t.Minute())/60 },
	"local_day":    func(s Scope) any { return WeekdayNames[s.Local().Weekday()] },
	"now":          func(s Scope) any { return s.Now() },
	"live":         func(s Scope) any { return s.Episode() != "" },
	"episode":      func(s Scope) any { return s.Episode() },
	"last_heard":   func(s Scope) any { return s.Heard() },
	"hours_since":  func(s Scope) any { return func(t time.Time) float64 { return s.Now().Sub(t).Hours() } },
	"rounds_today": func(s Scope) any { return s.RoundsToday },
	"rounds_total": func(s Scope) any { return s.RoundsTotal },
	"why_not":      func(s Scope) any { return s.WhyNot },
	"earliest":     func(s Scope) any { return s.Earliest },
	"episodes_in":  func(s Scope) any { return func(d time.Duration) int { return s.Episodes(d, false) } },
	"alike_in":     func(s Scope) any { return func(d time.Duration) int { return s.Episodes(d, true) } },
	"in_minutes":   func(Scope) any { return func(n float64) time.Duration { return spanOf(n, time.Minute) } },
	"in_hours":     func(Scope) any { return func(n float64) time.Duration { return spanOf(n, time.Hour) } },
	"zone_at":      func(s Scope) any { return func(hour float64) string { return places.ZoneAt(s.Now(), int(hour)) } },
}

// spanOf is a number of units, 0 if that is none or too many to be one.
func spanOf(n float64, unit time.Duration) time.Duration {
	if d := n * float64(unit); d > 0 && d < float64(1<<62) {
		return time.Duration(d)
	}
	return 0
}

// nobody is the scope that expressions are compiled against.
type nobody struct{}

func (nobody) Lookup(string) any { return nil }
func (nobody) Now() time.Time    { return time.Time{} }
func (nobody) Episode() string   { return "" }
func (nobody) Heard() time.Time  { return time.Time{} }
func (nobody) Local() time.Time  { return time.Time{} }
func (nobody) Measured(string) (first, before, last float64) {
	return 0, 0, 0
}
func (nobody) RoundsToday(string) int           { return 0 }
func (nobody) RoundsTotal(string) int           { return 0 }
func (nobody) WhyNot(string) string             { return "" }
func (nobody) Earliest(string) time.Time        { return time.Time{} }
func (nobody) Episodes(time.Duration, bool) int { return 0 }

// Reserved reports whether a name belongs to the language and cannot be a
// variable.
func Reserved(name string) bool {
	return functions[name] != nil || name == "choice" || name == Return
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
	env := make(map[string]any, len(functions)+len(vars))
	for name, value := range functions {
		env[name] = value(nobody{})
	}
	for name, v := range vars {
		env[name] = v
	}
	var numbers wholeNumbers
	opts := []expr.Option{expr.Env(env), expr.DisableIfOperator(), expr.DisableAllBuiltins(), expr.Patch(&numbers)}
	for _, name := range builtins {
		opts = append(opts, expr.EnableBuiltin(name))
	}
	program, err := expr.Compile(expandDurations(src), opts...)
	if err == nil {
		err = numbers.err
	}
	if err != nil {
		return nil, shortExprError(err)
	}
	e = &Expr{Source: src, program: program, names: names}
	if err := e.mustReturn(want); err != nil || len(names) > 0 {
		return e, err
	}
	e.constant, err = e.Eval(nobody{})
	return e, err
}

// mustReturn holds the type of the expression against the one it must have.
func (e *Expr) mustReturn(want Type) error {
	got := e.program.Node().Type().String()
	if need := typeWords[want]; need != "" && typeWord(got) != need {
		return fmt.Errorf("it is %s and not %s", typeWord(got), need)
	}
	return nil
}

// typeWords say the types in the words of the flow language.
var typeWords = map[Type]string{
	BoolType: "true or false", InstantType: "an instant", DurationType: "a duration",
	NumberType: "a number", TextType: "a text",
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

// Uses reports whether the expression names something.
func (e *Expr) Uses(name string) bool { return e != nil && slices.Contains(e.names, name) }

// Eval runs the expression.
func (e *Expr) Eval(s Scope) (any, error) {
	if e.constant != nil {
		return e.constant, nil
	}
	m := machines.Get().(*machine)
	defer func() {
		clear(m.env)
		machines.Put(m)
	}()
	for _, name := range e.names {
		if value := functions[name]; value != nil {
			m.env[name] = value(s)
		} else {
			m.env[name] = s.Lookup(name)
		}
	}
	v, err := m.Run(e.program, m.env)
	if err != nil {
		return nil, shortExprError(err)
	}
	return v, nil
}

// machine is what one evaluation needs besides the expression. They are used
// again, since a turn evaluates many.
type machine struct {
	vm.VM
	env map[string]any
}

var machines = sync.Pool{New: func() any { return &machine{env: make(map[string]any)} }}

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
