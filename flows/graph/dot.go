package graph

import (
	"fmt"
	"strings"

	"spasmbot/flows/lang"
)

var dotShapes = map[shape]string{
	entry: "oval", exit: "oval", say: "box", ask: "parallelogram", call: "component",
	branch: "diamond", timing: "cds", end: "doubleoctagon", track: "hexagon",
}

var dotStrokes = map[stroke]string{solid: "solid", dashed: "dashed", thick: "bold"}

// DOT draws a catalog for Graphviz: pipe it into "dot -Tsvg".
func DOT(c *lang.Catalog) string {
	d := draw(c)
	var out strings.Builder
	out.WriteString("digraph flows {\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n")
	for _, f := range d.frames {
		// Graphviz frames only what is called a cluster.
		fmt.Fprintf(&out, "  subgraph %s {\n    label=%s;\n", dotLabel("cluster_"+f.id), dotLabel(f.title))
		for _, n := range f.nodes {
			fmt.Fprintf(&out, "    %s [shape=%s, label=%s];\n", dotLabel(n.id), dotShapes[n.shape], dotLabel(n.label))
		}
		out.WriteString("  }\n")
	}
	for _, e := range d.edges {
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
