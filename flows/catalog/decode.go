package catalog

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
)

type readers = map[string]func(ast.Node)

// flow reads the root mapping of a flow file.
func (l *loader) flow(f *file, root ast.Node) *flows.Flow {
	fl := &flows.Flow{While: flows.Always, Waking: flows.Window{From: 8 * 60, To: 22 * 60}}
	var steps, rounds, reminders ast.Node
	var defaultWait *flows.Wait
	f.fields(root, "a flow", readers{
		"flow":    func(n ast.Node) { fl.ID = f.ident(n) },
		"version": func(n ast.Node) { fl.Version = f.number(n) },
		"commands": func(n ast.Node) {
			for _, item := range f.items(n, "commands") {
				fl.Commands = append(fl.Commands, f.ident(item))
			}
		},
		"while": func(n ast.Node) {
			fl.While = pick(f, n, "time for a command", flows.Always, flows.WhenLive, flows.WhenIdle)
		},
		"menu":         func(n ast.Node) { fl.Menu = f.number(n) },
		"episode":      func(n ast.Node) { fl.Episode = f.truth(n) },
		"worse":        func(n ast.Node) { fl.Worse = f.ident(n); l.flowTarget(f, n, fl.Worse) },
		"stop":         func(n ast.Node) { fl.Stop = f.ident(n); l.flowTarget(f, n, fl.Stop) },
		"waking":       func(n ast.Node) { fl.Waking = f.window(n) },
		"default_wait": func(n ast.Node) { defaultWait = l.wait(f, n, fl) },
		"rounds":       func(n ast.Node) { rounds = n },
		"reminders":    func(n ast.Node) { reminders = n },
		"steps":        func(n ast.Node) { steps = n },
		"retired":      func(n ast.Node) { l.retired(f, n, fl) },
		"invariants":   func(n ast.Node) { l.invariants(f, n, fl) },
	})
	if fl.ID == "" {
		f.fault(root, "the flow has no name", `begin the file with "flow: name"`)
		return nil
	}
	if steps == nil {
		f.fault(root, fmt.Sprintf("flow %q has no steps", fl.ID), `add "steps:" with at least one step`)
		return nil
	}
	l.tracks(f, fl, rounds, reminders)
	items := f.items(steps, "steps")
	fl.Steps = make([]flows.Step, len(items))
	for i, n := range items {
		l.steps = append(l.steps, &stepPlace{place{f, n}, fl, i})
		s := &fl.Steps[i]
		l.step(f, n, fl, s)
		if s.Action == flows.ActAsk && s.Wait == nil {
			s.Wait = defaultWait
		}
	}
	return fl
}

// step reads one step into s, which must stay where it is: the expressions
// are written into it when they are compiled.
func (l *loader) step(f *file, n ast.Node, fl *flows.Flow, s *flows.Step) {
	s.Action, s.Columns, s.Hash = flows.ActSay, 1, hash(n)
	var at stepNodes
	action := func(a flows.Action, read func(ast.Node)) func(ast.Node) {
		return func(v ast.Node) {
			if s.Action != flows.ActSay {
				f.fault(v, fmt.Sprintf("the step does two things, %q and %q", s.Action, a), "split it into two steps")
			}
			s.Action = a
			read(v)
		}
	}
	f.fields(n, "a step", readers{
		"id":   func(v ast.Node) { s.ID = f.ident(v); l.own(f, v, s.ID) },
		"when": func(v ast.Node) { l.expr(f, v, flows.BoolType, &s.When) },
		"ask": action(flows.ActAsk, func(v ast.Node) {
			s.Ask = pick(f, v, "kind of question", flows.AskChoice, flows.AskScale, flows.AskHour, flows.AskNumber, flows.AskText)
		}),
		"call":  action(flows.ActCall, func(v ast.Node) { s.Target = f.ident(v); l.flowTarget(f, v, s.Target) }),
		"start": action(flows.ActStart, func(v ast.Node) { s.Target = f.ident(v); l.trackTarget(f, v, s.Target) }),
		"stop": action(flows.ActStop, func(v ast.Node) {
			if s.Target = f.ident(v); s.Target != flows.AllTracks {
				l.trackTarget(f, v, s.Target)
			}
		}),
		"end":     action(flows.ActEnd, func(v ast.Node) { s.Target = f.ident(v) }),
		"go":      action(flows.ActGo, func(v ast.Node) { s.Next = l.next(f, v, fl) }),
		"choices": func(v ast.Node) { at.choices = v; s.Choices = l.choices(f, v, fl) },
		"columns": func(v ast.Node) { at.columns = v; s.Columns = f.number(v) },
		"least":   func(v ast.Node) { at.bounds = v; s.Least = f.decimal(v) },
		"most":    func(v ast.Node) { at.bounds = v; s.Most = f.decimal(v) },
		"pattern": func(v ast.Node) { at.pattern = v; s.Pattern = f.pattern(v) },
		"measure": func(v ast.Node) { at.measure = v; s.Measure = f.ident(v) },
		"picture": func(v ast.Node) {
			s.Picture = f.ident(v)
			l.media = append(l.media, mediaPlace{place{f, v}, s.Picture, pictureTypes})
		},
		"animation": func(v ast.Node) {
			s.Animation = f.ident(v)
			l.media = append(l.media, mediaPlace{place{f, v}, s.Animation, animationTypes})
		},
		"keep": func(v ast.Node) { s.Keep = f.truth(v) },
		"set":  func(v ast.Node) { s.Set = l.set(f, v, nil) },
		"next": func(v ast.Node) { s.Next = l.next(f, v, fl) },
		"wait": func(v ast.Node) { s.Wait = l.wait(f, v, fl) },
	})
	l.checkStep(f, n, s, at)
	l.declare(s)
}

