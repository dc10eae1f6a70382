package checker

import (
	"slices"

	"spasmbot/flows/lang"
)

// promise is an invariant of the catalog: whenever something happens, cond must
// have the value want.
type promise struct {
	name   string // how a report names it
	source string
	cond   *lang.Expr
	want   bool
	// always says that it holds for every reminder.
	always bool
}

func newPromise(inv lang.Invariant) promise {
	p := promise{name: inv.String(), source: inv.Source, cond: inv.Require, want: true, always: inv.Before == lang.AnyReminder}
	if inv.Never != "" {
		p.cond, p.want = inv.While, false
	}
	return p
}

// gatherPromises files the invariants under the reminder kinds and steps they
// speak of.
func (m *subject) gatherPromises(c *lang.Catalog) {
	for _, f := range c.Flows() {
		for _, inv := range f.Invariants {
			p := newPromise(inv)
			for _, kind := range m.happenings(inv.Before + inv.Never) {
				if p.cond != nil {
					m.promises[kind] = append(m.promises[kind], p)
				}
			}
		}
	}
}

// happenings resolves what an invariant names: every reminder, the starts of a
// track, a reminder kind, or a step.
func (m *subject) happenings(what string) []string {
	var kinds []string
	for kind, ph := range m.kinds {
		if what == lang.AnyReminder || ph.start() && m.tracks[ph.track].Name == what {
			kinds = append(kinds, kind)
		}
	}
	if kinds == nil {
		kinds = []string{what}
	}
	slices.Sort(kinds)
	return kinds
}
