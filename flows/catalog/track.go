package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// tracks reads the rounds and the reminders of a flow. Their expressions are
// written into the list when they are compiled, so it is made once.
func (l *loader) tracks(f *file, fl *flowPlace, rounds, reminders ast.Node) {
	entries := f.entries(rounds, "rounds")
	first := len(entries)
	entries = append(entries, f.entries(reminders, "reminders")...)
	fl.Tracks = make([]lang.TrackSpec, len(entries))
	for i, e := range entries {
		name := f.ident(e.keyNode)
		l.own(f, e.keyNode, name)
		fl.Tracks[i] = lang.TrackSpec{Name: name, Flow: fl.ID, Class: plan.ClassRound, Late: lang.LateDeliver, Grace: 15 * time.Minute}
		l.track(f, e, &fl.Tracks[i], i < first)
	}
}

func (l *loader) track(f *file, e entry, t *lang.TrackSpec, round bool) {
	keys := readers{
		"first":        func(v ast.Node) { t.First = f.duration(v) },
		"most_per_day": func(v ast.Node) { t.MostPerDay = f.number(v); l.byClock(f, v) },
		"from":         func(v ast.Node) { l.expr(f, v, lang.InstantType, &t.From) },
		"until":        func(v ast.Node) { l.expr(f, v, lang.InstantType, &t.Until) },
		"hours":        func(v ast.Node) { t.Waking = l.hours(f, v) },
		"days":         func(v ast.Node) { l.days(f, v, t) },
		"when":         func(v ast.Node) { l.expr(f, v, lang.BoolType, &t.When) },
		"silent":       func(v ast.Node) { t.Silent = f.truth(v) },
		"least_gap":    func(v ast.Node) { t.LeastGap = f.duration(v) },
		"grace":        func(v ast.Node) { t.Grace = f.duration(v) },
		"late":         func(v ast.Node) { t.Late = pick(f, v, "late policy", lates) },
	}
	if round {
		keys["hold"] = func(v ast.Node) { l.span(f, v, &t.Hold, &t.HoldBy) }
		keys["most_hold"] = func(v ast.Node) { t.MostHold = f.duration(v) }
		keys["wrong"] = func(v ast.Node) { t.Wrong = l.flowTarget(f, v) }
		keys["rests_after"] = func(v ast.Node) { t.RestsAfter = f.number(v) }
		keys["quiet_checks"] = func(v ast.Node) { t.QuietChecks = f.truth(v) }
		keys["check"] = func(v ast.Node) { l.span(f, v, &t.Check, &t.CheckBy) }
		keys["gap"] = func(v ast.Node) { l.span(f, v, &t.Gap, &t.GapBy) }
		f.fields(e.value, "a round", keys)
		l.checkRound(f, e, t)
	} else {
		t.Class = plan.ClassCheckIn
		keys["class"] = func(v ast.Node) { t.Class = pick(f, v, "class", classes) }
		keys["every"] = func(v ast.Node) { l.span(f, v, &t.Gap, &t.GapBy) }
		keys["at"] = func(v ast.Node) { l.times(f, v, t) }
		keys["once"] = func(v ast.Node) { t.First, t.Once = f.duration(v), true }
		keys["done"] = func(v ast.Node) { t.Done = l.flowTarget(f, v) }
		keys["run"] = func(v ast.Node) { t.Run = l.flowTarget(f, v) }
		f.fields(e.value, "a reminder", keys)
		l.checkReminder(f, e, t)
	}
	l.checkKinds(f, e, t)
}

// span reads a duration, or an expression that gives the person's own.
func (l *loader) span(f *file, n ast.Node, into *time.Duration, by **lang.Expr) {
	src, ok := f.scalar(n)
	if !ok || src == "" || src[0] == '-' || src[0] >= '0' && src[0] <= '9' {
		*into = f.duration(n)
		return
	}
	l.expr(f, n, lang.DurationType, by)
}

// days reads the days of the week: a list, or an expression that gives the
// person's own as one text, such as "mon thu".
func (l *loader) days(f *file, n ast.Node, t *lang.TrackSpec) {
	l.byClock(f, n)
	if _, isList := n.(*ast.SequenceNode); isList {
		t.Days = f.days(n)
		return
	}
	l.expr(f, n, lang.TextType, &t.DaysBy)
}

