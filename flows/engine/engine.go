package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Step takes one event of one person and returns the person's new state and
// what is to be done about it. It is pure: the same arguments give the same
// results for ever, and s is not changed.
//
// Nothing that comes from outside makes Step fail. What does not fit the state
// is answered with a word of guidance, or ignored if nobody is there to read.
func Step(c *lang.Catalog, s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
	t := newTurn(c, s, now.UTC())
	if due, ok := ev.(flows.Due); ok && t.card.alone(due.IDs) {
		t.card.settle()
		return t.state, t.effects.list
	}
	t.episode.edited()
	switch ev.(type) {
	case flows.Edit, flows.Pinned: // the person has done nothing else since
	default:
		t.corrections.close()
	}
	switch ev := ev.(type) {
	case flows.Due:
		t.byTimer()
		if t.episode.lapsed() {
			t.episode.forget()
			break
		}
		t.walk.moveOn()
		t.walk.due(ev.IDs)
		t.tracks.replan()
		if ev.Missed {
			t.messages.join()
		}
	case flows.Resume:
		t.byTimer()
		if t.episode.lapsed() {
			t.episode.forget()
			break
		}
		t.walk.moveOn()
		t.walk.due(ev.IDs)
		t.tracks.replan()
		t.screen.resume(ev.Back)
		t.messages.join()
	case flows.SetBack:
		t.walk.setBack(ev.By)
	case flows.Pinned:
		t.messages.tidy(flows.Message{Edit: ev.Message, Delete: true}, flows.Standing{ID: ev.Message}) // whoever reads here needs no such line
	case flows.Blocked:
		t.episode.blocked()
	case flows.Unblocked:
		t.episode.revive()
		t.walk.moveOn()
	case flows.Edit:
		if t.heard(ev); !t.corrections.counted() && !t.person.stranger() {
			return s, nil
		}
	default:
		t.heard(ev)
	}
	t.episode.lapses()
	t.day.arrange()
	t.messages.tidyUp()
	t.card.settle()
	if t.episode.forgotten || t.person.stranger() {
		return flows.State{User: s.User}, t.effects.farewell()
	}
	return t.state, t.effects.list
}

// turn is the work on one event. Each of its parts has a state of its own, and
// knows those that stand before it.
type turn struct {
	state    flows.State
	person   person
	effects  effects
	timers   timers
	messages messages
	screen   screen
	tracks   tracks
	episode  episode
	day      day
	card     card
	walk     walk
	answers  answers
	// corrections come behind the answers that they correct.
	corrections corrections
}

func newTurn(c *lang.Catalog, s flows.State, now time.Time) *turn {
	t := &turn{state: s.Clone()}
	p, out, words := &t.person, &t.effects, texts{&t.person, t.day.foresee}
	t.person = person{c, &t.state, now}
	t.effects = effects{p: p, before: s.Messages}
	t.timers = timers{p, out}
	t.messages = messages{p: p, out: out, class: flows.Reply, still: true}
	t.screen = screen{p: p, out: out, timers: &t.timers, messages: &t.messages, texts: words}
	t.tracks = tracks{p: p, out: out, timers: &t.timers, messages: &t.messages, texts: words, asked: true}
	t.episode = episode{p: p, out: out, timers: &t.timers, screen: &t.screen, tracks: &t.tracks}
	t.card = card{p: p, timers: &t.timers, messages: &t.messages, texts: texts{p, arranged}, screen: &t.screen}
	t.day = day{p: p, out: out, timers: &t.timers, messages: &t.messages, screen: &t.screen, tracks: &t.tracks}
	t.walk = walk{p, out, &t.timers, &t.messages, words, &t.screen, &t.tracks, &t.episode, &t.day, argument{}}
	t.answers = answers{heard: s.Heard, p: p, out: out, messages: &t.messages, texts: words, screen: &t.screen, card: &t.card, tracks: &t.tracks, walk: &t.walk}
	t.corrections = corrections{p: p, was: &s, screen: &t.screen, answers: &t.answers}
	t.person.takeOver()
	t.tracks.takeOver()
	return t
}

// byTimer says that nobody waits for what the turn has to say.
func (t *turn) byTimer() {
	t.messages.class, t.messages.still = flows.Push, t.person.looking()
	t.tracks.asked = false
}

// heard takes what the person does. Whoever writes has not blocked us.
func (t *turn) heard(ev flows.Event) {
	t.state.Heard = t.person.now
	if !t.person.live() {
		t.messages.class = flows.Contact
	}
	t.answers.meets(ev)
	t.episode.revive()
	// A press of what was there before is stale, and so are words if anything is told in
	// its place.
	moved := t.walk.moveOn() && t.messages.tells()
	danger := t.answers.danger(ev)
	switch ev := ev.(type) {
	case flows.Command:
		if !danger {
			t.answers.command(ev)
		}
	case flows.Button:
		t.answers.press(ev)
		t.messages.makeWay() // nothing has taken the place of what was answered
	case flows.Text:
		switch {
		case danger:
		case moved:
			t.effects.record(flows.Entry{Kind: flows.EntryStale})
		default:
			t.answers.words(ev)
		}
	case flows.Edit:
		if !danger && !moved {
			t.corrections.edit(ev)
		}
	case flows.Unsupported:
		if !danger && !moved {
			t.screen.hint(notText)
		}
	}
	t.tracks.replan()
	t.tracks.wake()
	t.corrections.keep()
	t.day.rang(0, "", false)
}
