package checker

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// player leads the real engine along a way through a model, to see whether it
// goes there.
type player struct {
	m     *subject
	f     *focus
	part  part
	start time.Time
	way   []model.Move
	// near says that it is enough if what the promise speaks of happens.
	near bool

	// moves are those of the way that was found, and what what then happened.
	moves []move
	what  string
	// budget is how many turns may still be played.
	budget int
}

// maxTurns bounds the turns that a way is tried with.
const maxTurns = 20_000

func newPlayer(m *subject, s part, start time.Time, way []model.Move) *player {
	p := &player{m: m, f: m.focus("play"), part: s, start: start, way: way, budget: maxTurns}
	p.f.conds.add(s.cond)
	for _, mv := range way {
		for _, e := range mv.Guards {
			p.f.conds.add(e)
		}
	}
	if i := slices.IndexFunc(m.tracks, func(t *lang.TrackSpec) bool { return t.Name == s.track }); i >= 0 {
		p.f.tracks = []int{i}
	}
	return p
}

// play looks for the way in the engine, first without waiting on it, then with
// more and more waits.
func (p *player) play() bool {
	for waits := range 3 {
		p.budget = maxTurns
		if p.follow(p.m.stranger(p.start), 0, nil, waits) {
			return true
		}
	}
	return false
}

// follow goes on from the k-th move of the way.
func (p *player) follow(w *world, k int, moves []move, waits int) bool {
	switch {
	case p.budget <= 0:
		return false
	case k == len(p.way): // what is asked on the way to the end may make no difference
		return p.bridge(made{w: w, moves: moves}, nowhere).found
	}
	if p.try(w, k, moves, waits) {
		return true
	}
	if waits == 0 {
		return false
	}
	for _, at := range p.changes(w) {
		for _, until := range []time.Time{at.Add(-edge), at.Add(edge)} {
			later, found := p.wait(w, until, moves)
			if found {
				return true
			}
			if later == nil {
				break
			}
			if p.try(later, k, append(slices.Clip(moves), move{wait: until.Sub(w.now)}), waits-1) {
				return true
			}
		}
	}
	return false
}

