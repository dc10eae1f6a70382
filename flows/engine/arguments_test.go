package engine_test

import (
	"testing"

	"spasmbot/flows"
)

const argumentFlow = `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: hub, ask: choice, choices: {more: {}}}
  - {id: days, ask: number, least: 0, most: 30, when: not hushed, wait: {timeout: 1d, next: weeks}}
  - {id: weeks, ask: number, least: 0, most: 30}
  - {id: over, end: over}
`

const argumentTexts = `
hub: {text: "?", more: More}
days: {text: "Days?", invalid: "No."}
weeks: {text: "Weeks?", invalid: "No."}
hello: {text: "Hello."}
sore: {text: "How bad?"}
sore_twice: {text: "And now?"}
noted: {text: "Noted {sore}."}
warn: {text: "Oh."}
look: {text: "Look?", fine: Fine, odd: Odd}
looked: {text: "Seen."}
line: {text: "Well?", invalid: "Longer."}
silent: {text: "Nothing."}
hush: {text: "Hush."}
`

func argumentFiles() map[string]string {
	flow := func(name, steps string) string {
		return "flow: " + name + "\ncommands: [" + name + "]\ndefault_wait: {timeout: 1d, next: return}\nsteps:\n" + steps
	}
	return map[string]string{
		"pain.yaml": flow("pain", `
  - {id: greet, call: greet}
  - {id: sore, ask: scale, measure: pain, next: [{when: sore > 5, to: warn}, {to: noted}]}
  - {id: noted, next: return}
  - {id: warn}
  - {id: sore_twice, ask: scale, measure: pain}
`),
		"greet.yaml": "flow: greet\nsteps: [{id: hello}]",
		"skin.yaml":  flow("skin", "  - {id: look, ask: choice, choices: {fine: {after: 3s}, odd: {}}}\n  - {id: looked}\n"),
		"note.yaml":  flow("note", "  - {id: line, ask: text, least: 3, most: 20}\n"),
		"hush.yaml":  flow("hush", "  - {id: hush, set: {hushed: \"true\"}}\n"),
		"quiet.yaml": flow("quiet", "  - {id: silent}\n"),
	}
}

// TestArguments: what stands behind a command answers its first question, with or
// without the slash, and nothing else.
func TestArguments(t *testing.T) {
	c := tinyWith(t, argumentFlow, argumentTexts, argumentFiles())
	command := func(name, args string) flows.Event { return flows.Command{Name: name, Args: args} }
	text := func(words string) flows.Event { return flows.Text{Text: words} }
	for name, try := range map[string]struct {
		ev   flows.Event
		at   string
		pain float64 // -1 for none
		read string
	}{
		"with a slash":              {command("pain", "4"), "hub", 4, "?"},
		"without":                   {text("pain 4"), "hub", 4, "?"},
		"of ten":                    {text("Pain 4/10"), "hub", 4, "?"},
		"full width":                {text("ＰＡＩＮ　４"), "hub", 4, "?"},
		"digits of another script":  {text("pain ४"), "hub", 4, "?"},
		"on two lines":              {text(" PAIN \n 4 "), "hub", 4, "?"},
		"the first question alone":  {command("pain", "7"), "sore_twice", 7, "And now?"},
		"not within the bounds":     {command("pain", "11"), "sore", -1, "How bad?"},
		"no figure":                 {command("pain", "bad"), "sore", -1, "How bad?"},
		"no answer and no slash":    {text("pain bad"), "hub", -1, "b\n\n?"},
		"a button":                  {command("skin", "odd"), "hub", -1, "?"},
		"a button to be read first": {command("skin", "fine"), "look", -1, "Look?"},
		"words":                     {text("note it is dull"), "hub", -1, "?"},
		"words too short":           {text("note it"), "hub", -1, "b\n\n?"},
		"a question behind":         {command("quiet", "4"), "hub", -1, "?"},
		"the name of a link":        {command("start", "4"), "hub", -1, "c\n\n?"},
	} {
		p := newPerson(t, c)
		p.does(command("spasm", ""))
		p.does(try.ev)
		s, pain := p.state(), -1.0
		for _, m := range s.Measures {
			pain = m.Last
		}
		if s.At.Step != try.at || pain != try.pain || p.last() != try.read {
			t.Errorf("%s: the person is at %s with pain %v and reads %q; want %s, %v, %q", name, s.At.Step, pain, p.last(), try.at, try.pain, try.read)
		}
		for _, m := range p.Chat[1:] {
			if pain >= 0 && m.Text == "How bad?" {
				t.Errorf("%s: somebody was asked what they had told", name)
			}
		}
	}
}

