package graph_test

import (
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
  - {id: minutes, ask: number, least: 1, most: 90, back: tongue}
  - {id: wish, when: 'why_not("cold") == ""', begin: cold}
  - {id: facts, ask: ticks, choices: {numb: {}, heart: {}}, gates: {no_cold: [numb, heart], no_heat: [numb]}}
  - {id: go_all, start: once_only}
  - {id: go_eyes, start: eyes}
  - {id: go_walk, start: walk}
  - {id: hub, ask: choice, choices: {well: {next: over}, bad: {next: quit, lasting: look}}}
  - {id: over, end: over}
  - {id: quit, end: quit, next: [{when: not live, to: rate}, {to: over}]}
  - {id: rate, ask: scale, next: over}
rounds:
  cold:
    hold: in_minutes(minutes)
    most_hold: 20m
    rests_after: 3
    wrong: look
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
facts: {text: "?", numb: Numb, heart: Heart, none: None}
hub: {text: "?", well: Well, bad: Bad}
rate: {text: "?"}
cold-on: {text: on}
cold-check: {text: check, wrong_label: Wrong}
cold-off: {text: off}
eyes: {text: eyes}
walk: {text: walk}
looked: {text: looked}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P, back: Back}
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
		"cold": "cold, hold in_minutes(minutes), most hold 20m, rests after 3, check in_minutes(minutes / 2), gap in_hours(minutes), " +
			"least gap 1h, when minutes > 2, wrong runs look, late: deliver after 15m",
		"once_only": "once_only, once after 25m, runs look, late: deliver after 15m",
		"eyes":      "eyes, every in_hours(minutes), least gap 1h30m, done runs look, late: deliver after 15m",
		"walk":      "walk, at minutes, on tongue, late: deliver after 15m",
	} {
		if got := strings.ReplaceAll(graph.Describe(c.Track(name)), "\n", ", "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestEdges: a round that is asked for, and what follows an end.
func TestEdges(t *testing.T) {
	got := flowOf(own(t), "spasm").Mermaid()
	contains(t, got,
		`step_wish ==>|"begin"| track_cold`,
		`step_quit -->|"when not live"| step_rate`,
		`step_quit --> step_over`,
		`step_minutes -->|"back"| step_tongue`,
		`step_hub[/"hub<br/>ask choice<br/>older bad runs look`,
		`step_tongue[/"tongue<br/>ask language"/]`,
		`step_facts[/"facts<br/>ask ticks of numb, heart<br/>gate no_cold: numb, heart<br/>gate no_heat: numb"/]`,
		`step_wish>"wish<br/>begin cold<br/>when why_not(#quot;cold#quot;) == #quot;#quot;"]`,
	)
	for line := range strings.Lines(got) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "step_over -->") || strings.HasPrefix(line, "track_") && !strings.Contains(line, `("`) {
			t.Errorf("the chart has %s", line)
		}
	}
}

// TestOverview: when commands count, and what buttons and reminders run.
func TestOverview(t *testing.T) {
	got := graph.Overview(own(t)).Mermaid()
	want := `flowchart LR
  flow_look(["look<br/>/look"])
  flow_spasm{{"spasm<br/>episode<br/>/spasm, /back<br/>while idle, spasm"}}
  flow_spasm -.->|"older bad<br/>Worse<br/>Stop<br/>wrong at cold<br/>reminder once_only<br/>Done on eyes"| flow_look
`
	if got != want {
		t.Errorf("the overview is\n%s\nwant\n%s", got, want)
	}
	contains(t, flowOf(own(t), "look").Mermaid(),
		`flow_look(["look<br/>/look<br/>on older bad in spasm<br/>on Worse in spasm<br/>on Stop in spasm<br/>on wrong at cold in spasm<br/>reminder once_only in spasm<br/>on Done on eyes in spasm"])`)
}

// TestManyCallers: a flow that many call has no edges from all of them, and
// nothing is lost.
func TestManyCallers(t *testing.T) {
	files := fstest.MapFS{
		"spasm.yaml":    {Data: []byte("flow: spasm\nversion: 1\nepisode: true\ncommands: [spasm]\nworse: z\nstop: z\nsteps: [{id: over, end: over}]\n")},
		"z.yaml":        {Data: []byte("flow: z\nversion: 1\nsteps: [{id: z_step, go: return}]\n")},
		"leaf.yaml":     {Data: []byte("flow: leaf\nversion: 1\nsteps: [{id: leaf_step}]\n")},
		"texts/en.yaml": {Data: []byte("leaf_step: {text: x}\n" + frame)},
	}
	overview := func(callers int) string {
		for i := range callers {
			name := string(rune('a' + i))
			files[name+".yaml"] = &fstest.MapFile{Data: []byte("flow: " + name + "\nversion: 1\ncommands: [" + name + "]\nsteps:\n  - {id: " + name + "1, call: leaf}\n  - {id: " + name + "2, call: leaf}\n")}
		}
		c, err := catalog.Load(files, "UTC")
		if err != nil {
			t.Fatal(err)
		}
		return graph.Overview(c).Mermaid()
	}
	contains(t, overview(3), `flow_leaf["leaf"]`, "flow_a --> flow_leaf\n  flow_b --> flow_leaf\n  flow_c --> flow_leaf\n")
	many := overview(4)
	contains(t, many, `flow_leaf["leaf<br/>called by a, b, c, d"]`)
	if strings.Contains(many, "--> flow_leaf") {
		t.Errorf("there are edges:\n%s", many)
	}
}

// TestLongConditions: they are cut.
func TestLongConditions(t *testing.T) {
	c := own(t)
	f := c.Flow("spasm")
	f.Steps[2].When.Source = strings.Repeat("é", 100)
	c.Track("cold").When.Source = strings.Repeat("é", 100)
	cut := "when " + strings.Repeat("é", 54) + "…"
	got := flowOf(c, "spasm").Mermaid()
	if strings.Count(got, cut+"<") != 1 || strings.Count(got, cut+`"`) != 1 {
		t.Errorf("the chart lacks %q twice:\n%s", cut, got)
	}
}
