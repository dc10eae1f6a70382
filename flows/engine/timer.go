package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// screenGrace is how late a repeated question may be before it is dropped.
const screenGrace = 15 * time.Minute

// remind arms a timer, never in the past.
func (t *turn) remind(phase flows.Phase, kind, track string, rev uint64, due time.Time) {
	if due.Before(t.now) {
		due = t.now
	}
	t.s.Reminders++
	r := flows.Reminder{
		ID: t.s.Reminders, Episode: t.s.Episode.Number,
		Kind: kind, Phase: phase, Due: due.UTC(), Track: track, Rev: rev,
	}
	t.s.Pending = append(t.s.Pending, r)
	t.emit(flows.Remind{Reminder: r})
}

// cancel ends a pending timer that is not to come any more.
func (t *turn) cancel(id uint64) {
	t.s.Pending = slices.DeleteFunc(t.s.Pending, func(r flows.Reminder) bool { return r.ID == id })
	t.emit(flows.Settle{ID: id, State: flows.Cancelled})
}

// settleTrack cancels all pending timers of a track.
func (t *turn) settleTrack(track string) {
	for i := 0; i < len(t.s.Pending); {
		if r := t.s.Pending[i]; r.Track == track {
			t.cancel(r.ID)
		} else {
			i++
		}
	}
}

// arm sets the timer of the question in force: the nudge if there is one to
// come, otherwise the end of the wait. The end is armed by the nudge, so that
// an answer, which is what mostly comes, has one timer to settle and not two.
func (t *turn) arm(f *lang.Flow, w *lang.Wait, nudged bool) {
	if w == nil {
		return
	}
	waking := allDay
	if w.Waking {
		waking = t.view().waking(f)
	}
	if w.Nudge > 0 && !nudged {
		t.remind(flows.PhaseAsk, flows.KindNudge, screen, t.s.Rev, t.view().awake(waking, t.now.Add(w.Nudge)))
		return
	}
	end := t.now.Add(w.Timeout - w.Nudge)
	if w.Until != nil {
		until, ok := t.instant(w.Until)
		if !ok {
			return
		}
		// A moment that has passed still leaves the person time to read.
		end = later(until, t.now.Add(time.Minute))
	}
	t.remind(flows.PhaseWait, flows.KindTimeout, screen, t.s.Rev, t.view().awake(waking, end))
}

// due takes the timers that have come due. One that no longer fits what armed
// it is dropped. After a backlog the person gets one late message at the most.
func (t *turn) due(ids []uint64) {
	t.class = flows.Push
	lateSaid := false
	for _, id := range t.takeOffsFirst(ids) {
		i := slices.IndexFunc(t.s.Pending, func(r flows.Reminder) bool { return r.ID == id })
		if i < 0 {
			continue // settled by a timer before it in this turn, or long ago
		}
		r := t.s.Pending[i]
		if r.Due.After(t.now) {
			continue // not due at all: it stays armed
		}
		t.s.Pending = slices.Delete(t.s.Pending, i, i+1)
		if r.Track == screen {
			t.dueScreen(r)
			continue
		}
		lateSaid = t.dueTrack(r, lateSaid) || lateSaid
	}
}

// takeOffsFirst puts the ends of rounds before everything else that has come
// due: nothing is said before them while a pack is on.
func (t *turn) takeOffsFirst(ids []uint64) []uint64 {
	var ends, others []uint64
	for _, id := range ids {
		i := slices.IndexFunc(t.s.Pending, func(r flows.Reminder) bool { return r.ID == id })
		if i >= 0 && t.s.Pending[i].Phase == flows.PhaseTakeOff {
			ends = append(ends, id)
		} else {
			others = append(others, id)
		}
	}
	return append(ends, others...)
}

func (t *turn) dueScreen(r flows.Reminder) {
	f, i := t.place(t.s.At)
	late := t.now.Sub(r.Due) > screenGrace
	if r.Rev != t.s.Rev || f == nil || f.Steps[i].Wait == nil {
		t.emit(flows.Settle{ID: r.ID, State: flows.Dropped})
		return
	}
	s := &f.Steps[i]
	if r.Phase == flows.PhaseAsk && t.edited(s) {
		t.emit(flows.Settle{ID: r.ID, State: flows.Merged})
		t.ask(f, i, t.text("system", "updated"))
		return
	}
	if r.Phase == flows.PhaseAsk {
		t.arm(f, s.Wait, true)
		if late {
			t.emit(flows.Settle{ID: r.ID, State: flows.Dropped})
			return
		}
		t.record(flows.Entry{Kind: flows.EntryReminder, Step: flows.KindNudge})
		t.reminder = r.ID
		t.show(s, t.text("system", "nudge"))
		return
	}
	t.record(flows.Entry{Kind: flows.EntryTimeout, Step: s.ID})
	t.leave()
	t.run(f, t.target(f, s.Wait.Next))
}

// dueTrack handles a timer of a round or recurrence. It reports whether it
// said something late.
func (t *turn) dueTrack(r flows.Reminder, lateSaid bool) bool {
	tr, spec := t.track(r.Track), t.catalog.Track(r.Track)
	if tr == nil || spec == nil || tr.Rev != r.Rev || !tr.Running && tr.On.IsZero() {
		t.emit(flows.Settle{ID: r.ID, State: flows.Dropped})
		return false
	}
	late := t.now.Sub(r.Due) > spec.Grace
	switch {
	case r.Phase == flows.PhaseTakeOff:
		t.roundOff(tr, spec, r)
		return late
	case r.Phase == flows.PhaseLook:
		if tr.On.IsZero() || late {
			t.emit(flows.Settle{ID: r.ID, State: flows.Expired})
			return false
		}
		t.deliver(tr, spec, r)
		return false
	}
	state, skip := t.skipLate(spec, late, lateSaid)
	if !skip && spec.When != nil && !t.holds(spec.When, "") {
		state, skip = flows.Dropped, true
	}
	if skip {
		t.emit(flows.Settle{ID: r.ID, State: state})
		t.again(tr, spec)
		return false
	}
	t.roundOn(tr, spec, r)
	return late
}

// skipLate decides whether a start that comes late is left out, and what then
// becomes of its timer.
func (t *turn) skipLate(spec *lang.TrackSpec, late, lateSaid bool) (flows.ReminderState, bool) {
	until, bounded := t.instant(spec.Until)
	from, opens := t.instant(spec.From)
	switch {
	case opens && t.now.Before(from): // the onset was told anew
		return flows.Expired, true
	case bounded && t.now.Add(spec.HoldIn(scope{t.view(), ""})).After(until):
		return flows.Expired, true
	case !late:
		return "", false
	case spec.Late == lang.LateExpire:
		return flows.Expired, true
	case spec.Late == lang.LateDrop:
		return flows.Dropped, true
	case lateSaid:
		return flows.Merged, true
	}
	return "", false
}
