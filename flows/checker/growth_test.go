package checker

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// BenchmarkGrowth checks the shipped flows, and catalogs in which all of them are there
// twice and four times, under other names, each with its promises. The walks of a check
// have as many states in each; the twins say nothing, so their walks tell of no text.
func BenchmarkGrowth(b *testing.B) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("x%d", n), func(b *testing.B) {
			grown := times(b, c, n)
			promises, states := 0, 0
			for b.Loop() {
				promises, states = 0, 0
				for _, p := range Check(grown, Options{}).Proofs {
					if p.Verdict != Holds {
						b.Fatalf("%s: %s %s: it %s: %s", p.Source, p.Promise, p.Part, p.Verdict, p.What)
					}
					promises, states = promises+1, states+p.Spent
				}
			}
			b.ReportMetric(float64(promises), "parts")
			b.ReportMetric(float64(states), "states")
		})
	}
}

// times is a catalog in which all flows are there n times, each time under other
// names.
func times(tb testing.TB, c *lang.Catalog, n int) *lang.Catalog {
	tb.Helper()
	vars := make(map[string]any)
	for name, sample := range c.Vars {
		for k := range n {
			vars[called(name, k)] = sample
		}
	}
	var list []*lang.Flow
	for k := range n {
		for _, f := range c.Flows() {
			list = append(list, twin{tb, c, vars, k, n}.flow(f))
		}
	}
	out := c.With(list)
	out.Vars = vars
	return out
}

func called(name string, k int) string {
	if k == 0 || name == "" || name == "onset" || name == "zone" {
		return name
	}
	return fmt.Sprintf("t%d_%s", k+1, name)
}

// twin copies flows under other names.
type twin struct {
	tb   testing.TB
	c    *lang.Catalog
	vars map[string]any
	k, n int
}

func (t twin) flow(f *lang.Flow) *lang.Flow {
	out := *f
	out.ID, out.Worse, out.Stop, out.History = t.name(f.ID), t.name(f.Worse), t.name(f.Stop), t.name(f.History)
	out.Commands = t.names(f.Commands)
	out.Remember = t.names(f.Remember)
	out.WakeFrom, out.WakeTo = t.expr(f.WakeFrom), t.expr(f.WakeTo)
	out.While = t.while(f.While)
	out.Steps = slices.Clone(f.Steps)
	for i := range out.Steps {
		t.step(&out.Steps[i])
	}
	out.Tracks = slices.Clone(f.Tracks)
	for i := range out.Tracks {
		tr := &out.Tracks[i]
		tr.Name, tr.Flow, tr.Done, tr.Run, tr.Wrong = t.name(tr.Name), t.name(tr.Flow), t.name(tr.Done), t.name(tr.Run), t.name(tr.Wrong)
		for _, e := range []**lang.Expr{&tr.HoldBy, &tr.CheckBy, &tr.GapBy, &tr.TimesBy, &tr.DaysBy, &tr.When, &tr.From, &tr.Until} {
			*e = t.expr(*e)
		}
	}
	out.Invariants = slices.Clone(f.Invariants)
	for i := range out.Invariants {
		inv := &out.Invariants[i]
		inv.Before, inv.Never = t.what(inv.Before), t.what(inv.Never)
		inv.Require, inv.While = t.expr(inv.Require), t.expr(inv.While)
		if inv.Before == lang.AnyReminder {
			inv.Require = t.elsewhere(inv.Require)
		}
		inv.Source = fmt.Sprintf("%d/%s", t.k+1, inv.Source)
	}
	return &out
}

// while keeps a command out of the episodes of other twins: who is in one of them is
// led by its own.
func (t twin) while(w lang.While) lang.While {
	if t.n == 1 {
		return w
	}
	var out lang.While
	if w.Holds("") {
		out = append(out, lang.WhenIdle)
	}
	for _, f := range t.c.Flows() {
		if f.Episode && w.Holds(f.ID) {
			out = append(out, t.name(f.ID))
		}
	}
	return out
}

// elsewhere is a condition that is not asked for in the episodes of other twins,
// whose reminders are none of its business.
func (t twin) elsewhere(e *lang.Expr) *lang.Expr {
	src := e.Syntax().String()
	for k := range t.n {
		for _, f := range t.c.Flows() {
			if f.Episode && k != t.k {
				src += fmt.Sprintf(" or episode == %q", called(f.ID, k))
			}
		}
	}
	return t.compile(src)
}

