package lang

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Expr is a compiled expression of the flow language: a condition, a value or
// an instant.
type Expr struct {
	Source  string
	syntax  Syntax
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

// CompileExpr compiles an expression against the variables of a catalog: name
// to a value of its type.
func CompileExpr(src string, vars map[string]any, want Type) (e *Expr, err error) {
	syntax, err := Parse(src)
	if err != nil {
		return nil, err
	}
	names := syntax.Names()
	defer func() {
		if r := recover(); r != nil {
			e, err = nil, fmt.Errorf("it cannot be compiled")
		}
	}()
	env := make(map[string]any, len(functions)+len(vars))
	for name, value := range functions {
		env[name] = value(nobody{})
	}
	maps.Copy(env, vars)
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
		return nil, exprFault(src, err)
	}
	e = &Expr{Source: src, syntax: syntax, program: program, names: names}
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

// Syntax is the expression as a tree, the zero one for nil.
func (e *Expr) Syntax() Syntax {
	if e == nil {
		return Syntax{}
	}
	return e.syntax
}

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
		return nil, fmt.Errorf("%s: %w", e.Source, err)
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
