package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// backFlow leads back from one question to the other, over one that not everybody is
// asked, over a call, and out of a flow that was called.
const backFlow = `
flow: spasm
episode: true
commands: [spasm]
default_wait: {nudge: 2h, timeout: 9h, next: over}
steps:
  - {id: pain, ask: scale, measure: pain, set: {known: "false"}}
  - {id: fine, when: pain == 0}
  - {id: where, when: pain > 5, ask: choice, choices: {leg: {}, arm: {}}, back: pain}
  - {id: told, call: telling}
  - {id: minutes, ask: number, least: 1, most: 90, back: {next: where, set: {again: "true", known: "pain > 5"}}}
  - {id: kinds, ask: ticks, choices: {ache: {}, sting: {}}, back: minutes}
  - {id: asked, call: other}
  - {id: hub, ask: choice, choices: {end: {next: over}, more: {next: minutes}}}
  - {id: over, end: over}
`

var backMore = map[string]string{
	"telling.yaml": "flow: telling\nsteps: [{id: telling_it}]",
	"other.yaml": `
flow: other
commands: [other]
default_wait: {timeout: 9h, next: return}
steps:
  - {id: inside, ask: choice, picture: seat, choices: {on: {}}, back: {next: return, set: {left: "true"}}}
  - {id: inside_more, ask: choice, choices: {done: {}}, back: inside}
`,
}

const backTexts = `
pain: {text: "How bad?"}
fine: {text: "Fine."}
where: {text: "Where, at {pain}?", leg: Leg, arm: Arm}
telling_it: {text: "By the way."}
minutes: {text: "How long?", invalid: "1 to 90."}
kinds: {text: "What kinds?", none: None, ache: Ache, sting: Sting}
inside: {text: "Inside?", "on": "Go on"}
inside_more: {text: "More?", done: "Enough"}
hub: {text: "Here.", end: End, more: More}
`

// leadingBack is a person before the first of these questions.
func leadingBack(t *testing.T) *typist {
	t.Helper()
	more := map[string]string{"media/seat.png": "\x89PNG\r\n\x1a\n"}
	for name, src := range backMore {
		more[name] = src
	}
	more["texts/en.yaml"] = strings.Replace(tinyTexts+backTexts, "private: P", "private: P, back: « Back", 1)
	p := &typist{person: newPerson(t, tinyWith(t, backFlow, "", more))}
	p.does(flows.Command{Name: "spasm"})
	return p
}

// TestBack: the button leads to the question before, in the place of its own message;
// no answer changes, and what it sets is set. A question that is not asked is gone over.
func TestBack(t *testing.T) {
	p := leadingBack(t)
	p.presses("8")
	p.at("where")
	p.presses("arm")
	p.presses("back")
	p.at("where")
	if s := p.state(); s.Var("where").Str != "arm" || s.Var("minutes") != (flows.Value{}) || s.Var("again") != flows.BoolOf(true) || s.Var("known") != flows.BoolOf(true) {
		t.Errorf("on the way back the variables became %+v", s.Vars)
	}
	if e := p.Timeline[len(p.Timeline)-1]; e.Kind != flows.EntryAnswer || e.Step != "minutes" || e.Choice != "back" || e.Value != nil {
		t.Errorf("the timeline says %+v", e)
	}
	if last := p.Chat[len(p.Chat)-1]; last.Text != "Where, at 8?" || !strings.HasSuffix(labels(last.Keyboard), "/« Back") {
		t.Errorf("in the place of the question stands %+v", last)
	}
	p.presses("back")
	p.at("pain")
	if m := p.state().Measures; len(m) != 1 || m[0] != (flows.Measure{Name: "pain", First: 8, Before: 8, Last: 8, By: "pain", Days: [4]flows.DayValue{{Day: "2026-03-02", Value: 8}}}) {
		t.Errorf("on the way back the measures became %+v", m)
	}
	p.presses("3")
	p.at("minutes")
	if m := p.state().Measures; len(m) != 1 || m[0] != (flows.Measure{Name: "pain", First: 3, Before: 3, Last: 3, By: "pain", Days: [4]flows.DayValue{{Day: "2026-03-02", Value: 3}}}) {
		t.Errorf("with another answer the measures became %+v", m)
	}
	if e := p.Timeline[len(p.Timeline)-1]; e.Step != "pain" || !e.Anew || flows.Counting(p.Timeline)[1].Value == 8.0 {
		t.Errorf("the other answer is %+v, of %+v", e, p.Timeline)
	}
	p.presses("back") // where is not asked at 3
	p.at("pain")
}

