package engine

import (
	"cmp"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// tracks are the rounds and recurrences of the person. When one of them may start
// is the affair of package plan: it is asked when a start is armed, and again
// when the timer has come due.
type tracks struct {
	p        *person
	out      *effects
	timers   *timers
	messages *messages
	texts    texts
	// asked says that the person has set off the turn, and not a timer.
	asked bool
	// arrives is the start that has come due last.
	arrives arrival
	// moved says that the person's clock or waking hours have changed; today
	// is the day it was before.
	moved bool
	today string
}

// known is the state of a track, be it one that was never started.
func (tk *tracks) known(spec *lang.TrackSpec) *flows.Track {
	if tr := tk.p.track(spec.Name); tr != nil {
		return tr
	}
	s := tk.p.s
	s.Tracks = append(s.Tracks, flows.Track{Name: spec.Name, Flow: spec.Flow})
	return &s.Tracks[len(s.Tracks)-1]
}

// start sets a track going. Starting one that runs already changes nothing.
func (tk *tracks) start(name string) {
	spec := tk.p.catalog.Track(name)
	tr := tk.known(spec)
	if _, armed := tk.timers.start(name); tr.Running && (armed || !tr.On.IsZero() || tr.Resting && !tk.asked) {
		return
	}
	tr.Running = true
	if !tr.On.IsZero() {
		return // stopped in the middle of a round; its end schedules the next
	}
	tr.Rev++
	rules := tk.p.rules(spec)
	if tk.asked && !spec.ByTime() {
		// The person has just asked for it: it comes at once if it may.
		awake := rules.Awake()
		if at, ok := awake.First(tr, tk.p.now.Add(spec.First), rules.Gap); ok && at.Equal(tk.p.now) {
			tk.armAsked(tr, spec)
			return
		}
	}
	tk.armFirst(tr, spec, rules, tk.p.now.Add(spec.First), rules.Gap)
}

// begin starts a track with a round at once, because the person asks for one
// now. Nothing happens if there may be none.
func (tk *tracks) begin(name string) {
	if tk.p.WhyNot(name) != "" {
		return
	}
	spec := tk.p.catalog.Track(name)
	tr := tk.known(spec)
	tk.timers.cancelTrack(name)
	tr.Running = true
	tr.Rev++
	tk.armAsked(tr, spec)
}

// stop halts one track, or all of them. Stopping one lets the round in progress
// end on time; stopping all ends it now, and the step's text says so.
func (tk *tracks) stop(name string) {
	for i := range tk.p.s.Tracks {
		tr := &tk.p.s.Tracks[i]
		switch {
		case name == lang.AllTracks, tr.Name == name && tr.On.IsZero():
			tk.halt(tr)
		case tr.Name == name:
			tr.Running = false
		}
	}
}

// halt ends a track at once, with the round in progress.
func (tk *tracks) halt(tr *flows.Track) {
	tr.Running = false
	tr.Rev++
	tk.timers.cancelTrack(tr.Name)
	tk.cutShort(tr)
	tk.messages.clears(func(st flows.Standing) bool { return st.Of == tr.Name && st.Phase != flows.PhaseTakeOff })
}

// cutShort ends the round in progress, if there is one, and tells of it. What has
// not arrived of the track need not.
func (tk *tracks) cutShort(tr *flows.Track) {
	tk.takeBack(tr, flows.Cancelled)
	if was := *tr; tk.cut(tr) {
		tk.tellCut(&was)
	}
}

// takeBack withdraws what a track has called for last, and the look at it.
func (tk *tracks) takeBack(tr *flows.Track, timers flows.ReminderState) {
	for _, o := range tk.p.s.Open {
		if o.Track == tr.Name && o.Phase != flows.PhaseTakeOff && !o.At.Before(begun(tr)) {
			tk.out.withdraw(flows.Withdraw{From: o.Message, To: o.Message, Timers: timers})
		}
	}
}

// begun is when the last start of a track was.
func begun(tr *flows.Track) time.Time {
	if !tr.On.IsZero() {
		return tr.On
	}
	return tr.Last
}

// call is the message that called the round in progress, 0 if the person has
// answered it, or if nobody knows any more. Whoever has begun it has the pack on,
// whatever has come of the message.
func (tk *tracks) call(tr *flows.Track) uint64 {
	if !tr.Called {
		return 0
	}
	for _, o := range tk.p.s.Open {
		if o.Track == tr.Name && o.Phase == flows.PhaseCall && o.At.Equal(tr.On) {
			return o.Message
		}
	}
	return 0
}

func (tk *tracks) haltAll() {
	for i := range tk.p.s.Tracks {
		tk.halt(&tk.p.s.Tracks[i])
	}
}

// cut ends the round in progress, if there is one. The pack was on until now at
// the latest: the gap counts from here.
func (tk *tracks) cut(tr *flows.Track) bool {
	if tr.On.IsZero() {
		return false
	}
	tr.Off, tr.On, tr.Ends = tk.p.now, time.Time{}, time.Time{}
	tr.Called, tr.Later = false, 0
	tr.OffText, tr.OffLast, tr.OffKind = "", "", ""
	return true
}

// cutAll ends the rounds in progress of a person who could be told nothing
// meanwhile.
func (tk *tracks) cutAll() {
	for i := range tk.p.s.Tracks {
		tk.cutShort(&tk.p.s.Tracks[i])
	}
}

// tellCut tells a person to take off what they were told to put on, since the
// reminder that was to do so has just been cancelled. It is a message of its
// own: an edit would make no sound.
func (tk *tracks) tellCut(was *flows.Track) {
	text := tk.texts.kept(was, cmp.Or(was.OffLast, was.OffText))
	if spec := tk.p.catalog.Track(was.Name); hasOff(spec, was) {
		kind := spec.Kind(flows.PhaseTakeOff)
		text = cmp.Or(tk.texts.of(kind, "cut"), tk.texts.of(kind, "text"))
	}
	if text != "" {
		tk.messages.post(flows.Message{Text: text, Class: flows.TakeOff, Undoes: tk.call(was)}, button.Reminder)
	}
}

// rearmAll schedules the running tracks anew, after a time in which nothing came.
func (tk *tracks) rearmAll() {
	for i := range tk.p.s.Tracks {
		tr := &tk.p.s.Tracks[i]
		spec := tk.p.catalog.Track(tr.Name)
		switch {
		case !tr.Running:
		case spec == nil:
			tr.Running = false
		default:
			tr.Rev++
			tr.Missed = 0
			tk.follow(tr, spec)
		}
	}
}

// fresh begins the counts of an episode anew. What bounds a day and a gap goes
// on: skin knows no episodes.
func (tk *tracks) fresh() {
	for i := range tk.p.s.Tracks {
		tk.p.s.Tracks[i].Total, tk.p.s.Tracks[i].Alarmed = 0, false
	}
}

// follow arms the start that follows one at now, be it one that was left out.
func (tk *tracks) follow(tr *flows.Track, spec *lang.TrackSpec) {
	rules := tk.p.rules(spec)
	gap := rules.Gap
	if spec.Once {
		gap = spec.First // it has not come yet
	}
	from := tk.p.now.Add(gap)
	if spec.ByTime() { // it may have come a little before its time
		from = flows.Later(from, tr.Due.Add(byTime))
	}
	tk.armFirst(tr, spec, rules, from, rules.Least)
}

// schedule arms the next start at the first allowed instant from one on.
func (tk *tracks) schedule(tr *flows.Track, spec *lang.TrackSpec, from time.Time) {
	rules := tk.p.rules(spec)
	tk.armFirst(tr, spec, rules, from, rules.Least)
}

// armFirst arms the next start at the first instant from one on that the gate allows, a
// gap behind the last, and notes what has moved it there.
func (tk *tracks) armFirst(tr *flows.Track, spec *lang.TrackSpec, rules plan.Rules, from time.Time, gap time.Duration) {
	at, ok := rules.First(tr, from, gap)
	tk.armStart(tr, spec, at, ok)
	if ok && at.After(from) {
		first, by := rules.Wanted(tr, from, gap, at)
		tk.timers.note(tr.Name, first, by)
	}
}

// armStart arms the next start. A track that has none left stops.
func (tk *tracks) armStart(tr *flows.Track, spec *lang.TrackSpec, at time.Time, ok bool) {
	tr.Asked, tr.Resting, tr.Later, tr.Due = false, false, 0, at
	if !ok {
		tr.Running = false
		tr.Rev++
		return
	}
	tk.arm(spec, spec.Start(), tr.Rev, at)
}

// armAsked arms a start that the person has asked for.
func (tk *tracks) armAsked(tr *flows.Track, spec *lang.TrackSpec) {
	tr.Asked, tr.Resting, tr.Later, tr.Missed, tr.Due = true, false, 0, 0, tk.p.now
	tk.arm(spec, spec.Start(), tr.Rev, tk.p.now)
}

func (tk *tracks) arm(spec *lang.TrackSpec, phase flows.Phase, rev uint64, due time.Time) {
	tk.timers.arm(flows.Reminder{Phase: phase, Kind: spec.Kind(phase), Track: spec.Name, Rev: rev, Due: due})
}