// times reads times of day, rising: a list, or an expression that gives the
// person's own hour.
func (l *loader) times(f *file, n ast.Node, t *lang.TrackSpec) {
	l.byClock(f, n)
	if _, isList := n.(*ast.SequenceNode); isList {
		t.Times = f.times(n)
		return
	}
	l.expr(f, n, lang.NumberType, &t.TimesBy)
}

// times reads a list of times of day.
func (f *file) times(n ast.Node) []int {
	var list []int
	for _, item := range f.items(n, "at") {
		minute := f.minute(item)
		if slices.Contains(list, minute) {
			f.fault(item, fmt.Sprintf("the time %s is given twice", f.str(item)), "keep one of them")
		}
		list = append(list, minute)
	}
	slices.Sort(list)
	return list
}

// hours reports whether something keeps to waking hours.
func (l *loader) hours(f *file, n ast.Node) bool {
	if pick(f, n, "kind of hours", hourKinds) != waking {
		return false
	}
	l.byClock(f, n)
	return true
}

// window reads the waking hours: times of the day, or expressions that give the
// person's own hours.
func (l *loader) window(f *file, n ast.Node, fl *flowPlace) {
	w := &fl.Waking
	edge := func(minute *int, by **lang.Expr) func(ast.Node) {
		return func(v ast.Node) {
			if src, ok := f.scalar(v); ok && src != "" && src[0] >= 'a' && src[0] <= 'z' {
				l.expr(f, v, lang.NumberType, by)
				return
			}
			*minute = f.minute(v)
		}
	}
	before := len(*f.faults)
	f.fields(n, "the waking hours", readers{"from": edge(&w.From, &fl.WakeFrom), "to": edge(&w.To, &fl.WakeTo)})
	switch _, isMap := pairs(n); {
	case len(*f.faults) > before || !isMap:
	case !has(n, "from") || !has(n, "to"):
		f.fault(n, "the waking hours lack a beginning or an end", `give both, such as {from: "08:00", to: "22:00"}`)
	case w.From == w.To && fl.WakeFrom == nil && fl.WakeTo == nil:
		f.fault(n, "the waking hours begin and end at the same time", `give "from" and "to", such as "08:00" and "22:00"`)
	}
}

// leastPause is the shortest pause between two reminders of a kind.
const leastPause = time.Minute

func (l *loader) checkRound(f *file, e entry, t *lang.TrackSpec) {
	hold, longest := child(e.value, "hold"), child(e.value, "most_hold")
	switch {
	case hold == nil && f.misspelt(e.value, "hold"):
	case hold == nil:
		f.fault(e.keyNode, fmt.Sprintf("round %q has no length", t.Name), `add "hold: 20m"`)
	case t.HoldBy != nil && longest == nil:
		f.fault(hold, fmt.Sprintf("it is not said how long round %q may last at most", t.Name), `add "most_hold: 20m"`)
	case t.HoldBy == nil && t.MostHold > 0 && t.MostHold < t.Hold:
		f.fault(longest, fmt.Sprintf("round %q lasts longer than it may", t.Name), "make most_hold at least as long as hold")
	case isZero(hold) || isZero(longest):
		f.fault(cmp.Or(longest, hold), fmt.Sprintf("round %q ends when it begins", t.Name), "give it a length, such as 20m")
	case t.Check > 0 && max(t.Hold, t.MostHold) > 0 && t.Check >= cmp.Or(t.Hold, t.MostHold):
		f.fault(child(e.value, "check"), fmt.Sprintf("round %q is checked after it has ended", t.Name), "make check shorter than hold")
	}
	if t.Hold == 0 {
		t.Hold = cmp.Or(t.MostHold, time.Hour) // a round all the same: it has the texts of one
	}
	t.MostHold = max(t.Hold, t.MostHold)
	if wrong := child(e.value, "wrong"); wrong != nil && !t.Checks() {
		f.fault(wrong, fmt.Sprintf("round %q has no look at the skin at which it could look wrong", t.Name), `add "check: 10m", or leave out "wrong"`)
	}
	if quiet := child(e.value, "quiet_checks"); quiet != nil && !t.Checks() {
		f.fault(quiet, fmt.Sprintf("round %q has no look at the skin that could make no sound", t.Name), `add "check: 10m", or leave out "quiet_checks"`)
	}
	l.checkRuns(f, child(e.value, "wrong"), t)
	gap := child(e.value, "gap")
	switch {
	case gap == nil && f.misspelt(e.value, "gap"):
	case gap == nil:
		f.fault(e.keyNode, fmt.Sprintf("round %q repeats without a pause", t.Name), `add "gap: 2h"`)
	case t.GapBy != nil && t.LeastGap < leastPause:
		f.fault(gap, fmt.Sprintf("it is not said how short the gap of round %q may be", t.Name), `add "least_gap: 1h"`)
	case isZero(gap) || t.Gap > 0 && t.Gap < leastPause:
		f.fault(gap, fmt.Sprintf("the gap of round %q is too short", t.Name), "make it a minute or more")
	case t.Gap > 0 && t.LeastGap > t.Gap:
		f.fault(gap, fmt.Sprintf("the gap of round %q is shorter than its least gap", t.Name), "make gap at least as long as least_gap")
	}
}