func (t twin) step(s *lang.Step) {
	s.ID = t.name(s.ID)
	if s.Target != lang.AllTracks && s.Action != lang.ActEnd {
		s.Target = t.name(s.Target)
	}
	s.When = t.expr(s.When)
	s.Question = t.question(s.Question)
	s.Asked = slices.Clone(s.Asked)
	for i := range s.Asked {
		s.Asked[i] = t.expr(s.Asked[i])
	}
	if s.Back != nil {
		s.Back = &lang.Back{Next: t.target(s.Back.Next), Set: t.sets(s.Back.Set)}
	}
	s.Set = t.sets(s.Set)
	s.Next = slices.Clone(s.Next)
	for i := range s.Next {
		s.Next[i] = lang.Branch{When: t.expr(s.Next[i].When), To: t.target(s.Next[i].To)}
	}
	s.Choices = slices.Clone(s.Choices)
	for i := range s.Choices {
		s.Choices[i].Next, s.Choices[i].Set = t.target(s.Choices[i].Next), t.sets(s.Choices[i].Set)
	}
	if s.Wait != nil {
		w := *s.Wait
		w.Until, w.Next = t.expr(w.Until), t.target(w.Next)
		s.Wait = &w
	}
}

// question is a question whose gates and left-out sign have the names of the twin. The
// one table of signs, and whom they concern, is that of all.
func (t twin) question(q ask.Question) ask.Question {
	switch q := q.(type) {
	case nil:
		return nil
	case ask.AboutSigns:
		return twinSigns{q, t}
	default:
		return twinQuestion{q, t}
	}
}

type twinQuestion struct {
	ask.Question
	t twin
}

func (q twinQuestion) Gates() []ask.Gate {
	list := slices.Clone(q.Question.Gates())
	for i := range list {
		list[i].Name = q.t.name(list[i].Name)
	}
	return list
}

// gate is the name of a variable of the answer: that of a gate is not the step's.
func (q twinQuestion) gate(name string) string {
	if slices.ContainsFunc(q.Question.Gates(), func(g ask.Gate) bool { return g.Name == name }) {
		return q.t.name(name)
	}
	return name
}

func (q twinQuestion) Vars(step string) []flows.Var {
	list := slices.Clone(q.Question.Vars(step))
	for i := range list {
		list[i].Name = q.gate(list[i].Name)
	}
	return list
}

func (q twinQuestion) Possible(v ask.View, step string) []ask.Possible {
	list := slices.Clone(q.Question.Possible(v, step))
	for i := range list {
		list[i].Sets = slices.Clone(list[i].Sets)
		for k := range list[i].Sets {
			list[i].Sets[k].Var = q.gate(list[i].Sets[k].Var)
		}
	}
	return list
}

type twinSigns struct {
	ask.AboutSigns
	t twin
}

func (q twinSigns) About() ask.Selection {
	about := q.AboutSigns.About()
	about.But = q.t.name(about.But)
	return about
}

func (t twin) sets(list []lang.Assignment) []lang.Assignment {
	out := slices.Clone(list)
	for i := range out {
		out[i] = lang.Assignment{Var: t.name(out[i].Var), Value: t.expr(out[i].Value)}
	}
	return out
}

func (t twin) name(name string) string { return called(name, t.k) }

func (t twin) names(list []string) []string {
	out := make([]string, len(list))
	for i, name := range list {
		out[i] = t.name(name)
	}
	return out
}

func (t twin) target(id string) string {
	if id == lang.Return {
		return id
	}
	return t.name(id)
}

// what is a step, a track or the kind of a reminder.
func (t twin) what(name string) string {
	if name == lang.AnyReminder || name == "" {
		return name
	}
	if base, phase, ok := strings.Cut(name, "-"); ok && t.c.Track(base) != nil {
		return strings.ReplaceAll(t.name(base), "_", "-") + "-" + phase
	}
	return t.name(name)
}

var word = regexp.MustCompile(`"[^"]*"|'[^']*'|[A-Za-z_][A-Za-z_0-9]*`)

// expr is an expression that speaks of the twin's names.
func (t twin) expr(e *lang.Expr) *lang.Expr {
	if e == nil || t.k == 0 {
		return e
	}
	src := word.ReplaceAllStringFunc(e.Syntax().String(), func(w string) string {
		if _, isVar := t.c.Vars[w]; isVar {
			return t.name(w)
		}
		if inner := strings.Trim(w, `"'`); inner != w && (t.c.Flow(inner) != nil || t.c.Track(inner) != nil) {
			return fmt.Sprintf("%q", t.name(inner))
		}
		return w
	})
	return t.compile(src)
}

func (t twin) compile(src string) *lang.Expr {
	t.tb.Helper()
	out, err := lang.CompileExpr(src, t.vars, lang.AnyType)
	if err != nil {
		t.tb.Fatalf("%s: %v", src, err)
	}
	return out
}
