package catalog

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/signs"
)

// signStep is a step that asks about warning signs.
type signStep struct {
	flow *flowPlace
	node ast.Node
	step *lang.Step
	q    ask.AboutSigns
}

// signSteps lists the steps that ask about signs.
func (l *loader) signSteps() []signStep {
	var list []signStep
	for _, fl := range l.list {
		for i := range fl.Steps {
			if q, about := fl.Steps[i].Question.(ask.AboutSigns); about {
				list = append(list, signStep{fl, fl.steps[i], &fl.Steps[i], q})
			}
		}
	}
	return list
}

// checkSigns holds the table of warning signs against what asks for it, and against
// what the program knows of signs.
func (l *loader) checkSigns() {
	if l.damaged {
		return
	}
	steps := l.signSteps()
	if l.table == nil {
		for _, s := range steps {
			s.flow.f.fault(child(s.node, "ask"), fmt.Sprintf("step %q asks about signs, and there is no table of them", s.step.ID), `add "signs:" and "signs_version: 1" to the head of a flow`)
		}
		return
	}
	l.checkSignNames()
	for _, s := range steps {
		l.checkSignStep(s)
	}
	for i := range l.table.Signs {
		l.checkClass(i)
		l.checkAsked(i, steps)
	}
	var missing []string
	for _, k := range signs.All() {
		if !l.hasSign(k.ID) {
			missing = append(missing, fmt.Sprintf("%s (%s)", k.ID, k.Shipped))
		}
	}
	if len(missing) > 0 {
		l.note(l.table.f, l.table.n, "signs that the program is shipped with are missing: "+strings.Join(missing, ", "), "nobody is asked for them here: add those that these flows are to ask for")
	}
	for _, s := range steps {
		s.step.Hash ^= l.hashOfSigns(s.q.About())
	}
}

// checkSignNames: the names by which texts know signs are nothing else.
func (l *loader) checkSignNames() {
	for _, fl := range l.list {
		if fl.Signs != nil && !has(fl.n, "signs_version") && !fl.f.misspelt(fl.n, "signs_version") {
			fl.f.fault(l.table.n, "the table of signs has no version", `add "signs_version: 1", and add 1 whenever a sign changes`)
		}
	}
	if p, taken := l.owners[lang.SignsSection]; taken {
		p.f.fault(p.n, fmt.Sprintf("the name %q belongs to the table of signs", lang.SignsSection), "choose another")
	} else if l.assigned[lang.SignsPlaceholder] {
		l.table.f.fault(l.table.n, fmt.Sprintf("a step sets the variable %q", lang.SignsPlaceholder), "give the variable another name: texts list the signs by {signs}")
	}
}

// checkSignStep holds a step against the table.
func (l *loader) checkSignStep(s signStep) {
	f, about := s.flow.f, s.q.About()
	for _, moment := range about.Asked {
		if !slices.ContainsFunc(l.table.Signs, func(sign lang.Sign) bool { return sign.Asked == moment }) {
			l.note(f, child(s.node, "asked"), fmt.Sprintf("no sign is asked at %q", moment), didYouMean(moment, l.moments(), "name a moment of the table, or leave it out"))
		}
	}
	if s.q.Lists() {
		l.checkBut(s)
		return
	}
	var groups []string
	at := child(s.node, "groups")
	for i := range l.table.Signs {
		if group := l.table.Signs[i].Group; group != "" && !slices.Contains(groups, group) {
			groups = append(groups, group)
			if at != nil && !has(at, group) && !f.misspelt(at, group) {
				f.fault(at, fmt.Sprintf("step %q does not say what follows from a sign of the group %q", s.step.ID, group), fmt.Sprintf(`add "%s: {next: step}", or "%s: {}": any sign may be moved into the class`, group, group))
			}
		}
	}
	for i := range s.step.Choices {
		c := &s.step.Choices[i]
		switch {
		case c.Group && !slices.Contains(groups, c.ID):
			f.fault(child(at, c.ID), fmt.Sprintf("no sign has the group %q", c.ID), didYouMean(c.ID, groups, "remove it, or correct its name"))
		case !c.Group && l.hasSign(c.ID):
			f.fault(child(child(s.node, "choices"), c.ID), fmt.Sprintf("%q is the name of a sign and of a choice", c.ID), "give the choice another name: both are buttons of this step")
		}
	}
	if n := len(l.table.Signs) + len(s.step.Choices) + len(s.step.Copies); n > maxButtons {
		f.fault(s.node, fmt.Sprintf("step %q may have %d buttons, with all signs", s.step.ID, n), fmt.Sprintf("offer at most %d", maxButtons))
	}
}

// checkBut tells of a list that leaves out what is never on it.
func (l *loader) checkBut(s signStep) {
	for _, other := range l.signSteps() {
		if but := s.q.About().But; other.step.ID == but && !other.q.Lists() && other.q.About().Class != s.q.About().Class {
			l.note(s.flow.f, child(s.node, "but"), fmt.Sprintf("step %q asks for a sign of another class", but), "what was answered there is not on this list anyway: leave it out, or name another step")
		}
	}
}

func (l *loader) hasSign(id string) bool {
	return slices.ContainsFunc(l.table.Signs, func(s lang.Sign) bool { return s.ID == id })
}

// moments lists those of the table.
func (l *loader) moments() []string {
	var list []string
	for i := range l.table.Signs {
		list = append(list, l.table.Signs[i].Asked)
	}
	return list
}

