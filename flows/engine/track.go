package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// start sets a track going. Starting one that runs already changes nothing.
func (t *turn) start(name string) {
	spec := t.catalog.Track(name)
	tr := t.track(name)
	if tr == nil {
		t.s.Tracks = append(t.s.Tracks, flows.Track{Name: name, Flow: spec.Flow})
		tr = &t.s.Tracks[len(t.s.Tracks)-1]
	}
	if tr.Running {
		return
	}
	tr.Running = true
	if !tr.On.IsZero() {
		return // stopped in the middle of a round; its end schedules the next
	}
	tr.Rev++
	v := t.view()
	first := t.now.Add(spec.First)
	if !tr.Off.IsZero() {
		first = later(first, tr.Off.Add(v.pause(spec)))
	}
	if t.class != flows.Push && first.Equal(t.now) && !spec.ByTime() && v.allowed(tr, spec, first) {
		// The person has just asked for it, so they are awake.
		t.remindTrack(spec, spec.Start(), tr.Rev, first)
		return
	}
	t.schedule(tr, spec, first)
}

// beginNow starts a track with a round at once, because the person asks for one
// now. Nothing happens if there may be none.
func (t *turn) beginNow(name string) {
	if (scope{t.view(), ""}).WhyNot(name) != "" {
		return
	}
	spec, tr := t.catalog.Track(name), t.track(name)
	if tr == nil {
		t.s.Tracks = append(t.s.Tracks, flows.Track{Name: name, Flow: spec.Flow})
		tr = t.track(name)
	}
	t.settleTrack(name)
	tr.Running = true
	tr.Rev++
	t.remindTrack(spec, spec.Start(), tr.Rev, t.now)
}

// stop halts one track, or all of them. Stopping one lets the round in progress
// end on time; stopping all ends it now, and the step's text says so.
func (t *turn) stop(name string) {
	for i := range t.s.Tracks {
		tr := &t.s.Tracks[i]
		switch {
		case name == lang.AllTracks, tr.Name == name && tr.On.IsZero():
			t.halt(tr)
		case tr.Name == name:
			tr.Running = false
		}
	}
}

// halt ends a track at once, with the round in progress.
func (t *turn) halt(tr *flows.Track) {
	on := !tr.On.IsZero()
	if on {
		// The pack was on until now at the latest: the gap counts from here.
		tr.Off, tr.On, tr.Ends = t.now, time.Time{}, time.Time{}
	}
	tr.Running = false
	tr.Rev++
	t.settleTrack(tr.Name)
	if spec := t.catalog.Track(tr.Name); on && spec != nil {
		t.cutShort(spec)
	}
}

// cutShort tells a person to take off what they were told to put on, since the
// reminder that was to do so has just been cancelled. It is a message of its
// own: an edit would make no sound.
func (t *turn) cutShort(spec *lang.TrackSpec) {
	text := t.text(spec.Kind(flows.PhaseTakeOff), "cut")
	if text == "" {
		text = t.text(spec.Kind(flows.PhaseTakeOff), "text")
	}
	pressed, class, reminder := t.pressed, t.class, t.reminder
	t.pressed, t.class, t.reminder = 0, flows.TakeOff, 0
	t.say(text, nil)
	t.pressed, t.class, t.reminder = pressed, class, reminder
}

// rearm schedules a running track anew.
func (t *turn) rearm(tr *flows.Track) {
	spec := t.catalog.Track(tr.Name)
	if spec == nil {
		tr.Running = false
		return
	}
	tr.Rev++
	t.schedule(tr, spec, t.after(spec))
}

// starts reports whether a timer begins a round, or is what a recurrence
// consists of.
func starts(r flows.Reminder) bool {
	return r.Phase == flows.PhaseCall || r.Phase == flows.PhaseTick
}

// remindTrack arms a timer of a track.
func (t *turn) remindTrack(spec *lang.TrackSpec, phase flows.Phase, rev uint64, due time.Time) {
	t.remind(phase, spec.Kind(phase), spec.Name, rev, due)
}

