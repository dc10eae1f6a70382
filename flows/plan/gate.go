package plan

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// Rules is what a flow says of when a track may start, evaluated for one person
// at one instant. WhyNot and First are the only two who know what it means.
type Rules struct {
	Zone *time.Location
	// Hold is how long a round lasts; it is 0 of a recurrence.
	Hold time.Duration
	// Gap is between two starts that come by themselves, and Least between any
	// two. Of a round they count from the take-off, of a recurrence from the
	// start. Gap is never shorter than Least.
	Gap, Least time.Duration
	// MostPerDay bounds the starts of a local day; 0 is no bound.
	MostPerDay int
	// Waking is when the person may be disturbed; the zero Window is always.
	Waking Window
	// Up is until when the person is up whatever the hour, since they have just done
	// something. What lasts has ended by then.
	Up time.Time
	// From and Until bound the track: no start before From, and a round has ended
	// by Until. Zero is no bound.
	From, Until time.Time
	// Days are those with starts, all if there is none. Times are when starts
	// come on these days, in minutes since midnight, rising; without any they
	// come by the gap.
	Days  []time.Weekday
	Times []int
	// When is a condition that is judged at a start; nil always holds.
	When func(at time.Time) bool
	// Grace is how late a start may be and still count as one of its own hour.
	Grace time.Duration
}

// Reason is why a track may not start at an instant.
type Reason string

// The reasons, in the order in which they are looked for. The first five are
// those that the flow language has words for, and hold for anybody; the others
// hold for what comes by itself.
const (
	May   Reason = ""      // there is none
	On    Reason = "on"    // a round is in progress
	Early Reason = "early" // From is still ahead
	Late  Reason = "late"  // Until has passed, or would before the round is over
	Gap   Reason = "gap"   // the least gap is not over
	Full  Reason = "day"   // the day has had its number

	Stopped Reason = "stopped" // the flow has stopped the track, as in a pause
	Hours   Reason = "hours"   // the person sleeps
	OffDay  Reason = "off day" // a day of the week without starts
	When    Reason = "when"    // the condition does not hold
)

// Start is a start that somebody asks about.
type Start struct {
	// At is the instant.
	At time.Time
	// Armed says that it is to come now, and that it was to come at Due; else
	// somebody wants to know whether they could have it.
	Armed bool
	Due   time.Time
}

// Awake are the rules for what the person has just asked for: they are awake, and
// take it on any day.
func (r Rules) Awake() Rules {
	r.Waking, r.Days = Window{}, nil
	return r
}

// WhyNot says why a track may not start, May if it may.
func (r *Rules) WhyNot(tr *flows.Track, s Start) Reason {
	switch {
	case !tr.On.IsZero():
		return On
	case !r.From.IsZero() && s.At.Before(r.From):
		return Early
	case r.tooLate(s.At):
		return Late
	case s.At.Before(r.afterGap(tr, r.Least)):
		return Gap
	case r.full(tr, s.At):
		return Full
	case !s.Armed:
		return May
	case !tr.Running:
		return Stopped
	case !r.awake(s):
		return Hours
	case !r.onDay(s.At) && !r.onDay(s.Due) && !r.movedFromDay(s.Due):
		return OffDay
	case !r.holds(s.At):
		return When
	}
	return May
}

// First is the first instant from one on at which a track may start by itself,
// gap behind the last time: Gap, or Least if it was to come earlier. Conditions
// are left out: nobody knows yet what they will be. It is false if there is no
// such instant.
func (r *Rules) First(tr *flows.Track, from time.Time, gap time.Duration) (time.Time, bool) {
	if end := r.Up.Add(-r.Hold); from.Before(end) && r.Waking != (Window{}) {
		up := r.Awake()
		up.Days = r.Days
		if at, ok := up.First(tr, from, gap); ok && at.Before(end) {
			return at, true
		}
	}
	at := r.open(flows.Later(flows.Later(from, r.From), r.afterGap(tr, gap)))
	if r.full(tr, at) {
		at = r.open(r.NextDay(tr, at))
	}
	return at, !r.tooLate(at)
}

// Wanted is when a track would start by itself if nobody slept and no date had its
// number, and which of these has moved it from there to at, which is what First says;
// nothing has if that is the same.
func (r *Rules) Wanted(tr *flows.Track, from time.Time, gap time.Duration, at time.Time) (first time.Time, by flows.Move) {
	awake := *r
	awake.Waking = Window{}
	free := awake
	free.MostPerDay = 0
	first, ok := free.First(tr, from, gap)
	if !ok || !first.Before(at) {
		return at, ""
	}
	if counted, ok := awake.First(tr, from, gap); ok && counted.Equal(first) {
		return first, flows.MovedBySleep
	}
	return first, flows.MovedByDay
}

