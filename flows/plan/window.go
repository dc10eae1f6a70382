package plan

import "time"

// Window is a span of the local day, From inclusive, To exclusive, in minutes
// since midnight. It may run past midnight.
type Window struct{ From, To int }

// dayMinutes is the length of a day whose clocks do not change.
const dayMinutes = 24 * 60

// AllDay is the window that holds nothing back.
var AllDay = Window{From: 0, To: dayMinutes}

// Holds reports whether a minute of the day is within the window.
func (w Window) Holds(minute int) bool {
	if w.From <= w.To {
		return w.From <= minute && minute < w.To
	}
	return minute >= w.From || minute < w.To
}

// Open reports whether the window holds an instant in a zone.
func (w Window) Open(zone *time.Location, at time.Time) bool {
	local := at.In(zone)
	return w.Holds(local.Hour()*60 + local.Minute())
}

// Next moves an instant into the window, if it is outside, to the window's next
// beginning.
func (w Window) Next(zone *time.Location, at time.Time) time.Time {
	if w.Open(zone, at) {
		return at
	}
	if start := TimeOfDay(zone, at, 0, w.From); start.After(at) {
		return start
	}
	return TimeOfDay(zone, at, 1, w.From)
}

// Last moves an instant back into the window, if it is outside, to the window's last
// minute.
func (w Window) Last(zone *time.Location, at time.Time) time.Time {
	if w.Open(zone, at) {
		return at
	}
	end := TimeOfDay(zone, at, 0, w.To)
	if end.After(at) {
		end = TimeOfDay(zone, at, -1, w.To)
	}
	return end.Add(-time.Minute)
}

// before is the window without its last part: what begins in it and lasts so
// long ends within w.
func (w Window) before(end time.Duration) Window {
	if end > 0 {
		w.To = (w.To - int(end.Minutes()) + dayMinutes) % dayMinutes
	}
	return w
}
