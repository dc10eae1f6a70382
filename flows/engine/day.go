package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// day is the plan of the person's day, where the flow of the episode has one. Every turn
// ends with a new plan, which moves the timers of all that comes by itself, and a timer
// that has come due comes only if the plan of that moment has it then. A track keeps
// when it is due by its own rules: what gives way to something comes back when that is
// gone. Looks and take-offs are never moved, nor is what the person has asked for, nor
// a question about a warning sign.
type day struct {
	p        *person
	out      *effects
	timers   *timers
	messages *messages
	screen   *screen
	tracks   *tracks
	// given are the timers that the turn is about.
	given []uint64
	// riding are those of them that come on the message of another.
	riding []uint64
}

// spec is how the days of the live episode are planned, nil if they are not.
func (d *day) spec() *lang.Day {
	f := d.p.catalog.Flow(d.p.Episode())
	if f == nil || d.p.s.Inactive {
		return nil
	}
	return f.Day
}

// plan plans what is armed, from this moment on.
func (d *day) plan(spec *lang.Day) []plan.Entry {
	d.renews()
	policy := spec.PolicyIn(d.p)
	return policy.Plan(d.situation(), d.things())
}

// renews lets what comes at times of day, and was left out of the day that is over, be due
// at the first of them on this one. What was missed in an absence is still due.
func (d *day) renews() {
	waking := d.p.waking(d.p.catalog.Flow(d.p.Episode()))
	for i := range d.p.s.Pending {
		r := &d.p.s.Pending[i]
		tr, spec := d.p.track(r.Track), d.p.catalog.Track(r.Track)
		if tr == nil || spec == nil || !spec.ByTime() || !r.Starts() || tr.Later > 0 || tr.Due.IsZero() {
			continue
		}
		if begins, ok := plan.OnAnotherDay(d.p.zone(), waking, tr.Due, r.Due); ok && !d.p.now.Before(begins) {
			rules := d.p.rules(spec)
			tr.Due, _ = rules.First(tr, begins, rules.Least)
		}
	}
}

func (d *day) situation() plan.Situation {
	s := d.p.s
	f := d.p.catalog.Flow(d.p.Episode())
	now := plan.Situation{
		Now: d.p.now, Zone: d.p.zone(), Waking: d.p.waking(f), Heard: s.Heard, Question: d.asks(), Answers: d.p.looking(), Rang: s.Rang,
	}
	for i := range s.Tracks {
		if tr := &s.Tracks[i]; !tr.On.IsZero() {
			pack := plan.Pack{Thing: tr.Name, Ends: tr.Ends, QuietLook: quietLook(tr, d.p.catalog.Track(tr.Name))}
			if look := d.pending(tr.Name, flows.PhaseLook); look != nil {
				pack.Look = look.Due
			}
			now.On = append(now.On, pack)
		}
	}
	return now
}

// asks reports whether a question stands. One that waits until a moment of its own is
// where the person is at home.
func (d *day) asks() bool {
	f, i := d.screen.question()
	return f != nil && (f.Steps[i].Wait == nil || f.Steps[i].Wait.Until == nil)
}

// things are what comes by itself.
func (d *day) things() []plan.Thing {
	var list []plan.Thing
	for i := range d.p.s.Pending {
		if t, ok := d.thing(&d.p.s.Pending[i]); ok {
			list = append(list, t)
		}
	}
	return list
}

// thing is what the planner sees of a timer, if it has a say in when that comes.
func (d *day) thing(r *flows.Reminder) (t plan.Thing, ok bool) {
	if r.Track == screenTrack {
		t = plan.Thing{Name: screenTrack, Class: plan.ClassQuestion, Due: r.Due, Once: true, Track: flows.Track{Running: true}, Fixed: d.timed(r)}
		return t, !r.Sign && r.Rev == d.p.s.Rev
	}
	tr, spec := d.p.track(r.Track), d.p.catalog.Track(r.Track)
	if tr == nil || spec == nil || !r.Starts() || tr.Asked || tr.Rev != r.Rev || !tr.Running {
		return t, false
	}
	t = plan.Thing{
		Name: tr.Name, Class: spec.Class, Due: r.Due, Rules: d.p.rules(spec), Track: *tr,
		Look: spec.CheckIn(d.p, spec.HoldIn(d.p)), Once: spec.Once, Silent: spec.Silent,
		Fixed: tr.Later > 0, Night: spec.Class == plan.ClassSafety && !spec.Waking,
	}
	t.QuietLook = spec.QuietChecks && tr.Total > 0
	if !tr.Due.IsZero() && tr.Later == 0 {
		t.Due = tr.Due
	}
	return t, true
}

