package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

// replanFlow lets people tell their clock and their hours at any time.
const replanFlow = `
flow: spasm
episode: true
commands: [spasm]
waking: {from: rises, to: rests}
steps:
  - {id: go_look, start: look}
  - {id: go_walk, start: walk}
  - {id: go_nap, start: nap}
  - {id: go_day, start: nap_by_day}
  - {id: place, ask: text, least: 1, most: 40, set: {zone: place}, wait: {timeout: 90d, next: over}}
  - {id: rises, ask: hour, wait: {timeout: 90d, next: over}}
  - {id: rests, ask: hour, next: place, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  look: {every: 3h, first: 2h, hours: waking}
  walk: {at: ["18:00"]}
  nap: {once: 5h}
  nap_by_day: {once: 5h, hours: waking}
`

const replanTexts = `
place: {text: "?", invalid: "!"}
rises: {text: "?"}
rests: {text: "Next at {next_message}."}
look: {text: look}
walk: {text: walk}
nap: {text: nap}
nap-by-day: {text: nap}
`

// TestReplan: who tells another clock or other waking hours is reminded by
// these from then on. What comes a single time keeps its time, unless it is now
// in the night.
func TestReplan(t *testing.T) {
	p := newPerson(t, tiny(t, replanFlow, replanTexts))
	p.does(flows.Command{Name: "spasm"})
	at := func(look, walk string) {
		t.Helper()
		if !slices.Equal(p.armed("look"), []string{look}) || !slices.Equal(p.armed("walk"), []string{walk}) || !slices.Equal(p.armed("nap"), []string{"Mon 17:00"}) {
			t.Errorf("armed are %v, %v, %v; want %s, %s", p.armed("look"), p.armed("walk"), p.armed("nap"), look, walk)
		}
	}
	at("Mon 14:00", "Mon 18:00")
	p.tells("Australia/Brisbane") // ten hours ahead of UTC: it is night in two
	at("Mon 22:00", "Tue 08:00")
	if got := p.armed("nap-by-day"); !slices.Equal(got, []string{"Mon 22:00"}) {
		t.Errorf("by day it would come at %v", got)
	}
	p.presses("9")
	p.presses("1") // from nine in the morning to one at night
	at("Mon 23:00", "Tue 08:00")
	p.tells("Europe/Berlin") // one hour ahead
	at("Mon 23:00", "Mon 17:00")
	if n := len(p.state().Pending); n != 5 {
		t.Errorf("%d timers are armed", n)
	}
}

// TestNextMessage: the next reminder of any kind, or none.
func TestNextMessage(t *testing.T) {
	p := newPerson(t, tiny(t, replanFlow, replanTexts))
	p.does(flows.Command{Name: "spasm"})
	p.tells("Europe/London")
	p.presses("8")
	if got := p.Chat[0].Text + p.last(); !strings.Contains(got, ">14:00<") {
		t.Errorf("told %q", got)
	}
	p = newPerson(t, tiny(t, strings.NewReplacer("start: look", "stop: look", "start: walk", "stop: walk", "start: nap", "stop: nap", "start: nap_by_day", "stop: nap_by_day").Replace(replanFlow), replanTexts))
	p.does(flows.Command{Name: "spasm"})
	p.tells("Europe/London")
	p.presses("8")
	if got := p.Chat[0].Text + p.last(); !strings.Contains(got, "Next at –.") {
		t.Errorf("told %q", got)
	}
}

