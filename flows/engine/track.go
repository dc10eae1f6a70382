package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// track finds the running state of a round or recurrence, nil if it was never
// started.
func (t *turn) track(name string) *flows.Track {
	for i := range t.s.Tracks {
		if t.s.Tracks[i].Name == name {
			return &t.s.Tracks[i]
		}
	}
	return nil
}

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
	first := t.now.Add(spec.First)
	if !tr.Off.IsZero() {
		first = later(first, tr.Off.Add(spec.Gap))
	}
	if first.Equal(t.now) && len(spec.Times) == 0 && t.allowed(tr, spec, first) {
		// The person has just asked for it, so they are awake.
		t.remind(startKind(spec), tr.Name, tr.Rev, first)
		return
	}
	t.schedule(tr, spec, first)
}

// stop halts one track, or all of them. Stopping one lets the round in progress
// end on time; stopping all ends it now, and the step's text says so.
func (t *turn) stop(name string) {
	for i := range t.s.Tracks {
		tr := &t.s.Tracks[i]
		switch {
		case name == flows.AllTracks, tr.Name == name && tr.On.IsZero():
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
		tr.Off, tr.On = t.now, time.Time{}
	}
	tr.Running = false
	tr.Rev++
	t.settleTrack(tr.Name, flows.Cancelled)
	if spec := t.catalog.Track(tr.Name); on && spec != nil {
		t.cutShort(spec)
	}
}

// cutShort tells a person to take off what they were told to put on, since the
// reminder that was to do so has just been cancelled. It is a message of its
// own: an edit would make no sound.
func (t *turn) cutShort(spec *flows.TrackSpec) {
	text := t.text(spec.Kind(flows.PhaseOff), "cut")
	if text == "" {
		text = t.text(spec.Kind(flows.PhaseOff), "text")
	}
	pressed, class := t.pressed, t.class
	t.pressed, t.class = 0, flows.TakeOff
	t.say(text, nil)
	t.pressed, t.class = pressed, class
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

// startKind is the kind of the reminder that begins a round, or that a
// recurrence consists of.
func startKind(spec *flows.TrackSpec) string {
	if spec.Round() {
		return spec.Kind(flows.PhaseOn)
	}
	return spec.Kind("")
}

// allowed reports whether a start at an instant keeps within the day's number
// and the bounds.
func (t *turn) allowed(tr *flows.Track, spec *flows.TrackSpec, at time.Time) bool {
	if from, ok := t.instant(spec.From); ok && at.Before(from) {
		return false
	}
	if until, ok := t.instant(spec.Until); ok && at.Add(spec.Hold).After(until) {
		return false
	}
	return spec.MostPerDay == 0 || tr.Day != t.day(at) || tr.Today < spec.MostPerDay
}

// schedule arms the next start at the first allowed instant from earliest on.
// A track that has none left stops.
func (t *turn) schedule(tr *flows.Track, spec *flows.TrackSpec, earliest time.Time) {
	at := earliest
	if from, ok := t.instant(spec.From); ok {
		at = later(at, from)
	}
	waking := allDay
	if f := t.catalog.Flow(spec.Flow); spec.Waking && f != nil {
		waking = f.Waking
		// A round ends before the person sleeps.
		waking.To = (waking.To - int(spec.Hold.Minutes()) + 24*60) % (24 * 60)
	}
	at = t.awake(waking, t.nextTime(spec, at))
	if spec.MostPerDay > 0 && tr.Day == t.day(at) && tr.Today >= spec.MostPerDay {
		at = t.awake(waking, t.nextTime(spec, t.timeOfDay(at, 1, 0)))
	}
	if !t.allowed(tr, spec, at) {
		tr.Running = false
		tr.Rev++
		return
	}
	t.remind(startKind(spec), tr.Name, tr.Rev, at)
}

// nextTime moves an instant to the next of the track's days and times of day;
// without these it stays.
func (t *turn) nextTime(spec *flows.TrackSpec, at time.Time) time.Time {
	if len(spec.Times) == 0 && len(spec.Days) == 0 {
		return at
	}
	for day := range 8 {
		if len(spec.Days) > 0 && !slices.Contains(spec.Days, t.timeOfDay(at, day, noon).In(t.zone()).Weekday()) {
			continue
		}
		if len(spec.Times) == 0 {
			return later(at, t.timeOfDay(at, day, 0))
		}
		for _, minute := range spec.Times {
			if due := t.timeOfDay(at, day, minute); !due.Before(at) {
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
func (t *turn) timeOfDay(at time.Time, days, minute int) time.Time {
	y, m, d := at.In(t.zone()).Date()
	got := time.Date(y, m, d+days, 0, minute, 0, 0, t.zone())
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

// after is the earliest instant of the start that follows one at now.
func (t *turn) after(spec *flows.TrackSpec) time.Time {
	if spec.Gap == 0 {
		return t.now.Add(time.Minute) // the times of day tell them apart
	}
	return t.now.Add(spec.Gap)
}

// roundOn begins a round, or delivers a recurrence.
func (t *turn) roundOn(tr *flows.Track, spec *flows.TrackSpec, r flows.Reminder) {
	if today := t.day(t.now); tr.Day != today {
		tr.Day, tr.Today = today, 0
	}
	tr.Today++
	if !spec.Round() {
		t.schedule(tr, spec, t.after(spec))
		t.deliver(tr, spec, r, r.Kind)
		return
	}
	tr.On = t.now
	if spec.Check > 0 {
		t.remind(spec.Kind(flows.PhaseCheck), tr.Name, tr.Rev, t.now.Add(spec.Check))
	}
	t.remind(spec.Kind(flows.PhaseOff), tr.Name, tr.Rev, t.now.Add(spec.Hold))
	t.deliver(tr, spec, r, r.Kind)
}

// roundOff ends a round. It is always told, however late: a pack that is still
// on does harm.
func (t *turn) roundOff(tr *flows.Track, spec *flows.TrackSpec, r flows.Reminder) {
	t.endRound(tr, spec)
	t.class = flows.TakeOff
	t.deliver(tr, spec, r, r.Kind)
	t.class = flows.Push
}

// endRound notes the take-off and schedules the next round: the gap counts
// from here.
func (t *turn) endRound(tr *flows.Track, spec *flows.TrackSpec) {
	tr.On, tr.Off = time.Time{}, t.now
	if tr.Running {
		t.schedule(tr, spec, t.after(spec))
	}
}

// deliver sends a reminder and keeps its buttons open.
func (t *turn) deliver(tr *flows.Track, spec *flows.TrackSpec, r flows.Reminder, kind string) {
	t.record(flows.Entry{Kind: flows.EntryReminder, Step: kind})
	t.reminder = r.ID
	text := t.textOf(kind, "text", tr)
	if last := t.textOf(kind, "last", tr); last != "" && !t.comes(tr, spec) {
		text = last
	}
	t.say(text, t.reminderKeyboard(r.ID, kind))
	if on := kind == spec.Kind(flows.PhaseOn) || kind == spec.Kind(flows.PhaseCheck); on && spec.Round() {
		t.expire(tr.On.Add(spec.Hold))
	}
	t.s.Open = append(t.s.Open, flows.Open{ID: r.ID, Kind: kind, Track: spec.Name, At: t.now})
	if extra := len(t.s.Open) - maxOpen; extra > 0 {
		t.s.Open = slices.Delete(t.s.Open, 0, extra)
	}
}

// comes reports whether a further start of the track is planned.
func (t *turn) comes(tr *flows.Track, spec *flows.TrackSpec) bool {
	return slices.ContainsFunc(t.s.Pending, func(r flows.Reminder) bool {
		return r.Track == tr.Name && r.Kind == startKind(spec)
	})
}

// expire gives the last message a time after which it must not be sent: a
// start that arrives when its end has been told would have no end.
func (t *turn) expire(at time.Time) {
	last := len(t.effects) - 1
	m := t.effects[last].(flows.Say).Message
	m.Expires = at
	t.effects[last] = flows.Say{Message: m}
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
	if action == actSkip && o.Kind == spec.Kind(flows.PhaseOn) && tr.On.Equal(o.At) {
		t.settleTrack(tr.Name, flows.Cancelled)
		tr.Rev++
		t.endRound(tr, spec)
	}
	starts := o.Kind == spec.Kind(flows.PhaseOn) || o.Kind == spec.Kind(flows.PhaseCheck)
	if spec.Round() && starts && action == actDone && (tr.On.IsZero() || tr.On.After(o.At)) {
		t.toast("round_over")
		t.strip()
		return
	}
	text := t.textOf(o.Kind, action, tr)
	if text == "" || t.pressed == 0 {
		t.strip()
		return
	}
	t.say(text, nil)
}
