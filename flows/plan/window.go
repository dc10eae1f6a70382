package plan

// Window is a span of the local day, From inclusive, To exclusive, in minutes
// since midnight. It may run past midnight.
type Window struct{ From, To int }

// Holds reports whether a minute of the day is within the window.
func (w Window) Holds(minute int) bool {
	if w.From <= w.To {
		return w.From <= minute && minute < w.To
	}
	return minute >= w.From || minute < w.To
}
