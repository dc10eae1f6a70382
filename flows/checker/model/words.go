package model

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// kind is the type of a variable.
type kind uint8

const (
	opaque kind = iota
	text
	truth
	number
	instant
	duration
)

// vocabulary numbers the variables, and the texts that they can be.
type vocabulary struct {
	index map[string]int32
	names []string
	kinds []kind
	texts *texts
	// lasts says of each variable whether it outlives an episode.
	lasts []bool
}

// The names that a model has besides those of the catalog.
const (
	now        = "now"
	onset      = "onset"
	painFirst  = "pain_first"
	painNow    = "pain_now"
	painBefore = "pain_before\x00" // the measurement before the last
	inEpisode  = "episode"
)

func newVocabulary(c *lang.Catalog) *vocabulary {
	v := &vocabulary{index: make(map[string]int32), texts: &texts{number: make(map[string]int32)}}
	v.add(now, instant, true)
	v.add(inEpisode, text, true)
	v.add(onset, instant, false)
	for _, name := range []string{painFirst, painNow, painBefore} {
		v.add(name, number, false)
	}
	for _, name := range sortedKeys(c.Vars) {
		if _, known := v.index[name]; !known {
			v.add(name, kindOf(c.Vars[name]), c.Remembers(name))
		}
	}
	return v
}

func (v *vocabulary) add(name string, k kind, lasts bool) int32 {
	i := int32(len(v.names))
	v.index[name] = i
	v.names, v.kinds, v.lasts = append(v.names, name), append(v.kinds, k), append(v.lasts, lasts)
	return i
}

// texts numbers texts. Searches that go side by side may meet new ones.
type texts struct {
	mu     sync.Mutex
	number map[string]int32
	list   []string
}

// text is the number of a text.
func (v *vocabulary) text(s string) int32 {
	t := v.texts
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.number[s]
	if !ok {
		n = firstText + int32(len(t.list))
		t.number[s], t.list = n, append(t.list, s)
	}
	return n
}

// all lists the texts, in the order of their numbers.
func (t *texts) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clip(t.list)
}

func kindOf(sample any) kind {
	switch sample.(type) {
	case string:
		return text
	case bool:
		return truth
	case float64, int:
		return number
	case time.Time:
		return instant
	}
	return opaque
}

// zeroSet is what a variable is in that was never set.
func (v *vocabulary) zeroSet(i int32) set {
	if v.kinds[i] == truth {
		return only(no)
	}
	return only(v.text(""))
}

// unset is the part of c in which a variable is what it is before it was set,
// with nothing said of it.
func (v *vocabulary) unset(c cube, i int32) (cube, bool) {
	if s, ok := c.of(i); ok {
		if s.and(v.zeroSet(i)).empty() {
			return cube{}, false
		}
		c = c.free(i)
	}
	if v.kinds[i] == instant {
		return c.put(i, constant(untold))
	}
	return c.put(i, constant(0))
}

// given is the part of c in which a variable has a value, with nothing said of
// it.
func (v *vocabulary) given(c cube, i int32, val flows.Value) (cube, bool) {
	var one int32
	switch val := val.Any().(type) {
	case string:
		one = v.text(val)
	case bool:
		if val {
			one = yes
		}
	case float64:
		return c.put(i, constant(val))
	default:
		return c.free(i).loose(i)
	}
	if s, ok := c.of(i); ok && !s.has(one) {
		return cube{}, false
	}
	return c.free(i), true
}

// value is what an expression can be: a sum if it is a number or a span of time,
// and for whom.
type value struct {
	where cube
	kind  kind
	sum   sum
	text  int32
}

// maxAlternatives is how many values an expression is followed with, and how many
// cubes a condition is written as; beyond, nothing is known.
const maxAlternatives = 24

// reader reads expressions. Choice is the choice that was made, if chosen.
type reader struct {
	*Model
	choice string
	chosen bool
}

var anybody = []cube{{}}

// condition is for whom a condition holds, or does not. It may be for more: what
// is not known may be either way.
func (r reader) condition(e *lang.Expr, want bool) []cube {
	if e == nil {
		if want {
			return anybody
		}
		return nil
	}
	return r.truth(e.Syntax().Node(), want)
}

func (r reader) truth(n ast.Node, want bool) []cube {
	switch n := n.(type) {
	case *ast.BoolNode:
		if n.Value == want {
			return anybody
		}
		return nil
	case *ast.IdentifierNode:
		return r.named(n.Value, want)
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return r.truth(n.Node, !want)
		}
	case *ast.ConditionalNode:
		return either(both(r.truth(n.Cond, true), r.truth(n.Exp1, want)), both(r.truth(n.Cond, false), r.truth(n.Exp2, want)))
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||":
			return r.join(n, want)
		case "in":
			return r.within(n, want)
		case "==", "!=":
			return r.equal(n.Left, n.Right, want == (n.Operator == "=="))
		case "<":
			return r.less(n.Left, n.Right, want)
		case ">":
			return r.less(n.Right, n.Left, want)
		case "<=":
			return r.less(n.Right, n.Left, !want)
		case ">=":
			return r.less(n.Left, n.Right, !want)
		}
	}
	return anybody
}

// join reads an "and" or an "or".
func (r reader) join(n *ast.BinaryNode, want bool) []cube {
	isAnd := n.Operator == "and" || n.Operator == "&&"
	left, right := r.truth(n.Left, want), r.truth(n.Right, want)
	if isAnd == want {
		return both(left, right)
	}
	return either(left, right)
}

