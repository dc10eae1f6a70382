package engine

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// maxOpen bounds the reminders whose buttons still answer.
const maxOpen = 12

// Step takes one event of one person and returns the person's new state and
// what is to be done about it. It is pure: the same arguments give the same
// results for ever, and s is not changed.
//
// Nothing that comes from outside makes Step fail. What does not fit the state
// is answered with a word of guidance, or ignored if nobody is there to read.
func Step(c *lang.Catalog, s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
	t := &turn{catalog: c, s: s.Clone(), now: now.UTC(), class: flows.Reply}
	switch ev := ev.(type) {
	case flows.Due:
		t.due(ev.IDs)
		t.replan()
		if ev.Missed {
			t.joinMessages()
		}
		return t.s, t.effects
	case flows.Resume:
		t.due(ev.IDs)
		t.replan()
		t.resume(ev.Back)
		t.joinMessages()
		return t.s, t.effects
	case flows.SetBack:
		t.setBack(ev.By)
		return t.s, t.effects
	case flows.Blocked:
		t.blocked()
		return t.s, t.effects
	case flows.Unblocked:
		t.revive()
		return t.s, t.effects
	}
	t.s.Heard = t.now
	t.revive() // whoever writes has not blocked us
	switch ev := ev.(type) {
	case flows.Command:
		t.command(ev)
	case flows.Button:
		t.pressed = ev.Message
		t.button(ev)
	case flows.Text:
		t.typed(ev)
	case flows.Unsupported:
		t.unexpected("unexpected")
	}
	t.replan()
	return t.s, t.effects
}

// turn is the work on one event.
type turn struct {
	catalog *lang.Catalog
	s       flows.State
	now     time.Time
	effects []flows.Effect

	// pressed is the message whose button was pressed, as long as nothing
	// has taken its place.
	pressed int64
	// reminder is the timer that the next message delivers.
	reminder uint64
	// stands says that the question in force was interrupted by a reminder's
	// flow: if that says nothing, the question stands as it did.
	stands bool
	// moved says that the person's clock or waking hours have changed; today
	// is the day it was before.
	moved bool
	today string
	// class is the class of the messages of this turn.
	class flows.Class
}

func (t *turn) emit(e flows.Effect) { t.effects = append(t.effects, e) }

func (t *turn) live() bool { return t.s.Episode.Live() }

// record writes on the timeline of the live episode, or of the last one.
func (t *turn) record(e flows.Entry) {
	if t.s.Episode.Number == 0 {
		return // a stranger has no timeline
	}
	t.s.Entries++
	e.Seq, e.Episode, e.At = t.s.Entries, t.s.Episode.Number, t.now
	t.emit(flows.Record{Entry: e})
}

// command starts the flow that answers to it.
func (t *turn) command(ev flows.Command) {
	f := t.catalog.ForCommand(ev.Name, (scope{t.view(), ""}).Episode())
	if f == nil {
		t.unexpected("unknown_command")
		return
	}
	if t.live() {
		t.record(flows.Entry{Kind: flows.EntryCommand, Choice: ev.Name})
	}
	t.enter(f)
}

// enter runs a flow from its beginning: an episode, or an interruption of
// whatever the person was doing.
func (t *turn) enter(f *lang.Flow) {
	if f.Episode {
		switch {
		case t.live() && t.s.Episode.Flow == f.ID:
			t.end("restarted")
		case t.live():
			t.end("interrupted")
		}
		t.begin(f)
	} else {
		t.interrupt(f.ID)
	}
	t.run(f, 0)
}

func (t *turn) begin(f *lang.Flow) {
	t.s.Episode = flows.Episode{Number: t.s.Episode.Number + 1, Flow: f.ID, Started: t.now}
	t.s.Vars = slices.DeleteFunc(t.s.Vars, func(v flows.Var) bool { return !t.catalog.Remembers(v.Name) })
	t.s.Measures, t.s.Tracks, t.s.Stack, t.s.At = nil, fresh(t.s.Tracks), nil, flows.Place{}
	t.record(flows.Entry{Kind: flows.EntryStart, Step: f.ID})
}

// interrupt puts the waiting step on the stack, to be asked again when the
// interrupting flow returns. The stack cannot grow without end: a question that
// stands on it already, asked by the same calls, is where the person is back
// at, and a question of the interrupting flow is given up, since that flow
// begins anew.
func (t *turn) interrupt(flow string) {
	at := t.s.At
	t.stands = t.reminder != 0 && at.Step != "" && at.Flow != flow
	if at.Step != "" {
		at.Again = true
		t.s.Stack = append(t.s.Stack, at)
		t.s.Stack = t.s.Stack[:firstLike(t.s.Stack)]
	}
	t.s.Stack = slices.DeleteFunc(t.s.Stack, func(at flows.Place) bool { return at.Again && at.Flow == flow })
	if t.stands {
		t.s.At = flows.Place{} // its screen stays as long as nothing takes its place
		return
	}
	t.leave()
}

