package checker

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"spasmbot/flows"
)

// walk goes through the states of one focus, nearest first.
type walk struct {
	m    *subject
	f    *focus
	keys keys
	// left is how many states the walk may still keep.
	left int
	// nearest is the length of the shortest path to a violation that any walk
	// has found; nil if the walk is to go on beyond.
	nearest *atomic.Int64

	nodes []node
	seen  map[string]struct{}

	transitions int
	incomplete  bool
	found       []finding
	broken      map[breach]bool
}

// node is a state that was reached, and how.
type node struct {
	w      *world // nil once its moves are done
	parent int32
	move   move
	moves  int64 // from the start
}

// finding is a broken invariant and the node and move that broke it.
type finding struct {
	breach
	node int32
	last move
	// moves is the length of the path.
	moves int64
}

// maxFirings bounds one span of waiting.
const maxFirings = 5000

func (k *walk) run(start *world) {
	k.reach(start, -1, move{})
	for i := int32(0); int(i) < len(k.nodes); i++ {
		if k.nearest != nil && k.nodes[i].moves >= k.nearest.Load() {
			return
		}
		k.expand(i)
		k.nodes[i].w = nil
	}
}

// reach notes a world, unless one like it is known.
func (k *walk) reach(w *world, parent int32, mv move) {
	key := k.keys.of(w)
	if _, known := k.seen[key]; known {
		return
	}
	if k.left == 0 {
		k.incomplete = true
		return
	}
	k.left--
	k.seen[key] = struct{}{}
	n := node{w: w, parent: parent, move: mv}
	if parent >= 0 {
		n.moves = k.nodes[parent].moves + 1
	}
	k.nodes = append(k.nodes, n)
}

func (k *walk) expand(i int32) {
	w := k.nodes[i].w
	if k.f.places {
		k.stops(i, w)
		k.stale(i, w)
	}
	for _, ev := range k.m.events(k.f, w) {
		mv := move{event: ev}
		k.reach(k.judge(w.step(k.m.c, ev), i, mv), i, mv)
	}
	k.waits(i, w)
	k.downs(i, w)
}

// judge watches a turn and notes what it broke.
func (k *walk) judge(t *turn, i int32, last move) *world {
	k.transitions++
	for _, b := range k.m.watch(k.f, t) {
		k.note(b, i, last)
	}
	return t.after
}

func (k *walk) note(b breach, i int32, last move) {
	same := breach{rule: b.rule, source: b.source}
	if k.broken[same] {
		return // the walk goes by distance: the first is the nearest
	}
	k.broken[same] = true
	moves := k.nodes[i].moves + 1
	k.found = append(k.found, finding{b, i, last, moves})
	for k.nearest != nil {
		if best := k.nearest.Load(); moves >= best || k.nearest.CompareAndSwap(best, moves) {
			return
		}
	}
}

// stops demands that the stop command ends a live episode: at once, or by itself
// within the time in which it may be taken back, with nothing else to come meanwhile.
func (k *walk) stops(i int32, w *world) {
	if !w.s.Episode.Live() {
		return
	}
	for _, cmd := range k.m.stops[w.s.Episode.Flow] {
		mv := move{event: flows.Command{Name: cmd}}
		t := w.step(k.m.c, mv.event)
		k.transitions++
		if what := k.m.stopped(t.after); what != "" {
			k.note(breach{RuleStop, "", "/" + cmd + " " + what}, i, mv)
		}
	}
}

// takenBack is how long a stop may be taken back.
const takenBack = 10 * time.Minute

