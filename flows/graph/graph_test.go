package graph_test

import (
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
  look: {at: ["09:00", "19:00"], days: [mon, fri], first: 1d}
`

const texts = `
odd: {text: Odd?, invalid: No.}
how: {text: "?", well: Well, bad: Bad, numb: Numb}
minutes: {text: "?", invalid: "?"}
cold-on: {text: on}
cold-check: {text: check}
cold-off: {text: off}
look: {text: look}
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

func TestMermaid(t *testing.T) {
	got := graph.Mermaid(small(t))
	for _, want := range []string{
		"flowchart TD\n  subgraph frame_spasm[\"spasm\"]\n",
		`flow_spasm(["/spasm"])`,
		`step_how[/"how<br/>ask choice"/]`,
		`step_cold_now>"cold_now<br/>start cold<br/>when odd == #quot;a#92;#92;b#lt;c#gt;#35;#amp;#quot;<br/>seen = true"]`,
		`step_over((("over<br/>end over")))`,
		`track_cold{{"cold<br/>hold 20m<br/>check 10m<br/>gap 2h<br/>at most 6 a day<br/>waking hours<br/>until onset + 72h<br/>late: deliver after 15m"}}`,
		`track_look{{"look<br/>at 09:00, 19:00<br/>on Mon, Fri<br/>first after 1d<br/>late: deliver after 15m"}}`,
		`back_worse(["return"])`,
		`flow_spasm -.->|"Worse on any reminder"| flow_worse`,
		`step_signs ==>|"call"| flow_worse`,
		`step_how -->|"well"| step_over`,
		`step_how -->|"bad, numb<br/>when how == #quot;bad#quot;"| step_cold_now`,
		`step_how -.->|"nudge 10m, after 2h"| step_over`,
		`step_cold_now -->|"otherwise"| step_over`,
		`step_cold_now ==>|"start"| track_cold`,
		`step_minutes[/"minutes<br/>ask number 1 to 90"/]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the chart lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestDOT(t *testing.T) {
	got := graph.DOT(small(t))
	for _, want := range []string{
		`subgraph "cluster_frame_spasm" {`,
		`"step_how" [shape=parallelogram, label="how\nask choice"];`,
		`when odd == \"a\\\\b<c>#&\"`,
		`"step_how" -> "step_over" [style=dashed, label="nudge 10m, after 2h"];`,
		`"step_signs" -> "flow_worse" [style=bold, label="call"];`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the graph lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

var edgeEnds = regexp.MustCompile(`(?m)^  "(\w+)" -> "(\w+)" `)

// TestShipped: no edge leads to a node that is not drawn, every step is drawn,
// and the same catalog gives the same drawing.
func TestShipped(t *testing.T) {
	load := func() *lang.Catalog {
		c, err := catalog.Load(catalog.Shipped(), "UTC")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := load()
	dot := graph.DOT(c)
	if graph.DOT(load()) != dot || graph.Mermaid(load()) != graph.Mermaid(c) {
		t.Error("two drawings of one catalog differ")
	}
	if strings.Contains(dot, `"step_begin_spasm" -> "back_start"`) {
		t.Error("an episode comes back to the flow that began it")
	}
	edges := edgeEnds.FindAllStringSubmatch(dot, -1)
	if len(edges) == 0 {
		t.Fatal("no edge was found")
	}
	for _, e := range edges {
		for _, id := range e[1:] {
			if !strings.Contains(dot, `    "`+id+`" [shape=`) {
				t.Errorf("the edge %s -> %s has no node %s", e[1], e[2], id)
			}
		}
	}
	for _, f := range c.Flows() {
		for _, s := range f.Steps {
			if !strings.Contains(dot, `    "step_`+s.ID+`" [`) {
				t.Errorf("step %s is not drawn", s.ID)
			}
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
