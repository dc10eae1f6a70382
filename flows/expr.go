package flows

import (
	"fmt"
	"reflect"
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
// own.
var durationLiteral = regexp.MustCompile(`\b(\d+)(s|m|h|d)\b`)

// expandDurations turns the flow language's 72h into what the expression
// library reads, outside quoted text.
func expandDurations(src string) string {
	parts := strings.Split(src, `"`)
	for i := 0; i < len(parts); i += 2 {
		parts[i] = durationLiteral.ReplaceAllStringFunc(parts[i], func(lit string) string {
			d, err := ParseDuration(lit)
			if err != nil {
				return lit
			}
			return fmt.Sprintf(`duration('%s')`, d)
		})
	}
	return strings.Join(parts, `"`)
}

// ParseDuration reads a duration such as "20m", "2h", "1h30m" or "3d".
func ParseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		h, err := time.ParseDuration(days + "h")
		return 24 * h, err
	}
	return time.ParseDuration(s)
}

// Names lists the names that an expression source uses, whether or not they
// exist.
func Names(src string) ([]string, error) {
	tree, err := parser.Parse(expandDurations(src))
	if err != nil {
		return nil, err
	}
	var v nameVisitor
	ast.Walk(&tree.Node, &v)
	return v.names, nil
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
func CompileExpr(src string, vars map[string]any, want Type) (*Expr, error) {
	names, err := Names(src)
	if err != nil {
		return nil, shortExprError(err)
	}
	env := functions(nobody{})
	for name, v := range vars {
		env[name] = v
	}
	opts := []expr.Option{
		expr.Env(env),
		// The builtin now() would read the clock; "now" is a value here.
		expr.DisableBuiltin("now"),
	}
	switch want {
	case BoolType:
		opts = append(opts, expr.AsBool())
	case InstantType:
		opts = append(opts, expr.AsKind(reflect.Struct))
	}
	program, err := expr.Compile(expandDurations(src), opts...)
	if err != nil {
		return nil, shortExprError(err)
	}
	return &Expr{Source: src, program: program, names: names}, nil
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
