package bottest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"spasmbot/flows/catalog"
	"spasmbot/flows/graph"
	"spasmbot/flows/lang"
)

// draw is a page's function that draws a chart and says what can be seen of it.
const draw = `
async function draw(text) {
	const {svg} = await mermaid.render("chart", text);
	document.body.innerHTML = svg;
	const labels = (of) => [...document.querySelectorAll(of + " foreignObject > *")].map((e) => e.innerText.trim()).filter(Boolean);
	return {
		nodes: labels("g.node"),
		labels: labels("g.edgeLabel"),
		edges: document.querySelectorAll("path.flowchart-link").length,
	};
}`

// drawn is what can be seen of a chart: the words of its nodes and of its
// edges, and the number of edges.
type drawn struct {
	Nodes, Labels []string
	Edges         int
}

// drawingPage opens a page that has Mermaid.
func drawingPage(t *testing.T) context.Context {
	t.Helper()
	found, err := filepath.Glob("../../bin/mermaid-*.min.js")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 {
		lacks(t, "no Mermaid found in bin: make mermaid fetches it")
	}
	script, err := filepath.Abs(found[0])
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.html")
	page := fmt.Sprintf("<!doctype html><meta charset=utf-8><script src=%q></script><script>%s</script><body>",
		&url.URL{Scheme: "file", Path: script}, draw)
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	return browse(t, (&url.URL{Scheme: "file", Path: file}).String())
}

// TestGraphs: Mermaid draws the overview of every set of flows and each of
// their flows, with every node, edge and word.
func TestGraphs(t *testing.T) {
	t.Parallel()
	ctx := drawingPage(t)
	ankle, err := catalog.Load(os.DirFS("../../docs/examples/ankle"), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	odd, err := catalog.Load(fstest.MapFS{
		"odd.yaml":      {Data: []byte(oddFlow)},
		"other.yaml":    {Data: []byte(otherFlow)},
		"texts/en.yaml": {Data: []byte(oddTexts)},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	if got := look(ctx, t, "odd", graph.Flow(odd, odd.Flow("odd"))); !slices.Contains(got.Nodes, "graph\nwhen word == \"a\\\\b<b>#35;\"") {
		t.Errorf("the odd condition reads %q", got.Nodes)
	}
	for set, cat := range map[string]*lang.Catalog{"spasm": shipped, "ankle": ankle} {
		look(ctx, t, set+"-overview", graph.Overview(cat))
		for _, f := range cat.Flows() {
			look(ctx, t, set+"-flow-"+f.ID, graph.Flow(cat, f))
		}
	}
}

// The odd flow's conditions have what is Mermaid's own, or HTML's.
const (
	oddFlow = `
flow: odd
version: 1
episode: true
commands: [odd]
worse: other
stop: other
steps:
  - {id: word, ask: text, least: 1, most: 9, wait: {timeout: 1h, next: end}}
  - {id: graph, when: 'word == "a\\b<b>#35;"', go: subgraph}
  - id: subgraph
    go: [{when: 'word == "&lt;` + "`]%%" + `"', to: word}, {when: 'word == "|x|-->"', to: word}, {to: end}]
  - {id: end, end: end}
`
	otherFlow = `
flow: other
version: 1
steps: [{id: default, go: return}]
`
	oddTexts = `
word: {text: "?", invalid: "?"}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: u}
menu: {}
`
)

var (
	quoted = regexp.MustCompile(`"([^"]*)"`)
	arrows = regexp.MustCompile(`-->|-\.->|==>`)
	// entities are what Mermaid shows of what it is given.
	entities = strings.NewReplacer("#35;", "#", "#quot;", `"`, "#lt;", "<", "#gt;", ">", "#amp;", "&", "#96;", "`", "#92;", `\`, "<br/>", "\n")
)

// look draws a chart and compares what can be seen with what was asked for.
func look(ctx context.Context, t *testing.T, name string, c *graph.Chart) drawn {
	t.Helper()
	source := c.Mermaid()
	var want drawn
	for line := range strings.Lines(source) {
		words := ""
		if m := quoted.FindStringSubmatch(line); m != nil {
			words = entities.Replace(m[1])
		}
		switch {
		case arrows.MatchString(line):
			want.Edges++
			if words != "" {
				want.Labels = append(want.Labels, words)
			}
		case words != "":
			want.Nodes = append(want.Nodes, words)
		}
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[drawn](fmt.Sprintf("draw(%q)", source), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Errorf("%s: Mermaid does not draw it: %v\n%s", name, err, source)
		return got
	}
	for _, list := range [][]string{want.Nodes, want.Labels, got.Nodes, got.Labels} {
		slices.Sort(list)
	}
	if !slices.Equal(got.Nodes, want.Nodes) {
		t.Errorf("%s: the nodes say\n%q, want\n%q", name, got.Nodes, want.Nodes)
	}
	if !slices.Equal(got.Labels, want.Labels) || got.Edges != want.Edges {
		t.Errorf("%s: %d edges say\n%q, want %d with\n%q", name, got.Edges, got.Labels, want.Edges, want.Labels)
	}
	return got
}

// TestMermaidsLimits: a chart of which the program says that it is too large is
// one that Mermaid refuses, and only such a one.
func TestMermaidsLimits(t *testing.T) {
	t.Parallel()
	ctx := drawingPage(t)
	for edges, refused := range map[int]bool{500: false, 501: true} {
		chart := "flowchart TD\n" + strings.Repeat("  a --> b\n", edges)
		_, err := chromedp.Run(ctx, chromedp.Evaluate[any](fmt.Sprintf("mermaid.parse(%q)", chart), chromedp.EvalAwaitPromise))
		if (err != nil) != refused {
			t.Errorf("%d edges: %v", edges, err)
		}
	}
	for length, refused := range map[int]bool{50_000: false, 50_001: true} {
		chart := "flowchart TD\n  a --> b[x]\n"
		chart = strings.Replace(chart, "x", strings.Repeat("x", length-len(chart)+1), 1)
		got, err := chromedp.Run(ctx, chromedp.Evaluate[drawn](fmt.Sprintf("draw(%q)", chart), chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		if (got.Edges != 1) != refused {
			t.Errorf("%d characters: %q is drawn", length, got.Nodes)
		}
	}
}
