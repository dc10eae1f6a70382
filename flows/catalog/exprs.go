package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

type pendingExpr struct {
	place
	// src is what is compiled; shown is what the editor wrote.
	src, shown string
	want       lang.Type
	into       **lang.Expr
	assign     string // the variable whose type it gives, if any
	extra      map[string]any
	promise    bool // an answer may stand behind a dot
	// syntax is the zero one, and names nil, if it cannot be parsed.
	syntax lang.Syntax
	names  []string
}

// expr notes an expression to be compiled later.
func (l *loader) expr(f *file, n ast.Node, want lang.Type, into **lang.Expr) *pendingExpr {
	src, ok := f.scalar(n)
	p := &pendingExpr{place: place{f, n}, src: src, shown: src, want: want, into: into}
	// A condition that turns out to be wrong is still there.
	*into = new(lang.Expr)
	if ok {
		l.pending = append(l.pending, p)
	}
	return p
}

// set reads assignments. extra are names that exist only here.
func (l *loader) set(f *file, n ast.Node, extra map[string]any) []lang.Assignment {
	entries := f.entries(n, "set")
	list := make([]lang.Assignment, len(entries))
	for i, e := range entries {
		list[i].Var = e.key
		if !lang.IsName(e.key) || lang.Reserved(e.key) {
			f.fault(e.keyNode, fmt.Sprintf("%q cannot be set", e.key), "choose a name of your own, of a-z, 0-9 and _; now, choice and the functions belong to the language")
			continue
		}
		want := lang.AnyType
		if e.key == "onset" {
			want = lang.InstantType
		}
		p := l.expr(f, e.value, want, &list[i].Value)
		p.assign = e.key
		p.extra = extra
		l.assigned[e.key] = true
	}
	return list
}

// compile compiles the noted expressions. Assignments come first, round by
// round, since each may give a type to a variable that the next one uses.
func (l *loader) compile() {
	isPart := func(name string) bool { return l.parts[name] != "" }
	for _, p := range l.pending {
		if p.promise {
			if syntax, err := lang.ParsePromise(p.src, isPart); err == nil {
				p.src = syntax.String()
			}
		}
		p.syntax, _ = lang.Parse(p.src) // compiling tells the mistake
		p.names = p.syntax.Names()
		l.checkGated(p)
		if slices.ContainsFunc(p.names, lang.ByClock) {
			l.byClock(p.f, p.n)
		}
	}
	waiting := l.pending
	for {
		var stuck []*pendingExpr
		for _, p := range waiting {
			if names := l.unknown(p); len(names) > 0 {
				stuck = append(stuck, p)
				continue
			}
			l.compileOne(p)
		}
		if len(stuck) == len(waiting) {
			l.unknownNames(stuck)
			return
		}
		waiting = stuck
	}
}

// unknown lists the names of an expression that have no type, or none yet.
func (l *loader) unknown(p *pendingExpr) []string {
	var names []string
	for _, name := range p.names {
		_, isVar := l.vars[name]
		_, isExtra := p.extra[name]
		if !isVar && !isExtra && (name == "choice" || !lang.Reserved(name)) {
			names = append(names, name)
		}
	}
	return names
}

// unknownNames tells names that nothing sets. A name that is set by a faulty
// expression is not unknown; its type is, and that was told there.
func (l *loader) unknownNames(stuck []*pendingExpr) {
	if l.damaged {
		return
	}
	before := len(l.faults)
	for _, p := range stuck {
		for _, name := range l.unknown(p) {
			switch {
			case l.assigned[name] || l.badNames[name]:
			case name == "choice":
				p.f.faultAtName(p.n, name, `"choice" is known only in the "set" of a choice`, "use the name of the step: its value is the choice")
			default:
				p.f.faultAtName(p.n, name, fmt.Sprintf("no step asks for %q or sets it", name),
					didYouMean(name, append(keysOf(l.vars), words...), "ask for it in a step of that name, or set it before"))
			}
		}
	}
	if before > 0 || len(l.faults) > before {
		return // what is left hangs on a variable whose fault has been told
	}
	for _, p := range stuck {
		p.f.fault(p.n, fmt.Sprintf("%q has no type: it is set from itself", p.shown), "set one of its variables to a value first")
	}
}

func (l *loader) compileOne(p *pendingExpr) {
	env := maps.Clone(p.extra)
	if env == nil {
		env = make(map[string]any, len(p.names))
	}
	for _, name := range p.names {
		if v, ok := l.vars[name]; ok {
			env[name] = v
		}
	}
	e, err := lang.CompileExpr(p.src, env, p.want)
	if err != nil {
		l.exprFault(p, err)
		return
	}
	l.checkMeaning(p)
	*p.into = e
	if p.assign == "" {
		return
	}
	zero := e.Returns()
	if zero == nil {
		p.f.fault(p.n, fmt.Sprintf("%q is none of text, number, true/false or instant", clip(p.shown)), "a variable must be one of these")
		return
	}
	if old, ok := l.vars[p.assign]; ok && fmt.Sprintf("%T", old) != fmt.Sprintf("%T", zero) {
		p.f.fault(p.n, fmt.Sprintf("%q is set to a %s here and to a %s elsewhere", p.assign, typeName(zero), typeName(old)), "a variable keeps one type: use another name")
		return
	}
	l.vars[p.assign] = zero
}

