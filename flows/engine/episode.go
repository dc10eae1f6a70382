package engine

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// enter runs a flow from its beginning: an episode, or an interruption of
// whatever the person was doing.
func (w *walk) enter(f *lang.Flow) {
	if f.Episode {
		w.enterEpisode(f)
	} else {
		w.screen.interrupt(f.ID)
	}
	w.run(f, 0)
}

// instead runs a flow in the place of a reminder. What it says delivers the timer;
// if it says nothing, nothing comes.
func (w *walk) instead(f *lang.Flow, id uint64) {
	w.messages.carried = id
	w.enter(f)
	if w.messages.carried != 0 {
		w.messages.carried = 0
		w.out.settle(id, flows.Dropped)
	}
}

// enterEpisode begins an episode, in the place of one that is live.
func (w *walk) enterEpisode(f *lang.Flow) {
	switch {
	case w.p.live() && w.p.s.Episode.Flow == f.ID:
		w.end("restarted")
	case w.p.live():
		w.end("interrupted")
	}
	s := w.p.s
	s.Episode = flows.Episode{Number: s.Episode.Number + 1, Flow: f.ID, Started: w.p.now}
	s.Vars = slices.DeleteFunc(s.Vars, func(v flows.Var) bool { return !w.p.catalog.Remembers(v.Name) })
	s.Measures, s.Stack, s.At = nil, nil, flows.Place{}
	w.tracks.fresh()
	w.out.record(flows.Entry{Kind: flows.EntryStart, Step: f.ID})
}

// end ends the live episode: nothing of it remains armed or waiting.
func (w *walk) end(outcome string) {
	w.timers.cancelAll()
	w.tracks.haltAll()
	w.screen.clear()
	s := w.p.s
	s.Open = nil
	if !w.p.live() {
		return
	}
	w.out.record(flows.Entry{Kind: flows.EntryEnd, Choice: outcome})
	s.Episode.Ended, s.Episode.Outcome = w.p.now, outcome
	w.remember()
}

// maxPast bounds the ended episodes that are remembered.
const maxPast = 20

// remember keeps what later episodes ask about the one that has ended.
func (w *walk) remember() {
	s := w.p.s
	f := w.p.catalog.Flow(s.Episode.Flow)
	if f == nil || f.History == "" || s.Episode.Onset.IsZero() {
		return
	}
	mark, _ := s.Var(f.History).Any().(string)
	s.Past = append(s.Past, flows.Past{Flow: f.ID, Onset: s.Episode.Onset, Mark: mark})
	s.Past = s.Past[max(0, len(s.Past)-maxPast):]
}

// blocked stops everything timed. The episode stays where it is, for the case
// that the person comes back.
func (w *walk) blocked() {
	if w.p.s.Inactive {
		return
	}
	w.p.s.Inactive = true
	w.out.record(flows.Entry{Kind: flows.EntryBlocked})
	w.timers.cancelAll()
	w.tracks.cutAll()
}

// revive takes up an episode again whose person had blocked the bot.
func (w *walk) revive() {
	if !w.p.s.Inactive {
		return
	}
	w.p.s.Inactive = false
	w.out.record(flows.Entry{Kind: flows.EntryUnblocked})
	if !w.p.live() {
		return
	}
	w.tracks.rearmAll()
	if f, i := w.screen.question(); f != nil {
		w.screen.ask(f, i, "")
	}
}