// stepNodes are the places of a step's keys that the checks speak of.
type stepNodes struct{ choices, columns, bounds, pattern, measure ast.Node }

// declare gives the answer of a question its type.
func (l *loader) declare(s *flows.Step) {
	if s.Action != flows.ActAsk {
		return
	}
	if s.Ask == flows.AskChoice || s.Ask == flows.AskText {
		l.vars[s.ID] = ""
	} else {
		l.vars[s.ID] = float64(0)
	}
}

// hash is the same for two steps that mean the same: comments, quotes and
// layout do not count, the order of keys does.
func hash(n ast.Node) uint64 {
	h := fnv.New64a()
	ast.Walk(visitor(func(n ast.Node) {
		if _, ok := n.(ast.ScalarNode); ok {
			fmt.Fprintf(h, "%q,", n.GetToken().Value)
		} else {
			fmt.Fprintf(h, "%v:", n.Type())
		}
	}), n)
	return h.Sum64()
}

type visitor func(ast.Node)

func (v visitor) Visit(n ast.Node) ast.Visitor {
	if n.Type() != ast.CommentType && n.Type() != ast.CommentGroupType {
		v(n)
	}
	return v
}

func (l *loader) choices(f *file, n ast.Node, fl *flows.Flow) []flows.Choice {
	var list []flows.Choice
	for _, e := range f.entries(n, "choices") {
		c := flows.Choice{ID: e.key}
		if !flows.IsName(e.key) || len(e.key) > 24 {
			f.fault(e.keyNode, fmt.Sprintf("%q cannot be the name of a choice", e.key), "use a-z, 0-9 and _, at most 24 characters")
		}
		f.fields(e.value, "a choice", readers{
			"next": func(v ast.Node) { c.Next = f.ident(v); l.stepTarget(f, v, fl, c.Next) },
			"set":  func(v ast.Node) { c.Set = l.set(f, v, map[string]any{"choice": ""}) },
		})
		list = append(list, c)
	}
	return list
}

// set reads assignments. extra are names that exist only here.
func (l *loader) set(f *file, n ast.Node, extra map[string]any) []flows.Assignment {
	entries := f.entries(n, "set")
	list := make([]flows.Assignment, len(entries))
	for i, e := range entries {
		list[i].Var = e.key
		if !flows.IsName(e.key) || flows.Reserved(e.key) {
			f.fault(e.keyNode, fmt.Sprintf("%q cannot be set", e.key), "choose a name of your own; now, choice and the functions belong to the language")
			continue
		}
		want := flows.AnyType
		if e.key == "onset" {
			want = flows.InstantType
		}
		p := l.expr(f, e.value, want, &list[i].Value)
		p.assign = e.key
		p.extra = extra
	}
	return list
}

// next reads "next: step" or a list of conditional branches.
func (l *loader) next(f *file, n ast.Node, fl *flows.Flow) []flows.Branch {
	if _, ok := n.(*ast.SequenceNode); !ok {
		to := f.ident(n)
		l.stepTarget(f, n, fl, to)
		return []flows.Branch{{To: to}}
	}
	items := f.items(n, "next")
	list := make([]flows.Branch, len(items))
	for i, item := range items {
		f.fields(item, "a branch", readers{
			"when": func(v ast.Node) { l.expr(f, v, flows.BoolType, &list[i].When) },
			"to":   func(v ast.Node) { list[i].To = f.ident(v); l.stepTarget(f, v, fl, list[i].To) },
		})
		if list[i].To == "" {
			f.fault(item, "the branch leads nowhere", `add "to: step"`)
		}
	}
	return list
}

