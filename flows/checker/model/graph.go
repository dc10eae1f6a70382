package model

import (
	"slices"

	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// place is what a node of the graph is.
type place uint8

const (
	atStep   place = iota // about to look at a step
	atDo                  // the step is to be done
	atAsk                 // about to ask a question
	atRest                // a question is in force
	atVoid                // back from what came between, to a question that has lost its reason
	atWait                // in a flow that was called, and makes no difference
	atReturn              // back from the flow that was called
	atDone                // the step is done, and has set what it sets
	atExit                // at the end of a flow
	atIdle                // nothing is in force
	anywhere              // at some question, or at none
)

// node is where a person can be.
type node struct {
	place      place
	flow, step int16
}

// edge leads from one node to another. Its ops are what happens on it, in order.
type edge struct {
	from  node
	ops   []op
	label Event
	// drops says that nothing is left to return to.
	drops bool
}

// op is one thing that happens on an edge; before gives, for those who are in a
// cube behind it, those who may have been before.
type op interface {
	before(m *Model, c cube) []cube
}

// graph holds the edges by where they lead.
type graph struct {
	into map[node][]edge
}

// Model is what a person can do in a catalog.
type Model struct {
	*vocabulary
	c      *lang.Catalog
	flows  []*lang.Flow
	id     map[string]int16 // of flows
	tracks []*lang.TrackSpec
	// bits are, by track, the variables that say where it stands.
	bits map[string]bits
	graph
	triggers []trigger
	// begins are the triggers that begin each flow.
	begins map[int16][]*trigger
	// follow are the variables of which anything is known, nil for all.
	follow   map[int32]bool
	bitsFrom int32 // the variables from here on are bits of tracks
	// number numbers the nodes.
	number map[node]uint32
	nodes  []node
	// callers are, by flow, the steps that call it.
	callers map[int16][]node
	// uses are, by variable, how many edges speak of it.
	uses []int
	// writes are, by flow, the variables that it can change, with all that it
	// calls. Asks says whether it asks, with all that it calls.
	writes []map[int32]bool
	asks   []bool
	// begun are the flows that interrupt, and firsts the questions that they may ask
	// before any other, each with what they may have changed until then.
	begun  map[int16]bool
	firsts map[node]map[int32]bool
	// anyRuns is the variable that says that some track may go on.
	anyRuns int32
	// some are the tracks of which it speaks, nil for all.
	some  map[string]bool
	facts *facts
	// changing are the cuts, by variable.
	changing map[string][]float64
	// rests are the questions, and own those of each flow.
	rests []node
	own   map[int16][]node
	// anyClass says that each warning sign is of every class that it may have.
	anyClass bool
}

// bits are the variables of a track. Begun says that it was started since all were
// stopped; only the facts know it.
type bits struct {
	running, on, told, begun int32
}

// New makes the model of a catalog.
func New(c *lang.Catalog) *Model { return build(c, false) }

func build(c *lang.Catalog, anyClass bool) *Model {
	m := &Model{
		anyClass:   anyClass,
		vocabulary: newVocabulary(c), c: c, flows: c.Flows(), id: make(map[string]int16), bits: make(map[string]bits),
		graph: graph{into: make(map[node][]edge)}, callers: make(map[int16][]node),
		begun: make(map[int16]bool), own: make(map[int16][]node),
	}
	m.bitsFrom = int32(len(m.names))
	m.anyRuns = m.add("any\x00runs", truth, false)
	for i, f := range m.flows {
		m.id[f.ID] = int16(i)
		for k := range f.Tracks {
			t := &f.Tracks[k]
			m.tracks = append(m.tracks, t)
			m.bits[t.Name] = bits{
				m.add(t.Name+"\x00runs", truth, false), m.add(t.Name+"\x00on", truth, false), m.add(t.Name+"\x00told", truth, false),
				m.add(t.Name+"\x00begun", truth, false),
			}
		}
	}
	for i, f := range m.flows {
		for k := range f.Steps {
			m.step(int16(i), int16(k))
		}
	}
	m.trigger()
	m.write()
	m.use()
	m.change()
	m.enumerate()
	m.facts = m.learn()
	return m
}

// enumerate numbers the nodes.
func (m *Model) enumerate() {
	m.number = make(map[node]uint32)
	add := func(n node) {
		if _, known := m.number[n]; !known {
			m.number[n] = uint32(len(m.number))
			m.nodes = append(m.nodes, n)
		}
	}
	for _, p := range []place{atIdle, anywhere} {
		add(node{place: p})
	}
	for f := range m.flows {
		add(node{place: atExit, flow: int16(f)})
		for i := range m.flows[f].Steps {
			for p := atStep; p <= atDone; p++ {
				add(node{p, int16(f), int16(i)})
			}
		}
	}
}

func (m *Model) link(to node, e edge) { m.into[to] = append(m.into[to], e) }

// target is the node of a named step; none of that name is a return.
func (m *Model) target(flow int16, id string) node {
	if i := m.flows[flow].Step(id); i >= 0 {
		return m.stepAt(flow, i)
	}
	return node{place: atExit, flow: flow}
}

func (m *Model) stepAt(flow int16, i int) node {
	if i >= len(m.flows[flow].Steps) {
		return node{place: atExit, flow: flow}
	}
	return node{atStep, flow, int16(i)}
}

// step draws what a step does.
func (m *Model) step(flow, i int16) {
	f := m.flows[flow]
	s := &f.Steps[i]
	at := func(p place) node { return node{p, flow, i} }
	if s.When != nil {
		m.link(m.stepAt(flow, int(i)+1), edge{from: at(atStep), ops: []op{guard{e: s.When}}})
		m.link(at(atDo), edge{from: at(atStep), ops: []op{guard{e: s.When, want: true}}})
	} else {
		m.link(at(atDo), edge{from: at(atStep)})
	}
	sets := m.assigning(s.Set, "", false)
	switch s.Action {
	case lang.ActAsk:
		m.ask(flow, i, s)
		return
	case lang.ActCall:
		called := m.id[s.Target]
		m.callers[called] = append(m.callers[called], at(atDo))
		m.link(at(atDone), edge{from: at(atReturn), ops: sets})
	case lang.ActForget:
		return // what comes is a person never seen before, with whom every way begins
	case lang.ActEnd:
		m.link(at(atDone), edge{from: at(atDo), ops: sets})
		if len(s.Next) == 0 {
			m.link(node{place: atIdle}, edge{from: at(atDone), ops: []op{ended{}}, drops: true})
			return
		}
		m.branch(flow, i, edge{from: at(atDone), ops: []op{ended{}}, drops: true})
		return
	default:
		m.link(at(atDone), edge{from: at(atDo), ops: append([]op{acting{s}}, sets...)})
	}
	m.branch(flow, i, edge{from: at(atDone)})
}

// branch draws the ways on from a step that is done, each like way.
func (m *Model) branch(flow, i int16, way edge) {
	s := &m.flows[flow].Steps[i]
	for _, b := range s.Next {
		taken := way
		if b.When != nil {
			taken.ops = append(slices.Clip(way.ops), guard{e: b.When, want: true})
		}
		m.link(m.target(flow, b.To), taken)
		if b.When == nil {
			return
		}
		way.ops = append(slices.Clip(way.ops), guard{e: b.When})
	}
	m.link(m.stepAt(flow, int(i)+1), way)
}

// ask draws a question.
func (m *Model) ask(flow, i int16, s *lang.Step) {
	at := func(p place) node { return node{p, flow, i} }
	view := m.view(s)
	if s.Question.LeftOut(view) {
		m.unasked(flow, i, view, edge{from: at(atDo)})
		return
	}
	m.rests = append(m.rests, at(atRest))
	m.own[flow] = append(m.own[flow], at(atRest))
	m.asking(flow, i, view)
	m.link(at(atRest), edge{from: at(atAsk), ops: []op{passing{}}})
	for nth, p := range s.Question.Possible(view, s.ID) {
		label := Event{Kind: Answered, Step: s.ID, Choice: p.Choice, Answer: nth}
		if p.Choice == "" && len(p.Sets) > 0 && p.Sets[0].Known {
			label.Value = p.Sets[0].Value
		}
		m.answer(flow, i, p, edge{from: at(atRest), ops: m.concerned(p), label: label})
	}
	m.back(flow, i, s)
	if w := s.Wait; w != nil && (w.Until != nil || w.Timeout > 0) {
		var ops []op
		if w.Until != nil {
			ops = []op{reached{w.Until}}
		}
		m.link(m.target(flow, w.Next), edge{from: at(atRest), ops: ops, label: Event{Kind: TimedOut, Step: s.ID}})
	}
	if hasReason(s) {
		m.link(m.target(flow, s.Wait.Next), edge{from: at(atVoid), ops: []op{guard{e: s.When}}})
	}
}

// hasReason reports whether a question is in force behind what came between only as
// long as its condition holds. Whoever it does not hold for goes on as if nobody had
// answered.
func hasReason(s *lang.Step) bool { return s.When != nil && s.Wait != nil && s.Wait.Until == nil }

// answer draws what follows from an answer, behind way.
func (m *Model) answer(flow, i int16, p ask.Possible, way edge) {
	s := &m.flows[flow].Steps[i]
	c := s.Follows(p.Choice, p.Group)
	way.ops = append(slices.Clip(way.ops), answering{p.Sets, s.Question.Measures()})
	way.ops = append(way.ops, m.assigning(c.Set, p.Choice, true)...)
	way.ops = append(way.ops, m.assigning(s.Set, p.Choice, true)...)
	if c.Next != "" {
		m.link(m.target(flow, c.Next), way)
		return
	}
	m.branch(flow, i, way)
}

func (m *Model) assigning(list []lang.Assignment, choice string, chosen bool) []op {
	ops := make([]op, 0, len(list))
	for _, a := range list {
		if v, ok := m.index[a.Var]; ok {
			ops = append(ops, assigned{v, a.Value, choice, chosen})
		}
	}
	return ops
}
