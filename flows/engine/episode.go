package engine

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// episode begins and ends the episodes of the person, and lets one rest while
// they cannot be reached.
type episode struct {
	p      *person
	out    *effects
	timers *timers
	screen *screen
	tracks *tracks
	// forgotten says that the person is to be forgotten.
	forgotten bool
}

// begin begins an episode, in the place of one that is live.
func (e *episode) begin(f *lang.Flow) {
	switch {
	case e.p.live() && e.p.s.Episode.Flow == f.ID:
		e.end("restarted")
	case e.p.live():
		e.end("interrupted")
	}
	e.screen.takeBack()
	s := e.p.s
	s.Episode = flows.Episode{
		Number: s.Episode.Number + 1, Flow: f.ID, Started: e.p.now, Flows: e.p.catalog.Fingerprint, Messages: s.Messages,
	}
	s.Vars = slices.DeleteFunc(s.Vars, func(v flows.Var) bool { return !e.p.catalog.Remembers(v.Name) })
	s.Measures, s.Stack, s.At, s.Draft = nil, nil, flows.Place{}, flows.Value{}
	e.tracks.fresh()
	e.out.record(flows.Entry{Kind: flows.EntryStart, Step: f.ID})
}

// edited notes that other flows have taken the place of those in which the episode
// began: its entries from here on are theirs.
func (e *episode) edited() {
	last := &e.p.s.Episode
	if last.Flows != 0 && last.Edited == 0 && last.Flows != e.p.catalog.Fingerprint {
		last.Edited = e.p.s.Entries
	}
}

// end ends the live episode: nothing of it remains armed, waiting or on its way.
func (e *episode) end(outcome string) {
	if e.p.live() {
		e.out.withdraw(flows.Withdraw{From: e.p.s.Episode.Messages + 1, To: e.p.s.Messages, Timers: flows.Cancelled})
	}
	e.timers.cancelAll()
	e.tracks.haltAll()
	e.tracks.messages.clears(func(st flows.Standing) bool { return st.Phase != "" || st.Of == "" })
	e.screen.clear()
	s := e.p.s
	s.Open = nil
	if !e.p.live() {
		return
	}
	e.out.record(flows.Entry{Kind: flows.EntryEnd, Choice: outcome})
	s.Episode.Ended, s.Episode.Outcome = e.p.now, outcome
	e.remember()
}

// forget ends everything. Nothing is kept of the person when the turn is over.
func (e *episode) forget() {
	e.end("forgotten")
	e.forgotten = true
}

// maxPast bounds the ended episodes that are remembered.
const maxPast = 20

// remember keeps what later episodes ask about the one that has ended.
func (e *episode) remember() {
	s := e.p.s
	f := e.p.catalog.Flow(s.Episode.Flow)
	if f == nil || f.History == "" || s.Episode.Onset.IsZero() {
		return
	}
	mark, _ := s.Var(f.History).Any().(string)
	s.Past = append(s.Past, flows.Past{Flow: f.ID, Onset: s.Episode.Onset, Mark: mark})
	s.Past = s.Past[max(0, len(s.Past)-maxPast):]
}

// blocked stops everything timed. The episode stays where it is, for the case
// that the person comes back, and so does what is on their skin: they are told then
// to take it off.
func (e *episode) blocked() {
	if e.p.s.Inactive {
		return
	}
	e.p.s.Inactive = true
	e.out.record(flows.Entry{Kind: flows.EntryBlocked})
	e.timers.cancelAll()
}

// revive takes up an episode again whose person had blocked the bot.
func (e *episode) revive() {
	if !e.p.s.Inactive {
		return
	}
	e.p.s.Inactive = false
	e.out.record(flows.Entry{Kind: flows.EntryUnblocked})
	if !e.p.live() {
		return
	}
	e.tracks.cutAll()
	e.tracks.rearmAll()
	if f, i := e.screen.question(); f != nil {
		e.screen.ask(f, i, "")
	}
}