// How long a wait is at most that a person sits out, such as a rest, or the minutes in
// which a stop can be taken back: any that is shorter than the quarter of an hour in which
// one thing rings would come late for its own beginning. Near a pack that is on, whose
// take-off comes before everything, those are breaths of some minutes.
const (
	timedFor  = 15 * time.Minute
	timedNear = 5 * time.Minute
)

// timed reports whether a wait is one that the person has just begun and that is not
// asked about again. It ends when it was said to.
func (d *day) timed(r *flows.Reminder) bool {
	f, i := d.screen.question()
	asked := f != nil && f.Steps[i].Wait != nil && f.Steps[i].Wait.Nudge > 0
	most := timedFor
	if slices.ContainsFunc(d.p.s.Tracks, func(tr flows.Track) bool { return !tr.On.IsZero() }) {
		most = timedNear
	}
	return !asked && r.Due.Sub(d.p.s.Heard) <= most
}

// pending is the timer of a track for one thing, nil if none is armed.
func (d *day) pending(track string, phase flows.Phase) *flows.Reminder {
	for i := range d.p.s.Pending {
		if r := &d.p.s.Pending[i]; r.Track == track && r.Phase == phase {
			return r
		}
	}
	return nil
}

// timer is the timer behind an entry of the plan, nil if the planner has no say in it.
func (d *day) timer(e *plan.Entry) *flows.Reminder {
	switch {
	case e.Phase == flows.PhaseLook || e.Phase == flows.PhaseTakeOff:
		return nil
	case e.Class != plan.ClassQuestion:
		return d.pending(e.Thing, e.Phase)
	}
	for i := range d.p.s.Pending {
		r := &d.p.s.Pending[i]
		if _, moves := d.thing(r); moves && r.Track == screenTrack {
			return r
		}
	}
	return nil
}

// foresee moves the timers in the middle of a turn, so that what is told of them is what
// will be. Those that the turn is about come first.
func (d *day) foresee() {
	given := func(r *flows.Reminder) bool { return slices.Contains(d.given, r.ID) }
	d.places(given)
}

// arrange moves the timers to where the day has a place for them.
func (d *day) arrange() {
	d.places(func(*flows.Reminder) bool { return false })
}

// places moves all timers but some.
func (d *day) places(but func(*flows.Reminder) bool) {
	spec := d.spec()
	if spec == nil {
		return
	}
	planned := make(map[string]bool)
	entries := d.plan(spec)
	for i := range entries {
		e := &entries[i]
		r := d.timer(e)
		if r == nil || but(r) || planned[e.Thing] || e.Left == plan.Over {
			continue
		}
		planned[e.Thing] = true
		d.leftOut(e)
		d.move(r, e.At, e.Moved)
	}
}

// leftOut lets what has no place on this day be due on the next, once its time is over.
func (d *day) leftOut(e *plan.Entry) {
	tr, spec := d.p.track(e.Thing), d.p.catalog.Track(e.Thing)
	if spec == nil || e.Left != plan.Spent && e.Left != plan.Closed || tr.Due.After(d.p.now) {
		return
	}
	rules := d.p.rules(spec)
	tr.Due, _ = rules.First(tr, e.At, rules.Least)
}

// move moves a timer. One that the turn was about, and that has not come, comes a minute
// later at the earliest: the store takes it that what was due has come.
func (d *day) move(r *flows.Reminder, due time.Time, by flows.Move) {
	due = flows.Later(due, d.p.now).UTC()
	switch given := slices.Contains(d.given, r.ID); {
	case given:
		due = flows.Later(due, d.p.now.Add(time.Minute))
	case !flows.Later(due, r.Due).After(d.p.now):
		return // it is about to come
	}
	if !r.Due.Equal(due) {
		d.timers.moveBy(r, due, by)
	}
}

