package engine_test

import (
	"testing"

	"spasmbot/flows"
)

// TestLinks: a link is as the first command of the flow that names it, and a plain
// start where no flow does or where it does nothing.
func TestLinks(t *testing.T) {
	c := tinyWith(t, `
flow: spasm
episode: true
commands: [spasm, back]
links: [back_pain]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: hub, ask: choice, choices: {more: {}}}
  - {id: over, end: over}
`, `
hub: {text: "?", more: More}
hello: {text: "Hello."}
yours: {text: "Yours."}
`, map[string]string{
		"start.yaml": "flow: start\ncommands: [start]\nsteps: [{id: hello}]",
		"mine.yaml":  "flow: mine\ncommands: [mine, my]\nlinks: [me]\nsteps: [{id: yours}]",
	})
	p := newPerson(t, c)
	for _, step := range []struct {
		args, reads string
		live        bool
	}{
		{"", "Hello.", false},
		{"nobody_knows", "Hello.", false},
		{"spasm", "Hello.", false}, // a command is no link
		{"me", "Yours.", false},
		{"back_pain", "?", true},
		{"me", "Yours.", true},
		{"back_pain", "Hello.", true}, // the flow begins nothing while it is live
	} {
		p.does(flows.Command{Name: "start", Args: step.args})
		said := ""
		for _, e := range p.Effects {
			if say, ok := e.(flows.Say); ok && said == "" {
				said = say.Message.Text
			}
		}
		if s := p.State(); said != step.reads || s.Episode.Live() != step.live {
			t.Errorf("start with %q: the person reads %q, live %v", step.args, said, s.Episode.Live())
		}
	}
	var commands []string
	for _, e := range p.Timeline {
		if e.Kind == flows.EntryCommand {
			commands = append(commands, e.Choice)
		}
	}
	if len(commands) != 2 || commands[0] != "mine" || commands[1] != "start" {
		t.Errorf("the timeline tells of %q", commands)
	}
}
