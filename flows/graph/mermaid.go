package graph

import (
	"fmt"
	"strings"

	"spasmbot/flows/lang"
)

// mermaidShapes are the brackets around a label.
var mermaidShapes = map[shape][2]string{
	entry: {"([", "])"}, exit: {"([", "])"}, say: {"[", "]"}, ask: {"[/", "/]"}, call: {"[[", "]]"},
	branch: {"{", "}"}, timing: {">", "]"}, end: {"(((", ")))"}, track: {"{{", "}}"},
}

var mermaidStrokes = map[stroke]string{solid: "-->", dashed: "-.->", thick: "==>"}

// Mermaid draws a catalog as a Mermaid flowchart, which GitHub and many
// editors show within Markdown.
func Mermaid(c *lang.Catalog) string {
	d := draw(c)
	var out strings.Builder
	out.WriteString("flowchart TD\n")
	for _, f := range d.frames {
		fmt.Fprintf(&out, "  subgraph %s[%s]\n", f.id, mermaidLabel(f.title))
		for _, n := range f.nodes {
			brackets := mermaidShapes[n.shape]
			fmt.Fprintf(&out, "    %s%s%s%s\n", n.id, brackets[0], mermaidLabel(n.label), brackets[1])
		}
		out.WriteString("  end\n")
	}
	for _, e := range d.edges {
		arrow := mermaidStrokes[e.stroke]
		if e.label != "" {
			arrow += "|" + mermaidLabel(e.label) + "|"
		}
		fmt.Fprintf(&out, "  %s %s %s\n", e.from, arrow, e.to)
	}
	return out.String()
}

// mermaidEscapes are Mermaid's own entities: it has no backslash, and reads
// HTML in its labels.
var mermaidEscapes = strings.NewReplacer(
	"#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "&", "#amp;", "`", "#96;", "\\", "#92;", "\n", "<br/>",
)

func mermaidLabel(s string) string { return `"` + mermaidEscapes.Replace(s) + `"` }
