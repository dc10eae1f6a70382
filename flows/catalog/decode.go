package catalog

import (
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// The words that are chosen from. The schema offers the same ones.
var (
	whiles    = []string{lang.Always, lang.WhenLive, lang.WhenIdle}
	hourKinds = []string{waking, "any"}
	lates     = []lang.Late{lang.LateExpire, lang.LateDrop, lang.LateDeliver}
)

const waking = "waking"

// flow reads the root mapping of a flow file.
func (l *loader) flow(f *file, root ast.Node) {
	fl := &flowPlace{place: place{f, root}, Flow: &lang.Flow{Waking: plan.Window{From: 8 * 60, To: 22 * 60}}}
	var steps, rounds, reminders, card ast.Node
	signsVersion := 0
	var defaultWait *lang.Wait
	f.fields(root, "a flow", readers{
		"flow":        func(n ast.Node) { fl.ID = l.flowName(f, n) },
		"version":     func(n ast.Node) { fl.Version = f.version(n) },
		"commands":    func(n ast.Node) { l.commands(f, n, fl) },
		"links":       func(n ast.Node) { l.links(f, n, fl) },
		"while":       func(n ast.Node) { fl.While = l.while(f, n) },
		"menu":        func(n ast.Node) { fl.Menu = f.number(n) },
		"episode":     func(n ast.Node) { fl.Episode = f.truth(n) },
		"urgent":      func(n ast.Node) { fl.Urgent = f.truth(n) },
		"signs_first": func(n ast.Node) { fl.SignsFirst = f.truth(n) },
		"words":       func(n ast.Node) { fl.Words = f.number(n) },
		"help":        func(n ast.Node) { fl.Help = f.truth(n) },
		"worse":       func(n ast.Node) { fl.Worse = l.flowTarget(f, n) },
		"stop":        func(n ast.Node) { fl.Stop = l.flowTarget(f, n) },
		"card":        func(n ast.Node) { card = n },
		"remember": func(n ast.Node) {
			for _, item := range f.items(n, "remember") {
				fl.Remember = append(fl.Remember, l.remembered(f, item, f.ident(item)))
			}
		},
		"forget_after":  func(n ast.Node) { fl.Lapses = l.lapses(f, n) },
		"forget_unless": func(n ast.Node) { fl.ForgetUnless = l.remembered(f, n, f.ident(n)) },
		"history":       func(n ast.Node) { fl.History = l.remembered(f, n, f.ident(n)) },
		"day":           func(n ast.Node) { l.day(f, n, fl) },
		"waking":        func(n ast.Node) { l.window(f, n, fl) },
		"default_wait":  func(n ast.Node) { defaultWait = l.wait(f, n, fl) },
		"rounds":        func(n ast.Node) { rounds = n },
		"reminders":     func(n ast.Node) { reminders = n },
		"steps":         func(n ast.Node) { steps = n },
		"retired":       func(n ast.Node) { l.retired(f, n, fl) },
		"invariants":    func(n ast.Node) { l.invariants(f, n, fl) },
		"signs":         func(n ast.Node) { l.signs(f, n, fl) },
		"papers":        func(n ast.Node) { l.papers(f, n, fl) },
		"signs_version": func(n ast.Node) { signsVersion = f.version(n) },
	})
	if _, isMap := pairs(root); !isMap {
		l.damaged = true
		return
	}
	l.list = append(l.list, fl)
	l.tracks(f, fl, rounds, reminders)
	if card != nil {
		l.card(f, card, fl)
	}
	if steps != nil {
		fl.steps = f.items(steps, "steps")
	}
	fl.Steps = make([]lang.Step, len(fl.steps))
	for i, n := range fl.steps {
		s := &fl.Steps[i]
		l.step(f, n, fl, s)
		s.Urgent = fl.Urgent
		if s.Action == lang.ActAsk && s.Wait == nil {
			s.Wait = defaultWait
		}
	}
	if fl.Signs != nil {
		fl.Signs.Version = signsVersion
	}
	l.checkFlow(f, root, fl)
	l.checkCard(f, root, fl)
}

// flowName reads the name of a flow, which is unique in the catalog.
func (l *loader) flowName(f *file, n ast.Node) string {
	id := f.ident(n)
	if other := l.find(id); other != nil && id != "" {
		f.fault(n, fmt.Sprintf("the flow %q is already in %s", id, other.f.path), "give each file a flow with a name of its own")
	}
	return id
}

func (f *file) version(n ast.Node) int {
	before := len(*f.faults)
	v := f.number(n)
	if v == 0 && len(*f.faults) == before {
		f.fault(n, "there is no version 0", "begin with 1 and add 1 whenever you change the flow")
	}
	return v
}

// maxCommand is the longest command that Telegram knows.
const maxCommand = 32

func (l *loader) commands(f *file, n ast.Node, fl *flowPlace) {
	for _, item := range f.items(n, "commands") {
		c := f.ident(item)
		switch {
		case c == "":
			continue
		case len(c) > maxCommand:
			f.fault(item, fmt.Sprintf("the command /%s is too long", c), fmt.Sprintf("use at most %d characters", maxCommand))
		}
		if slices.Contains(fl.Commands, c) {
			f.fault(item, fmt.Sprintf("the command /%s is given twice", c), "keep one of them")
			continue
		}
		fl.Commands = append(fl.Commands, c)
		l.checks = append(l.checks, func() { l.checkCommand(f, item, fl, c) })
	}
}

func (l *loader) links(f *file, n ast.Node, fl *flowPlace) {
	for _, item := range f.items(n, "links") {
		name := f.ident(item)
		if name == "" {
			continue
		}
		if slices.Contains(fl.Links, name) {
			f.fault(item, fmt.Sprintf("the link %q is given twice", name), "keep one of them")
			continue
		}
		fl.Links = append(fl.Links, name)
		l.checks = append(l.checks, func() { l.checkLink(f, item, fl, name) })
	}
}

// step reads one step into s, which must stay where it is: the expressions
// are written into it when they are compiled.
func (l *loader) step(f *file, n ast.Node, fl *flowPlace, s *lang.Step) {
	s.Action, s.Hash = lang.ActSay, hash(n)
	question := l.questionOf(f, n, s)
	action := func(a lang.Action, read func(ast.Node)) func(ast.Node) {
		return func(v ast.Node) {
			if s.Action != lang.ActSay {
				f.fault(v, fmt.Sprintf("the step does two things, %q and %q", s.Action, a), "split it into two steps")
				return
			}
			s.Action = a
			read(v)
		}
	}
	before := len(l.faults)
	known := readers{
		"id":    func(v ast.Node) { s.ID = f.ident(v); l.own(f, v, s.ID) },
		"when":  func(v ast.Node) { l.expr(f, v, lang.BoolType, &s.When) },
		"ask":   action(lang.ActAsk, question.ask),
		"call":  action(lang.ActCall, func(v ast.Node) { s.Target = l.flowTarget(f, v) }),
		"start": action(lang.ActStart, func(v ast.Node) { s.Target = f.ident(v); l.trackTarget(f, v, s.Target) }),
		"begin": action(lang.ActBegin, func(v ast.Node) { s.Target = f.ident(v); l.trackTarget(f, v, s.Target) }),
		"stop": action(lang.ActStop, func(v ast.Node) {
			if s.Target = f.ident(v); s.Target != lang.AllTracks {
				l.trackTarget(f, v, s.Target)
			}
		}),
		"show": action(lang.ActShow, func(v ast.Node) { s.Target = pick(f, v, "thing to show", lang.Shown) }),
		"paper": action(lang.ActPaper, func(v ast.Node) {
			s.Target = string(pick(f, v, "paper", flows.Papers))
			l.handsOver(f, v, s)
		}),
		"end":          action(lang.ActEnd, func(v ast.Node) { s.Target = f.ident(v) }),
		"forget":       action(lang.ActForget, func(v ast.Node) { s.Target = pick(f, v, "thing to forget", []string{lang.Everything}) }),
		"go":           action(lang.ActGo, func(v ast.Node) { s.Next = l.next(f, v, fl, "go") }),
		"picture":      func(v ast.Node) { s.Picture = f.ident(v); l.shows(f, v, s.Picture, pictureTypes) },
		"animation":    func(v ast.Node) { s.Animation = f.ident(v); l.shows(f, v, s.Animation, animationTypes) },
		"copies":       func(v ast.Node) { s.Copies = l.copies(f, v) },
		"keep":         func(v ast.Node) { s.Keep = f.truth(v) },
		"same_message": func(v ast.Node) { s.SameMessage = f.truth(v) },
		"set":          func(v ast.Node) { s.Set = l.set(f, v, nil) },
		"next": func(v ast.Node) {
			if next := l.next(f, v, fl, "next"); s.Next == nil {
				s.Next = next
			}
		},
		"wait": func(v ast.Node) { s.Wait = l.wait(f, v, fl) },
		"back": func(v ast.Node) { s.Back = l.back(f, v, fl) },
	}
	question.keys(known, fl)
	f.fields(n, "a step", known)
	if len(l.faults) != before {
		l.unsure[s.ID] = true
	}
	if _, ok := pairs(n); ok {
		s.Question = question.question()
		l.checkStep(f, n, s)
		l.checkBack(f, n, fl, s)
	}
	l.declare(f, n, s)
}

// declare gives the answer of a question its type. The names "onset" and
// "zone" already have one: at such a step they are what it sets.
func (l *loader) declare(f *file, n ast.Node, s *lang.Step) {
	if s.Action != lang.ActAsk || s.ID == "" {
		return
	}
	if s.Question == nil { // the kind of question was the fault
		l.assigned[s.ID] = true
		return
	}
	for name := range lang.SignReadings(s) {
		l.part(f, n, s.ID, name)
	}
	vars := s.Question.Vars(s.ID)
	parts := vars[:len(vars)-len(s.Question.Gates())]
	l.declareGates(f, n, s, parts)
	for i, v := range vars {
		if v.Name == "onset" || v.Name == "zone" {
			continue
		}
		if v.Name != s.ID && i < len(parts) {
			l.part(f, n, s.ID, v.Name)
		}
		l.assigned[v.Name] = true
		l.vars[v.Name] = v.Any()
	}
}

// part claims the variable of a part of an answer, which nothing else may be
// called: not a step, a word of the language, or the part of another answer.
func (l *loader) part(f *file, n ast.Node, step, name string) {
	taken := ""
	switch other, ok := l.parts[name]; {
	case !lang.IsName(name):
		f.fault(n, fmt.Sprintf("%q is too long for the variable of a choice", name), "shorten the name of the step or of the choice: together they have at most 39 characters")
	case lang.Reserved(name) || reservedNames[name]:
		taken = "a word of the language"
	case ok:
		taken = fmt.Sprintf("a choice of step %q", other)
	default:
		l.parts[name] = step
	}
	l.checks = append(l.checks, func() {
		if p, ok := l.owners[name]; ok && taken == "" {
			taken = fmt.Sprintf("declared in %s:%d", p.f.path, line(p.n))
		}
		if taken != "" {
			f.fault(n, fmt.Sprintf("a choice of step %q has the variable %q, which is %s as well", step, name, taken), "give the step or the choice another name")
		}
	})
}

// hash is the same for two steps that mean the same: comments, quotes and
// layout do not count, the order of keys does.
func hash(n ast.Node) uint64 {
	h := fnv.New64a()
	ast.Walk(descend(func(n ast.Node) bool {
		switch n.(type) {
		case *ast.CommentNode, *ast.CommentGroupNode:
		case ast.ScalarNode:
			fmt.Fprintf(h, "%q,", n.GetToken().Value)
		default:
			fmt.Fprintf(h, "%v:", n.Type())
		}
		return true
	}), n)
	return h.Sum64()
}

// fingerprint stands for all flows, in whatever order and files they are. Of the
// texts it matters in how many languages they are: a question may ask for one.
func (l *loader) fingerprint(languages int) uint64 {
	sum := uint64(languages)
	for _, fl := range l.list {
		sum += hash(fl.n)
	}
	return sum
}

func (l *loader) choices(f *file, n ast.Node, fl *flowPlace) []lang.Choice {
	var list []lang.Choice
	for _, e := range f.entries(n, "choices") {
		c := lang.Choice{ID: e.key}
		if !lang.IsName(e.key) || len(e.key) > button.MaxChoice {
			f.fault(e.keyNode, fmt.Sprintf("%q cannot be the name of a choice", e.key), fmt.Sprintf("use a-z, 0-9 and _, at most %d characters; the words go into the texts", button.MaxChoice))
		}
		if e.key == "text" || e.key == "invalid" {
			f.fault(e.keyNode, fmt.Sprintf("a choice cannot be called %q", e.key), "choose another name: this one is a key of the step's texts")
		}
		f.fields(e.value, "a choice", readers{
			"next":    func(v ast.Node) { c.Next = l.stepTarget(f, v, fl) },
			"set":     func(v ast.Node) { c.Set = l.set(f, v, map[string]any{"choice": ""}) },
			"style":   func(v ast.Node) { c.Style = f.style(v) },
			"after":   func(v ast.Node) { c.After = f.readingTime(v) },
			"lasting": func(v ast.Node) { c.Lasting = l.lasting(f, v, e.key) },
		})
		list = append(list, c)
	}
	return list
}

// next reads "next: step" or a list of conditional branches.
func (l *loader) next(f *file, n ast.Node, fl *flowPlace, what string) []lang.Branch {
	if _, ok := n.(*ast.SequenceNode); !ok {
		return []lang.Branch{{To: l.stepTarget(f, n, fl)}}
	}
	items := f.items(n, what)
	list := make([]lang.Branch, len(items))
	always := -1
	for i, item := range items {
		f.fields(item, "a branch", readers{
			"when": func(v ast.Node) { l.expr(f, v, lang.BoolType, &list[i].When) },
			"to":   func(v ast.Node) { list[i].To = l.stepTarget(f, v, fl) },
		})
		if !has(item, "to") {
			fl.lost = true
			f.fault(item, "the branch leads nowhere", `add "to: step"`)
		}
		if always >= 0 {
			f.fault(item, "the branch is never taken: one above it has no condition", `put the branch without "when" last`)
		} else if !has(item, "when") && !f.misspelt(item, "when") {
			always = i
		}
	}
	return list
}

func (l *loader) wait(f *file, n ast.Node, fl *flowPlace) *lang.Wait {
	w := &lang.Wait{}
	f.fields(n, "a wait", readers{
		"nudge":   func(v ast.Node) { w.Nudge = f.duration(v) },
		"timeout": func(v ast.Node) { w.Timeout = f.duration(v) },
		"until":   func(v ast.Node) { l.expr(f, v, lang.InstantType, &w.Until) },
		"hours":   func(v ast.Node) { w.Waking = l.hours(f, v) },
		"next":    func(v ast.Node) { w.Next = l.stepTarget(f, v, fl) },
	})
	if _, ok := pairs(n); !ok {
		return w
	}
	if has(n, "until") == has(n, "timeout") && !f.misspelt(n, "until", "timeout") {
		f.fault(n, "the wait needs exactly one end", `give "timeout: 15m" or "until: onset + 72h", not both`)
	}
	if !has(n, "next") && !f.misspelt(n, "next") {
		f.fault(n, "the wait leads nowhere when its time is over", `add "next: step"`)
	}
	if w.Timeout > 0 && w.Nudge >= w.Timeout {
		f.fault(child(n, "nudge"), "the nudge would come after the timeout", "make nudge shorter than timeout")
	}
	if timeout := child(n, "timeout"); isZero(timeout) {
		f.fault(timeout, "the wait is over at once", "give a timeout of a minute or more")
	}
	return w
}
