package graph

import (
	"slices"
	"strings"

	"spasmbot/flows/lang"
)

// mostCallers is how many edges to a flow an overview has for those that call
// it. Who calls a flow that nearly all call is told in its label: so many edges
// from everywhere could not be followed.
const mostCallers = 3

// Overview draws a catalog with a node for each flow.
func Overview(c *lang.Catalog) *Chart {
	d := &Chart{across: true}
	all := links(c)
	callers := make(map[string][]string)
	for _, l := range all {
		if l.active == "" {
			callers[l.to] = append(callers[l.to], l.from)
		}
	}
	for _, f := range c.Flows() {
		lines, kind := heading(f), say
		switch {
		case f.Episode:
			kind = episode
		case len(f.Commands) > 0:
			kind = entry
		}
		if by := callers[f.ID]; len(by) > mostCallers {
			lines = append(lines, called+" "+strings.Join(by, ", "))
		}
		d.node(entryOf(f.ID), kind, lines...)
	}
	for _, l := range all {
		if l.active != "" || len(callers[l.to]) <= mostCallers {
			d.edge(entryOf(l.from), entryOf(l.to), l.active, l.stroke)
		}
	}
	return d
}

// link is a way from a flow to another one.
type link struct {
	from, to string
	// What the one does, empty for a plain call, and what happens to the other.
	active, passive string
	stroke          stroke
}

const called = "called by"

// links lists how the flows of a catalog lead to each other, each way once.
func links(c *lang.Catalog) []link {
	var all []link
	add := func(l link) {
		if l.to != "" && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	for _, f := range c.Flows() {
		for i := range f.Steps {
			s := &f.Steps[i]
			switch {
			case s.Action != lang.ActCall:
			case c.Flow(s.Target).Episode:
				add(link{f.ID, s.Target, "begins", "begun by", thick})
			default:
				add(link{f.ID, s.Target, "", called, solid})
			}
			for _, c := range s.Choices {
				add(link{f.ID, c.Lasting, "older " + c.ID, "on older " + c.ID + " in", dashed})
			}
		}
		add(link{f.ID, f.Worse, "Worse", "on Worse in", dashed})
		add(link{f.ID, f.Stop, "Stop", "on Stop in", dashed})
		if f.Card != nil {
			for _, b := range f.Card.Buttons {
				add(link{f.ID, b.Flow, "card " + b.ID, "on " + b.ID + " of the card in", dashed})
			}
		}
		for i := range f.Tracks {
			t := &f.Tracks[i]
			add(link{f.ID, t.Done, "Done on " + t.Name, "on Done on " + t.Name + " in", dashed})
			add(link{f.ID, t.Wrong, "wrong at " + t.Name, "on wrong at " + t.Name + " in", dashed})
			add(link{f.ID, t.Run, "reminder " + t.Name, "reminder " + t.Name + " in", dashed})
		}
	}
	return all
}

// heading names a flow, the commands that start it, and when they count.
func heading(f *lang.Flow) []string {
	lines := []string{f.ID}
	if f.Episode {
		lines = append(lines, "episode")
	}
	if len(f.Commands) == 0 {
		return lines
	}
	lines = append(lines, "/"+strings.Join(f.Commands, ", /"))
	if len(f.While) > 0 && !slices.Contains(f.While, lang.Always) {
		lines = append(lines, "while "+strings.Join(f.While, ", "))
	}
	return lines
}