// checkClass holds the class of a sign against what the program knows of it.
func (l *loader) checkClass(i int) {
	s, n := &l.table.Signs[i], l.table.nodes[i]
	known, ok := signs.Find(s.ID)
	switch {
	case s.ID == "" || s.Class == "":
	case !ok:
		l.note(l.table.f, n, fmt.Sprintf("the sign %q is not one that the program knows", s.ID), "it has no floor: let a clinician look at its class")
	case s.Class.Below(known.Floor):
		l.table.f.fault(n, fmt.Sprintf("the sign %q is %s, which is below its floor", s.ID, s.Class), fmt.Sprintf("make it %s", orWords(signs.Open(s.ID))))
	case s.Class.Below(known.Shipped):
		l.note(l.table.f, n, fmt.Sprintf("the sign %q is %s, below the class that it is shipped with", s.ID, s.Class), fmt.Sprintf("it is shipped as %s: let a clinician look at it", known.Shipped))
	}
}

func orWords(classes []signs.Class) string {
	words := make([]string, len(classes))
	for i, c := range classes {
		words[i] = string(c)
	}
	return strings.Join(words, " or ")
}

// checkAsked finds signs that nobody would be asked for, be they of any class that
// they may have.
func (l *loader) checkAsked(i int, steps []signStep) {
	s := &l.table.Signs[i]
	if s.Asked == "" {
		return
	}
	for _, class := range signs.Open(s.ID) {
		if !slices.ContainsFunc(steps, func(at signStep) bool {
			about := at.q.About()
			return at.q.Lists() && about.Class == class && about.At(s.Asked)
		}) {
			l.table.f.fault(l.table.nodes[i], fmt.Sprintf("nobody would be asked for the sign %q if it were %s", s.ID, class),
				fmt.Sprintf(`add a step with "ask: signs", "class: %s" and "asked: %s": whoever moves a sign changes one word`, class, s.Asked))
		}
	}
}

// hashOfSigns stands for the signs that a question is about: it changes with what is
// asked, and of whom.
func (l *loader) hashOfSigns(about ask.Selection) uint64 {
	h := fnv.New64a()
	for i := range l.table.Signs {
		s := &l.table.Signs[i]
		if s.Class == about.Class && about.At(s.Asked) {
			fmt.Fprintf(h, "%q,%q,%q,", s.ID, s.Group, s.Asked)
			if s.Of != nil {
				fmt.Fprintf(h, "%q,", l.sourceOf(&s.Of))
			}
		}
	}
	return h.Sum64()
}

// sourceOf is what stands where an expression is yet to be compiled.
func (l *loader) sourceOf(into **lang.Expr) string {
	for _, p := range l.pending {
		if p.into == into {
			return p.src
		}
	}
	return ""
}

// compileSigns compiles what hangs on the conditions of signs, once those are
// compiled themselves.
func (l *loader) compileSigns() {
	if l.table == nil || l.damaged || len(l.faults) > 0 {
		return
	}
	for _, s := range l.signSteps() {
		l.askedOf(s)
	}
}

// askedOf compiles whom a list of signs is asked of, if that is not everybody: those
// whom a sign of it concerns that they have not told.
func (l *loader) askedOf(s signStep) {
	if !s.q.Lists() {
		return
	}
	about := s.q.About()
	var ways []*lang.Expr
	always := 0
	for i := range l.table.Signs {
		sign := &l.table.Signs[i]
		if sign.Class != about.Class || !about.At(sign.Asked) {
			continue
		}
		if sign.Of == nil {
			always++
		}
		if way := l.askedFor(i, about.But); way != nil && !slices.ContainsFunc(ways, func(e *lang.Expr) bool { return e.Source == way.Source }) {
			ways = append(ways, way)
		}
	}
	// One of those that concern everybody may have been told; of two, one is left.
	if always == 0 || always == 1 && about.But != "" {
		s.step.Asked = ways
	}
}

// askedFor is the condition on which a sign is on a list; nil for none.
func (l *loader) askedFor(i int, but string) *lang.Expr {
	sign := &l.table.Signs[i]
	if but == "" {
		return sign.Of
	}
	cond := fmt.Sprintf("%s != %q", but, sign.ID)
	if sign.Of != nil {
		cond = fmt.Sprintf("(%s\n) and %s", sign.Of.Source, cond) // a remark ends with its line
	}
	e, err := lang.CompileExpr(cond, l.vars, lang.BoolType)
	if err != nil {
		l.table.f.fault(l.table.nodes[i], fmt.Sprintf("whom the sign %q is asked of is said in too many words: %v", sign.ID, err), `set a variable to it in a step, and write that behind "of:"`)
	}
	return e
}

// readings are the names by which texts show the sign that was told.
func (l *loader) readings() map[string]bool {
	names := make(map[string]bool)
	for _, s := range l.signSteps() {
		for name := range lang.SignReadings(s.step) {
			names[name] = true
		}
	}
	return names
}

// signValues lists what the answer to a step that asks for a sign can be; nil if it
// asks for none.
func (l *loader) signValues(s *lang.Step) []string {
	if q, about := s.Question.(ask.AboutSigns); !about || q.Lists() || l.table == nil {
		return nil
	}
	var list []string
	for i := range l.table.Signs {
		list = append(list, l.table.Signs[i].ID)
	}
	for i := range s.Choices {
		if c := &s.Choices[i]; !c.Group {
			list = append(list, c.ID)
		}
	}
	return list
}
