package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

const linesFlow = `
flow: spasm
episode: true
commands: [spasm]
default_wait: {nudge: 1h, timeout: 9h, next: over}
steps:
  - {id: pain, ask: scale, measure: pain}
  - {id: facts, ask: ticks, choices: {heart: {}, pregnant: {}}}
  - {id: seat, ask: choice, picture: seat, choices: {on: {}}}
  - {id: note, ask: text, least: 1, most: 90}
  - {id: minutes, ask: number, least: 1, most: 90, back: note}
  - {id: line_on, ask: choice, choices: {line: {}}}
  - {id: hub, ask: choice, choices: {end: {next: over}}, next: hub}
  - {id: over, end: over}
`

const linesTexts = `
pain: {text: "How bad?", line: "Pain"}
facts: {text: "What of these?", none: None, heart: Heart <3, pregnant: Pregnant, line: "*Facts* at {pain}"}
seat: {text: "Sit so.", "on": "Go on", line: "Seat"}
note: {text: "A note?", invalid: "Words.", line: "Note"}
minutes: {text: "How long?", invalid: "1 to 90.", line: "Minutes"}
line_on: {text: "A line?", line: "Yes"}
hub: {text: "Here.", end: End}
`

func lined(t *testing.T) *typist {
	t.Helper()
	p := &typist{person: newPerson(t, tinyWith(t, linesFlow, "", map[string]string{
		"media/seat.png": "\x89PNG\r\n\x1a\n",
		"texts/en.yaml":  strings.Replace(tinyTexts+linesTexts, "private: P", "private: P, tick: +, back: Back", 1),
	}))}
	p.does(flows.Command{Name: "spasm"})
	return p
}

// reads demands what stands in the chat, and that only the last message has buttons.
func (p *person) reads(want ...string) {
	p.t.Helper()
	var got []string
	for i, m := range p.Chat {
		got = append(got, m.Text)
		if len(m.Keyboard) > 0 && i < len(p.Chat)-1 {
			p.t.Errorf("%q still has buttons", m.Text)
		}
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		p.t.Fatalf("the chat is\n%q\nwant\n%q", got, want)
	}
}

// TestLines: a question that was answered is one line, with the answer as its button
// reads, however it was answered; the next is a message of its own.
func TestLines(t *testing.T) {
	p := lined(t)
	p.presses("7")
	p.reads("+ Pain: 7", "What of these?")
	p.presses("heart")
	p.presses("pregnant")
	p.presses("Done")
	p.reads("+ Pain: 7", "+ <b>Facts</b> at 7: Heart &lt;3, Pregnant", "Sit so.")
	p.presses("on")
	p.types("two\n lines <b>")
	p.types("20")
	p.reads("+ Pain: 7", "+ <b>Facts</b> at 7: Heart &lt;3, Pregnant", "+ Seat: Go on", "+ Note: two lines &lt;b&gt;", "+ Minutes: 20", "A line?")
	for _, e := range p.Effects {
		if say, ok := e.(flows.Say); ok && (say.Message.Class == flows.Tidy) != (say.Message.Of != 0) {
			t.Errorf("the line is said as %+v", say.Message)
		}
	}
	p.presses("line") // which is a choice, and no line
	if last := p.person.last(); last != "Here." || len(p.Chat) != 6 {
		t.Errorf("in the place of a question without a line stands %q, as message %d", last, len(p.Chat))
	}
}

// TestLineBehindOthers: the message that was pressed becomes the line, and where a
// question is asked again, behind a nudge, the newer one does: the older one goes.
func TestLineBehindOthers(t *testing.T) {
	p := lined(t)
	old := p.held("0")
	p.waits(61*time.Minute, nil)
	p.presses("7")
	if got := p.Chat[1].Text; got != "+ Pain: 7" || p.person.last() != "What of these?" || !p.Chat[0].Gone {
		t.Errorf("behind a nudge the chat is %+v", p.Chat)
	}
	p.does(old)
	if s := p.state(); s.At.Step != "facts" || p.Timeline[len(p.Timeline)-1].Kind != flows.EntryStale {
		t.Errorf("a press on the question before the nudge led to %q", s.At.Step)
	}
}

// TestLineCorrected: whoever corrects what they have typed finds it in the line, and
// the question that was asked meanwhile stays what it is.
func TestLineCorrected(t *testing.T) {
	p := lined(t)
	p.types("7")
	p.reads("+ Pain: 7", "What of these?")
	p.edits("8")
	if p.Chat[0].Text != "+ Pain: 8" || p.Chat[1].Text != "What of these?" || p.person.last() != "What of these?" {
		t.Errorf("behind the correction the chat is %+v", p.Chat)
	}
}

// TestLineAndBack: who goes back leaves no line, and finds the question asked anew
// below the old one.
func TestLineAndBack(t *testing.T) {
	p := lined(t)
	p.presses("7")
	p.presses("none")
	p.presses("on")
	p.types("one")
	p.presses("back")
	p.at("note")
	lines := []string{"+ Pain: 7", "+ <b>Facts</b> at 7: None", "+ Seat: Go on", "+ Note: one"}
	p.reads(append(lines, "A note?")...)
	p.types("two")
	p.reads(append(lines, "+ Note: two", "How long?")...)
	p.types("back")
	p.reads(append(lines, "+ Note: two", "How long?", "A note?")...)
}