// stopped tells what is wrong behind the stop command, "" for nothing.
func (m *subject) stopped(w *world) string {
	for i := range w.s.Pending {
		if _, track := m.kinds[w.s.Pending[i].Kind]; track || !w.s.Episode.Live() {
			return "leaves timers armed"
		}
	}
	if !w.s.Episode.Live() {
		return ""
	}
	at, ok := w.nextDue()
	if !ok || at.Sub(w.now) > takenBack {
		return fmt.Sprintf("leaves the episode live for more than %s", takenBack)
	}
	then := w.at(later(w.now, at))
	if after := then.step(m.c, flows.Due{IDs: then.due()}).after; after.s.Episode.Live() || len(after.s.Pending) > 0 {
		return "leaves the episode live when nobody takes it back, or timers armed"
	}
	return ""
}

// stale demands that presses of what is not in force change nothing.
func (k *walk) stale(i int32, w *world) {
	if w.s.Inactive || slices.ContainsFunc(w.s.Tracks, func(tr flows.Track) bool { return tr.Resting }) {
		return // whoever presses is back, which changes much
	}
	for _, data := range k.m.stalePresses(w) {
		mv := move{event: flows.Button{Data: data, Message: 1}}
		t := w.step(k.m.c, mv.event)
		k.transitions++
		if !sameButCounts(&w.s, &t.after.s) {
			k.note(breach{RuleStale, "", data + " changed the state"}, i, mv)
		}
	}
}

// waits lets time pass with every timer on time: to the next timer, on to each
// boundary, and until the question in force has timed out, as long as the
// conversation stands still.
func (k *walk) waits(i int32, w *world) {
	g := &going{walk: k, i: i, start: w, w: w}
	for _, b := range k.m.boundaries(k.f, w) {
		for _, stop := range []time.Time{b.at.Add(-edge), b.at.Add(edge)} {
			for at, ok := g.w.nextDue(); ok && !at.After(stop); at, ok = g.w.nextDue() {
				if g.fire(); g.over() {
					return
				}
			}
			k.reach(g.w.at(stop), i, move{wait: stop.Sub(w.now)})
		}
	}
	for _, ok := g.w.nextDue(); ok && (g.firings == 0 || k.m.timed(g.w)); _, ok = g.w.nextDue() {
		if g.fire(); g.over() {
			return
		}
	}
}

// timed reports whether the question in force has a timer.
func (m *subject) timed(w *world) bool {
	for i := range w.s.Pending {
		if _, ok := m.kinds[w.s.Pending[i].Kind]; !ok {
			return true
		}
	}
	return false
}

// going is a span of time going by.
type going struct {
	*walk
	i        int32
	start, w *world
	firings  int
	moved    bool // the conversation
}

func (g *going) over() bool { return g.moved || g.firings > maxFirings }

// fire lets the next timers come due. The first world behind one is reached,
// and the one in which the conversation has moved.
func (g *going) fire() {
	at, _ := g.w.nextDue()
	now := g.w.at(later(g.w.now, at))
	mv := move{wait: now.now.Sub(g.start.now)}
	next := g.judge(now.step(g.m.c, flows.Due{IDs: now.due()}), g.i, mv)
	g.moved = next.s.At != g.w.s.At || next.s.Episode.Live() != g.w.s.Episode.Live()
	if g.firings++; g.firings == 1 || g.moved {
		g.reach(next, g.i, mv)
	}
	g.w = next
}

// downs lets time pass without the bot: then everything due comes at once.
func (k *walk) downs(i int32, w *world) {
	if _, ok := w.nextDue(); !ok {
		return // the same as waiting
	}
	var ends []time.Time
	for _, b := range k.m.boundaries(k.f, w) {
		if !b.clock {
			ends = append(ends, b.at.Add(-edge))
		}
		ends = append(ends, b.at.Add(edge))
	}
	ends = append(append(ends, k.m.lateness(w)...), w.now.Add(far))
	for _, end := range ends {
		now := w.at(end)
		ids := now.due()
		if len(ids) == 0 {
			continue
		}
		mv := move{down: end.Sub(w.now)}
		k.reach(k.judge(now.step(k.m.c, flows.Due{IDs: ids}), i, mv), i, mv)
	}
}
