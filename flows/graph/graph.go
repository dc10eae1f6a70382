package graph

import "strings"

// shape is what a node stands for; each language draws it in its own way.
type shape int

const (
	entry   shape = iota // where a flow begins, or a flow with commands
	exit                 // where it returns
	say                  // a text, or a flow that others run
	ask                  // a question
	call                 // another flow
	branch               // nothing but a way on
	timing               // starts or stops a round or reminder
	end                  // the end of the episode
	track                // a round or a reminder
	episode              // a flow that begins an episode
)

// stroke is how an edge is drawn.
type stroke int

const (
	solid  stroke = iota
	dashed        // not the person but the time, or a button anywhere, leads here
	thick         // starts a round or a reminder, or begins an episode
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

// Chart is a flowchart in no language yet.
type Chart struct {
	across bool // from left to right, for charts that have more beside each other than below
	nodes  []node
	edges  []edge
}

// node adds a node whose label has these lines.
func (c *Chart) node(id string, s shape, lines ...string) {
	c.nodes = append(c.nodes, node{id, strings.Join(lines, "\n"), s})
}

// edge adds an edge. Ways between the same two nodes share one: its label lists
// them, and is empty if one of them is taken in any case.
func (c *Chart) edge(from, to, label string, s stroke) {
	for i := range c.edges {
		e := &c.edges[i]
		switch {
		case e.from != from || e.to != to:
			continue
		case e.label != "" && label != "":
			e.label += "\n" + label
			e.stroke = min(e.stroke, s) // the person's own way counts for more than that of time
			return
		case e.stroke == s:
			e.label = ""
			return
		}
	}
	c.edges = append(c.edges, edge{from, to, label, s})
}
