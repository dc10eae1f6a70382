package graph

import (
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows/lang"
)

// shape is what a node stands for; each language draws it in its own way.
type shape int

const (
	entry  shape = iota // where a flow begins
	exit                // where it returns
	say                 // a text
	ask                 // a question
	call                // another flow
	branch              // nothing but a way on
	timing              // starts or stops a round or reminder
	end                 // the end of the episode
	track               // a round or a reminder
)

// stroke is how an edge is drawn.
type stroke int

const (
	solid  stroke = iota
	dashed        // not the person but the time, or a button anywhere, leads here
	thick         // goes there and comes back
)

// node is a node; its label may have several lines.
type node struct {
	id, label string
	shape     shape
}

type edge struct {
	from, to, label string
	stroke          stroke
}

// frame is a flow.
type frame struct {
	id, title string
	nodes     []node
}

// drawing is a flowchart in no language yet.
type drawing struct {
	catalog *lang.Catalog
	frames  []frame
	edges   []edge
}

func entryOf(flow string) string { return "flow_" + flow }
func exitOf(flow string) string  { return "back_" + flow }
func stepOf(step string) string  { return "step_" + step }
func trackOf(name string) string { return "track_" + name }

func draw(c *lang.Catalog) *drawing {
	d := &drawing{catalog: c}
	for _, f := range c.Flows() {
		d.flow(f)
	}
	return d
}

func (d *drawing) edge(from, to, label string, s stroke) {
	d.edges = append(d.edges, edge{from, to, label, s})
}

func (d *drawing) flow(f *lang.Flow) {
	fr := frame{id: "frame_" + f.ID, title: f.ID}
	fr.nodes = append(fr.nodes, node{entryOf(f.ID), entryLabel(f), entry})
	first := len(d.edges)
	d.edge(entryOf(f.ID), position(f, 0), "", solid)
	for _, button := range []struct{ label, flow string }{{"Worse on any reminder", f.Worse}, {"Stop on any reminder", f.Stop}} {
		if button.flow != "" {
			d.edge(entryOf(f.ID), entryOf(button.flow), button.label, dashed)
		}
	}
	for i := range f.Steps {
		s := &f.Steps[i]
		fr.nodes = append(fr.nodes, node{stepOf(s.ID), stepLabel(s), shapeOf(s)})
		d.step(f, i)
	}
	for _, e := range d.edges[first:] {
		if e.to == exitOf(f.ID) {
			fr.nodes = append(fr.nodes, node{exitOf(f.ID), "return", exit})
			break
		}
	}
	for i := range f.Tracks {
		t := &f.Tracks[i]
		fr.nodes = append(fr.nodes, node{trackOf(t.Name), Describe(t), track})
		if t.Done != "" {
			d.edge(trackOf(t.Name), entryOf(t.Done), "Done", dashed)
		}
		if t.Run != "" {
			d.edge(trackOf(t.Name), entryOf(t.Run), "run", dashed)
		}
	}
	d.frames = append(d.frames, fr)
}

// position is the node of a flow's i-th step, or of its return.
func position(f *lang.Flow, i int) string {
	if i < len(f.Steps) {
		return stepOf(f.Steps[i].ID)
	}
	return exitOf(f.ID)
}

// target is the node that a target leads to.
func target(f *lang.Flow, to string) string {
	if to == lang.Return {
		return exitOf(f.ID)
	}
	return stepOf(to)
}

// step draws the ways on from a step.
func (d *drawing) step(f *lang.Flow, i int) {
	s := &f.Steps[i]
	from, below := stepOf(s.ID), position(f, i+1)
	if s.When != nil {
		d.edge(from, below, "otherwise", solid)
	}
	switch s.Action {
	case lang.ActEnd:
		if len(s.Next) == 0 {
			return
		}
	case lang.ActCall:
		d.edge(from, entryOf(s.Target), "call", thick)
		if d.catalog.Flow(s.Target).Episode {
			return // an episode begins anew and does not come back
		}
	case lang.ActStart, lang.ActBegin:
		d.edge(from, trackOf(s.Target), string(s.Action), thick)
	case lang.ActStop:
		if s.Target != lang.AllTracks {
			d.edge(from, trackOf(s.Target), "stop", thick)
		}
	}
	// The choices that name no way of their own go as the step says.
	var rest []string
	for _, c := range s.Choices {
		if c.Next == "" {
			rest = append(rest, c.ID)
		} else {
			d.edge(from, target(f, c.Next), c.ID, solid)
		}
	}
	if len(rest) > 0 || len(s.Choices) == 0 {
		d.ways(f, s, from, below, strings.Join(rest, ", "))
	}
	if s.Wait != nil {
		d.edge(from, target(f, s.Wait.Next), waitLabel(s.Wait), dashed)
	}
}

// ways draws where a step leads by itself.
func (d *drawing) ways(f *lang.Flow, s *lang.Step, from, below, choices string) {
	for _, b := range s.Next {
		if b.When == nil {
			d.edge(from, target(f, b.To), choices, solid)
			return
		}
		label := "when " + b.When.Source
		if choices != "" {
			label = choices + "\n" + label
		}
		d.edge(from, target(f, b.To), label, solid)
	}
	d.edge(from, below, choices, solid)
}

func shapeOf(s *lang.Step) shape {
	switch s.Action {
	case lang.ActAsk:
		return ask
	case lang.ActCall:
		return call
	case lang.ActStart, lang.ActBegin, lang.ActStop:
		return timing
	case lang.ActEnd:
		return end
	case lang.ActGo:
		return branch
	}
	return say
}

func entryLabel(f *lang.Flow) string {
	label := f.ID
	if len(f.Commands) > 0 {
		label = "/" + strings.Join(f.Commands, ", /")
		if len(f.While) > 0 && !slices.Contains(f.While, lang.Always) {
			label += "\nwhile " + strings.Join(f.While, ", ")
		}
	}
	return label
}

func stepLabel(s *lang.Step) string {
	lines := []string{s.ID}
	switch s.Action {
	case lang.ActAsk:
		lines = append(lines, string(s.Action)+" "+s.Question.Caption())
	case lang.ActCall, lang.ActStart, lang.ActBegin, lang.ActStop, lang.ActEnd:
		lines = append(lines, string(s.Action)+" "+s.Target)
	}
	if s.When != nil {
		lines = append(lines, "when "+s.When.Source)
	}
	for _, a := range s.Set {
		lines = append(lines, fmt.Sprintf("%s = %s", a.Var, a.Value.Source))
	}
	return strings.Join(lines, "\n")
}

func waitLabel(w *lang.Wait) string {
	var parts []string
	if w.Nudge > 0 {
		parts = append(parts, "nudge "+Short(w.Nudge))
	}
	if w.Until != nil {
		parts = append(parts, "until "+w.Until.Source)
	} else {
		parts = append(parts, "after "+Short(w.Timeout))
	}
	return strings.Join(parts, ", ")
}