// firstLike is how much to keep of a stack whose last place is a question: up to
// the first one like it that was asked by the same calls.
func firstLike(stack []flows.Place) int {
	calls := func(question int) []flows.Place { // and the question itself
		begin := question
		for begin > 0 && !stack[begin-1].Again {
			begin--
		}
		return stack[begin : question+1]
	}
	last := len(stack) - 1
	for i, at := range stack[:last] {
		if at.Again && slices.Equal(calls(i), calls(last)) {
			return i + 1
		}
	}
	return len(stack)
}

// leave takes the screen in force away, together with its timers.
func (t *turn) leave() {
	t.s.At, t.s.Draft = flows.Place{}, flows.Value{}
	t.s.Rev++
	t.settleTrack(screen)
}

// unexpected answers a message that nothing waits for, and shows the question
// in force once more if there is one.
func (t *turn) unexpected(text string) {
	t.record(flows.Entry{Kind: flows.EntryUnexpected, Step: t.s.At.Step})
	f, i := t.place(t.s.At)
	if f == nil {
		if text == "use_buttons" {
			text = "idle"
		}
		t.say(t.text("system", text), nil)
		return
	}
	if s := &f.Steps[i]; t.edited(s) {
		t.ask(f, i, t.text("system", "updated"))
	} else {
		// The question is still in force: its buttons work wherever they are.
		t.show(s, t.text("system", text))
	}
}

// blocked stops everything timed. The episode stays where it is, for the case
// that the person comes back.
func (t *turn) blocked() {
	if t.s.Inactive {
		return
	}
	t.s.Inactive = true
	t.record(flows.Entry{Kind: flows.EntryBlocked})
	for len(t.s.Pending) > 0 {
		t.cancel(t.s.Pending[0].ID)
	}
	for i := range t.s.Tracks {
		if tr := &t.s.Tracks[i]; !tr.On.IsZero() {
			tr.Off, tr.On, tr.Ends = t.now, time.Time{}, time.Time{} // the gap counts from here
		}
	}
}

// revive takes up an episode again whose person had blocked the bot.
func (t *turn) revive() {
	if !t.s.Inactive {
		return
	}
	t.s.Inactive = false
	t.record(flows.Entry{Kind: flows.EntryUnblocked})
	if !t.live() {
		return
	}
	for i := range t.s.Tracks {
		if t.s.Tracks[i].Running {
			t.rearm(&t.s.Tracks[i])
		}
	}
	if f, i := t.place(t.s.At); f != nil && f.Steps[i].Action == lang.ActAsk {
		t.ask(f, i, "")
	}
}

// end ends the live episode: nothing of it remains armed or waiting.
func (t *turn) end(outcome string) {
	for len(t.s.Pending) > 0 {
		t.cancel(t.s.Pending[0].ID)
	}
	for i := range t.s.Tracks {
		t.halt(&t.s.Tracks[i])
	}
	t.s.Stack, t.s.Open, t.s.At, t.s.Draft = nil, nil, flows.Place{}, flows.Value{}
	t.s.Rev++
	if !t.live() {
		return
	}
	t.record(flows.Entry{Kind: flows.EntryEnd, Choice: outcome})
	t.s.Episode.Ended, t.s.Episode.Outcome = t.now, outcome
	t.remember()
}

// fresh begins the counts of an episode anew. What bounds a day and a gap goes
// on: skin knows no episodes.
func fresh(tracks []flows.Track) []flows.Track {
	for i := range tracks {
		tracks[i].Total = 0
	}
	return tracks
}

// maxPast bounds the ended episodes that are remembered.
const maxPast = 20

// remember keeps what later episodes ask about the one that has ended.
func (t *turn) remember() {
	f := t.catalog.Flow(t.s.Episode.Flow)
	if f == nil || f.History == "" || t.s.Episode.Onset.IsZero() {
		return
	}
	mark, _ := t.s.Var(f.History).Any().(string)
	t.s.Past = append(t.s.Past, flows.Past{Flow: f.ID, Onset: t.s.Episode.Onset, Mark: mark})
	t.s.Past = t.s.Past[max(0, len(t.s.Past)-maxPast):]
}