// schedule arms the next start at the first allowed instant from earliest on.
// A track that has none left stops.
func (t *turn) schedule(tr *flows.Track, spec *lang.TrackSpec, earliest time.Time) {
	at, ok := t.view().next(tr, spec, earliest)
	if !ok {
		tr.Running = false
		tr.Rev++
		return
	}
	t.remindTrack(spec, spec.Start(), tr.Rev, at)
}

// after is the earliest instant of the start that follows one at now.
func (t *turn) after(spec *lang.TrackSpec) time.Time { return t.now.Add(t.view().pause(spec)) }

// noteMove remembers that a variable is about to change on which the hours of
// reminders rest.
func (t *turn) noteMove(variable string) {
	f := t.catalog.Flow((scope{t.view(), ""}).Episode())
	if f == nil || t.moved || variable != "zone" && !f.WakeFrom.Uses(variable) && !f.WakeTo.Uses(variable) {
		return
	}
	t.moved, t.today = true, t.day(t.now)
}

// replan arms the coming starts anew when the person's clock or waking hours
// have changed. What began today still counts for the day, and what has come at
// all its times of a local day does not come on that day again.
func (t *turn) replan() {
	if !t.moved || !t.live() {
		return
	}
	for i := range t.s.Tracks {
		tr := &t.s.Tracks[i]
		v, came := t.view(), *tr
		if tr.Day == t.today {
			tr.Day = max(tr.Day, v.day(t.now))
		}
		spec := t.catalog.Track(tr.Name)
		if spec == nil || !tr.Running || !tr.On.IsZero() {
			continue
		}
		at := slices.IndexFunc(t.s.Pending, func(r flows.Reminder) bool { return r.Track == tr.Name })
		if at < 0 {
			continue
		}
		due := later(t.s.Pending[at].Due, t.now)
		if spec.ByTime() {
			due = t.now
			if times := spec.TimesIn(scope{v, ""}); came.Today >= max(1, len(times)) {
				due = v.afterCounted(&came, t.now)
			}
		} else if due.Equal(t.now) {
			continue // the person has just asked for it
		}
		t.settleTrack(tr.Name)
		tr.Rev++
		t.schedule(tr, spec, due)
	}
}

// roundOn begins a round, or delivers a recurrence.
func (t *turn) roundOn(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder) {
	if v := t.view(); !v.counted(tr, t.now) {
		tr.Day, tr.Today = v.day(t.now), 0
	}
	tr.Today++
	tr.Total++
	if !spec.Round() {
		t.again(tr, spec)
		t.deliver(tr, spec, r)
		return
	}
	s := scope{t.view(), ""}
	tr.On, tr.Ends = t.now, t.now.Add(spec.HoldIn(s))
	if check := spec.CheckIn(s); check > 0 {
		t.remindTrack(spec, flows.PhaseLook, tr.Rev, t.now.Add(check))
	}
	t.remindTrack(spec, flows.PhaseTakeOff, tr.Rev, tr.Ends)
	t.deliver(tr, spec, r)
}

// again schedules what follows a start that came, or that was left out.
func (t *turn) again(tr *flows.Track, spec *lang.TrackSpec) {
	if spec.Once {
		tr.Running = false
		return
	}
	t.schedule(tr, spec, t.after(spec))
}

// roundOff ends a round. It is always told, however late: a pack that is still
// on does harm.
func (t *turn) roundOff(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder) {
	t.endRound(tr, spec)
	t.class = flows.TakeOff
	t.deliver(tr, spec, r)
	t.class = flows.Push
}

// endRound notes the take-off and schedules the next round: the gap counts
// from here.
func (t *turn) endRound(tr *flows.Track, spec *lang.TrackSpec) {
	tr.On, tr.Ends, tr.Off = time.Time{}, time.Time{}, t.now
	if tr.Running {
		t.schedule(tr, spec, t.after(spec))
	}
}

