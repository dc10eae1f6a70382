package engine

import (
	"cmp"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// maxOpen bounds the reminders whose buttons still answer.
const maxOpen = 12

// due handles a timer of a round or recurrence. It returns the flow that is to
// run in the place of the reminder, if there is one. Late says that something was
// told late; lateSaid, that it was already.
func (tk *tracks) due(r flows.Reminder, lateSaid bool) (run *lang.Flow, late bool) {
	tr, spec := tk.p.track(r.Track), tk.p.catalog.Track(r.Track)
	takeOff := r.Phase == flows.PhaseTakeOff
	if tr == nil || tr.Rev != r.Rev || !tr.Running && tr.On.IsZero() || !takeOff && !spec.Tells(r.Phase) {
		tk.out.settle(r.ID, flows.Dropped)
		return nil, false
	}
	late = tk.p.now.Sub(r.Due) > graceOf(spec)
	switch {
	case takeOff:
		tk.takeOff(tr, spec, r)
		return nil, late
	case r.Phase == flows.PhaseLook:
		if tr.On.IsZero() || late {
			tk.out.settle(r.ID, flows.Expired)
			return nil, false
		}
		tk.deliver(tr, spec, r, flows.Message{Class: flows.Sign, Silent: quietLook(tr, spec)})
		return nil, false
	}
	if tk.refused(tr, spec, r, late, lateSaid) {
		return nil, false
	}
	return tk.begins(tr, spec, r, tr.Asked && !late), late
}

// hasOff reports whether the flows have the words for the end of the round in
// progress. They have not if it was begun as a round that is gone, or that is a
// recurrence now.
func hasOff(spec *lang.TrackSpec, tr *flows.Track) bool {
	return spec.Tells(flows.PhaseTakeOff) && (tr.OffKind == "" || tr.OffKind == spec.Kind(flows.PhaseTakeOff))
}

// graceOf is how late a reminder may be; nil is for a round that is gone.
func graceOf(spec *lang.TrackSpec) time.Duration {
	if spec == nil {
		return screenGrace
	}
	return spec.Grace
}

// refused asks the gate about a start that has come due. One that may not be is
// armed anew: for the first instant at which it may, if it is kept from starting;
// for the one that follows, if it was left out.
func (tk *tracks) refused(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder, late, lateSaid bool) bool {
	rules := tk.p.rules(spec)
	if tr.Asked && !late {
		rules = rules.Awake()
	}
	why := rules.WhyNot(tr, plan.Start{At: tk.p.now, Armed: true, Due: r.Due})
	switch {
	case why == plan.On || why == plan.Stopped: // a round's end arms the next
		tk.out.settle(r.ID, flows.Dropped)
	case why == plan.Early || why == plan.Late: // the onset was told anew
		tk.out.settle(r.ID, flows.Expired)
		tk.schedule(tr, spec, tk.p.now)
	case late && (spec.Late != lang.LateDeliver || lateSaid):
		tk.leaveOut(tr, spec, r, lateState(spec.Late))
	case why == plan.When:
		tk.leaveOut(tr, spec, r, flows.Dropped)
	case why != plan.May:
		tk.out.settle(r.ID, flows.Dropped)
		tk.schedule(tr, spec, tk.p.now)
	default:
		return false
	}
	return true
}

// quietLook reports whether the look at the round in progress makes no sound.
func quietLook(tr *flows.Track, spec *lang.TrackSpec) bool {
	return spec != nil && spec.QuietChecks && tr.Total > 1
}

// tooLate reports whether a start is so late that it is left out.
func (tk *tracks) tooLate(r flows.Reminder) bool {
	spec := tk.p.catalog.Track(r.Track)
	return spec != nil && r.Starts() && spec.Late != lang.LateDeliver && tk.p.now.Sub(r.Due) > spec.Grace
}

// lateState is what becomes of the timer of a start that is left out since it is
// late. One that is always told is told in what was told before it.
func lateState(policy lang.Late) flows.ReminderState {
	switch policy {
	case lang.LateExpire:
		return flows.Expired
	case lang.LateDrop:
		return flows.Dropped
	}
	return flows.Merged
}

// leaveOut passes over a start. What comes once, and is to be told however late it
// is, comes behind what has just been told late: nothing that is told then says what
// it would have said, and a flow that it runs may be all that goes on.
func (tk *tracks) leaveOut(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder, state flows.ReminderState) {
	tk.out.settle(r.ID, state)
	if spec.Once && state == flows.Merged {
		tk.schedule(tr, spec, tk.p.now.Add(spec.Grace))
		return
	}
	tk.goOn(tr, spec)
}

// goOn arms what follows a start that came, or that was left out.
func (tk *tracks) goOn(tr *flows.Track, spec *lang.TrackSpec) {
	if spec.Once {
		tr.Running = false
		return
	}
	tk.follow(tr, spec)
}

// begins begins a round, or delivers a recurrence. Asked says that the person has
// just asked for it.
func (tk *tracks) begins(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder, asked bool) (run *lang.Flow) {
	tk.arrives = arrival{tr.Later, tr.Last}
	if !plan.Counted(tk.p.zone(), tr, tk.p.now) {
		tr.Day, tr.Today = tk.p.day(tk.p.now), 0
	}
	tr.Today++
	tr.Total++
	tk.messages.still = tk.messages.still || spec.Silent || tr.Asked && tk.p.looking()
	tr.Last, tr.Asked = tk.p.now, false
	if !spec.Round() {
		tk.goOn(tr, spec)
		return tk.deliver(tr, spec, r, flows.Message{Class: tk.messages.class})
	}
	tk.calls(tr, spec, r, asked)
	return nil
}

// keepOff keeps the words of the take-off with the round: whatever becomes of the
// flows meanwhile, it is told.
func (tk *tracks) keepOff(tr *flows.Track, spec *lang.TrackSpec) {
	tr.OffKind = spec.Kind(flows.PhaseTakeOff)
	tr.OffText = tk.p.catalog.Text(tk.p.s.Lang, tr.OffKind, "text").Source
	tr.OffLast = tk.p.catalog.Text(tk.p.s.Lang, tr.OffKind, "last").Source
}

// takeOff ends a round. It is always told, however late: a pack that is still on
// does harm. If the flows have no words for it any more, those with which the round
// began are told. A nil spec is a round that is gone.
func (tk *tracks) takeOff(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder) {
	was := *tr
	m := flows.Message{Class: flows.TakeOff, Undoes: tk.call(tr)}
	tk.takeBack(tr, flows.Expired)
	if tr.Called {
		tk.unanswered(tr, r.Kind, &m)
	}
	tk.callOver(tr)
	tk.ends(tr, spec)
	tk.tellOff(&was, tr, spec, r, m)
}

// tellOff tells of the take-off of a round as it was.
func (tk *tracks) tellOff(was, tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder, m flows.Message) {
	if hasOff(spec, was) {
		tk.deliver(tr, spec, r, m)
		tk.lasted(was.On)
		return
	}
	text := tk.texts.kept(tr, was.OffText)
	if was.OffLast != "" && !tk.comes(tr) {
		text = tk.texts.kept(tr, was.OffLast)
	}
	if text == "" {
		tk.out.settle(r.ID, flows.Dropped) // no such flows are taken: see lang.Stranded
		return
	}
	tk.out.record(flows.Entry{Kind: flows.EntryReminder, Step: r.Kind})
	m.Text = text
	tk.post(tr, r, m)
}

// ends notes the take-off and schedules the next round: the gap counts from here.
func (tk *tracks) ends(tr *flows.Track, spec *lang.TrackSpec) {
	tk.cut(tr)
	switch {
	case !tr.Running || spec == nil:
	case tired(tr, spec):
		tr.Resting = true
	default:
		tk.follow(tr, spec)
	}
}

// skip ends the round that a reminder began, if it is still in progress.
func (tk *tracks) skip(tr *flows.Track, o flows.Open) {
	if o.Phase != flows.PhaseCall || !tr.On.Equal(o.At) {
		return
	}
	tk.timers.cancelTrack(tr.Name)
	tr.Rev++
	tr.Missed = 0
	tk.takeBack(tr, flows.Cancelled)
	tk.ends(tr, tk.p.catalog.Track(tr.Name))
}

// over reports whether a reminder asks for something on the skin in a round that
// is over.
func over(o flows.Open, tr *flows.Track) bool {
	onSkin := o.Phase == flows.PhaseCall || o.Phase == flows.PhaseWhen || o.Phase == flows.PhaseLook
	return onSkin && (tr.On.IsZero() || tr.On.After(o.At))
}

// deliver sends a reminder and keeps its buttons open, or returns the flow that
// is to run instead; what that says is the reminder. What m says already stays.
func (tk *tracks) deliver(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder, m flows.Message) (run *lang.Flow) {
	tk.out.record(flows.Entry{Kind: flows.EntryReminder, Step: r.Kind})
	if spec.Run != "" {
		return tk.p.catalog.Flow(spec.Run)
	}
	if last := tk.texts.about(tr, r.Kind, "last"); last != "" && m.Text == "" && !tk.comes(tr) {
		m.Text = last
	}
	m.Text = cmp.Or(m.Text, tk.texts.about(tr, r.Kind, "text"))
	tk.post(tr, r, m)
	return nil
}

// post sends a reminder and keeps its buttons open.
func (tk *tracks) post(tr *flows.Track, r flows.Reminder, m flows.Message) {
	m.Keyboard, m.Reminder = tk.keyboard(tr, r), r.ID
	if r.Phase != flows.PhaseTakeOff {
		m.Subject, m.Instead = r.Kind, true
	}
	if r.Phase == flows.PhaseCall || r.Phase == flows.PhaseLook {
		// A start that arrives when its end has been told would have no end.
		m.Expires = tr.Ends
	}
	if r.Starts() {
		tk.messages.clears(func(st flows.Standing) bool { return st.Of == tr.Name })
	}
	tk.messages.post(m, button.Reminder)
	tk.messages.stands(flows.Standing{Of: tr.Name, Phase: r.Phase, Stays: r.Phase == flows.PhaseTakeOff})
	s := tk.p.s
	o := flows.Open{ID: r.ID, Kind: r.Kind, Phase: r.Phase, Track: tr.Name, At: tk.p.now, Message: s.Messages}
	if r.Phase == flows.PhaseTick {
		o.Later, o.Before = tk.arrives.later, tk.arrives.before
	}
	s.Open = append(s.Open, o)
	if extra := len(s.Open) - maxOpen; extra > 0 {
		s.Open = slices.Delete(s.Open, 0, extra)
	}
}

// comes reports whether a further start of the track is planned, and comes, as far as
// is known now: none is told that its condition leaves out.
func (tk *tracks) comes(tr *flows.Track) bool { return !tk.texts.nextOf(tr).IsZero() }

// farAhead is how far the next of the times of day can lie ahead: they come once
// a week at the least.
const farAhead = 8 * 24 * time.Hour

// setBack follows a clock that was put back. A round lasts as long as it was to
// last. What began or ended in what lies ahead now was noted by the wrong clock,
// and so much earlier: the gap behind it is as long as it was to be. The gap
// behind what lies farther back errs on the safe side.
func (tk *tracks) setBack(by time.Duration) {
	for i := range tk.p.s.Tracks {
		tr := &tk.p.s.Tracks[i]
		if !tr.On.IsZero() {
			tr.On, tr.Ends = tr.On.Add(-by), tr.Ends.Add(-by)
		}
		for _, at := range []*time.Time{&tr.Off, &tr.Last} {
			if at.After(tk.p.now) {
				*at = at.Add(-by)
			}
		}
	}
	for i := range tk.p.s.Open {
		tk.p.s.Open[i].At = tk.p.s.Open[i].At.Add(-by)
	}
	for i := range tk.p.s.Standing {
		for _, at := range []*time.Time{&tk.p.s.Standing[i].At, &tk.p.s.Standing[i].Since} {
			if !at.IsZero() {
				*at = at.Add(-by)
			}
		}
	}
}

// startSetBack arms a start anew for the instant at which it would have come, the
// clock having been put back. One
// at a time of day stays, unless it is farther ahead than there can be one.
func (tk *tracks) startSetBack(r flows.Reminder, by time.Duration) {
	tr, spec := tk.p.track(r.Track), tk.p.catalog.Track(r.Track)
	due := r.Due
	if tr != nil && !tr.Due.IsZero() {
		due = tr.Due
	}
	due = flows.Later(due.Add(-by), tk.p.now)
	switch {
	case tr == nil || spec == nil || !tr.Running:
		return
	case tr.Asked:
		tk.timers.cancel(r.ID)
		tk.armAsked(tr, spec)
		return
	case spec.ByTime() || len(spec.Days) > 0 || spec.DaysBy != nil:
		if !r.Due.After(tk.p.now.Add(farAhead)) {
			return
		}
		due = tk.p.now
	}
	tk.timers.cancel(r.ID)
	tk.schedule(tr, spec, due)
}