// changes lists instants to come at which a condition changes.
func (p *player) changes(w *world) []time.Time {
	var list []time.Time
	for _, b := range p.m.boundaries(p.f, w) {
		list = append(list, b.at)
	}
	sc := w.scope(p.m.c)
	for name, cuts := range p.m.theModel().Cuts() {
		of, ok := sc.Lookup(name).(time.Time)
		for _, seconds := range cuts {
			if at := of.Add(-time.Duration(seconds * float64(time.Second))); ok && at.Add(-edge).After(w.now) {
				list = append(list, at)
			}
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return slices.Compact(list)
}

// try makes the k-th move in each of the ways in which it can be made.
func (p *player) try(w *world, k int, moves []move, waits int) bool {
	mv := p.way[k]
	if mv.Step != "" && w.s.At.Step != mv.Step {
		at := p.bridge(made{w: w, moves: moves}, mv.Step)
		if at.found || at.w == nil {
			return at.found
		}
		w, moves = at.w, at.moves
	}
	for _, done := range p.make(w, mv.Event, moves) {
		if done.found {
			return true
		}
		if k+1 < len(p.way) && mv.Then != model.Anywhere {
			if done = p.bridge(done, mv.Then); done.found {
				return true
			}
			if done.w == nil {
				continue
			}
		}
		if p.follow(done.w, k+1, done.moves, waits) {
			return true
		}
	}
	return false
}

// maxBridge bounds a bridge, in presses and in the turns that it takes to find.
const (
	maxBridge      = 4
	maxBridgeTurns = 300
)

// nowhere is no step: a bridge there ends at what is looked for.
const nowhere = "\x00"

// bridge answers whatever is asked until the person stands where the model has
// them: what it asks in between may make no difference. It returns no world if
// they do not come there.
func (p *player) bridge(from made, step string) made {
	list := []made{from}
	turns := 0
	for depth := 0; len(list) > 0; depth++ {
		var next []made
		for _, at := range list {
			if at.w.s.At.Step == step {
				return at
			}
			if depth == maxBridge {
				continue
			}
			for _, ev := range p.m.answering(at.w) {
				if turns++; turns > maxBridgeTurns || p.budget <= 0 {
					return made{}
				}
				done := p.do(at.w, at.moves, ev)
				if done.found {
					return done
				}
				next = append(next, done)
			}
		}
		list = next
	}
	return made{}
}

// made is a move that was made.
type made struct {
	w     *world
	moves []move
	// found says that what is looked for has happened.
	found bool
}

// do feeds events, one after the other.
func (p *player) do(w *world, moves []move, events ...flows.Event) made {
	for _, ev := range events {
		moves = append(slices.Clip(moves), move{event: ev})
		t := w.step(p.m.c, ev)
		if p.judge(t, moves) {
			return made{found: true}
		}
		w = t.after
	}
	return made{w: w, moves: moves}
}

// judge watches a turn, and keeps the moves if what is looked for has happened.
func (p *player) judge(t *turn, moves []move) bool {
	p.budget--
	breaches := p.m.watch(p.f, t)
	if p.near && p.happened(t) {
		p.moves, p.what = moves, p.part.names[0]+" "+t.after.scope(p.m.c).situation()
		return true
	}
	for _, b := range breaches {
		if b.source == p.part.source && b.rule == p.part.name && !p.near {
			p.moves, p.what = moves, b.what
			return true
		}
	}
	return false
}

// happened reports whether a turn brought what the promise speaks of.
func (p *player) happened(t *turn) bool {
	if slices.Contains(p.part.names, t.after.s.At.Step) && t.after.s.Rev != t.before.s.Rev {
		return true
	}
	return slices.ContainsFunc(t.effects, func(e flows.Effect) bool {
		r, ok := e.(flows.Record)
		return ok && r.Entry.Kind == flows.EntryReminder && slices.Contains(p.part.names, r.Entry.Step)
	})
}

// make makes a move of the model with the engine.
func (p *player) make(w *world, ev model.Event, moves []move) []made {
	switch ev.Kind {
	case model.Command:
		return []made{p.do(w, moves, flows.Command{Name: ev.Name})}
	case model.Answered:
		var list []made
		for _, answer := range p.m.answersLike(w, ev) {
			list = append(list, p.do(w, moves, answer))
		}
		return append(list, p.together(w, ev, moves)...)
	case model.Button:
		if ev.Name == "wrong" {
			return p.looksWrong(w, moves, ev.Track)
		}
		if data := p.m.buttonLike(w, ev); data != nil {
			return []made{p.do(w, moves, data)}
		}
	case model.Older:
		if data, ok := w.pressOlder(ev.Choice); ok {
			return []made{p.do(w, moves, data)}
		}
	case model.Dropped:
		return []made{p.do(w, moves, flows.Blocked{}, flows.Unblocked{})}
	case model.TimedOut:
		at := w.s.At
		return p.until(w, moves, func(t *turn) bool { return t.after.s.At != at })
	case model.Came:
		if ev.Track == "" {
			return p.until(w, moves, anyCame)
		}
		if ev.Phase == flows.PhaseLook {
			return p.look(w, moves, ev.Track)
		}
		return p.until(w, moves, func(t *turn) bool { return came(t, p.m.c.Track(ev.Track).Kind(ev.Phase)) })
	}
	return nil
}

func came(t *turn, kind string) bool {
	return slices.ContainsFunc(t.effects, func(e flows.Effect) bool {
		r, ok := e.(flows.Record)
		return ok && r.Entry.Kind == flows.EntryReminder && r.Entry.Step == kind
	})
}

// anyCame reports whether a turn brought a reminder.
func anyCame(t *turn) bool {
	return slices.ContainsFunc(t.effects, func(e flows.Effect) bool {
		r, ok := e.(flows.Record)
		return ok && r.Entry.Kind == flows.EntryReminder
	})
}

// maxWaits is how many timers one wait may see.
const maxWaits = 200

// until lets timers come, each on time, until one has brought what is waited for.
func (p *player) until(w *world, moves []move, done func(*turn) bool) []made {
	begin := w.now
	for range maxWaits {
		at, ok := w.nextDue()
		if !ok || p.budget <= 0 {
			return nil
		}
		w = w.at(later(w.now, at))
		t := w.step(p.m.c, flows.Due{IDs: w.due()})
		all := append(slices.Clip(moves), move{wait: w.now.Sub(begin)})
		if p.judge(t, all) {
			return []made{{found: true}}
		}
		w = t.after
		if done(t) {
			return []made{{w: w, moves: all}}
		}
	}
	return nil
}

// wait lets time pass while the question in force stands. It returns nil if it
// does not.
func (p *player) wait(w *world, end time.Time, moves []move) (after *world, found bool) {
	begin, at := w.now, w.s.At
	for due, ok := w.nextDue(); ok && !due.After(end); due, ok = w.nextDue() {
		w = w.at(later(w.now, due))
		t := w.step(p.m.c, flows.Due{IDs: w.due()})
		if p.judge(t, append(slices.Clip(moves), move{wait: w.now.Sub(begin)})) {
			return nil, true
		}
		w = t.after
		if w.s.At != at || p.budget <= 0 {
			return nil, false
		}
	}
	return w.at(end), false
}