// NextDay is the beginning of the first local day, from an instant's on, for
// which a track's starts are not counted yet.
func (r *Rules) NextDay(tr *flows.Track, at time.Time) time.Time {
	for Counted(r.Zone, tr, at) {
		at = TimeOfDay(r.Zone, at, 1, 0)
	}
	return at
}

// Remaining is from when on those of a track's times of day are ahead that have not
// come on the day for which it is counted. An instant behind that day has them all.
func (r *Rules) Remaining(tr *flows.Track, at time.Time) time.Time {
	switch {
	case tr.Today == 0 || !Counted(r.Zone, tr, at):
		return at
	case tr.Today >= len(r.Times):
		return r.NextDay(tr, at)
	}
	day := 0
	for tr.Day > Day(r.Zone, TimeOfDay(r.Zone, at, day, noon)) {
		day++
	}
	return flows.Later(at, TimeOfDay(r.Zone, at, day, r.Times[tr.Today]))
}

// Counted reports whether an instant lies on the local day for which a track's
// starts are counted. That day never goes back: whoever travels westward, where
// it is yesterday, is still in it. A day further ahead was written by a clock
// that was wrong, and counts for nothing.
func Counted(zone *time.Location, tr *flows.Track, at time.Time) bool {
	return counts(zone, tr.Day, at)
}

// counts reports whether what was noted for a day counts on that of an instant.
func counts(zone *time.Location, day string, at time.Time) bool {
	return day != "" && day >= Day(zone, at) && day <= Day(zone, at.Add(48*time.Hour))
}

// holds reports whether the condition of a start holds at an instant.
func (r *Rules) holds(at time.Time) bool { return r.When == nil || r.When(at) }

func (r *Rules) tooLate(at time.Time) bool {
	return !r.Until.IsZero() && at.Add(r.Hold).After(r.Until)
}

// afterGap is when a gap is over that counts from the last time.
func (r *Rules) afterGap(tr *flows.Track, gap time.Duration) time.Time {
	// A track may have been a round before it was edited, or a recurrence.
	last := flows.Later(tr.Last, flows.Later(tr.Off, tr.Ends))
	if last.IsZero() {
		return last
	}
	return last.Add(gap)
}

func (r *Rules) full(tr *flows.Track, at time.Time) bool {
	return r.MostPerDay > 0 && tr.Today >= r.MostPerDay && Counted(r.Zone, tr, at)
}

// hours are those in which a start leaves a round the time to end before the
// person sleeps.
func (r *Rules) hours() Window {
	if r.Waking == (Window{}) {
		return AllDay
	}
	return r.Waking.before(r.Hold)
}

// awake reports whether an armed start disturbs nobody's sleep. One that is a
// little late may come a little late.
func (r *Rules) awake(s Start) bool {
	hours := r.hours()
	return s.At.Add(r.Hold).Before(r.Up) || hours.Open(r.Zone, s.At) || s.At.Sub(s.Due) <= r.Grace && hours.Open(r.Zone, s.Due)
}

// open moves an instant to the next one that is at a time of the track, on one
// of its days, in waking hours. A time of day in the night moves to where the
// night ends.
func (r *Rules) open(at time.Time) time.Time {
	for {
		at = r.nextTime(at)
		awake := r.hours().Next(r.Zone, at)
		if len(r.Times) > 0 || r.onDay(awake) {
			return awake
		}
		at = awake // the night has led on to a day without starts
	}
}

// nextTime moves an instant to the next of the track's days and times of day;
// without these it stays.
func (r *Rules) nextTime(at time.Time) time.Time {
	if len(r.Times) == 0 && len(r.Days) == 0 {
		return at
	}
	for day := range 8 {
		if !r.onDay(TimeOfDay(r.Zone, at, day, noon)) {
			continue
		}
		if len(r.Times) == 0 {
			return flows.Later(at, TimeOfDay(r.Zone, at, day, 0))
		}
		for _, minute := range r.Times {
			if due := TimeOfDay(r.Zone, at, day, minute); !due.Before(at) {
				return due
			}
		}
	}
	return at
}

func (r *Rules) onDay(at time.Time) bool {
	return len(r.Days) == 0 || slices.Contains(r.Days, at.In(r.Zone).Weekday())
}

// movedFromDay reports whether a start belongs to a time of the day before,
// from which the night has moved it.
func (r *Rules) movedFromDay(due time.Time) bool {
	return len(r.Times) > 0 && due.Equal(TimeOfDay(r.Zone, due, 0, r.hours().From)) && r.onDay(TimeOfDay(r.Zone, due, -1, noon))
}
