package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

// bounds is a promise about the figures of a round or a reminder: however it is
// edited, it stays within them. The engine keeps to the figures, and so it is judged
// where they are read.
type bounds struct {
	track    string
	hold     time.Duration
	gap      time.Duration
	perDay   int
	waking   bool
	node     ast.Node
	f        *file
	readable map[string]string // the figures as they were written
}

func newBounds(f *file) *bounds { return &bounds{f: f, readable: make(map[string]string)} }

// checkBounds checks a promise of bounds, and later the track that it names.
func (l *loader) checkBounds(f *file, n ast.Node, b *bounds) {
	switch {
	case slices.ContainsFunc([]string{"before", "require", "never", "while"}, func(key string) bool { return has(n, key) }):
		f.fault(n, "the invariant is two things at once", `"bounds" goes with `+strings.Join(boundKeys, ", "))
	case len(b.readable) == 0:
		f.fault(n, fmt.Sprintf("the bounds of %q bound nothing", b.track), "add one of "+strings.Join(boundKeys, ", "))
	}
	l.checks = append(l.checks, func() { b.check(l) })
}

// boundKeys are the figures that can be bounded.
var boundKeys = []string{"most_hold", "least_gap", "most_per_day", "hours"}

// readers reads the keys of the promise.
func (b *bounds) readers(l *loader) readers {
	f := b.f
	note := func(key string, read func(v ast.Node)) func(ast.Node) {
		return func(v ast.Node) {
			b.readable[key], _ = f.scalar(v)
			read(v)
		}
	}
	return readers{
		"bounds":       func(v ast.Node) { b.track, b.node = f.str(v), v },
		"most_hold":    note("most_hold", func(v ast.Node) { b.hold = f.duration(v) }),
		"least_gap":    note("least_gap", func(v ast.Node) { b.gap = f.duration(v) }),
		"most_per_day": note("most_per_day", func(v ast.Node) { b.perDay = f.number(v) }),
		"hours":        note("hours", func(v ast.Node) { b.waking = l.hours(f, v) }),
	}
}

// check compares the promise with the track, once all have been read.
func (b *bounds) check(l *loader) {
	if l.damaged || b.track == "" {
		return
	}
	var t *lang.TrackSpec
	var known []string
	for _, fl := range l.list {
		for i := range fl.Tracks {
			known = append(known, fl.Tracks[i].Name)
			if fl.Tracks[i].Name == b.track {
				t = &fl.Tracks[i]
			}
		}
	}
	if t == nil {
		b.f.fault(b.node, fmt.Sprintf("no round or reminder is called %q", b.track), didYouMean(b.track, known, "name a round or a reminder"))
		return
	}
	broken := func(key, what string) {
		b.f.fault(b.node, fmt.Sprintf("%q %s", b.track, fmt.Sprintf(what, b.readable[key])), "change that, or this promise")
	}
	if b.hold > 0 && t.MostHold > b.hold {
		broken("most_hold", "may last longer than %s, which is the most that is promised")
	}
	if b.gap > 0 && least(t) < b.gap {
		broken("least_gap", "may come again sooner than after %s, which is the least that is promised")
	}
	if b.perDay > 0 && (t.MostPerDay == 0 || t.MostPerDay > b.perDay) {
		broken("most_per_day", "may come more than %s times a day, which is the most that is promised")
	}
	if b.waking && !t.Waking {
		broken("hours", "is promised to keep to %s hours, and does not")
	}
}

// least is the shortest gap of a track, whoever asks for it.
func least(t *lang.TrackSpec) time.Duration {
	if t.LeastGap == 0 && !t.Round() {
		return t.Gap
	}
	return t.LeastGap
}
