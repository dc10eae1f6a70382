package graph

import (
	"slices"
	"strings"

	"spasmbot/flows/lang"
)

func entryOf(flow string) string { return "flow_" + flow }
func exitOf(flow string) string  { return "back_" + flow }
func stepOf(step string) string  { return "step_" + step }
func trackOf(name string) string { return "track_" + name }

// Flow draws a flow of a catalog with all its steps, rounds and reminders.
// Other flows are named where they are run, and not drawn.
func Flow(c *lang.Catalog, f *lang.Flow) *Chart {
	d := &drawing{catalog: c, flow: f}
	d.node(entryOf(f.ID), entry, d.entry()...)
	d.edge(entryOf(f.ID), d.position(0), "", solid)
	for i := range f.Steps {
		s := &f.Steps[i]
		d.node(stepOf(s.ID), shapeOf(s), d.label(s)...)
		d.step(i)
	}
	if slices.ContainsFunc(d.edges, func(e edge) bool { return e.to == exitOf(f.ID) }) {
		d.node(exitOf(f.ID), exit, "return")
	}
	for i := range f.Tracks {
		t := &f.Tracks[i]
		lines := strings.Split(Describe(t), "\n")
		for i := range lines {
			lines[i] = brief(lines[i])
		}
		d.node(trackOf(t.Name), track, lines...)
	}
	return &d.Chart
}

// drawing is the chart of a flow while it is drawn.
type drawing struct {
	Chart
	catalog *lang.Catalog
	flow    *lang.Flow
}

// position is the node of the flow's i-th step, or of its return.
func (d *drawing) position(i int) string {
	if i < len(d.flow.Steps) {
		return stepOf(d.flow.Steps[i].ID)
	}
	return exitOf(d.flow.ID)
}

// target is the node that a target leads to.
func (d *drawing) target(to string) string {
	if to == lang.Return {
		return exitOf(d.flow.ID)
	}
	return stepOf(to)
}

// step draws the ways on from a step.
func (d *drawing) step(i int) {
	s := &d.flow.Steps[i]
	from, below := stepOf(s.ID), d.position(i+1)
	if s.When != nil {
		d.edge(from, below, "otherwise", solid)
	}
	switch s.Action {
	case lang.ActEnd, lang.ActForget:
		if s.Final() {
			return
		}
	case lang.ActCall:
		if d.catalog.Flow(s.Target).Episode {
			return // an episode begins anew and does not come back
		}
	case lang.ActStart, lang.ActBegin, lang.ActStop:
		if slices.ContainsFunc(d.flow.Tracks, func(t lang.TrackSpec) bool { return t.Name == s.Target }) {
			d.edge(from, trackOf(s.Target), string(s.Action), thick)
		}
	}
	// The choices that name no way of their own go as the step says.
	var rest []string
	for _, c := range s.Choices {
		if c.Next == "" {
			rest = append(rest, c.ID)
		} else {
			d.edge(from, d.target(c.Next), c.ID, solid)
		}
	}
	if len(rest) > 0 || len(s.Choices) == 0 && !s.OnCard() {
		d.ways(s, from, below, strings.Join(rest, ", "))
	}
	if s.Back != nil {
		d.edge(from, d.target(s.Back.Next), lang.BackChoice, solid)
	}
	if s.Wait != nil {
		d.edge(from, d.target(s.Wait.Next), waitLabel(s.Wait), dashed)
	}
}

// ways draws where a step leads by itself.
func (d *drawing) ways(s *lang.Step, from, below, choices string) {
	for _, b := range s.Next {
		if b.When == nil {
			d.edge(from, d.target(b.To), choices, solid)
			return
		}
		label := brief("when " + b.When.Source)
		if choices != "" {
			label = choices + " " + label
		}
		d.edge(from, d.target(b.To), label, solid)
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
	case lang.ActEnd, lang.ActForget:
		return end
	case lang.ActGo:
		return branch
	}
	return say
}

// label says what a step does.
func (d *drawing) label(s *lang.Step) []string {
	lines := []string{s.ID}
	switch s.Action {
	case lang.ActAsk:
		lines = append(lines, string(s.Action)+" "+s.Question.Caption())
		for _, g := range s.Question.Gates() {
			lines = append(lines, brief("gate "+g.Name+": "+strings.Join(g.Of, ", ")))
		}
	case lang.ActCall:
		line := string(s.Action) + " " + s.Target
		if d.catalog.Flow(s.Target).Episode {
			line += ", a new episode"
		}
		lines = append(lines, line)
	case lang.ActStart, lang.ActBegin, lang.ActStop, lang.ActEnd, lang.ActShow, lang.ActPaper, lang.ActForget:
		lines = append(lines, string(s.Action)+" "+s.Target)
	}
	for _, c := range s.Choices {
		if c.Lasting != "" {
			lines = append(lines, "older "+c.ID+" runs "+c.Lasting)
		}
	}
	if s.When != nil {
		lines = append(lines, brief("when "+s.When.Source))
	}
	var set []string
	for _, a := range s.Set {
		set = append(set, a.Var)
	}
	if len(set) > 0 {
		lines = append(lines, "set "+strings.Join(set, ", "))
	}
	return lines
}

// entry says how a person comes into the flow, and what the buttons of its
// reminders run.
func (d *drawing) entry() []string {
	lines := heading(d.flow)
	var ways []string
	from := make(map[string][]string)
	for _, l := range links(d.catalog) {
		if l.to != d.flow.ID {
			continue
		}
		if from[l.passive] == nil {
			ways = append(ways, l.passive)
		}
		from[l.passive] = append(from[l.passive], l.from)
	}
	for _, way := range ways {
		lines = append(lines, way+" "+strings.Join(from[way], ", "))
	}
	if d.flow.Worse != "" {
		lines = append(lines, "Worse runs "+d.flow.Worse, "Stop runs "+d.flow.Stop)
	}
	if d.flow.Card != nil {
		for _, b := range d.flow.Card.Buttons {
			lines = append(lines, "card "+b.ID+" runs "+b.Flow)
		}
	}
	return lines
}

// briefly is the length to which conditions are cut, in characters: what they
// say in full stands in the flow's file.
const briefly = 60

// brief cuts what is long.
func brief(s string) string {
	if r := []rune(s); len(r) > briefly {
		return string(r[:briefly-1]) + "…"
	}
	return s
}

func waitLabel(w *lang.Wait) string {
	var parts []string
	if w.Nudge > 0 {
		parts = append(parts, "nudge "+Short(w.Nudge))
	}
	if w.Until != nil {
		parts = append(parts, brief("until "+w.Until.Source))
	} else {
		parts = append(parts, "after "+Short(w.Timeout))
	}
	return strings.Join(parts, ", ")
}
