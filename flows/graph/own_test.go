package graph_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"spasmbot/flows/catalog"
	"spasmbot/flows/graph"
	"spasmbot/flows/lang"
)

// ownFlow has figures of the person's own, and flows that reminders run.
const ownFlow = `
flow: spasm
version: 1
episode: true
commands: [spasm, back]
while: [idle, spasm]
worse: look
stop: look
default_wait: {timeout: 1h, next: over}
steps:
  - {id: tongue, ask: language}
  - {id: minutes, ask: number, least: 1, most: 90}
  - {id: wish, when: 'why_not("cold") == ""', begin: cold}
  - {id: go_all, start: once_only}
  - {id: go_eyes, start: eyes}
  - {id: go_walk, start: walk}
  - {id: hub, ask: choice, choices: {well: {next: over}, bad: {next: quit}}}
  - {id: over, end: over}
  - {id: quit, end: quit, next: [{when: not live, to: rate}, {to: over}]}
  - {id: rate, ask: scale, next: over}
rounds:
  cold:
    hold: in_minutes(minutes)
    most_hold: 20m
    check: in_minutes(minutes / 2)
    gap: in_hours(minutes)
    least_gap: 1h
    when: minutes > 2
reminders:
  once_only: {once: 25m, run: look}
  eyes: {every: in_hours(minutes), least_gap: 90m, done: look}
  walk: {at: minutes, days: tongue}
`

const ownTexts = `
tongue: {text: "?"}
minutes: {text: "?", invalid: "?"}
hub: {text: "?", well: Well, bad: Bad}
rate: {text: "?"}
cold-on: {text: on}
cold-check: {text: check}
cold-off: {text: off}
eyes: {text: eyes}
walk: {text: walk}
looked: {text: looked}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: u}
menu: {}
`

func own(t *testing.T) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{
		"spasm.yaml":    {Data: []byte(ownFlow)},
		"look.yaml":     {Data: []byte("flow: look\nversion: 1\ncommands: [look]\nwhile: [always, spasm]\nsteps: [{id: looked}]\n")},
		"texts/en.yaml": {Data: []byte(ownTexts)},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDescribe(t *testing.T) {
	c := own(t)
	for name, want := range map[string]string{
		"cold": "cold, hold in_minutes(minutes), most hold 20m, check in_minutes(minutes / 2), gap in_hours(minutes), " +
			"least gap 1h, when minutes > 2, late: deliver after 15m",
		"once_only": "once_only, once after 25m, runs look, late: deliver after 15m",
		"eyes":      "eyes, every in_hours(minutes), least gap 1h30m, done runs look, late: deliver after 15m",
		"walk":      "walk, at minutes, on tongue, late: deliver after 15m",
	} {
		if got := strings.ReplaceAll(graph.Describe(c.Track(name)), "\n", ", "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestEdges: what a reminder runs, a round that is asked for, and what follows
// an end, in an order that stays the same.
func TestEdges(t *testing.T) {
	var edges []string
	for line := range strings.Lines(graph.Mermaid(own(t))) {
		if strings.Contains(line, "-->") || strings.Contains(line, "==>") || strings.Contains(line, "-.->") {
			edges = append(edges, strings.TrimSpace(line))
		}
	}
	for _, want := range []string{
		`step_wish ==>|"begin"| track_cold`,
		`track_once_only -.->|"run"| flow_look`,
		`track_eyes -.->|"Done"| flow_look`,
		`step_quit -->|"when not live"| step_rate`,
		`step_quit --> step_over`,
	} {
		if !slices.Contains(edges, want) {
			t.Errorf("the chart lacks %s; it has\n%s", want, strings.Join(edges, "\n"))
		}
	}
	for _, not := range edges {
		if strings.HasPrefix(not, "step_over -->") || strings.HasPrefix(not, "track_cold") || strings.HasPrefix(not, "track_walk") {
			t.Errorf("the chart has %s", not)
		}
	}
	for range 20 {
		if c := own(t); graph.Mermaid(c) != graph.Mermaid(own(t)) || graph.DOT(c) != graph.DOT(own(t)) {
			t.Fatal("two drawings of one catalog differ")
		}
	}
}

// TestLabels: when commands apply, and what new steps do.
func TestLabels(t *testing.T) {
	got := graph.Mermaid(own(t))
	for _, want := range []string{
		`flow_spasm(["/spasm, /back<br/>while idle, spasm"])`,
		`flow_look(["/look"])`,
		`step_tongue[/"tongue<br/>ask language"/]`,
		`step_wish>"wish<br/>begin cold<br/>when why_not(#quot;cold#quot;) == #quot;#quot;"]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the chart lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}
