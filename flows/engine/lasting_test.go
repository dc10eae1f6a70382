package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

const lastingFlow = `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 1h, next: rest}
steps:
  - {id: look, ask: choice, choices: {fine: {next: rest}, hurts: {next: pain, lasting: helps}}}
  - {id: pain, ask: scale}
  - {id: rest, ask: choice, choices: {again: {next: look}, over: {next: done}}, wait: {timeout: 90d, next: rest}}
  - {id: done, end: done}
`

const lastingTexts = `
look: {text: "Skin?", fine: Fine, hurts: It hurts}
pain: {text: "How bad?"}
rest: {text: "Rest.", again: Again, over: Over}
help_pack: {text: "Take it off.", off: Off}
`

func lastingFiles() map[string]string {
	return map[string]string{
		"helps.yaml": "flow: helps\ndefault_wait: {timeout: 1d, next: return}\nsteps: [{id: help_pack, ask: choice, choices: {off: {}}}]",
	}
}

// TestLastingChoices: a press of one whose question is over leads to its flow, once, as
// long as the episode lasts; other choices of the question are old.
func TestLastingChoices(t *testing.T) {
	p := newPerson(t, tinyWith(t, lastingFlow, lastingTexts, lastingFiles()))
	p.does(flows.Command{Name: "spasm"})
	look := p.Chat[0]
	press := func(key int) flows.Button {
		return flows.Button{Data: look.Keyboard[key][0].Data, Message: look.ID}
	}
	p.waits(time.Hour, nil)
	p.at("rest")
	p.does(press(0))
	p.at("rest")
	p.does(press(1))
	p.at("help_pack")
	last := p.Timeline[len(p.Timeline)-1]
	if last.Kind != flows.EntryAnswer || last.Step != flows.OlderButton || last.Choice != "hurts" {
		t.Errorf("on the timeline stands %+v", last)
	}
	if len(p.Chat[0].Keyboard) != 0 {
		t.Errorf("the button that has counted stays: %v", p)
	}
	if s := p.state(); s.Var("look") != (flows.Value{}) {
		t.Errorf("the press has answered the question that was over with %v", s.Var("look"))
	}
	p.does(press(1)) // the same finger
	if got := p.state(); len(got.Stack) != 1 || got.At.Step != "help_pack" {
		t.Errorf("a second tap leads to %q with %v behind", got.At.Step, got.Stack)
	}
	p.presses("Off")
	p.at("rest") // and asks again what was asked
	if p.last() != "Rest." {
		t.Errorf("the person reads %q", p.last())
	}
	p.Now = p.Now.Add(time.Minute)
	p.does(press(1)) // it hurts once more
	p.at("help_pack")
	p.presses("Off")

	p.presses("Again")
	p.at("look")
	p.does(press(1)) // on the keyboard of the first time
	p.at("help_pack")
	p.presses("Off")
	p.at("look")
	now := p.newest()
	p.presses("It hurts")
	p.at("pain") // in force, it answers
	p.does(flows.Button{Data: now.Keyboard[1][0].Data, Message: now.ID})
	p.at("pain") // and a second tap has been answered
	p.does(flows.Text{Text: "3"})

	p.presses("Over")
	p.does(press(1))
	if p.state().At.Step != "" || p.last() != "s" {
		t.Errorf("behind the end the press leads to %q and %q", p.state().At.Step, p.last())
	}
	p.does(flows.Command{Name: "spasm"})
	p.does(press(1))
	p.at("look") // of another episode
	p.Now = p.Now.Add(time.Hour)
	p.does(press(1))
	if p.last() != "s" {
		t.Errorf("an old button of another episode is answered by %q", p.last())
	}
}

// TestLastingIsProved: what makes a press last is in the button, and in the flows.
func TestLastingIsProved(t *testing.T) {
	c := tinyWith(t, lastingFlow, lastingTexts, lastingFiles())
	for name, change := range map[string]func(d *button.Data, ev *flows.Button){
		"sent before it lasted": func(d *button.Data, _ *flows.Button) { d.Lasting = false },
		"of another choice":     func(d *button.Data, _ *flows.Button) { d.Choice = "fine" },
		"of another state":      func(d *button.Data, _ *flows.Button) { d.Seal++ },
		"on a lost message":     func(_ *button.Data, ev *flows.Button) { ev.Stray = true },
		"yet to come":           func(d *button.Data, _ *flows.Button) { d.Message = 99 },
		"of no message":         func(d *button.Data, _ *flows.Button) { d.Message = 0 },
	} {
		p := newPerson(t, c)
		p.does(flows.Command{Name: "spasm"})
		d, _ := button.Parse(p.Chat[0].Keyboard[1][0].Data)
		p.presses("Fine")
		ev := flows.Button{Message: 1}
		change(&d, &ev)
		ev.Data = d.String()
		p.does(ev)
		if at := p.state().At.Step; at != "rest" || p.Timeline[len(p.Timeline)-1].Kind != flows.EntryStale {
			t.Errorf("%s: a press leads to %q", name, at)
		}
	}
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	hurts := p.Chat[0].Keyboard[1][0].Data
	p.presses("Fine")
	p.Catalog = tinyWith(t, strings.Replace(lastingFlow, ", lasting: helps", "", 1), lastingTexts, map[string]string{
		"helps.yaml": strings.Replace(lastingFiles()["helps.yaml"], "flow: helps", "flow: helps\ncommands: [helps]", 1),
	})
	p.does(flows.Button{Data: hurts, Message: 1})
	p.at("rest") // the flows say so no more
}

// TestOldReminders: "Worse" and "Stop" count on every reminder of the person, however
// old; "Done" and "Skip" on one that was not answered.
func TestOldReminders(t *testing.T) {
	p := sealed(t, twoQuestions, twoTexts)
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Hour, nil)
	first := p.data()
	press := func(choice string) {
		first.Choice = choice
		p.does(flows.Button{Data: first.String(), Message: 2})
	}
	press("stop")
	if p.state().Episode.Live() {
		t.Fatal("Stop on a reminder does not stop")
	}
	press("worse")
	if got := p.Timeline[len(p.Timeline)-1].Kind; got != flows.EntryStale {
		t.Errorf("Worse behind the end is %q", got)
	}
	p.does(flows.Command{Name: "spasm"})
	press("done")
	if got := p.Timeline[len(p.Timeline)-1].Kind; got != flows.EntryStale {
		t.Errorf("Done on a reminder of an episode that has ended is %q", got)
	}
	press("worse")
	if got := p.Timeline[len(p.Timeline)-1]; got.Kind != flows.EntryAnswer || got.Choice != "worse" {
		t.Errorf("Worse on a reminder of the last episode is %+v", got)
	}
}