func (l *loader) wait(f *file, n ast.Node, fl *flows.Flow) *flows.Wait {
	w := &flows.Wait{}
	var until bool
	f.fields(n, "wait", readers{
		"nudge":   func(v ast.Node) { w.Nudge = f.duration(v) },
		"timeout": func(v ast.Node) { w.Timeout = f.duration(v) },
		"until":   func(v ast.Node) { until = true; l.expr(f, v, flows.InstantType, &w.Until) },
		"hours":   func(v ast.Node) { w.Waking = pick(f, v, "kind of hours", "waking", "any") == "waking" },
		"next":    func(v ast.Node) { w.Next = f.ident(v); l.stepTarget(f, v, fl, w.Next) },
	})
	if until == (w.Timeout > 0) {
		f.fault(n, "the wait needs exactly one end", `give "timeout: 15m" or "until: onset + 72h", not both`)
	}
	if w.Next == "" {
		f.fault(n, "the wait leads nowhere when its time is over", `add "next: step"`)
	}
	if w.Timeout > 0 && w.Nudge >= w.Timeout {
		f.fault(n, "the nudge would come after the timeout", "make nudge shorter than timeout")
	}
	return w
}

// tracks reads the rounds and the reminders of a flow. Their expressions are
// written into the list when they are compiled, so it is made once.
func (l *loader) tracks(f *file, fl *flows.Flow, rounds, reminders ast.Node) {
	entries := f.entries(rounds, "rounds")
	first := len(entries)
	entries = append(entries, f.entries(reminders, "reminders")...)
	fl.Tracks = make([]flows.TrackSpec, len(entries))
	for i, e := range entries {
		l.own(f, e.keyNode, e.key)
		if !flows.IsName(e.key) {
			f.fault(e.keyNode, fmt.Sprintf("%q cannot be a name", e.key), "use a-z, 0-9 and _, at most 40 characters")
		}
		fl.Tracks[i] = flows.TrackSpec{Name: e.key, Flow: fl.ID, Late: flows.LateDeliver, Grace: 15 * time.Minute}
		l.track(f, e, &fl.Tracks[i], i < first)
	}
}

func (l *loader) track(f *file, e entry, t *flows.TrackSpec, round bool) {
	keys := readers{
		"first":        func(v ast.Node) { t.First = f.duration(v) },
		"most_per_day": func(v ast.Node) { t.MostPerDay = f.number(v) },
		"from":         func(v ast.Node) { l.expr(f, v, flows.InstantType, &t.From) },
		"until":        func(v ast.Node) { l.expr(f, v, flows.InstantType, &t.Until) },
		"hours":        func(v ast.Node) { t.Waking = pick(f, v, "kind of hours", "waking", "any") == "waking" },
		"days":         func(v ast.Node) { t.Days = f.days(v) },
		"grace":        func(v ast.Node) { t.Grace = f.duration(v) },
		"late": func(v ast.Node) {
			t.Late = pick(f, v, "late policy", flows.LateExpire, flows.LateDrop, flows.LateDeliver)
		},
	}
	if round {
		keys["hold"] = func(v ast.Node) { t.Hold = f.duration(v) }
		keys["check"] = func(v ast.Node) { t.Check = f.duration(v) }
		keys["gap"] = func(v ast.Node) { t.Gap = f.duration(v) }
		keys["least_gap"] = func(v ast.Node) { t.LeastGap = f.duration(v) }
	} else {
		keys["every"] = func(v ast.Node) { t.Gap = f.duration(v) }
		keys["at"] = func(v ast.Node) {
			for _, item := range f.items(v, "at") {
				t.Times = append(t.Times, f.minute(item))
			}
			slices.Sort(t.Times)
		}
	}
	what := "a reminder"
	if round {
		what = "a round"
	}
	f.fields(e.value, what, keys)
	l.checkTrack(f, e, t, round)
}

func (f *file) window(n ast.Node) flows.Window {
	var w flows.Window
	f.fields(n, "waking", readers{
		"from": func(v ast.Node) { w.From = f.minute(v) },
		"to":   func(v ast.Node) { w.To = f.minute(v) },
	})
	if w.From == w.To {
		f.fault(n, "the waking hours begin and end at the same time", `give "from" and "to", such as "08:00" and "22:00"`)
	}
	return w
}