// TestArgumentsOfOthers: what stands behind a command is no answer to a question that
// was in force before it, nor to one behind a flow that has returned.
func TestArgumentsOfOthers(t *testing.T) {
	c := tinyWith(t, argumentFlow, argumentTexts, argumentFiles())
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.presses("More")
	p.does(flows.Command{Name: "quiet", Args: "4"})
	if s := p.state(); s.At.Step != "days" || s.Var("days") != (flows.Value{}) {
		t.Errorf("the argument of another flow has led to %q, with %v", s.At.Step, s.Var("days"))
	}
	p.does(flows.Text{Text: "pain 4"}) // here, figures alone are answers
	if s := p.state(); s.Var("sore") != flows.NumberOf(4) || s.At.Step != "days" {
		t.Errorf("a command at a question that is typed has led to %q, with %v", s.At.Step, s.Var("sore"))
	}
	p.does(flows.Command{Name: "hush", Args: "4"}) // which takes the reason for days away
	if s := p.state(); s.At.Step != "weeks" || s.Var("weeks") != (flows.Value{}) {
		t.Errorf("the argument of a flow that has returned has led to %q, with %v", s.At.Step, s.Var("weeks"))
	}
}

// TestArgumentsAreRecorded: they stand on the timeline as an answer behind the command.
func TestArgumentsAreRecorded(t *testing.T) {
	p := newPerson(t, tinyWith(t, argumentFlow, argumentTexts, argumentFiles()))
	p.does(flows.Command{Name: "spasm"})
	p.does(flows.Text{Text: "pain 4"})
	last := p.Timeline[len(p.Timeline)-2:]
	if last[0].Kind != flows.EntryCommand || last[0].Choice != "pain" || last[1].Kind != flows.EntryAnswer || last[1].Step != "sore" || last[1].Value != 4.0 {
		t.Errorf("on the timeline stands %+v", last)
	}
	for _, e := range p.Effects {
		if w, ok := e.(flows.Withdraw); ok && w.Subject == "sore" {
			t.Errorf("a question that nobody was asked is taken back: %+v", w)
		}
	}
}

// TestEditedArguments: an edit corrects the figure as it corrects others.
func TestEditedArguments(t *testing.T) {
	c := tinyWith(t, argumentFlow, argumentTexts, argumentFiles())
	typed := func(words string) flows.Event { return flows.Text{Text: words, Message: 9} }
	slash := func(args string) flows.Event { return flows.Command{Name: "pain", Args: args, Message: 9} }
	for name, try := range map[string]struct {
		was, is flows.Event
		at      string
		pain    float64 // -1 for none
		same    bool
	}{
		"another figure":       {typed("pain 4"), typed("pain 7"), "sore_twice", 7, false},
		"a smaller one":        {typed("pain 7"), typed("pain 4"), "hub", 4, false},
		"with slashes":         {slash("7"), slash("4"), "hub", 4, false},
		"the same":             {typed("pain 7"), typed("Pain 7/10"), "sore_twice", 7, true},
		"none any more":        {slash("7"), slash(""), "sore", -1, false},
		"one at last":          {slash(""), slash("4"), "hub", 4, false},
		"another that is none": {slash("bad"), slash("very bad"), "sore", -1, true},
		"what came to nothing": {typed("pian 4"), typed("pain 4"), "hub", 4, false},
		"no command any more":  {typed("pain 4"), typed("pian 4"), "hub", 4, true},
	} {
		p := newPerson(t, c)
		p.does(flows.Command{Name: "spasm"})
		p.does(try.was)
		p.does(flows.Edit{To: try.is})
		s, pain := p.state(), -1.0
		for _, m := range s.Measures {
			pain = m.Last
			if m.First != m.Last {
				t.Errorf("%s: measured were %v", name, m)
			}
		}
		if s.At.Step != try.at || pain != try.pain || (len(p.Effects) == 0) != try.same {
			t.Errorf("%s: the person is at %s with pain %v, by %d effects; want %s, %v", name, s.At.Step, pain, len(p.Effects), try.at, try.pain)
		}
	}
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.does(flows.Command{Name: "skin", Args: "odd", Message: 9})
	p.does(flows.Edit{To: flows.Command{Name: "pain", Args: "4", Message: 9}})
	if s := p.state(); len(p.Effects) != 0 || s.Var("look") != flows.TextOf("odd") {
		t.Errorf("an edit took back the press of a button: %+v", p.Effects)
	}
}
