package graph_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows/catalog"
	"spasmbot/flows/graph"
	"spasmbot/flows/lang"
)

const flow = `
flow: spasm
version: 1
episode: true
commands: [spasm]
worse: worse
stop: worse
default_wait: {timeout: 1h, next: over}
steps:
  - {id: signs, call: worse, set: {onset: now}}
  - {id: odd, ask: text, least: 1, most: 9}
  - id: how
    ask: choice
    choices: {well: {next: over}, bad: {}, numb: {}}
    next:
      - {when: 'how == "bad"', to: cold_now}
      - {to: over}
    wait: {nudge: 10m, timeout: 2h, next: over}
  - {id: cold_now, when: 'odd == "a\\b<c>#&"', start: cold, set: {seen: "true"}}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, check: 10m, gap: 2h, most_per_day: 6, until: onset + 72h, hours: waking}
reminders:
  look: {at: ["09:00", "19:00"], days: [mon, fri], first: 1d, silent: true}
`

const texts = `
odd: {text: Odd?, invalid: No.}
how: {text: "?", well: Well, bad: Bad, numb: Numb}
minutes: {text: "?", invalid: "?"}
cold-on: {text: on}
cold-check: {text: check}
cold-off: {text: off}
look: {text: look}
` + frame

// frame is what every set of texts has.
const frame = `
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: u}
menu: {}
`