// TestInterruptedInterruption: whoever sends a command again during what "Worse"
// asks is asked that again, and not led past it.
func TestInterruptedInterruption(t *testing.T) {
	c := tinyWith(t, strings.Replace(remindFlow("every: 5h"), "worse: worse\n", "", 1), remindTexts+`
look: {text: look}
wish_how: {text: "How much?", some: Some}
grave: {text: "Doctor?", seen: Seen}
`, map[string]string{
		"wish.yaml":  "flow: wish\ncommands: [wish]\nsteps:\n  - {id: wish_how, ask: choice, choices: {some: {}}, wait: {timeout: 1d, next: return}}\n",
		"worse.yaml": "flow: worse\nsteps:\n  - {id: grave, ask: choice, choices: {seen: {}}, wait: {timeout: 5d, next: return}}\n",
	})
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Minute, nil)
	p.does(flows.Command{Name: "wish"})
	p.presses("Worse")
	for range 20 {
		p.does(flows.Command{Name: "wish"})
	}
	if n := len(p.state().Stack); n > 4 {
		t.Errorf("the stack grows: %v", p)
	}
	for i, press := range []string{"some", "seen", "some"} {
		if at, want := p.state().At.Step, []string{"wish_how", "grave", "wish_how"}[i]; at != want {
			t.Fatalf("led to %q, want %q", at, want)
		}
		p.presses(press)
	}
	if s := p.state(); s.At.Step != "hub" || len(s.Stack) != 0 {
		t.Errorf("%v", p)
	}
}

// TestBegunTwice: whoever begins a flow twice is asked its first question once,
// by whatever calls it is asked, and comes back to where they were before.
func TestBegunTwice(t *testing.T) {
	c := tinyWith(t, strings.Replace(remindFlow("every: 5h"), "worse: worse\n", "", 1), remindTexts+`
look: {text: look}
sign: {text: "A sign?", none: None}
more: {text: "More?", none: None}
`, map[string]string{
		"worse.yaml": "flow: worse\nsteps:\n  - {id: ask_signs, call: signs}\n",
		"signs.yaml": "flow: signs\ndefault_wait: {timeout: 1d, next: return}\nsteps:\n  - {id: sign, ask: choice, choices: {none: {}}}\n  - {id: more, ask: choice, choices: {none: {}}}\n",
	})
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Minute, nil)
	for range 5 {
		p.worse()
	}
	for _, want := range []string{"sign", "more"} {
		if at := p.state().At.Step; at != want {
			t.Fatalf("led to %q, want %q", at, want)
		}
		p.presses("None")
	}
	if s := p.state(); s.At.Step != "hub" || len(s.Stack) != 0 {
		t.Errorf("%v", p)
	}
}

// TestTooManyInterruptions: questions that wait for others are bounded, and what is
// in force is to be answered first.
func TestTooManyInterruptions(t *testing.T) {
	c := tinyWith(t, strings.Replace(remindFlow("every: 5h"), "worse: worse\n", "", 1), remindTexts+`
look: {text: look}
wish_how: {text: "How much?", some: Some}
grave: {text: "Doctor?", seen: Seen}
`, map[string]string{
		"wish.yaml":  "flow: wish\ncommands: [wish]\nsteps:\n  - {id: wish_how, ask: choice, choices: {some: {}}, wait: {timeout: 1d, next: return}}\n",
		"worse.yaml": "flow: worse\nsteps:\n  - {id: grave, ask: choice, choices: {seen: {}}, wait: {timeout: 5d, next: return}}\n",
	})
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Minute, nil)
	for range 20 {
		p.does(flows.Command{Name: "wish"})
		p.worse()
	}
	if n := len(p.state().Stack); n < 4 || n > 10 {
		t.Fatalf("%d places wait: %v", n, p)
	}
	for range 20 {
		if p.state().At.Step == "hub" {
			break
		}
		if p.state().At.Step == "grave" {
			p.presses("seen")
		} else {
			p.presses("some")
		}
	}
	if s := p.state(); s.At.Step != "hub" || len(s.Stack) != 0 {
		t.Errorf("%v", p)
	}
}

// worse presses "Worse" on a reminder, whatever was asked since.
func (p *person) worse() {
	p.t.Helper()
	s := p.state()
	d := button.Data{Kind: button.Reminder, Seal: s.Seal, Message: s.Messages, Choice: "worse"}
	p.does(flows.Button{Data: d.String(), Message: 1})
}
