package engine

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
)

// corrections takes what a person has changed of what they have typed. An edit
// counts in two cases, and is passed over without a word in all others:
//
//   - The message came to nothing, and the question that was in force is still: then
//     the edit is one more try. So is any of somebody of whom nothing is kept.
//   - The message was a figure, words or a command, with or without a figure, and nothing has come since that
//     it has set off: then the person goes back to where they stood before it, and
//     on from there with what it says now. What they were told meanwhile stays in
//     the chat, and what they were asked goes.
//
// A press is never changed by an edit, and no more is one that was typed as the
// words of its button: signs are asked about by buttons.
type corrections struct {
	p *person
	// was is the person before the turn.
	was     *flows.State
	screen  *screen
	answers *answers
}

// counted reports whether something was typed in this turn that counts. An edit that
// does not is as if it had never come.
func (c *corrections) counted() bool { return c.answers.typed.message != 0 }

// close ends what an edit could have gone back behind: something else has come.
func (c *corrections) close() {
	if c.p.s.Typed.Counted() {
		c.p.s.Typed = flows.Typed{}
	}
}

// edit takes an edit.
func (c *corrections) edit(ev flows.Edit) {
	s, last := c.p.s, c.p.s.Typed
	if last.Message == 0 && c.p.stranger() {
		last = flows.Typed{Message: messageOf(ev.To), Rev: s.Rev} // what came to nothing was not kept
	}
	if last.Message == 0 || last.Message != messageOf(ev.To) || last.Rev != s.Rev {
		return
	}
	now := *s
	if last.Counted() {
		c.goBack(&last)
	}
	correct := c.reading(ev.To, &last)
	if correct == nil {
		*s = now
		return
	}
	if last.Counted() {
		at, draft := s.At, s.Draft
		s.At = now.At
		c.screen.leave() // what was asked since, with its timers
		s.At, s.Draft = at, draft
	}
	c.answers.typed.message = last.Message
	c.screen.correcting, c.screen.corrected = true, last.Shown
	if last.Counted() {
		c.screen.out.undoes = last.Entries + 1
	}
	correct()
}

// messageOf is the message of a command or a text, as the messenger calls it.
func messageOf(ev flows.Event) int64 {
	switch ev := ev.(type) {
	case flows.Command:
		return ev.Message
	case flows.Text:
		return ev.Message
	}
	return 0
}

// reading is what an edit comes to where the person stands, nil for nothing and for
// what the message said already.
func (c *corrections) reading(ev flows.Event, last *flows.Typed) (correct func()) {
	command, isCommand := ev.(flows.Command)
	if text, ok := ev.(flows.Text); ok {
		f, i := c.screen.question()
		if f != nil && c.screen.edited(&f.Steps[i]) {
			return nil
		}
		if f != nil {
			got := c.answers.read(f, i, text.Text)
			if got.Verdict == ask.Answered && got.Value == last.Answer && got.Value != (flows.Value{}) && last.Command == "" {
				return nil // much changes in a message besides its words
			}
			if got.Verdict != ask.Refused {
				return func() { c.answers.answer(f, i, got) }
			}
		}
		command, isCommand = c.answers.bare(text)
	}
	f := c.p.catalog.ForCommand(c.answers.opened(command), c.p.Episode())
	if !isCommand || f == nil || !f.Episode && c.screen.full(f.ID) {
		return nil
	}
	if got := c.answers.try(command); got.command == last.Command && got.answer == last.Answer {
		return nil
	}
	return func() { c.answers.command(command) }
}

// goBack puts the person where they stood.
func (c *corrections) goBack(to *flows.Typed) {
	s := c.p.s
	s.At, s.Draft, s.Zone, s.Episode.Onset = to.At, to.Draft, to.Zone, to.Onset
	s.Stack, s.Vars, s.Measures = slices.Clone(to.Stack), slices.Clone(to.Vars), slices.Clone(to.Measures)
	c.p.takeOver()
}

// keep keeps what it takes to correct what was typed in this turn.
func (c *corrections) keep() {
	s, got := c.p.s, c.answers.typed
	if got.message == 0 {
		return
	}
	last := s.Typed
	s.Typed = flows.Typed{Message: got.message, Rev: s.Rev}
	switch {
	case got.command == "" && got.answer == (flows.Value{}) && !got.other: // it came to nothing
	case got.other || !reversible(c.was, s):
		s.Typed = flows.Typed{}
	default:
		if !last.Counted() { // otherwise this was an edit, and the next one goes back as far
			last = flows.Typed{
				At: c.was.At, Draft: c.was.Draft, Zone: c.was.Zone, Onset: c.was.Episode.Onset, Shown: shownBy(c.was),
				Stack: c.was.Stack, Vars: c.was.Vars, Measures: c.was.Measures, Entries: c.was.Entries,
			}
			if c.answers.messages.deletes(last.Shown) {
				last.Shown = 0
			}
		}
		last.Message, last.Rev, last.Command, last.Answer = got.message, s.Rev, got.command, got.answer
		s.Typed = last
	}
}

// reversible reports whether nothing has come of a turn that lasts: no episode has
// begun or ended, and no round or reminder was begun, ended, answered or planned
// anew.
func reversible(was, is *flows.State) bool {
	episode := was.Episode
	episode.Onset = is.Episode.Onset
	return episode == is.Episode && was.Lang == is.Lang && was.Inactive == is.Inactive && len(was.Past) == len(is.Past) &&
		slices.Equal(was.Tracks, is.Tracks) && slices.Equal(was.Open, is.Open)
}