// now are the timers of an event that come at this moment, in their order: what is
// planned for it, and what the planner has no say in. What is too late to come at all is
// left out first, so that it takes nobody's place.
func (d *day) now(ids []uint64, late func(flows.Reminder)) []uint64 {
	spec := d.spec()
	if spec == nil {
		return ids
	}
	d.given = ids
	for _, id := range ids {
		if r, ok := d.timers.find(id); ok && d.tracks.tooLate(r) {
			late(r)
		}
	}
	comes := make(map[uint64]int)
	for i, e := range d.plan(spec) {
		r := d.timer(&e)
		switch {
		case r == nil:
		case e.Left == plan.Over:
			d.over(*r)
		case (e.Left == plan.Comes || e.Left == plan.Shut) && !e.At.After(d.p.now):
			if comes[r.ID] = i; e.With != "" {
				d.riding = append(d.riding, r.ID)
			}
		}
	}
	var free, planned []uint64
	for _, id := range ids {
		r, ok := d.timers.find(id)
		if !ok {
			continue
		}
		if _, ok := d.thing(&r); !ok {
			free = append(free, id)
		} else if _, ok := comes[id]; ok {
			planned = append(planned, id)
		}
	}
	slices.SortFunc(planned, func(a, b uint64) int { return comes[a] - comes[b] })
	return append(free, planned...)
}

// over ends a track of which no start has a place any more, once the last is due.
func (d *day) over(r flows.Reminder) {
	if tr := d.p.track(r.Track); tr != nil && !r.Due.After(d.p.now) {
		tr.Running = false
		tr.Rev++
		d.timers.take(r.ID)
		d.out.settle(r.ID, flows.Expired)
	}
}

// waits reports whether a start is kept away by what the turn itself has brought.
func (d *day) waits(r flows.Reminder) bool {
	day, spec := d.spec(), d.p.catalog.Track(r.Track)
	if day == nil || spec == nil || !r.Starts() || !slices.Contains(day.Apart, spec.Class) {
		return false
	}
	if tr := d.p.track(r.Track); tr != nil && tr.Asked {
		return false
	}
	on := func(tr flows.Track) bool { return !tr.On.IsZero() }
	return d.asks() || slices.ContainsFunc(d.p.s.Tracks, on)
}

// mostRang bounds the rings that are kept.
const mostRang = 64

// rang notes what has rung since the turn had some effects. What follows at once on a
// ring needs none of its own, but for what is to be taken off, or is about a sign.
func (d *day) rang(before int, thing string, invites bool) {
	spec := d.spec()
	if spec == nil {
		return
	}
	s, rung := d.p.s, false
	day := plan.OwnDay(d.p.zone(), d.p.waking(d.p.catalog.Flow(d.p.Episode())), d.p.now)
	for i, e := range d.out.list[before:] {
		say, ok := e.(flows.Say)
		switch m := &say.Message; {
		case !ok || m.Silent || m.Edit != 0 || m.Of != 0:
		case rung && m.Class == flows.Push:
			m.Silent = true
			d.out.list[before+i] = say
		default:
			rung = true
			s.Rang = append(s.Rang, flows.Ring{At: d.p.now, Thing: thing, Invites: invites, Day: day})
		}
	}
	old := d.p.now.Add(-36 * time.Hour)
	s.Rang = slices.DeleteFunc(s.Rang, func(r flows.Ring) bool { return r.At.Before(old) })
	s.Rang = s.Rang[max(0, len(s.Rang)-mostRang):]
}

// rides reports whether a timer of the turn makes no sound: it comes on the message of
// something else, or on what answers the person.
func (d *day) rides(r flows.Reminder) bool { return slices.Contains(d.riding, r.ID) }

// unheard reports whether the question in force was asked, and asked again, with a sound:
// what comes of it needs none.
func (d *day) unheard() bool {
	f, i := d.screen.question()
	return d.spec() != nil && f != nil && f.Steps[i].Wait != nil && f.Steps[i].Wait.Nudge > 0
}

// setBack follows a clock that was put back: what rang in what lies ahead now was noted
// by the wrong one.
func (d *day) setBack(by time.Duration) {
	for i := range d.p.s.Rang {
		if r := &d.p.s.Rang[i]; r.At.After(d.p.now) {
			r.At, r.Day = r.At.Add(-by), ""
		}
	}
}
