package graph

import (
	"fmt"
	"strings"
)

var dotShapes = map[shape]string{
	entry: "oval", exit: "oval", say: "box", ask: "parallelogram", call: "component",
	branch: "diamond", timing: "cds", end: "doubleoctagon", track: "note", episode: "hexagon",
}

var dotStrokes = map[stroke]string{solid: "solid", dashed: "dashed", thick: "bold"}

// DOT writes the chart for Graphviz: pipe it into "dot -Tsvg".
func (c *Chart) DOT() string {
	var out strings.Builder
	out.WriteString("digraph flows {\n")
	if c.across {
		out.WriteString("  rankdir=LR;\n")
	}
	out.WriteString("  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n")
	for _, n := range c.nodes {
		fmt.Fprintf(&out, "  %s [shape=%s, label=%s];\n", dotLabel(n.id), dotShapes[n.shape], dotLabel(n.label))
	}
	for _, e := range c.edges {
		attributes := "style=" + dotStrokes[e.stroke]
		if e.label != "" {
			attributes += ", label=" + dotLabel(e.label)
		}
		fmt.Fprintf(&out, "  %s -> %s [%s];\n", dotLabel(e.from), dotLabel(e.to), attributes)
	}
	out.WriteString("}\n")
	return out.String()
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func dotLabel(s string) string { return `"` + dotEscapes.Replace(s) + `"` }
