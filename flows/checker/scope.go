package checker

import (
	"time"

	"spasmbot/flows"
)

// scope is what an expression sees of a world. It answers as the engine's own
// scope does.
type scope struct {
	c   *flows.Catalog
	s   *flows.State
	now time.Time
}

func (w *world) scope(c *flows.Catalog) scope { return scope{c, &w.s, w.now} }

func (s scope) Now() time.Time { return s.now }

func (s scope) Live() bool { return s.s.Episode.Live() }

func (s scope) Local() time.Time { return s.now.In(s.zone()) }

func (s scope) zone() *time.Location { return s.c.Location(s.s.Zone) }

func (s scope) Measured(name string) (first, before, last float64) {
	for _, m := range s.s.Measures {
		if m.Name == name {
			return m.First, m.Before, m.Last
		}
	}
	return 0, 0, 0
}

func (s scope) Lookup(name string) any {
	switch name {
	case "choice":
		return ""
	case "onset":
		return s.s.Episode.Onset
	case "zone":
		return s.zone().String()
	}
	if v := s.s.Var(name).Any(); v != nil {
		return v
	}
	return s.c.Vars[name]
}

func (s scope) RoundsToday(track string) int {
	for i := range s.s.Tracks {
		if t := &s.s.Tracks[i]; t.Name == track && t.Day == s.Local().Format(time.DateOnly) {
			return t.Today
		}
	}
	return 0
}

// holds evaluates a condition; like the engine, it takes one that cannot be
// evaluated for one that does not hold.
func (s scope) holds(e *flows.Expr) bool {
	v, err := e.Eval(s)
	b, ok := v.(bool)
	return err == nil && ok && b
}

// instant evaluates an instant; it is zero for nil and for one that rests on
// what nobody has told yet.
func (s scope) instant(e *flows.Expr) time.Time {
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
