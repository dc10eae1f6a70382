package graph

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// mermaidShapes are the brackets around a label.
var mermaidShapes = map[shape][2]string{
	entry: {"([", "])"}, exit: {"([", "])"}, say: {"[", "]"}, ask: {"[/", "/]"}, call: {"[[", "]]"},
	branch: {"{", "}"}, timing: {">", "]"}, end: {"(((", ")))"}, track: {"(", ")"}, episode: {"{{", "}}"},
}

var mermaidStrokes = map[stroke]string{solid: "-->", dashed: "-.->", thick: "==>"}

// Mermaid writes the chart as a Mermaid flowchart, which GitHub and many
// editors show within Markdown.
func (c *Chart) Mermaid() string {
	var out strings.Builder
	direction := "TD"
	if c.across {
		direction = "LR"
	}
	fmt.Fprintf(&out, "flowchart %s\n", direction)
	for _, n := range c.nodes {
		brackets := mermaidShapes[n.shape]
		fmt.Fprintf(&out, "  %s%s%s%s\n", n.id, brackets[0], mermaidLabel(n.label), brackets[1])
	}
	for _, e := range c.edges {
		arrow := mermaidStrokes[e.stroke]
		if e.label != "" {
			arrow += "|" + mermaidLabel(e.label) + "|"
		}
		fmt.Fprintf(&out, "  %s %s %s\n", e.from, arrow, e.to)
	}
	return out.String()
}

// What Mermaid draws, unless whoever shows the chart has raised its limits:
// characters of UTF-16, and edges.
const (
	mermaidText  = 50_000
	mermaidEdges = 500
)

// TooLarge says why Mermaid refuses to draw the chart, "" if it does not.
func (c *Chart) TooLarge() string {
	if n := len(c.edges); n > mermaidEdges {
		return fmt.Sprintf("it has %d edges, and Mermaid draws %d", n, mermaidEdges)
	}
	if n := len(utf16.Encode([]rune(c.Mermaid()))); n > mermaidText {
		return fmt.Sprintf("it has %d characters, and Mermaid reads %d", n, mermaidText)
	}
	return ""
}

// mermaidEscapes are Mermaid's own entities: it has no backslash, and reads
// HTML in its labels.
var mermaidEscapes = strings.NewReplacer(
	"#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "&", "#amp;", "`", "#96;", "\\", "#92;", "\n", "<br/>",
)

func mermaidLabel(s string) string { return `"` + mermaidEscapes.Replace(s) + `"` }
