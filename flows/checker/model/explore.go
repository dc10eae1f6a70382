package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// explorer goes through all points of a model, nearest first.
type explorer struct {
	*Model
	watch func(x *explorer, h Happening)
	claim *lang.Expr

	datas  []data
	dataID map[string]int32
	points []passed
	seen   map[point]struct{}
	// labels, eventID and doubts keep what points refer to by number.
	labels  []Event
	eventID map[Event]int32
	doubts  [][]Doubt
	// started tells in episodes of which flows, -1 for outside of one, a track
	// that is not followed was started.
	started map[begunIn]bool
	stays   []stay
	ctxID   map[context]int32
	// again are points to go through once more.
	again []int32
	// done ends the exploration.
	done bool
	most int
	// lost are the variables that contexts have mixed up on a way.
	lost map[int]bool

	matter    map[string]bool // the flows that make a difference
	skips     *skips
	marks     map[string]int32
	markOf    []int32 // by data, -1 if not known yet
	byEpisode map[int16][]command
	byStep    map[string][]answer
}

// begunIn is a track and the flow of an episode.
type begunIn struct {
	track   string
	episode int16
}

// Happening is something that a promise may speak of: a step that is done, a
// question that is asked, a reminder that comes.
type Happening struct {
	Name string
	d    data
	at   int32
	// label is set if it is an event at the point, and not the way to it.
	label Event
}

func newExplorer(m *Model, most int) *explorer {
	return &explorer{
		lost:  make(map[int]bool),
		Model: m, most: most, watch: func(*explorer, Happening) {},
		dataID: make(map[string]int32), seen: make(map[point]struct{}), labels: make([]Event, 1), eventID: make(map[Event]int32), doubts: make([][]Doubt, 1), started: make(map[begunIn]bool), ctxID: make(map[context]int32),
		marks: make(map[string]int32), byEpisode: make(map[int16][]command), byStep: make(map[string][]answer),
	}
}

// run goes through everything. It reports whether it has seen all.
func (x *explorer) run() bool {
	root := x.enter(context{flow: nowhere, root: true}, frame{}, false)
	x.reach(point{place: atIdle, ctx: root, data: x.id(x.nobody())}, -1, -1, Event{}, nil)
	for next := 0; ; {
		for ; next < len(x.points); next++ {
			if x.done || len(x.points) > x.most {
				return false
			}
			x.expand(int32(next))
		}
		again := x.again
		x.again = nil
		for _, i := range again {
			x.expand(i)
		}
		if len(again) == 0 && !x.repeat() {
			return true
		}
	}
}

func (x *explorer) id(d data) int32 {
	key := d.key()
	id, ok := x.dataID[key]
	if !ok {
		id = int32(len(x.datas))
		x.dataID[key] = id
		x.datas = append(x.datas, d)
		x.markOf = append(x.markOf, -1)
	}
	return id
}

// mark is what a context remembers of the data with which it was entered: the
// episode, whether the claim's condition held, and the variables of which a
// claim needs to know that they were the same before and after.
func (x *explorer) mark(id int32) int32 {
	if x.markOf[id] >= 0 {
		return x.markOf[id]
	}
	d := x.datas[id]
	kept := data{episode: d.episode}
	if x.claim != nil {
		kept.vars = append(kept.vars, boolOf(condition(x.claim, view{x.Model, d})))
	}
	for _, i := range x.kept {
		kept.vars = append(kept.vars, d.vars[i])
	}
	key := kept.key()
	mark, known := x.marks[key]
	if !known {
		mark = int32(len(x.marks))
		x.marks[key] = mark
	}
	x.markOf[id] = mark
	return mark
}

func (x *explorer) reach(p point, from, exit int32, label Event, doubts []Doubt) {
	if _, known := x.seen[p]; known {
		return
	}
	x.seen[p] = struct{}{}
	x.points = append(x.points, passed{point: p, from: from, exit: exit, label: x.number(label), doubts: x.doubt(doubts)})
}

// number keeps an event once.
func (x *explorer) number(e Event) int32 {
	if e.Kind == NoEvent {
		return 0
	}
	n, known := x.eventID[e]
	if !known {
		n = int32(len(x.labels))
		x.eventID[e] = n
		x.labels = append(x.labels, e)
	}
	return n
}

func (x *explorer) doubt(list []Doubt) int32 {
	if len(list) == 0 {
		return 0
	}
	x.doubts = append(x.doubts, list)
	return int32(len(x.doubts) - 1)
}

// begins reaches the first point of a context.
func (x *explorer) begins(p point, from int32, label Event, doubts []Doubt) {
	before := len(x.points)
	x.reach(p, from, -1, label, doubts)
	if len(x.points) > before {
		x.points[before].entry = true
	}
}

// holds evaluates a condition.
func (x *explorer) holds(e *lang.Expr, d data) Truth { return condition(e, view{x.Model, d}) }

// took adds to doubts that a condition went one way, if it might have gone the
// other.
func took(doubts []Doubt, e *lang.Expr, t Truth, way bool) []Doubt {
	if t != Unknown {
		return doubts
	}
	return append(slices.Clip(doubts), Doubt{e, way})
}

func (x *explorer) happens(name string, d data, at int32, label Event) {
	x.watch(x, Happening{Name: name, d: d, at: at, label: label})
}