// exprFault tells what is wrong with an expression, where it is.
func (l *loader) exprFault(p *pendingExpr, err error) {
	line, column := position(p.n)
	remedy := remedyOf(p.want)
	if f, ok := errors.AsType[*lang.ExprFault](err); ok {
		remedy = cmp.Or(f.Remedy, remedy)
		column = p.f.columnIn(p.n, p.src, f.Rune)
	}
	p.f.faultAt(line, column, fmt.Sprintf("the expression %q is wrong: %v", clip(p.shown), err), remedy)
}

func remedyOf(want lang.Type) string {
	switch want {
	case lang.BoolType:
		return `write a condition, such as: hours_since(onset) < 72 and cold_ready == "ready"`
	case lang.InstantType:
		return "write an instant, such as: onset + 72h"
	case lang.DurationType:
		return "write a duration, such as 20m, or in_minutes(cold_minutes)"
	case lang.NumberType:
		return `write a number, or a variable that holds one, such as an hour; times of day are a list: ["08:30"]`
	case lang.TextType:
		return "write a list of days, such as [mon, thu], or a variable that holds them as one text"
	}
	return `write a value, such as: "now - 6h", 3, true or another variable; text goes into quotes within quotes`
}

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func typeName(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case float64:
		return "number"
	case bool:
		return "true/false"
	}
	return "instant"
}

// words are names of the language that a slip of the pen may have meant.
var words = []string{
	"now", "live", "episode", "last_heard", "hours_since", "rounds_today", "rounds_total", "why_not", "earliest", "midnight",
	"episodes_in", "alike_in", "in_minutes", "in_hours", "number_in", "zone_in", "zones_in", "pain_first", "pain_now", "pain_trend",
	"local_hour", "local_day", "true", "false", "and", "or", "not", "in",
}

// checkMeaning finds what has the right type and can still never be true: a
// choice that its question does not offer, a round that does not exist, a
// measurement that nobody takes, an onset that nobody tells.
func (l *loader) checkMeaning(p *pendingExpr) {
	if l.damaged {
		return
	}
	for _, c := range p.syntax.Comparisons() {
		l.checkComparison(p, c.Left, c.Right)
		l.checkComparison(p, c.Right, c.Left)
	}
	for _, function := range []string{"rounds_today", "rounds_total", "why_not", "earliest"} {
		for _, args := range p.syntax.Calls(function) {
			l.checkTrackNames(p, args)
		}
	}
	for _, name := range p.names {
		measure := lang.FigureOf(name)
		switch {
		case name == "onset" && !l.assigned["onset"]:
			p.f.faultAtName(p.n, name, "no step sets the onset", `ask when the pain began, and set it: "set: {onset: now}"`)
		case measure != "" && !l.measured[measure]:
			p.f.faultAtName(p.n, name, fmt.Sprintf("%q is always 0: no step measures %s", name, measure), fmt.Sprintf(`add "measure: %s" to the step that asks for it`, measure))
		}
	}
}

// checkComparison finds texts that an answer is never equal to.
func (l *loader) checkComparison(p *pendingExpr, answer, with lang.Syntax) {
	name, ok := answer.Name()
	if !ok {
		return
	}
	values := l.valuesOf(name)
	for _, text := range with.Literals() {
		// "" is an answer that was not given yet.
		if text != "" && len(values) > 0 && !slices.Contains(values, text) {
			remedy := possible(text, values)
			if parts := l.answerParts(name); len(parts) > 0 {
				remedy += "; the rest of the answer is told by " + strings.Join(parts, ", ")
			}
			p.f.faultAtText(p.n, text, fmt.Sprintf("%q is never %q", name, text), remedy)
		}
	}
}

// mostListed is how many values an answer may have for all to be listed.
const mostListed = 50

func possible(text string, values []string) string {
	if len(values) > mostListed {
		return didYouMean(text, values, fmt.Sprintf("it can be one of %d, such as %s", len(values), values[0]))
	}
	return use(text, "it can be", values)
}

// answerParts lists the variables of the parts of the answer to a step that conditions
// read.
func (l *loader) answerParts(step string) []string {
	var names []string
	shown := l.readings()
	for name, owner := range l.parts {
		if owner == step && !shown[name] && l.gated.parts[name] == nil {
			names = append(names, name)
		}
	}
	for name, owner := range l.gated.gates {
		if owner.ID == step {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (l *loader) checkTrackNames(p *pendingExpr, args []lang.Syntax) {
	for _, arg := range args {
		for _, name := range arg.Literals() {
			if tracks := l.trackNames(); !slices.Contains(tracks, name) {
				p.f.faultAtText(p.n, name, fmt.Sprintf("there is no round or reminder %q", name), use(name, "there are", tracks))
			}
		}
	}
}

// valuesOf lists what a name can be, nil if that is not known.
func (l *loader) valuesOf(name string) []string {
	if name == "local_day" {
		return lang.WeekdayNames
	}
	for _, fl := range l.list {
		i := fl.Step(name)
		if i < 0 || fl.Steps[i].Question == nil || name == "onset" || name == "zone" {
			continue
		}
		for _, p := range l.pending {
			if p.assign == name {
				return nil // another step sets it too
			}
		}
		if list := l.signValues(&fl.Steps[i]); list != nil {
			return list
		}
		return fl.Steps[i].Question.Values()
	}
	return nil
}

func (l *loader) trackNames() []string {
	var names []string
	for _, fl := range l.list {
		for i := range fl.Tracks {
			names = append(names, fl.Tracks[i].Name)
		}
	}
	return names
}