func (l *loader) checkReminder(f *file, e entry, t *lang.TrackSpec) {
	every := child(e.value, "every")
	var ways []ast.Node
	for _, key := range []string{"every", "at", "once"} {
		if n := child(e.value, key); n != nil {
			ways = append(ways, n)
		}
	}
	if run := child(e.value, "run"); run != nil && t.Done != "" {
		f.fault(run, fmt.Sprintf("reminder %q runs a flow at once and behind its button", t.Name), `keep "run" or "done"`)
	}
	if first := child(e.value, "first"); first != nil && t.Once {
		f.fault(first, fmt.Sprintf("reminder %q comes once and has a first", t.Name), `keep "once: 25m", which is how long after its start it comes`)
	}
	for _, key := range []string{"done", "run"} {
		l.checkRuns(f, child(e.value, key), t)
	}
	switch {
	case len(ways) > 1:
		f.fault(ways[1], fmt.Sprintf("reminder %q comes in more than one way", t.Name), `keep one of "every", "at" and "once"`)
	case len(ways) == 0 && f.misspelt(e.value, "every", "at", "once"):
	case len(ways) == 0:
		f.fault(e.keyNode, fmt.Sprintf("it is not said when reminder %q comes", t.Name), `add "every: 2h", "at: [\"08:30\"]" or "once: 25m"`)
	case t.GapBy != nil && t.LeastGap < leastPause:
		f.fault(every, fmt.Sprintf("it is not said how often reminder %q may come at most", t.Name), `add "least_gap: 1h"`)
	case isZero(every) || t.Gap > 0 && t.Gap < leastPause:
		f.fault(every, fmt.Sprintf("reminder %q repeats without a pause", t.Name), "make every a minute or more")
	case t.Gap > 0 && t.LeastGap > t.Gap:
		f.fault(every, fmt.Sprintf("reminder %q comes more often than its least gap", t.Name), "make every at least as long as least_gap")
	}
}

// checkRuns: what a reminder or a round runs is within the episode and leaves it as it is.
func (l *loader) checkRuns(f *file, n ast.Node, t *lang.TrackSpec) {
	if n == nil {
		return
	}
	l.checks = append(l.checks, func() {
		what := "reminder"
		if t.Round() {
			what = "round"
		}
		l.checkNoEpisode(f, n, fmt.Sprintf("%s %q", what, t.Name))
	})
}

// isZero reports whether a duration was written that is none.
func isZero(n ast.Node) bool {
	s, ok := n.(ast.ScalarNode)
	if !ok {
		return false
	}
	d, err := lang.ParseDuration(s.GetToken().Value)
	return err == nil && d == 0
}

// checkKinds: the kinds of reminders are the keys of the timeline and of the
// texts, and a reminder "cold_on" would have the one of round "cold".
func (l *loader) checkKinds(f *file, e entry, t *lang.TrackSpec) {
	l.checks = append(l.checks, func() {
		for _, kind := range t.Kinds() {
			other, taken := l.kinds[kind]
			if taken && other != t.Name && kind != "" {
				f.fault(e.keyNode, fmt.Sprintf("%q and %q both send the reminder %q", other, t.Name, kind), "rename one of them")
				return
			}
			l.kinds[kind] = t.Name
		}
	})
}