func (x *explorer) expand(i int32) {
	p := x.points[i].point
	d := x.datas[p.data]
	switch p.place {
	case atStep:
		x.step(i, p, d)
	case atReturn:
		x.finish(i, p, d, nil)
	case atAsk:
		s := x.stepOf(p)
		x.happens(s.ID, d, i, Event{})
		p.place, p.data = atRest, x.id(x.rest(d))
		x.reach(p, i, -1, Event{}, nil)
	case atRest:
		x.question(i, p, d)
		x.interrupt(i, p)
	case atIdle:
		x.interrupt(i, p)
	case atBetween:
		x.events(i, p, d)
	case atExit:
		s := &x.stays[p.ctx]
		s.exits = append(s.exits, i)
		for _, f := range slices.Clone(s.callers) {
			x.resume(f, i)
		}
	}
}

func (x *explorer) stepOf(p point) *lang.Step { return &x.flows[p.flow].Steps[p.step] }

// step does what stands at a step.
func (x *explorer) step(i int32, p point, d data) {
	f := x.flows[p.flow]
	if int(p.step) >= len(f.Steps) {
		x.reach(point{place: atExit, ctx: p.ctx, data: p.data}, i, -1, Event{}, nil)
		return
	}
	if x.skips.over(p.flow, p.step) {
		x.skip(i, p, d)
		return
	}
	s := x.stepOf(p)
	when := x.holds(s.When, d)
	if when.May(false) {
		skip := p
		skip.step++
		x.reach(skip, i, -1, Event{}, took(nil, s.When, when, false))
	}
	if !when.May(true) {
		return
	}
	doubts := took(nil, s.When, when, true)
	switch s.Action {
	case lang.ActAsk:
		if s.Question.LeftOut(x.view(s)) {
			x.goOn(i, p, d, doubts)
			return
		}
		p.place = atAsk
		x.reach(p, i, -1, Event{}, doubts)
	case lang.ActCall:
		x.call(i, p, d, doubts)
	case lang.ActEnd:
		x.end(i, p, d, doubts)
	default:
		x.finish(i, p, x.act(s, d), doubts)
	}
}

func (x *explorer) call(i int32, p point, d data, doubts []Doubt) {
	called := x.index[x.stepOf(p).Target]
	if x.flows[called].Episode {
		x.episode(i, called, d, Event{}, doubts)
		return
	}
	back := p
	back.place, back.data = atReturn, 0
	if !x.matter[x.flows[called].ID] {
		// It comes back with what may have come in between.
		p.place = atReturn
		x.reach(p, i, -1, Event{}, doubts)
		x.interrupts(i, x.id(x.rest(d)), frame{what: toCall, point: back, from: i})
		return
	}
	id := x.id(d)
	ctx := x.enter(context{flow: called, mark: x.mark(id)}, frame{what: toCall, point: back, from: i}, true)
	x.begins(point{ctx: ctx, flow: called, data: id}, i, Event{}, doubts)
}

// episode begins one: nothing is left to return to.
func (x *explorer) episode(i int32, flow int16, d data, label Event, doubts []Doubt) {
	id := x.id(x.began(d, flow))
	ctx := x.enter(context{flow: flow, root: true}, frame{from: i}, true)
	x.begins(point{ctx: ctx, flow: flow, data: id}, i, label, doubts)
}

// end ends the episode. What stands behind the step goes on in none.
func (x *explorer) end(i int32, p point, d data, doubts []Doubt) {
	s := x.stepOf(p)
	for _, d := range x.assign(s.Set, d, nil) {
		x.happens(s.ID, d, i, Event{})
		d = x.ended(d)
		if len(s.Next) == 0 {
			x.reach(point{place: atIdle, data: x.id(x.rest(d))}, i, -1, Event{}, doubts)
			continue
		}
		x.branch(p, d, doubts, func(next point, doubts []Doubt) {
			next.ctx = x.enter(context{flow: p.flow, start: next.step, root: true}, frame{from: i}, true)
			x.begins(next, i, Event{}, doubts)
		})
	}
}

// finish is what follows what a step does: it sets variables and leads on.
func (x *explorer) finish(i int32, p point, d data, doubts []Doubt) {
	s := x.stepOf(p)
	for _, d := range x.assign(s.Set, d, nil) {
		x.happens(s.ID, d, i, Event{})
		x.goOn(i, p, d, doubts)
	}
}

func (x *explorer) goOn(i int32, p point, d data, doubts []Doubt) {
	x.branch(p, d, doubts, func(next point, doubts []Doubt) { x.reach(next, i, -1, Event{}, doubts) })
}

// branch lists the ways on from a step that is done.
func (x *explorer) branch(p point, d data, doubts []Doubt, to func(point, []Doubt)) {
	p.place, p.data = atStep, x.id(d)
	for _, b := range x.stepOf(p).Next {
		t := x.holds(b.When, d)
		if t.May(true) {
			to(x.target(p, b.To), took(doubts, b.When, t, true))
		}
		doubts = took(doubts, b.When, t, false)
		if !t.May(false) {
			return
		}
	}
	p.step++
	to(p, doubts)
}

// target is the point of a named step; none of that name is a return.
func (x *explorer) target(p point, id string) point {
	f := x.flows[p.flow]
	p.step = int16(len(f.Steps))
	if i := f.Step(id); i >= 0 {
		p.step = int16(i)
	}
	return p
}
