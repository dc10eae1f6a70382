package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// allowed reports whether a start at an instant keeps within the day's number
// and the bounds.
func (v view) allowed(tr *flows.Track, spec *lang.TrackSpec, at time.Time) bool {
	if from, ok := v.instant(spec.From); ok && at.Before(from) {
		return false
	}
	if until, ok := v.instant(spec.Until); ok && at.Add(spec.HoldIn(scope{v, ""})).After(until) {
		return false
	}
	return spec.MostPerDay == 0 || !v.counted(tr, at) || tr.Today < spec.MostPerDay
}

// counted reports whether an instant lies on the local day for which a track's
// starts are counted. That day never goes back: whoever travels westward, where
// it is yesterday, is still in it. A day further ahead was written by a clock
// that was wrong, and counts for nothing.
func (v view) counted(tr *flows.Track, at time.Time) bool {
	return tr.Day >= v.day(at) && tr.Day <= v.day(at.Add(48*time.Hour))
}

// afterCounted is the beginning of the first local day from an instant's on for
// which a track's starts are not counted yet.
func (v view) afterCounted(tr *flows.Track, at time.Time) time.Time {
	for v.counted(tr, at) {
		at = v.timeOfDay(at, 1, 0)
	}
	return at
}

// next is the first instant from earliest on at which a start is allowed; ok is
// false if there is none.
func (v view) next(tr *flows.Track, spec *lang.TrackSpec, earliest time.Time) (at time.Time, ok bool) {
	at = earliest
	if from, ok := v.instant(spec.From); ok {
		at = later(at, from)
	}
	waking := allDay
	if f := v.catalog.Flow(spec.Flow); spec.Waking && f != nil {
		waking = v.waking(f)
		// A round ends before the person sleeps.
		waking.To = (waking.To - int(spec.HoldIn(scope{v, ""}).Minutes()) + 24*60) % (24 * 60)
	}
	at = v.awake(waking, v.nextTime(spec, at))
	if spec.MostPerDay > 0 && tr.Today >= spec.MostPerDay && v.counted(tr, at) {
		at = v.awake(waking, v.nextTime(spec, v.afterCounted(tr, at)))
	}
	return at, v.allowed(tr, spec, at)
}

// willCome reports whether a reminder is a message, and will come as far as is
// known now.
func (t *turn) willCome(r flows.Reminder) bool {
	spec := t.catalog.Track(r.Track)
	if spec == nil || spec.Run != "" {
		return false
	}
	if spec.When == nil || !starts(r) {
		return true
	}
	then := scope{view{t.catalog, &t.s, r.Due}, ""}
	v, err := spec.When.Eval(then)
	holds, ok := v.(bool)
	return err == nil && ok && holds
}

// pause is from one start to the next, or from a take-off.
func (v view) pause(spec *lang.TrackSpec) time.Duration {
	if spec.Once {
		return spec.First // it has not come yet
	}
	if gap := spec.GapIn(scope{v, ""}); gap > 0 {
		return gap
	}
	return time.Minute // the times of day tell them apart
}

// WhyNot goes by the least gap: the longer one is for what comes by itself.
func (s scope) WhyNot(track string) string {
	spec, tr := s.catalog.Track(track), s.track(track)
	if spec == nil {
		return "late"
	}
	if tr == nil {
		tr = new(flows.Track)
	}
	from, bounded := s.instant(spec.From)
	switch until, ends := s.instant(spec.Until); {
	case !tr.On.IsZero():
		return "on"
	case bounded && s.now.Before(from):
		return "early"
	case ends && s.now.Add(spec.HoldIn(s)).After(until):
		return "late"
	case spec.Round() && !tr.Off.IsZero() && s.now.Before(tr.Off.Add(spec.LeastGap)):
		return "gap"
	case !s.allowed(tr, spec, s.now):
		return "day"
	}
	return ""
}

// Earliest counts as WhyNot does.
func (s scope) Earliest(track string) time.Time {
	spec, tr := s.catalog.Track(track), s.track(track)
	if spec == nil {
		return time.Time{}
	}
	if tr == nil {
		tr = new(flows.Track)
	}
	from := s.now
	if last := later(tr.Off, tr.Ends); !last.IsZero() {
		from = later(from, last.Add(spec.LeastGap))
	}
	at, ok := s.next(tr, spec, from)
	if !ok {
		return time.Time{}
	}
	return at
}

// nextTime moves an instant to the next of the track's days and times of day;
// without these it stays.
func (v view) nextTime(spec *lang.TrackSpec, at time.Time) time.Time {
	s := scope{v, ""}
	times, days := spec.TimesIn(s), spec.DaysIn(s)
	if len(times) == 0 && len(days) == 0 {
		return at
	}
	for day := range 8 {
		if len(days) > 0 && !slices.Contains(days, v.timeOfDay(at, day, noon).In(v.zone()).Weekday()) {
			continue
		}
		if len(times) == 0 {
			return later(at, v.timeOfDay(at, day, 0))
		}
		for _, minute := range times {
			if due := v.timeOfDay(at, day, minute); !due.Before(at) {
				return due
			}
		}
	}
	return at
}

// noon is in minutes since midnight. Clocks do not change around it.
const noon = 12 * 60

// timeOfDay is a minute of the local day that is days after the one of at. If
// the clocks jump over it, it is the first minute after the jump; if they pass
// it twice, it is one of the two.
func (v view) timeOfDay(at time.Time, days, minute int) time.Time {
	y, m, d := at.In(v.zone()).Date()
	got := time.Date(y, m, d+days, 0, minute, 0, 0, v.zone())
	wall := func(t time.Time) int64 {
		_, offset := t.Zone()
		return t.Unix() + int64(offset)
	}
	wanted := time.Date(y, m, d+days, 0, minute, 0, 0, time.UTC).Unix()
	switch start, end := got.ZoneBounds(); {
	case wall(got) < wanted:
		return end.UTC()
	case wall(got) > wanted:
		return start.UTC()
	}
	return got.UTC()
}

// waking is when the person may be disturbed: as the episode says, since that is
// what it asks about, and outside of one as the flow at hand says.
func (v view) waking(f *lang.Flow) plan.Window {
	if episode := v.catalog.Flow((scope{v, ""}).Episode()); episode != nil {
		f = episode
	}
	return f.WakingIn(scope{v, ""})
}

// Waking is when the person may be disturbed, as Step sees it.
func Waking(c *lang.Catalog, s *flows.State, now time.Time, f *lang.Flow) plan.Window {
	return view{c, s, now.UTC()}.waking(f)
}

// allDay is the window that holds nothing back.
var allDay = plan.Window{From: 0, To: 24 * 60}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// awake moves an instant into the waking hours, if it is outside, to their
// next beginning.
func (v view) awake(w plan.Window, at time.Time) time.Time {
	local := at.In(v.zone())
	if w.Holds(local.Hour()*60 + local.Minute()) {
		return at
	}
	if start := v.timeOfDay(at, 0, w.From); start.After(at) {
		return start
	}
	return v.timeOfDay(at, 1, w.From)
}
