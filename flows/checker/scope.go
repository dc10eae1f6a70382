package checker

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// scope is what an expression sees of a world: what the engine would show it.
type scope struct {
	lang.Scope
	c *lang.Catalog
	s *flows.State
	// at is the instant.
	at time.Time
}

func (w *world) scope(c *lang.Catalog) scope {
	return scope{engine.Scope(c, &w.s, w.now), c, &w.s, w.now}
}

// waking is when the person may be disturbed.
func (s scope) waking(f *lang.Flow) plan.Window { return engine.Waking(s.c, s.s, s.at, f) }

func (s scope) zone() *time.Location { return s.c.Location(s.s.Zone) }

// holds evaluates a condition; like the engine, it takes one that cannot be
// evaluated for one that does not hold.
func (s scope) holds(e *lang.Expr) bool {
	v, err := e.Eval(s)
	b, ok := v.(bool)
	return err == nil && ok && b
}

// instant evaluates an instant; it is zero for nil and for one that rests on
// what nobody has told yet.
func (s scope) instant(e *lang.Expr) time.Time {
	if e == nil {
		return time.Time{}
	}
	v, err := e.Eval(s)
	at, ok := v.(time.Time)
	if err != nil || !ok || at.Year() < 1970 {
		return time.Time{}
	}
	return at.UTC()
}
