package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// asking is a flow that asks for a number and then for a choice, under names of a
// test.
func asking(t *testing.T, number, choice, edit, words string) *lang.Catalog {
	t.Helper()
	return tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: `+number+`, ask: number, least: 0, most: 90, wait: {nudge: 1h, timeout: 9h, next: over}}
  - {id: `+choice+`, ask: choice, choices: {walk: {}, rest: {next: over}}, wait: {nudge: 1h, timeout: 9h, next: over}}
  - {id: said, when: `+number+` > 30 and `+choice+` == "walk"}
  - {id: last, ask: choice, choices: {fine: {}}, wait: {timeout: 9h, next: over}}
  - {id: over, end: over}
`+edit, number+`: {text: "`+words+`", invalid: "no number"}
`+choice+`: {text: "What now?", walk: Walk, rest: Rest}
said: {text: "{`+number+`} minutes"}
last: {text: "Fine?", fine: Fine}
`)
}

const minutes = "How many minutes can you stand?"

// renamed are the same questions under other names, the number asked in words of a
// test.
func renamed(t *testing.T, words string) *lang.Catalog {
	t.Helper()
	return asking(t, "stand", "plan", "retired: {old_stand: {moved_to: mid_stand}, mid_stand: {moved_to: stand}, old_plan: {moved_to: plan}}\n", words)
}

// TestRetiredAnswerCounts: what answers a question answers the same one under
// another name, be it typed or pressed, and what was answered before is known there.
func TestRetiredAnswerCounts(t *testing.T) {
	p := newPerson(t, asking(t, "old_stand", "old_plan", "", minutes))
	p.does(flows.Command{Name: "spasm"})
	p.Catalog = renamed(t, minutes)
	p.waits(61*time.Minute, nil)
	if got := p.last(); got != "n\n\n"+minutes {
		t.Errorf("the nudge says %q", got)
	}
	p.does(flows.Text{Text: "forty"})
	if got := p.last(); got != "no number\n\n"+minutes {
		t.Errorf("no answer is met with %q", got)
	}
	p.does(flows.Text{Text: "40"})
	if got := p.last(); got != "What now?" {
		t.Fatalf("after the answer: %q", got)
	}
	p.presses("walk")
	if got := p.Chat[len(p.Chat)-2].Text; got != "40 minutes" {
		t.Errorf("after both answers: %q", got)
	}
	for _, e := range p.Timeline {
		if e.Kind == flows.EntryStale {
			t.Errorf("an answer counts as stale: %+v", e)
		}
	}
}

// TestRetiredAnswersBefore: an answer of before the edit goes over to the question in
// the place of its own, unless that asks something else, or the value is no answer.
func TestRetiredAnswersBefore(t *testing.T) {
	was := asking(t, "old_stand", "old_plan", "", minutes)
	answered := func(text string) *person {
		p := newPerson(t, was)
		p.does(flows.Command{Name: "spasm"})
		p.does(flows.Text{Text: text})
		return p
	}
	p := answered("40")
	p.Catalog = renamed(t, minutes)
	p.presses("walk")
	if got := p.Chat[len(p.Chat)-2].Text; got != "40 minutes" {
		t.Errorf("an answer of before is lost: %q", got)
	}
	if s := p.state(); s.Var("old_stand") != (flows.Value{}) {
		t.Errorf("it has both names: %+v", s.Vars)
	}

	p = answered("40")
	p.Catalog = renamed(t, "How many minutes did you sleep?")
	p.presses("walk")
	if s := p.state(); s.Var("stand") != (flows.Value{}) || strings.Contains(p.Chat[len(p.Chat)-2].Text, "40 minutes") {
		t.Errorf("the answer to another question counts: %+v", s.Vars)
	}

	p = answered("40")
	p.Catalog = tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: stand, ask: number, least: 0, most: 90, wait: {timeout: 9h, next: over}}
  - {id: plan, ask: choice, choices: {walk: {}, rest: {}}, wait: {timeout: 9h, next: over}}
  - {id: over, end: over}
retired: {old_stand: {moved_to: stand}, old_plan: {moved_to: plan}}
`, `stand: {text: "`+minutes+`", invalid: "no number"}
plan: {text: "What now?", walk: Walk, rest: Rest}
`, map[string]string{"other.yaml": "flow: other\ncommands: [other]\nsteps: [{id: other_sets, go: return, set: {old_stand: \"1\"}}]\n"})
	p.does(flows.Unsupported{})
	if s := p.state(); s.Var("old_stand") != flows.NumberOf(40) || s.Var("stand") != (flows.Value{}) {
		t.Errorf("what is a variable still has lost its value: %+v", s.Vars)
	}

	p = answered("40")
	s := p.state()
	s.SetVar("old_stand", flows.NumberOf(50)) // as a step may set it
	s.SetVar("old_plan", flows.TextOf("walk"))
	s.Answers("old_plan", p.Catalog.Step("old_plan").Asks)
	s.SetVar("plan", flows.TextOf("rest"))
	p.store(s)
	p.Catalog = renamed(t, minutes)
	p.does(flows.Unsupported{})
	if s := p.state(); s.Var("stand") != (flows.Value{}) || s.Var("plan") != flows.TextOf("rest") {
		t.Errorf("what is no answer counts, or takes the place of one: %+v", s.Vars)
	}
}

// TestRetiredQuestionOfOtherWords: nobody answers what they were never asked.
func TestRetiredQuestionOfOtherWords(t *testing.T) {
	const slept = "How many minutes did you sleep?"
	for name, is := range map[string]*lang.Catalog{
		"other words":  renamed(t, slept),
		"other bounds": boundTo(t, "60"),
	} {
		p := newPerson(t, asking(t, "old_stand", "old_plan", "", minutes))
		p.does(flows.Command{Name: "spasm"})
		p.Catalog = is
		p.does(flows.Text{Text: "40"})
		if s := p.state(); !strings.HasPrefix(p.last(), "u\n\n") || s.At.Step != "stand" || s.Var("stand") != (flows.Value{}) {
			t.Errorf("%s: at %q it says %q", name, s.At.Step, p.last())
		}
		p.does(flows.Text{Text: "41"})
		if s := p.state(); s.Var("stand") != flows.NumberOf(41) {
			t.Errorf("%s: the answer to the new question is %+v", name, s.Vars)
		}
	}
}

// boundTo is the same question, for numbers up to another.
func boundTo(t *testing.T, most string) *lang.Catalog {
	t.Helper()
	return tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: stand, ask: number, least: 0, most: `+most+`, wait: {timeout: 9h, next: over}}
  - {id: last, ask: choice, choices: {fine: {}}, wait: {timeout: 9h, next: over}}
  - {id: over, end: over}
retired: {old_stand: {moved_to: stand}}
`, `stand: {text: "`+minutes+`", invalid: "no number"}
last: {text: "Fine?", fine: Fine}
`)
}

// TestRetiredQuestionOfOldTimes: of a place that an earlier program has kept nobody
// knows what was asked.
func TestRetiredQuestionOfOldTimes(t *testing.T) {
	p := newPerson(t, asking(t, "old_stand", "old_plan", "", minutes))
	p.does(flows.Command{Name: "spasm"})
	s := p.state()
	s.At.Question = 0
	p.store(s)
	p.Catalog = renamed(t, minutes)
	p.does(flows.Text{Text: "40"})
	if s := p.state(); s.At.Step != "stand" || !strings.HasPrefix(p.last(), "u\n\n") {
		t.Errorf("at %q it says %q", s.At.Step, p.last())
	}
}
