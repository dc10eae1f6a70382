package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// view is a person at an instant: what conditions and plans are made from.
type view struct {
	catalog *lang.Catalog
	s       *flows.State
	now     time.Time
}

func (t *turn) view() view { return view{t.catalog, &t.s, t.now} }

// scope is what an expression sees.
type scope struct {
	view
	choice string
}

// Scope is what expressions see of a person at an instant.
func Scope(c *lang.Catalog, s *flows.State, now time.Time) lang.Scope {
	return scope{view{c, s, now.UTC()}, ""}
}

func (s scope) Now() time.Time { return s.now }

func (s scope) Heard() time.Time { return s.s.Heard }

func (s scope) Local() time.Time { return s.now.In(s.zone()) }

func (s scope) Episode() string {
	if s.s.Episode.Live() {
		return s.s.Episode.Flow
	}
	return ""
}

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
		return s.choice
	case "onset":
		return s.s.Episode.Onset
	case "zone":
		return s.zone().String()
	}
	if v := s.s.Var(name).Any(); v != nil {
		return v
	}
	return s.catalog.Vars[name]
}

func (s scope) RoundsToday(track string) int {
	tr := s.track(track)
	if tr == nil || !s.counted(tr, s.now) {
		return 0
	}
	return tr.Today
}

func (s scope) RoundsTotal(track string) int {
	if tr := s.track(track); tr != nil {
		return tr.Total
	}
	return 0
}

// Episodes counts those whose onset lies behind, be they of today.
func (s scope) Episodes(within time.Duration, alike bool) int {
	mark, count := "", 0
	if f := s.catalog.Flow(s.s.Episode.Flow); f != nil && f.History != "" {
		mark, _ = s.s.Var(f.History).Any().(string)
	}
	for _, p := range s.s.Past {
		if s.now.Sub(p.Onset) <= within && (!alike || p.Mark == mark && mark != "") {
			count++
		}
	}
	return count
}

// track finds the running state of a round or recurrence, nil if it was never
// started. Its state is the person's own: a turn changes it there.
func (v view) track(name string) *flows.Track {
	for i := range v.s.Tracks {
		if v.s.Tracks[i].Name == name {
			return &v.s.Tracks[i]
		}
	}
	return nil
}

func (t *turn) track(name string) *flows.Track { return t.view().track(name) }

func (v view) zone() *time.Location { return v.catalog.Location(v.s.Zone) }

func (t *turn) zone() *time.Location { return t.view().zone() }

// day names the person's local day at an instant.
func (v view) day(at time.Time) string { return at.In(v.zone()).Format(time.DateOnly) }

func (t *turn) day(at time.Time) string { return t.view().day(at) }

// instant evaluates an instant; ok is false for nil and for one that rests on
// an onset nobody has told yet.
func (v view) instant(e *lang.Expr) (at time.Time, ok bool) {
	if e == nil {
		return time.Time{}, false
	}
	value, err := e.Eval(scope{v, ""})
	at, ok = value.(time.Time)
	if err != nil || !ok || at.Year() < 1970 {
		return time.Time{}, false
	}
	return at.UTC(), true
}

func (t *turn) instant(e *lang.Expr) (time.Time, bool) { return t.view().instant(e) }