func small(t *testing.T) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{
		"spasm.yaml":    {Data: []byte(flow)},
		"worse.yaml":    {Data: []byte("flow: worse\nversion: 1\nsteps:\n  - {id: minutes, ask: number, least: 1, most: 90, wait: {timeout: 1h, next: return}}\n")},
		"texts/en.yaml": {Data: []byte(texts)},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// flowOf draws one flow of a catalog.
func flowOf(c *lang.Catalog, id string) *graph.Chart { return graph.Flow(c, c.Flow(id)) }

// contains demands lines of a drawing.
func contains(t *testing.T, got string, lines ...string) {
	t.Helper()
	for _, want := range lines {
		if !strings.Contains(got, want) {
			t.Errorf("the chart lacks %s; it is\n%s", want, got)
		}
	}
}

func TestMermaid(t *testing.T) {
	c := small(t)
	contains(t, flowOf(c, "spasm").Mermaid(),
		"flowchart TD\n  flow_spasm",
		`flow_spasm(["spasm<br/>episode<br/>/spasm<br/>Worse runs worse<br/>Stop runs worse"])`,
		`step_signs[["signs<br/>call worse<br/>set onset"]]`,
		`step_how[/"how<br/>ask choice"/]`,
		`step_cold_now>"cold_now<br/>start cold<br/>when odd == #quot;a#92;#92;b#lt;c#gt;#35;#amp;#quot;<br/>set seen"]`,
		`step_over((("over<br/>end over")))`,
		`track_cold("cold<br/>hold 20m<br/>check 10m<br/>gap 2h<br/>at most 6 a day<br/>waking hours<br/>until onset + 72h<br/>late: deliver after 15m")`,
		`track_look("look<br/>at 09:00, 19:00<br/>on Mon, Fri<br/>first after 1d<br/>silent<br/>late: deliver after 15m")`,
		`flow_spasm --> step_signs`,
		`step_how -->|"well<br/>bad, numb<br/>nudge 10m, after 2h"| step_over`,
		`step_how -->|"bad, numb when how == #quot;bad#quot;"| step_cold_now`,
		`step_cold_now --> step_over`,
		`step_cold_now ==>|"start"| track_cold`,
	)
	if got := flowOf(c, "spasm").Mermaid(); strings.Contains(got, "otherwise") {
		t.Errorf("a way that is taken in any case has a condition:\n%s", got)
	}
	contains(t, flowOf(c, "worse").Mermaid(),
		`flow_worse(["worse<br/>called by spasm<br/>on Worse in spasm<br/>on Stop in spasm"])`,
		`step_minutes[/"minutes<br/>ask number 1 to 90"/]`,
		`step_minutes -.->|"after 1h"| back_worse`,
		`back_worse(["return"])`,
	)
}

func TestDOT(t *testing.T) {
	contains(t, flowOf(small(t), "spasm").DOT(),
		`"step_how" [shape=parallelogram, label="how\nask choice"];`,
		`when odd == \"a\\\\b<c>#&\"`,
		`"step_odd" -> "step_over" [style=dashed, label="after 1h"];`,
		`"step_cold_now" -> "track_cold" [style=bold, label="start"];`,
	)
	contains(t, graph.Overview(small(t)).DOT(),
		"digraph flows {\n  rankdir=LR;\n",
		`"flow_spasm" [shape=hexagon, label="spasm\nepisode\n/spasm"];`,
		`"flow_spasm" -> "flow_worse" [style=dashed, label="Worse\nStop"];`,
	)
}

// edgeEnds are the nodes of an edge.
var edgeEnds = regexp.MustCompile(`(?m)^  "(\w+)" -> "(\w+)" `)

// charts are all that can be drawn of a catalog, by what they show.
func charts(c *lang.Catalog) map[string]*graph.Chart {
	all := map[string]*graph.Chart{"overview": graph.Overview(c)}
	for _, f := range c.Flows() {
		all[f.ID] = graph.Flow(c, f)
	}
	return all
}

// TestShipped: no edge leads to a node that is not drawn, every flow and every
// step is drawn, the same catalog gives the same drawing, and Mermaid takes
// each chart.
func TestShipped(t *testing.T) {
	load := func() *lang.Catalog {
		c, err := catalog.Load(catalog.Shipped(), "UTC")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := load()
	again := charts(load())
	for name, chart := range charts(c) {
		dot := chart.DOT()
		if again[name].DOT() != dot || again[name].Mermaid() != chart.Mermaid() {
			t.Errorf("%s: two drawings of one catalog differ", name)
		}
		if why := chart.TooLarge(); why != "" {
			t.Errorf("%s: %s", name, why)
		}
		edges := edgeEnds.FindAllStringSubmatch(dot, -1)
		if len(edges) == 0 {
			t.Errorf("%s: no edge was found", name)
		}
		for _, e := range edges {
			for _, id := range e[1:] {
				if !strings.Contains(dot, `  "`+id+`" [shape=`) {
					t.Errorf("%s: the edge %s -> %s has no node %s", name, e[1], e[2], id)
				}
			}
		}
		nodes := []string{"flow_" + name}
		if f := c.Flow(name); f != nil {
			for _, s := range f.Steps {
				nodes = append(nodes, "step_"+s.ID)
			}
		} else {
			nodes = nil
			for _, f := range c.Flows() {
				nodes = append(nodes, "flow_"+f.ID)
			}
		}
		for _, id := range nodes {
			if !strings.Contains(dot, `  "`+id+`" [shape=`) {
				t.Errorf("%s: %s is not drawn", name, id)
			}
		}
	}
	if strings.Contains(flowOf(c, "start").DOT(), `"step_begin_spasm" -> "back_start"`) {
		t.Error("an episode comes back to the flow that began it")
	}
}

// TestTooLarge: what Mermaid refuses is told. That its limits are these, a test
// in the browser shows.
func TestTooLarge(t *testing.T) {
	grown := func(steps int, id string) *graph.Chart {
		var flow, texts strings.Builder
		flow.WriteString("flow: spasm\nversion: 1\nepisode: true\nworse: other\nstop: other\ncommands: [spasm]\nsteps:\n")
		for i := range steps {
			fmt.Fprintf(&flow, "  - {id: %s%d}\n", id, i)
			fmt.Fprintf(&texts, "%s%d: {text: x}\n", id, i)
		}
		flow.WriteString("  - {id: over, end: over}\n")
		c, err := catalog.Load(fstest.MapFS{
			"spasm.yaml":    {Data: []byte(flow.String())},
			"other.yaml":    {Data: []byte("flow: other\nversion: 1\nsteps: [{id: other_step, go: return}]\n")},
			"texts/en.yaml": {Data: []byte(texts.String() + frame)},
		}, "UTC")
		if err != nil {
			t.Fatal(err)
		}
		return flowOf(c, "spasm")
	}
	long := strings.Repeat("long_", 7)
	for _, test := range []struct {
		chart *graph.Chart
		want  string
	}{
		{grown(499, "s"), ""}, // and one edge to the first step
		{grown(500, "s"), "it has 501 edges, and Mermaid draws 500"},
		{grown(300, long), "it has 54325 characters, and Mermaid reads 50000"},
	} {
		if got := test.chart.TooLarge(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		20 * time.Minute: "20m", 2 * time.Hour: "2h", 90 * time.Minute: "1h30m", 72 * time.Hour: "3d",
		36 * time.Hour: "36h", 30 * time.Second: "30s", 0: "0s", 10 * time.Hour: "10h",
	} {
		if got := graph.Short(d); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}
