package model

import (
	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// coming is a reminder of a track that comes, or a round that ends.
type coming struct {
	t     *lang.TrackSpec
	phase flows.Phase
}

func (e coming) before(m *Model, c cube) []cube {
	b := m.bits[e.t.Name]
	var ok bool
	if e.phase == flows.PhaseLook {
		if c, ok = m.where(c, b.on, only(yes)); !ok {
			return nil
		}
		return []cube{c}
	}
	if e.phase != e.t.Start() {
		if c, ok = was(c, b.on, no); ok {
			c, ok = m.where(c, b.on, only(yes))
		}
		if !ok {
			return nil
		}
		return []cube{c}
	}
	if answersBy(e.t) {
		if c, ok = was(c, b.told, yes); !ok {
			return nil
		}
	}
	if e.t.Round() {
		if c, ok = was(c, b.on, yes); !ok {
			return nil
		}
	}
	if e.t.Once {
		if c, ok = was(c, b.running, no); !ok {
			return nil
		}
	}
	return both([]cube{c}, m.mayStart(e.t))
}

// answersBy reports whether a button of a track's reminders runs a flow.
func answersBy(t *lang.TrackSpec) bool { return t.Done != "" || t.Wrong != "" }

// mayStart is for whom a round or a recurrence of a track may begin. Gaps, the
// day's number and the hours are taken to be in order.
func (m *Model) mayStart(t *lang.TrackSpec) []cube {
	b := m.bits[t.Name]
	r := reader{Model: m}
	list := both(r.inSet(b.running, only(yes), true), r.inSet(b.on, only(no), true))
	list = both(list, r.condition(t.When, true))
	return both(list, both(m.isFrom(t), m.isUntil(t)))
}

// isFrom and isUntil are for whom a track is not too early, and not too late.
func (m *Model) isFrom(t *lang.TrackSpec) []cube {
	return m.limit(t.From, func(from sum) bound { return atMost(from, variable(m.index[now]), false) })
}

func (m *Model) isUntil(t *lang.TrackSpec) []cube {
	hold := constant(t.Hold.Seconds())
	if t.HoldBy != nil {
		hold = constant(0) // it is longer than that
	}
	return m.limit(t.Until, func(until sum) bound {
		return atMost(variable(m.index[now]).add(hold), until, t.HoldBy != nil)
	})
}

// limit is for whom an instant keeps a bound. Like the engine, it takes one before
// 1970 for one that was never told: that bounds nothing.
func (m *Model) limit(e *lang.Expr, holds func(sum) bound) []cube {
	if e == nil {
		return anybody
	}
	return either(m.keeps(e, holds), m.keeps(e, func(s sum) bound { return isTold(s).not() }))
}

// isTold says that an instant was told.
func isTold(s sum) bound { return atMost(constant(0), s, false) }

// keeps is for whom a bound of an instant holds.
func (m *Model) keeps(e *lang.Expr, holds func(sum) bound) []cube {
	var out []cube
	for _, v := range (reader{Model: m}).values(e.Syntax().Node()) {
		one := anybody
		if v.kind == instant {
			one = m.holding(holds(v.sum))
		}
		out = either(out, both([]cube{v.where}, one))
	}
	return out
}
