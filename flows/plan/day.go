package plan

import "time"

// Day names the local day of an instant: "2026-11-22".
func Day(zone *time.Location, at time.Time) string { return at.In(zone).Format(time.DateOnly) }

// DaysBetween is how many local days to is after from; negative if it is before.
func DaysBetween(zone *time.Location, from, to time.Time) int {
	midnight := func(at time.Time) time.Time {
		year, month, day := at.In(zone).Date()
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(to).Sub(midnight(from)) / (24 * time.Hour))
}

// Midnight is the instant at which the local day begins that is days after the one
// of at: the first of two if the clocks pass midnight twice, and the first after the
// jump if they leave it out.
func Midnight(zone *time.Location, at time.Time, days int) time.Time {
	begin := TimeOfDay(zone, at, days, 0)
	start, _ := begin.In(zone).ZoneBounds()
	if start.IsZero() {
		return begin
	}
	_, was := start.Add(-time.Second).In(zone).Zone()
	_, is := start.In(zone).Zone()
	if first := begin.Add(-time.Duration(was-is) * time.Second); was > is && first.Before(start) {
		return first
	}
	return begin
}

// noon is in minutes since midnight. Clocks do not change around it.
const noon = 12 * 60

// TimeOfDay is a minute of the local day that is days after the one of at. If
// the clocks jump over it, it is the first minute after the jump; if they pass
// it twice, it is one of the two.
func TimeOfDay(zone *time.Location, at time.Time, days, minute int) time.Time {
	y, m, d := at.In(zone).Date()
	got := time.Date(y, m, d+days, 0, minute, 0, 0, zone)
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
