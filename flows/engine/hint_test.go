package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// TestHintAtAnEditedQuestion: whoever has just read a hint is asked at once what is
// asked now.
func TestHintAtAnEditedQuestion(t *testing.T) {
	flow := `
flow: spasm
episode: true
commands: [spasm]
default_wait: {timeout: 90d, next: over}
steps:
  - {id: hub, ask: choice, choices: {more: {}}}
  - {id: over, end: over}
`
	p := newPerson(t, tiny(t, flow, `hub: {text: "Once?", more: More}`))
	p.does(flows.Command{Name: "spasm"})
	p.does(flows.Unsupported{What: "photo"})
	p.Catalog = tiny(t, strings.Replace(flow, "more: {}", "more: {}, less: {}", 1), `hub: {text: "Now?", more: More, less: Less}`)
	p.does(flows.Unsupported{What: "photo"})
	if got := p.last(); got != "u\n\nNow?" {
		t.Errorf("the person reads %q", got)
	}
}

// TestHints: what nothing waits for is answered by one hint a minute, without a
// sound. A command that does nothing now is answered each time, and so is a try to
// answer what has to be typed.
func TestHints(t *testing.T) {
	c := tiny(t, `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: hub, ask: choice, choices: {more: {}}}
  - {id: minutes, ask: number, least: 1, most: 9}
  - {id: over, end: over}
`, `
hub: {text: "?", more: More}
minutes: {text: "How many?", invalid: "One to nine."}
`)
	photo, words, nonsense := flows.Unsupported{What: "photo"}, flows.Text{Text: "it hurts"}, flows.Command{Name: "nonsense"}
	known := flows.Command{Name: "spasm"} // begins nothing while an episode is live
	p := newPerson(t, c)
	p.does(known)
	for _, step := range []struct {
		after    time.Duration
		ev       flows.Event
		answered bool
		silent   bool
	}{
		{0, photo, true, true},
		{0, photo, false, false}, // an album
		{time.Second, photo, false, false},
		{30 * time.Second, words, false, false},
		{28 * time.Second, nonsense, false, false},
		{time.Second, words, true, true},
		{59 * time.Second, photo, false, false},
		{0, known, true, false},
		{0, known, true, false},
		{time.Second, nonsense, true, true},
		{0, words, false, false},
		{0, flows.Text{Text: "more"}, true, false}, // an answer is taken at once
		{0, flows.Text{Text: "11"}, true, false},
		{0, flows.Text{Text: "12"}, true, false},
		{0, photo, false, false},
		{-time.Hour, photo, true, true}, // a clock that was put back silences nobody
	} {
		p.Now = p.Now.Add(step.after)
		entries := len(p.Timeline)
		p.does(step.ev)
		said, silent := 0, false
		for _, e := range p.Effects {
			if say, ok := e.(flows.Say); ok {
				said++
				silent = say.Message.Silent
			}
		}
		if said > 1 || (said == 1) != step.answered || silent != step.silent {
			t.Errorf("%v later, %+v is answered by %d messages, silent %v; want %v, %v", step.after, step.ev, said, silent, step.answered, step.silent)
		}
		if len(p.Timeline) != entries+1 {
			t.Errorf("%+v left %d entries", step.ev, len(p.Timeline)-entries)
		}
	}
}