// deliver sends a reminder and keeps its buttons open.
func (t *turn) deliver(tr *flows.Track, spec *lang.TrackSpec, r flows.Reminder) {
	t.record(flows.Entry{Kind: flows.EntryReminder, Step: r.Kind})
	t.reminder = r.ID
	if spec.Run != "" {
		t.enter(t.catalog.Flow(spec.Run))
		if t.reminder != 0 { // the flow had nothing to say
			t.reminder = 0
			t.emit(flows.Settle{ID: r.ID, State: flows.Dropped})
		}
		return
	}
	text := t.textOf(r.Kind, "text", tr)
	if last := t.textOf(r.Kind, "last", tr); last != "" && !t.comes(tr) {
		text = last
	}
	t.say(text, t.reminderKeyboard(r.ID, r.Kind))
	if r.Phase == flows.PhaseCall || r.Phase == flows.PhaseLook {
		// A start that arrives when its end has been told would have no end.
		t.amend(func(m *flows.Message) { m.Expires = tr.Ends })
	}
	t.s.Open = append(t.s.Open, flows.Open{ID: r.ID, Kind: r.Kind, Phase: r.Phase, Track: spec.Name, At: t.now})
	if extra := len(t.s.Open) - maxOpen; extra > 0 {
		t.s.Open = slices.Delete(t.s.Open, 0, extra)
	}
}

// comes reports whether a further start of the track is planned.
func (t *turn) comes(tr *flows.Track) bool {
	return slices.ContainsFunc(t.s.Pending, func(r flows.Reminder) bool {
		return r.Track == tr.Name && starts(r)
	})
}

// pressReminder takes a press of a reminder's button. "Worse" and "Stop" work
// on every reminder of a live episode, however old: whoever is in trouble
// presses what they see.
func (t *turn) pressReminder(id uint64, action string) {
	i := slices.IndexFunc(t.s.Open, func(o flows.Open) bool { return o.ID == id })
	urgent := action == actWorse || action == actStop
	if !t.live() || i < 0 && !(urgent && id <= t.s.Reminders) || !urgent && action != actDone && action != actSkip {
		t.stale()
		return
	}
	var open flows.Open
	if i >= 0 {
		open = t.s.Open[i]
		t.s.Open = slices.Delete(t.s.Open, i, i+1)
	}
	step := open.Kind
	if step == "" {
		step = "reminder" // too old to know which
	}
	t.record(flows.Entry{Kind: flows.EntryAnswer, Step: step, Choice: action})
	if !urgent {
		t.acknowledge(open, action)
		return
	}
	episode := t.catalog.Flow(t.s.Episode.Flow)
	t.strip()
	if episode == nil {
		t.end("stopped")
		return
	}
	flow := t.catalog.Flow(episode.Stop)
	if action == actWorse {
		flow = t.catalog.Flow(episode.Worse)
	}
	if flow == nil {
		t.end("stopped")
		return
	}
	t.enter(flow)
}

// acknowledge notes "Done" or "Skip" on a reminder. Skipping the start of the
// round in progress ends that round.
func (t *turn) acknowledge(o flows.Open, action string) {
	tr, spec := t.track(o.Track), t.catalog.Track(o.Track)
	if spec == nil || tr == nil {
		t.strip()
		return
	}
	if action == actSkip && o.Phase == flows.PhaseCall && tr.On.Equal(o.At) {
		t.settleTrack(tr.Name)
		tr.Rev++
		t.endRound(tr, spec)
	}
	onSkin := o.Phase == flows.PhaseCall || o.Phase == flows.PhaseLook
	if onSkin && action == actDone && (tr.On.IsZero() || tr.On.After(o.At)) {
		t.toast("round_over")
		t.strip()
		return
	}
	if action == actDone && spec.Done != "" {
		t.strip()
		t.enter(t.catalog.Flow(spec.Done))
		return
	}
	text := t.textOf(o.Kind, action, tr)
	if text == "" || t.pressed == 0 {
		t.strip()
		return
	}
	t.say(text, nil)
}
