package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
)

// numbFlow asks what is numb, in the middle of other things: a reminder that
// says something, one that says nothing, and a command that asks.
func numbFlow(t *testing.T, grave string, choices ...string) *lang.Catalog {
	t.Helper()
	var labels strings.Builder
	for _, id := range choices {
		fmt.Fprintf(&labels, ", %s: The %[1]s", id)
	}
	return tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
remember: [numb]
steps:
  - {id: go_loud, start: loud}
  - {id: go_mute, start: mute}
  - id: numb
    ask: ticks
    choices: {`+strings.Join(choices, ": {}, ")+`: {}}
    next: [{when: `+grave+`, to: grave}, {when: numb == "none", to: good}, {to: told}]
    wait: {nudge: 2h, timeout: 1d, next: silent}
  - {id: grave, next: told}
  - {id: good, next: told}
  - {id: told, ask: choice, choices: {over: {}, again: {next: numb}}, next: over, wait: {timeout: 90d, next: over}}
  - {id: silent, when: 'numb == "" and not numb_legs', next: told}
  - {id: over, end: over}
reminders:
  loud: {once: 90m, run: loud_flow}
  mute: {once: 1h, run: mute_flow}
`, `
numb: {text: "What is numb?", none: "Nothing"`+labels.String()+`}
grave: {text: "Grave."}
good: {text: "Good."}
told: {text: "Numb: {numb}.", over: Over, again: Again}
silent: {text: "No answer."}
loud_said: {text: "By the way."}
water_now: {text: "Water?", drunk: Drunk}
`, map[string]string{
		"loud_flow.yaml": "flow: loud_flow\nsteps: [{id: loud_said}]",
		"mute_flow.yaml": "flow: mute_flow\nsteps: [{id: mute_said, go: return}]",
		"water.yaml":     "flow: water\ncommands: [water]\nsteps: [{id: water_now, ask: choice, choices: {drunk: {}}, wait: {timeout: 1h, next: return}}]",
	})
}

// asked is a person who is asked what is numb.
func asked(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, numbFlow(t, "numb_saddle", "legs", "saddle"))
	s := p.state()
	s.Seal = seal
	p.store(s)
	p.does(flows.Command{Name: "spasm"})
	return p
}

// shows demands the labels of the newest message that has buttons.
func (p *person) shows(want string) {
	p.t.Helper()
	got := ""
	for _, m := range p.Chat {
		if len(m.Keyboard) > 0 {
			got = labels(m.Keyboard)
		}
	}
	if got != want {
		p.t.Fatalf("the buttons are %s, want %s", got, want)
	}
}

func labels(keyboard [][]flows.Key) string {
	var list []string
	for _, row := range keyboard {
		for _, key := range row {
			list = append(list, key.Label)
		}
	}
	return strings.Join(list, "/")
}

// kept demands what conditions see of the answer.
func (p *person) kept(numb string, legs, saddle bool) {
	p.t.Helper()
	s := p.state()
	truth := func(name string) bool { return s.Var(name) == flows.BoolOf(true) }
	if s.Var("numb").Str != numb || truth("numb_legs") != legs || truth("numb_saddle") != saddle {
		p.t.Fatalf("kept is %+v, want %q, legs %t, saddle %t", s.Vars, numb, legs, saddle)
	}
}

// says demands that the newest message says something.
func (p *person) says(want string) {
	p.t.Helper()
	if text := p.Chat[len(p.Chat)-1].Text; text != want {
		p.t.Fatalf("the newest message says %q, want %q", text, want)
	}
}

// TestTicks: nothing counts before it is done, then all of it at once; an answer
// given anew leaves nothing of the last one.
func TestTicks(t *testing.T) {
	p := asked(t)
	p.shows("The legs/The saddle/Nothing")
	p.presses("The saddle")
	p.presses("legs")
	p.shows("✓ The legs/✓ The saddle/Done")
	p.kept("", false, false)
	p.presses("Done")
	p.kept("some", true, true)
	p.says("Numb: The legs, The saddle.")
	last := p.Timeline[len(p.Timeline)-1]
	if last.Kind != flows.EntryAnswer || last.Step != "numb" || last.Choice != "some" || last.Value != "legs, saddle" {
		t.Fatalf("the timeline says %+v", last)
	}
	p.presses("again")
	p.shows("The legs/The saddle/Nothing")
	p.kept("some", true, true)
	p.presses("legs")
	p.presses("Done")
	p.kept("some", true, false)
	p.says("Numb: The legs.")
	p.presses("again")
	p.presses("none")
	p.kept("none", false, false)
	p.says("Numb: Nothing.")
	p.presses("over")
	p.does(flows.Command{Name: "spasm"})
	p.presses("legs")
	p.presses("Done")
	p.does(flows.Command{Name: "spasm"}) // it is remembered, with its ticks
	p.kept("some", true, false)
}

// TestTicksOfAnOldScreen: presses that crossed with the new buttons set the ticks
// that they say, and answer nothing else than what they show.
func TestTicksOfAnOldScreen(t *testing.T) {
	p := asked(t)
	p.waits(100*time.Minute, nil) // behind the reminders
	first, above := p.data(), int64(len(p.Chat))
	press := func(number uint64, choice string, on int64) {
		p.does(flows.Button{Data: button.Data{Kind: button.Screen, Seal: seal, Message: number, Choice: choice}.String(), Message: on})
	}
	press(first.Message, "legs", above)
	press(first.Message, "legs", above) // twice, since nothing seemed to happen
	p.shows("✓ The legs/The saddle/Done")
	press(first.Message, "saddle", above)
	p.shows("✓ The legs/✓ The saddle/Done")
	press(first.Message, "none", above)
	p.shows("✓ The legs/✓ The saddle/Done")
	p.kept("", false, false)

	// A nudge shows the question below, and the message above goes. What is changed below
	// is not what "done" above says, should that be pressed before it has gone.
	p.waits(2*time.Hour+time.Minute, nil)
	p.shows("✓ The legs/✓ The saddle/Done")
	press(p.state().Shown, "-1", int64(len(p.Chat)))
	p.shows("The legs/✓ The saddle/Done")
	press(first.Message+2, "done-3", above)
	p.kept("", false, false)
	if !p.Chat[above-1].Gone {
		t.Fatal("the message above is still there")
	}
	p.shows("The legs/✓ The saddle/Done")
	press(p.state().Messages, "done-2", above)
	p.kept("some", false, true)
	told := p.state()
	press(first.Message, "legs", above)
	press(first.Message, "done-2", above)
	if s := p.state(); s.At != told.At || s.Draft != told.Draft {
		t.Fatalf("a press of a question that is answered counts: %v", p)
	}
	p.kept("some", false, true)
}

// TestTicksInterrupted: what comes in between and says something gives up what
// was ticked, since the question is asked anew; what says nothing does not.
func TestTicksInterrupted(t *testing.T) {
	p := asked(t)
	p.presses("legs")
	p.waits(61*time.Minute, nil)
	p.shows("✓ The legs/The saddle/Done")
	p.waits(30*time.Minute, nil)
	p.shows("The legs/The saddle/Nothing")
	p.presses("saddle")
	p.does(flows.Command{Name: "water"})
	p.presses("drunk")
	p.shows("The legs/The saddle/Nothing")
	p.presses("saddle")
	p.does(flows.Blocked{})
	p.does(flows.Unblocked{})
	p.shows("The legs/The saddle/Nothing")
	p.presses("legs")
	p.presses("Done")
	p.kept("some", true, false)
}

// TestTicksAndSilence: what was ticked stands over a nudge and an absence of the
// bot, and is no answer when nobody answers.
func TestTicksAndSilence(t *testing.T) {
	p := asked(t)
	p.waits(100*time.Minute, nil) // behind the reminders
	p.presses("legs")
	p.waits(3*time.Hour, nil)
	p.shows("✓ The legs/The saddle/Done")
	p.sleeps(time.Hour)
	p.shows("✓ The legs/The saddle/Done")
	p.waits(30*time.Hour, nil)
	p.kept("", false, false)
	p.says("Numb: .")
	if s := p.state(); s.Draft != (flows.Value{}) || s.At.Step != "told" {
		t.Fatalf("after the timeout: %+v, %v", s.Draft, p)
	}
}

// TestTicksEdited: flows that lose a choice which was ticked, and not answered
// yet, ask again, whatever the person does next; nothing of it counts.
func TestTicksEdited(t *testing.T) {
	for name, next := range map[string]func(p *person){
		"a press":    func(p *person) { p.presses("legs") },
		"done":       func(p *person) { p.presses("Done") },
		"words":      func(p *person) { p.does(flows.Text{Text: "hello"}) },
		"a nudge":    func(p *person) { p.waits(3*time.Hour, nil) },
		"an absence": func(p *person) { p.sleeps(4 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			p := asked(t)
			p.waits(100*time.Minute, nil)
			p.presses("saddle")
			p.Catalog = numbFlow(t, "numb_legs", "legs")
			next(p)
			p.shows("The legs/Nothing")
			if s := p.state(); s.Draft != (flows.Value{}) || s.At.Step != "numb" {
				t.Fatalf("asked again with %+v: %v", s.Draft, p)
			}
			p.presses("none")
			p.kept("none", false, false)
		})
	}
}