// TestBackToWhatWasInterrupted: a question that was interrupted was not answered since it
// was asked. What was said to it before stays.
func TestBackToWhatWasInterrupted(t *testing.T) {
	p := leadingBack(t)
	p.presses("3")
	p.does(flows.Text{Text: "20"})
	p.presses("none")
	p.presses("on")
	p.presses("done")
	p.presses("more")
	p.at("minutes")
	p.does(flows.Command{Name: "other"})
	p.presses("back")
	p.at("minutes")
	p.does(flows.Text{Text: "30"})
	if e := p.Timeline[len(p.Timeline)-1]; e.Step != "minutes" || e.Anew {
		t.Errorf("the answer is %+v", e)
	}
}

// TestBackPutsTogether: what was put together is given up on the way back.
func TestBackPutsTogether(t *testing.T) {
	p := leadingBack(t)
	p.presses("3")
	p.does(flows.Text{Text: "20"})
	p.presses("ache")
	p.presses("back")
	p.at("minutes")
	p.does(flows.Text{Text: "30"})
	p.at("kinds")
	if s := p.state(); s.Draft != (flows.Value{}) || s.Var("kinds") != (flows.Value{}) || s.Var("minutes").Num != 30 {
		t.Errorf("behind it the state is %+v", s)
	}
}

// TestBackReturns: a way back may leave a flow, to where it was called, or to where the
// person was; a picture loses its buttons then and stays.
func TestBackReturns(t *testing.T) {
	p := leadingBack(t)
	p.presses("3")
	p.does(flows.Text{Text: "20"})
	p.presses("none")
	p.at("inside")
	p.presses("on")
	p.presses("back")
	p.at("inside")
	p.presses("back")
	p.at("hub")
	if s := p.state(); s.Var("left") != flows.BoolOf(true) {
		t.Errorf("what the way out sets is not in %+v", s.Vars)
	}
	for _, m := range p.Chat[:len(p.Chat)-1] {
		if len(m.Keyboard) > 0 {
			t.Errorf("the message %q still has buttons", m.Text)
		}
	}
	p.does(flows.Command{Name: "other"})
	p.at("inside")
	p.presses("back")
	p.at("hub")
}

// TestBackTyped: who types the words of the button has pressed it, also by changing what
// was no answer. That is not taken back by a further change.
func TestBackTyped(t *testing.T) {
	p := leadingBack(t)
	p.presses("8")
	p.types("« BACK")
	p.at("pain")
	p.ignores("after it", flows.Edit{To: flows.Text{Text: "7", Message: p.last}})
	p.types("8")
	p.at("where")
	p.presses("leg")
	p.types("a while")
	p.edits("« back")
	p.at("where")
	p.ignores("after an edit that leads back", flows.Edit{To: flows.Text{Text: "Leg", Message: p.last}})
}

// TestBackIsNowhere: where the question before is none now, there is no button, and a
// press of an old one is stale.
func TestBackIsNowhere(t *testing.T) {
	p := newPerson(t, tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
default_wait: {nudge: 1h, timeout: 9h, next: over}
steps:
  - {id: first, when: not secret, ask: choice, choices: {go_on: {}}}
  - {id: second, ask: choice, choices: {go_on: {}}, back: first}
  - {id: over, end: over}
`, "", map[string]string{
		"hide.yaml": "flow: hide\ncommands: [hide]\nsteps: [{id: hidden, set: {secret: \"true\"}}]",
		"texts/en.yaml": strings.Replace(tinyTexts, "private: P", "private: P, back: Back", 1) + `
first: {text: "First?", go_on: On}
second: {text: "Second?", go_on: On}
hidden: {text: "Hidden."}
`,
	}))
	p.does(flows.Command{Name: "spasm"})
	p.presses("go_on")
	p.shows("On/Back")
	old := p.Chat[len(p.Chat)-1]
	p.does(flows.Command{Name: "hide"})
	p.shows("On")
	before := p.state()
	p.does(flows.Button{Data: old.Keyboard[1][0].Data, Message: old.ID})
	p.at("second")
	if after := p.state(); after.Rev != before.Rev || p.Timeline[len(p.Timeline)-1].Kind != flows.EntryStale {
		t.Errorf("an old button has led to %+v", after)
	}
	p.does(flows.Text{Text: "Back"})
	p.at("second")
	p.waits(61*time.Minute, nil)
	p.shows("On")
}
