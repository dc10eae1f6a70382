package engine

import (
	"cmp"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// screenTrack is the track of the timers that belong to the question in force.
const screenTrack = "screen"

// screenGrace is how late a repeated question may be before it is dropped.
const screenGrace = 15 * time.Minute

// screen is the question in force, with its timers, and the stack of places to
// return to.
type screen struct {
	p        *person
	out      *effects
	timers   *timers
	messages *messages
	texts    texts
	// stands says that the question in force was interrupted by a reminder's
	// flow: if that says nothing, the question stands as it did.
	// Left is its step.
	stands bool
	left   string
	// begun says that a flow was begun that has interrupted the last question on
	// the stack, and has asked nothing yet.
	begun bool
	// correcting says that the turn goes back to what was typed, and corrected is the
	// number of the message that showed the question then; 0 if that is gone.
	correcting bool
	corrected  uint64
	// cardHome says that the card shows where the person stands, so that there is to be
	// one, and cardWanted that it is to be put at the end of the chat, with cardLead above
	// it until it changes.
	cardHome, cardWanted bool
	cardLead             string
	// seen says that the message that shows the question in force has arrived: one
	// of its buttons was pressed.
	seen bool
}

// question is the step that waits for the person, nil if none does.
func (sc *screen) question() (*lang.Flow, int) {
	f, i := sc.find(sc.p.s.At)
	if f == nil || f.Steps[i].Action != lang.ActAsk {
		return nil, 0
	}
	return f, i
}

// placeOf names a position so that it can be found again later.
func (sc *screen) placeOf(f *lang.Flow, i int) flows.Place {
	s := &f.Steps[i]
	return flows.Place{Flow: f.ID, Version: f.Version, Step: s.ID, Hash: s.Hash, Question: s.Asks}
}

// find finds a position again. If its step was retired, that is where the flow
// has moved it. It returns nil if the position is empty or nowhere any more.
func (sc *screen) find(at flows.Place) (*lang.Flow, int) {
	f := sc.p.catalog.Flow(at.Flow)
	if f == nil {
		return nil, 0
	}
	if i := f.Step(f.Heir(at.Step)); i >= 0 {
		return f, i
	}
	return nil, 0
}

// edited reports whether the step in force asks something else than the person
// was asked: the flow was edited meanwhile. A step in the place of a retired one may
// ask the same in the same words: then what answers the one answers the other.
func (sc *screen) edited(s *lang.Step) bool {
	at := sc.p.s.At
	if s.ID != at.Step {
		return s.Asks != at.Question
	}
	return s.Hash != at.Hash
}

// ask shows question i and waits. lead is a line to stand above it.
func (sc *screen) ask(f *lang.Flow, i int, lead string) { sc.askBy(f, i, lead, time.Time{}) }

// askBy asks a question whose wait is over at an instant, if that is not zero.
func (sc *screen) askBy(f *lang.Flow, i int, lead string, due time.Time) {
	s := &f.Steps[i]
	sc.comeTo(f, i)
	sc.show(s, lead)
	sc.p.s.Asked = sc.p.s.Shown
	if s.Wait == nil {
		return
	}
	sc.wait(f, s.Wait, false)
	if returns(f, s.Wait) {
		sc.waitOnlyBy(f, s.Wait, sc.beneath())
	}
	if keepsTime(f, s.Wait) {
		sc.waitOnlyBy(f, s.Wait, due)
	}
}

// comeTo puts question i in force, which no message shows yet.
func (sc *screen) comeTo(f *lang.Flow, i int) {
	sc.leave()
	s := sc.p.s
	s.At, s.Asked, s.Shown = sc.placeOf(f, i), s.Messages+1, s.Messages
	sc.merge()
}

// askEdited asks a question that is another now.
func (sc *screen) askEdited(f *lang.Flow, i int) {
	if f.Steps[i].OnCard() {
		sc.ask(f, i, "") // there is nothing to answer once more
		return
	}
	sc.ask(f, i, sc.texts.of("system", "updated"))
}

// show sends the question in force. It stays in force on the messages that have
// shown it before.
func (sc *screen) show(s *lang.Step, lead string) {
	if s.OnCard() {
		sc.cardHome, sc.cardLead = true, lead
		return
	}
	text := sc.texts.of(s.ID, "text")
	if lead != "" {
		text = lead + "\n\n" + text
	}
	sc.messages.tell(s, text, keyboard(sc.p, s))
	sc.p.s.Shown = sc.p.s.Messages
}

// again shows the question in force once more, or asks anew if it is another now.
func (sc *screen) again(f *lang.Flow, i int, lead string) {
	sc.cardWanted = sc.cardWanted || f.Steps[i].OnCard()
	if sc.edited(&f.Steps[i]) {
		sc.askEdited(f, i)
		return
	}
	sc.show(&f.Steps[i], lead)
}

// shows reports whether there is a question in force and a message shows it, so that
// its buttons answer it.
func (sc *screen) shows(number uint64) bool {
	f, _ := sc.question()
	return f != nil && number >= sc.p.s.Asked && number <= sc.p.s.Messages
}

// newest reports whether nothing new stands below the question in force.
func (sc *screen) newest() bool { return sc.p.s.Shown >= sc.p.s.Newest }

// draft keeps what the person has put together so far, and shows it on the
// buttons. The words stay, and so does the question that is in force: its other
// buttons still answer, wherever they are.
func (sc *screen) draft(s *lang.Step, v flows.Value) {
	sc.p.s.Draft = v
	newest := sc.newest()
	if sc.messages.elsewhere(s.ID) {
		sc.messages.pressed = 0
	}
	if !sc.messages.change(keyboard(sc.p, s)) {
		sc.show(s, "") // the buttons cannot be reached
		return
	}
	if newest {
		sc.p.s.Shown = sc.p.s.Messages // an edit is not below it
	}
}

// stays leaves the question in force, and its buttons, on the pressed message, if a
// reminder was told in it as well. It is false for any other message.
func (sc *screen) stays(number uint64) bool {
	f, i := sc.question()
	if f == nil || number != sc.p.s.Shown || sc.edited(&f.Steps[i]) {
		return false
	}
	newest := sc.newest()
	if !sc.messages.change(keyboard(sc.p, &f.Steps[i])) {
		return false
	}
	if newest {
		sc.p.s.Shown = sc.p.s.Messages // an edit is not below it
	}
	return true
}

// leave takes the screen in force away, together with its timers. If it has not
// arrived yet, it need not.
func (sc *screen) leave() {
	sc.takeBack()
	sc.p.s.At, sc.p.s.Draft = flows.Place{}, flows.Value{}
	sc.p.s.Rev++
	sc.timers.cancelTrack(screenTrack)
}

// takeBack takes away the messages that show the question in force, or the one that a
// reminder's flow has interrupted, but for the one on which it was answered. What has
// not arrived is withdrawn.
func (sc *screen) takeBack() {
	s := sc.p.s
	subject := cmp.Or(s.At.Step, sc.left)
	if subject != "" && !sc.seen {
		sc.out.withdraw(flows.Withdraw{From: s.Asked, To: s.Shown, Subject: subject, Timers: flows.Cancelled})
	}
	sc.messages.clears(func(st flows.Standing) bool {
		return st.Number != sc.messages.answered && (st.Of == subject || st.Of == "") // hints, too
	})
	sc.seen, sc.left = false, ""
}

// clear leaves every place.
func (sc *screen) clear() {
	sc.takeBack()
	sc.p.s.Stack, sc.p.s.At, sc.p.s.Draft = nil, flows.Place{}, flows.Value{}
	sc.p.s.Rev++
}

// wait sets the timer of the question in force: the nudge if there is one to
// come, otherwise the end of the wait. The end is armed by the nudge, so that
// an answer, which is what mostly comes, has one timer to settle and not two.
func (sc *screen) wait(f *lang.Flow, w *lang.Wait, nudged bool) {
	waking := plan.AllDay
	if w.Waking {
		waking = sc.p.waking(f)
	}
	if w.Nudge > 0 && !nudged {
		sc.arm(f, flows.PhaseAsk, waking.Next(sc.p.zone(), sc.p.now.Add(w.Nudge)))
		return
	}
	end := sc.p.now.Add(w.Timeout - w.Nudge)
	if w.Until != nil {
		until := sc.p.instant(w.Until)
		if until.IsZero() {
			return
		}
		// A moment that has passed still leaves the person time to read.
		end = flows.Later(until, sc.p.now.Add(time.Minute))
	}
	sc.arm(f, flows.PhaseWait, waking.Next(sc.p.zone(), end))
}

// arm arms the timer of the question in force.
func (sc *screen) arm(f *lang.Flow, phase flows.Phase, due time.Time) {
	kind := flows.KindTimeout
	if phase == flows.PhaseAsk {
		kind = flows.KindNudge
	}
	sc.timers.arm(flows.Reminder{Phase: phase, Kind: kind, Track: screenTrack, Rev: sc.p.s.Rev, Due: due, Sign: f.Urgent})
}

// due handles a timer of the screen. It reports whether the wait is over, and the
// question is left.
func (sc *screen) due(r flows.Reminder) (over bool) {
	f, i := sc.find(sc.p.s.At)
	if r.Rev != sc.p.s.Rev || f == nil || f.Steps[i].Wait == nil {
		sc.out.settle(r.ID, flows.Dropped)
		return false
	}
	s := &f.Steps[i]
	switch {
	case r.Phase != flows.PhaseAsk:
		sc.out.record(flows.Entry{Kind: flows.EntryTimeout, Step: s.ID})
		return true
	case sc.edited(s):
		sc.out.settle(r.ID, flows.Merged)
		sc.askEdited(f, i)
		return false
	}
	sc.wait(f, s.Wait, true)
	if sc.p.now.Sub(r.Due) > screenGrace {
		sc.out.settle(r.ID, flows.Dropped)
		return false
	}
	sc.out.record(flows.Entry{Kind: flows.EntryReminder, Step: flows.KindNudge})
	sc.messages.carried = r.ID
	sc.show(s, sc.texts.of("system", "nudge"))
	return false
}

// unexpected answers a message that nothing waits for, and shows the question
// in force once more if there is one.
func (sc *screen) unexpected(text string) {
	sc.out.record(flows.Entry{Kind: flows.EntryUnexpected, Step: sc.p.s.At.Step})
	sc.messages.hint = true
	if f, i := sc.find(sc.p.s.At); f != nil {
		sc.again(f, i, sc.texts.of("system", text))
		return
	}
	if text == "use_buttons" {
		text = "idle"
	}
	sc.messages.say(flows.Message{Text: sc.texts.of("system", text)}, button.Screen)
	sc.messages.stands(flows.Standing{})
}

// notNow answers what does nothing at this time.
func (sc *screen) notNow() {
	if sc.texts.of("system", "not_now") != "" {
		sc.unexpected("not_now")
	} else {
		sc.unexpected("unknown_command")
	}
}

// resume shows the question in force once more after an outage, without a sound,
// unless that was done, or the person has been here since.
func (sc *screen) resume(back time.Time) {
	s := sc.p.s
	if !s.Resumed.Before(back) {
		return
	}
	s.Resumed = back
	f, i := sc.question()
	if f == nil || s.Inactive || !s.Heard.Before(back) || sc.messages.said(s.Shown) {
		return
	}
	sc.out.record(flows.Entry{Kind: flows.EntryResume, Step: f.Steps[i].ID})
	if f.Steps[i].OnCard() && sc.messages.tells() {
		return // nobody gets two messages, and the card is there
	}
	sc.again(f, i, sc.texts.of("system", "back"))
	sc.messages.silence()
}

// waitsUntil reports whether the question in force waits until an instant of its
// own.
func (sc *screen) waitsUntil() bool {
	f, i := sc.find(sc.p.s.At)
	return f != nil && f.Steps[i].Wait != nil && f.Steps[i].Wait.Until != nil
}
