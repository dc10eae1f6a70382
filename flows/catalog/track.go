package catalog

import (
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
)

// tracks reads the rounds and the reminders of a flow. Their expressions are
// written into the list when they are compiled, so it is made once.
func (l *loader) tracks(f *file, fl *flowPlace, rounds, reminders ast.Node) {
	entries := f.entries(rounds, "rounds")
	first := len(entries)
	entries = append(entries, f.entries(reminders, "reminders")...)
	fl.Tracks = make([]flows.TrackSpec, len(entries))
	for i, e := range entries {
		name := f.ident(e.keyNode)
		l.own(f, e.keyNode, name)
		fl.Tracks[i] = flows.TrackSpec{Name: name, Flow: fl.ID, Late: flows.LateDeliver, Grace: 15 * time.Minute}
		l.track(f, e, &fl.Tracks[i], i < first)
	}
}

func (l *loader) track(f *file, e entry, t *flows.TrackSpec, round bool) {
	keys := readers{
		"first":        func(v ast.Node) { t.First = f.duration(v) },
		"most_per_day": func(v ast.Node) { t.MostPerDay = f.number(v) },
		"from":         func(v ast.Node) { l.expr(f, v, flows.InstantType, &t.From) },
		"until":        func(v ast.Node) { l.expr(f, v, flows.InstantType, &t.Until) },
		"hours":        func(v ast.Node) { t.Waking = pick(f, v, "kind of hours", hourKinds) == waking },
		"days":         func(v ast.Node) { t.Days = f.days(v) },
		"grace":        func(v ast.Node) { t.Grace = f.duration(v) },
		"late":         func(v ast.Node) { t.Late = pick(f, v, "late policy", lates) },
	}
	if round {
		keys["hold"] = func(v ast.Node) { t.Hold = f.duration(v) }
		keys["check"] = func(v ast.Node) { t.Check = f.duration(v) }
		keys["gap"] = func(v ast.Node) { t.Gap = f.duration(v) }
		keys["least_gap"] = func(v ast.Node) { t.LeastGap = f.duration(v) }
		f.fields(e.value, "a round", keys)
		l.checkRound(f, e, t)
	} else {
		keys["every"] = func(v ast.Node) { t.Gap = f.duration(v) }
		keys["at"] = func(v ast.Node) { t.Times = f.times(v) }
		f.fields(e.value, "a reminder", keys)
		l.checkReminder(f, e, t)
	}
	l.checkKinds(f, e, t)
}

// times reads times of day, rising.
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

func (f *file) window(n ast.Node) flows.Window {
	var w flows.Window
	before := len(*f.faults)
	f.fields(n, "the waking hours", readers{
		"from": func(v ast.Node) { w.From = f.minute(v) },
		"to":   func(v ast.Node) { w.To = f.minute(v) },
	})
	switch _, isMap := pairs(n); {
	case len(*f.faults) > before || !isMap:
	case !has(n, "from") || !has(n, "to"):
		f.fault(n, "the waking hours lack a beginning or an end", `give both, such as {from: "08:00", to: "22:00"}`)
	case w.From == w.To:
		f.fault(n, "the waking hours begin and end at the same time", `give "from" and "to", such as "08:00" and "22:00"`)
	}
	return w
}

// leastPause is the shortest pause between two reminders of a kind.
const leastPause = time.Minute

func (l *loader) checkRound(f *file, e entry, t *flows.TrackSpec) {
	hold := child(e.value, "hold")
	switch {
	case hold == nil && f.misspelt(e.value, "hold"):
	case hold == nil:
		f.fault(e.keyNode, fmt.Sprintf("round %q has no length", t.Name), `add "hold: 20m"`)
	case isZero(hold):
		f.fault(hold, fmt.Sprintf("round %q ends when it begins", t.Name), "give it a length, such as 20m")
	case t.Check > 0 && t.Hold > 0 && t.Check >= t.Hold:
		f.fault(child(e.value, "check"), fmt.Sprintf("round %q is checked after it has ended", t.Name), "make check shorter than hold")
	}
	if t.Hold == 0 {
		t.Hold = time.Hour // a round all the same: it has the texts of one
	}
	gap := child(e.value, "gap")
	switch {
	case gap == nil && f.misspelt(e.value, "gap"):
	case gap == nil:
		f.fault(e.keyNode, fmt.Sprintf("round %q repeats without a pause", t.Name), `add "gap: 2h"`)
	case isZero(gap) || t.Gap > 0 && t.Gap < leastPause:
		f.fault(gap, fmt.Sprintf("the gap of round %q is too short", t.Name), "make it a minute or more")
	case t.Gap > 0 && t.LeastGap > t.Gap:
		f.fault(gap, fmt.Sprintf("the gap of round %q is shorter than its least gap", t.Name), "make gap at least as long as least_gap")
	}
}

func (l *loader) checkReminder(f *file, e entry, t *flows.TrackSpec) {
	every := child(e.value, "every")
	switch {
	case has(e.value, "at") && every != nil:
		f.fault(every, fmt.Sprintf("reminder %q comes both every so often and at times of day", t.Name), `keep "every" or "at"`)
	case !has(e.value, "at") && every == nil && f.misspelt(e.value, "every", "at"):
	case !has(e.value, "at") && every == nil:
		f.fault(e.keyNode, fmt.Sprintf("it is not said when reminder %q comes", t.Name), `add "every: 2h" or "at: [\"08:30\"]"`)
	case isZero(every) || t.Gap > 0 && t.Gap < leastPause:
		f.fault(every, fmt.Sprintf("reminder %q repeats without a pause", t.Name), "make every a minute or more")
	}
}

// isZero reports whether a duration was written that is none.
func isZero(n ast.Node) bool {
	s, ok := n.(ast.ScalarNode)
	if !ok {
		return false
	}
	d, err := flows.ParseDuration(s.GetToken().Value)
	return err == nil && d == 0
}

// checkKinds: the kinds of reminders are the keys of the timeline and of the
// texts, and a reminder "cold_on" would have the one of round "cold".
func (l *loader) checkKinds(f *file, e entry, t *flows.TrackSpec) {
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
