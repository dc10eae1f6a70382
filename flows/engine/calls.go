package engine

import (
	"cmp"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// A round that comes by itself is called. As long as the person has not answered, it
// may be on and may not be: it is taken off as if it were on since the call. "It is
// on" counts from the press, "In 10 minutes" calls anew, "Not now" ends it. What the
// person has asked for is on at once.

const (
	// callAgain is how long a call is put off.
	callAgain = 10 * time.Minute
	// mostLater is how often in a row.
	mostLater = 3
)

// calls begins a round. Asked says that the person has asked for it at this moment.
func (tk *tracks) calls(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder, asked bool) {
	tr.On, tr.Ends, tr.Called = tk.p.now, tk.p.now.Add(spec.HoldIn(tk.p)), !asked
	tk.keepOff(tr, spec)
	m := flows.Message{Class: tk.messages.class}
	if asked {
		tk.armLook(tr, spec)
	}
	tk.arm(spec, flows.PhaseTakeOff, tr.Rev, tr.Ends)
	if asked {
		m.Text = cmp.Or(tk.texts.about(tr, r.Kind, "begun"), tk.texts.about(tr, r.Kind, "text"))
		m.Text = tk.withAlarm(tr, r.Kind, m.Text)
	}
	tk.deliver(tr, spec, r, m)
}

// armLook arms the look at the skin, if there is time for one. A nil spec is a round
// that is gone.
func (tk *tracks) armLook(tr *flows.Track, spec *lang.TrackSpec) {
	if !spec.Tells(flows.PhaseLook) {
		return
	}
	check := spec.CheckIn(tk.p, tr.Ends.Sub(tr.On))
	if at := tr.On.Add(check); check > 0 && at.After(tk.p.now) {
		tk.arm(spec, flows.PhaseLook, tr.Rev, at)
	}
}

// bounds are those of a round that was called.
func (tk *tracks) bounds(spec *lang.TrackSpec) plan.Round {
	if !spec.Tells(flows.PhaseTakeOff) {
		return plan.Round{}
	}
	return plan.Round{Most: spec.MostHold, Until: tk.p.instant(spec.Until)}
}

// meant is what a press on a reminder means, as the timeline calls it. That the round
// is on says nothing new of one that is on already.
func (tk *tracks) meant(o flows.Open, action string) string {
	tr := tk.p.track(o.Track)
	if tr == nil || o.Phase != flows.PhaseCall || action != actOn && action != actDone || over(o, tr) {
		return action
	}
	if !tr.Called {
		return actDone
	}
	switch since, _ := tk.bounds(tk.p.catalog.Track(o.Track)).PutOn(tr, tk.p.now); {
	case since == plan.SinceNow:
		return actOn
	case since == plan.SinceEither && tk.texts.about(tr, o.Kind, "when") != "":
		return actWhen
	}
	return actSince
}

// takes reports whether an open reminder has a button.
func (tk *tracks) takes(o flows.Open, action string) bool {
	tr := tk.p.track(o.Track)
	switch {
	case action == actWrong:
		return tr != nil && tk.mayLookWrong(tr, o.Phase)
	case o.Phase == flows.PhaseWhen:
		return action == actOn || action == actSince
	case action == actDone || action == actSkip:
		return true
	case o.Phase == flows.PhaseTick && tr != nil:
		return action == actDid && tk.texts.button(o.Kind, actDid) != "" || action == actLater && tk.mayRemindLater(tr, o)
	case o.Phase != flows.PhaseCall || tr == nil:
		return false
	case over(o, tr):
		return action == actOn || action == actLater
	}
	return action == actOn || action == actLater && tk.mayPutOff(tr, o.Kind)
}

// answered does what the person says to a reminder, and returns what is said to that.
func (tk *tracks) answered(tr *flows.Track, o flows.Open, choice string) string {
	switch {
	case choice == actOn && o.Phase == flows.PhaseWhen:
		tk.justNow(tr)
	case choice == actOn:
		tk.putOn(tr, true)
	case choice == actSince && o.Phase == flows.PhaseCall:
		tk.putOn(tr, false)
	case choice == actLater:
		if o.Phase == flows.PhaseTick {
			tk.remindLater(tr, o)
		} else {
			tk.putOff(tr)
		}
		if !tk.comes(tr) {
			choice = actSkip // there is no time for it any more
		}
	case choice == actSkip:
		tk.skip(tr, o)
	case choice == actWrong:
		tk.wrong(tr)
	}
	if choice == actOn || choice == actSince {
		return tk.withAlarm(tr, o.Kind, tk.texts.about(tr, o.Kind, actDone))
	}
	return tk.texts.about(tr, o.Kind, choice)
}

// putOn takes it that the round is on, from this moment or since the call.
func (tk *tracks) putOn(tr *flows.Track, now bool) {
	spec := tk.p.catalog.Track(tr.Name)
	tr.Called, tr.Later, tr.Missed = false, 0, 0
	tk.timers.cancelPhase(tr.Name, flows.PhaseLook)
	if now {
		off := tk.bounds(spec).Off(tr, tk.p.now)
		tr.On, tr.Ends = tk.p.now, off
		tk.moveOff(tr)
	}
	tk.armLook(tr, spec)
}

// moveOff arms the take-off anew, for when the round ends now.
func (tk *tracks) moveOff(tr *flows.Track) {
	for _, r := range slices.Clone(tk.p.s.Pending) {
		if r.Track == tr.Name && r.Phase == flows.PhaseTakeOff {
			tk.timers.cancel(r.ID)
			r.Due = tr.Ends
			tk.timers.arm(r)
		}
	}
}

// justNow takes it that a round has gone on at this moment that was taken to be on
// since its call: a look at the skin that has come meanwhile came too early.
func (tk *tracks) justNow(tr *flows.Track) {
	s := tk.p.s
	s.Open = slices.DeleteFunc(s.Open, func(o flows.Open) bool { return o.Track == tr.Name && o.Phase == flows.PhaseLook })
	tk.putOn(tr, true)
}

// putOff takes a call back for a while. It is no round of the day until it comes
// again, and the gap before it counts as before.
func (tk *tracks) putOff(tr *flows.Track) {
	spec, later := tk.p.catalog.Track(tr.Name), tr.Later+1
	tk.timers.cancelTrack(tr.Name)
	tr.Rev++
	off, called := tr.Off, tr.On
	tk.cut(tr)
	tr.Off, tr.Last, tr.Missed = off, off, 0
	tr.Today, tr.Total = max(0, tr.Today-1), max(0, tr.Total-1)
	if spec == nil || !tr.Running {
		return
	}
	tk.schedule(tr, spec, tk.p.now.Add(callAgain))
	tk.timers.note(tr.Name, tk.cameFirst(tr.Name, called), flows.MovedByPerson)
	tr.Later = later
}

// mayPutOff reports whether a call may be put off once more.
func (tk *tracks) mayPutOff(tr *flows.Track, kind string) bool {
	return tr.Called && tr.Later < mostLater && tk.texts.button(kind, actLater) != ""
}

// wrong ends the round that is on, and tells to take it off.
func (tk *tracks) wrong(tr *flows.Track) {
	if tr.On.IsZero() {
		return
	}
	tk.timers.cancelTrack(tr.Name)
	tr.Rev++
	was := *tr
	tk.takeBack(tr, flows.Cancelled)
	tk.ends(tr, tk.p.catalog.Track(tr.Name))
	tk.tellCut(&was)
}

// mayLookWrong reports whether a look at the skin, or what tells that a round has begun,
// can be answered by that the skin looks wrong.
func (tk *tracks) mayLookWrong(tr *flows.Track, phase flows.Phase) bool {
	spec := tk.p.catalog.Track(tr.Name)
	return (phase == flows.PhaseLook || phase == flows.PhaseCall) && spec != nil && spec.Wrong != ""
}

// unanswered counts a call that nobody has answered, and says how the take-off is told
// then: without a sound if it is not the first.
func (tk *tracks) unanswered(tr *flows.Track, off string, m *flows.Message) {
	tr.Missed++
	m.Silent = tr.Missed > 1
	m.Text = tk.texts.about(tr, off, "unsure")
}

// tired reports whether no call is to come until the person is heard.
func tired(tr *flows.Track, spec *lang.TrackSpec) bool {
	return spec.RestsAfter > 0 && tr.Missed >= spec.RestsAfter
}

// wake lets calls come again, since the person is heard.
func (tk *tracks) wake() {
	for i := range tk.p.s.Tracks {
		tr := &tk.p.s.Tracks[i]
		if !tr.Resting {
			continue
		}
		tr.Resting, tr.Missed = false, 0
		if spec := tk.p.catalog.Track(tr.Name); spec != nil && tr.Running && tr.On.IsZero() && tk.p.live() {
			rules := tk.p.rules(spec)
			tr.Rev++
			tk.armFirst(tr, spec, rules, tk.p.now, rules.Gap)
		}
	}
}

// withAlarm is what is said of a round that is on, with the word about an alarm clock
// the first time in an episode.
func (tk *tracks) withAlarm(tr *flows.Track, kind, text string) string {
	first := tk.texts.about(tr, kind, "first")
	if tr.Alarmed || first == "" {
		return text
	}
	tr.Alarmed = true
	if text == "" {
		return first
	}
	return text + "\n\n" + first
}