func (r reader) named(name string, want bool) []cube {
	if name == "live" {
		return r.inSet(r.index[inEpisode], only(r.text("")).not(), want)
	}
	i, ok := r.index[name]
	switch {
	case !ok || r.kinds[i] != truth:
		return anybody
	case want:
		return r.inSet(i, only(yes), true)
	}
	return r.inSet(i, only(no), true)
}

func (r reader) inSet(v int32, s set, want bool) []cube {
	switch {
	case !r.follows(v):
		return anybody
	case !want:
		s = s.not()
	}
	return []cube{{sets: []held{{v, s}}}}
}

func (r reader) within(n *ast.BinaryNode, want bool) []cube {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return anybody
	}
	out := []cube(nil)
	if !want {
		out = anybody
	}
	for _, item := range list.Nodes {
		one := r.equal(n.Left, item, want)
		if want {
			out = either(out, one)
		} else {
			out = both(out, one)
		}
	}
	return out
}

func (r reader) equal(a, b ast.Node, want bool) []cube {
	if isTruth(r, a) || isTruth(r, b) {
		same := either(both(r.truth(a, true), r.truth(b, want)), both(r.truth(a, false), r.truth(b, !want)))
		return same
	}
	if v, ok := r.textVar(a); ok {
		return r.isText(v, b, want)
	}
	if v, ok := r.textVar(b); ok {
		return r.isText(v, a, want)
	}
	var out []cube
	for _, x := range r.values(a) {
		for _, y := range r.values(b) {
			where, ok := x.where.and(y.where)
			if ok {
				out = either(out, both([]cube{where}, r.same(x, y, want)))
			}
		}
	}
	return out
}

// same compares two values.
func (r reader) same(x, y value, want bool) []cube {
	switch {
	case x.kind == opaque || y.kind == opaque || x.kind != y.kind:
		return anybody
	case x.kind == text:
		if (x.text == y.text) == want {
			return anybody
		}
		return nil
	case want:
		return both(r.holding(atMost(x.sum, y.sum, false)), r.holding(atMost(y.sum, x.sum, false)))
	}
	return either(r.holding(atMost(x.sum, y.sum, true)), r.holding(atMost(y.sum, x.sum, true)))
}

// holding is for whom a bound holds.
func (m *Model) holding(b bound) []cube {
	if slices.ContainsFunc(b.terms, func(t term) bool { return !m.follows(t.v) }) {
		return anybody
	}
	c, ok := cube{}.under(b)
	if !ok {
		return nil
	}
	return []cube{c}
}

func (r reader) textVar(n ast.Node) (int32, bool) {
	id, ok := n.(*ast.IdentifierNode)
	if !ok || r.chosen && id.Value == "choice" {
		return 0, false
	}
	v, ok := r.index[id.Value]
	return v, ok && r.kinds[v] == text
}

// isText compares a text in a variable with an expression.
func (r reader) isText(v int32, n ast.Node, want bool) []cube {
	if other, ok := r.textVar(n); ok {
		return r.alike(v, other, want)
	}
	var out []cube
	for _, x := range r.values(n) {
		one := anybody
		if x.kind == text {
			one = r.inSet(v, only(x.text), want)
		}
		out = either(out, both([]cube{x.where}, one))
	}
	return out
}

// alike compares the texts in two variables: each that has a number apart, and
// those that have none together.
func (r reader) alike(a, b int32, want bool) []cube {
	if a == b {
		if want {
			return anybody
		}
		return nil
	}
	var all set
	var out []cube
	for i := range r.texts.all() {
		n := firstText + int32(i)
		if len(out) > maxAlternatives {
			return anybody
		}
		all.items = append(all.items, n)
		out = append(out, both(r.inSet(a, only(n), true), r.inSet(b, only(n), want))...)
	}
	return append(out, both(r.inSet(a, all, false), anybody)...)
}

func isTruth(r reader, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BoolNode:
		return true
	case *ast.IdentifierNode:
		i, ok := r.index[n.Value]
		return n.Value == "live" || ok && r.kinds[i] == truth
	case *ast.UnaryNode:
		return n.Operator == "not" || n.Operator == "!"
	}
	return false
}

func (r reader) less(a, b ast.Node, want bool) []cube {
	var out []cube
	for _, x := range r.values(a) {
		for _, y := range r.values(b) {
			where, ok := x.where.and(y.where)
			if !ok {
				continue
			}
			one := anybody
			switch {
			case x.kind != y.kind || x.kind == opaque || x.kind == text:
			case want:
				one = r.holding(atMost(x.sum, y.sum, true))
			default:
				one = r.holding(atMost(y.sum, x.sum, false))
			}
			out = either(out, both([]cube{where}, one))
		}
	}
	return out
}

// both is what is in one of each.
func both(a, b []cube) []cube {
	var out []cube
	for _, x := range a {
		for _, y := range b {
			if c, ok := x.and(y); ok {
				out = put(out, c)
			}
		}
	}
	return few(out)
}

func either(a, b []cube) []cube {
	out := a
	for _, c := range b {
		out = put(out, c)
	}
	return few(out)
}

// put adds a cube to a list, if that does not have it already.
func put(list []cube, c cube) []cube {
	for i, known := range list {
		if known.holds(c) {
			return list
		}
		if all, ok := known.join(c); ok {
			return put(slices.Concat(list[:i], list[i+1:]), all)
		}
	}
	out := make([]cube, 0, len(list)+1)
	for _, known := range list {
		if !c.holds(known) {
			out = append(out, known)
		}
	}
	return append(out, c)
}

func few(list []cube) []cube {
	if len(list) > maxAlternatives {
		return anybody
	}
	return list
}

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
