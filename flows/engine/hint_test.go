package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
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

// TestHints: whatever is typed and nothing waits for is answered each time, without a
// sound: the first in a minute by a hint above the question, and the others by the hint
// alone, of which one stays. What is no text is answered once a minute.
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
		after time.Duration
		ev    flows.Event
		asks  bool // the question stands below the hint
	}{
		{0, photo, true},
		{0, photo, false}, // an album
		{time.Second, photo, false},
		{30 * time.Second, words, false},
		{28 * time.Second, nonsense, false},
		{time.Second, words, true},
		{59 * time.Second, photo, false},
		{0, known, true},
		{0, known, true},
		{time.Second, nonsense, true},
		{0, words, false},
		{0, flows.Text{Text: "more"}, true}, // an answer is taken at once
		{0, flows.Text{Text: "11"}, true},
		{0, flows.Text{Text: "12"}, true},
		{0, photo, false},
		{-time.Hour, photo, true}, // a clock that was put back silences nobody
	} {
		p.Now = p.Now.Add(step.after)
		entries := len(p.Timeline)
		p.does(step.ev)
		said, silent, asks := 0, true, false
		for _, e := range p.Effects {
			if say, ok := e.(flows.Say); ok && say.Message.Class != flows.Tidy {
				said++
				silent = silent && say.Message.Silent
				asks = strings.HasSuffix(say.Message.Text, "?")
			}
		}
		if _, picture := step.ev.(flows.Unsupported); !picture && said != 1 || picture && (said == 1) != step.asks || asks != step.asks || !silent {
			t.Errorf("%v later, %+v is answered by %d messages, silent %v, with the question %v; want %v", step.after, step.ev, said, silent, asks, step.asks)
		}
		if stands := p.stands(); strings.Count(stands, "|") > 1 {
			t.Errorf("in the chat stands %q", stands)
		}
		if len(p.Timeline) != entries+1 {
			t.Errorf("%+v left %d entries", step.ev, len(p.Timeline)-entries)
		}
	}
}

// hinted are flows with the buttons of a hint.
func hinted(t *testing.T) *lang.Catalog {
	t.Helper()
	return tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: hub, ask: choice, choices: {more: {set: {number: '"112"'}, next: hub}}}
  - {id: over, end: over}
`, `
hub: {text: "?", more: More}
danger: {text: "Danger?", none: None}
`, map[string]string{
		"danger.yaml": "flow: danger\ncommands: [danger]\nhelp: true\ndefault_wait: {timeout: 1d, next: return}\nsteps: [{id: danger, ask: choice, choices: {none: {}}}]",
		"texts/en.yaml": `
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P, help_now: Help, question: Question}
system:
  {nudge: n, stale: s, unexpected: u, use_buttons: "b {number}", use_buttons_bare: "bare", unknown_command: c, idle: i, group: g, updated: u}
hub: {text: "?", more: More}
danger: {text: "Danger?", none: None}
`,
	})
}

// TestHintsAside: where the flows have the buttons for it, a hint has a message of its
// own, and the question is shown again by a press only. Help leads to its flow from
// any hint, however old.
func TestHintsAside(t *testing.T) {
	p := newPerson(t, hinted(t))
	words := flows.Text{Text: "it hurts"}
	press := func(choice string) {
		t.Helper()
		if err := p.Press(choice); err != nil {
			t.Fatal(err)
		}
	}
	reads := func(want string, buttons ...string) {
		t.Helper()
		var labels []string
		for _, row := range p.Chat[len(p.Chat)-1].Keyboard {
			for _, k := range row {
				labels = append(labels, k.Label)
			}
		}
		if got := p.last(); got != want || !slices.Equal(labels, buttons) {
			t.Errorf("the person reads %q with %q, want %q with %q", got, labels, want, buttons)
		}
		p.Now = p.Now.Add(time.Minute)
	}
	p.does(words)
	reads("i", "Help")
	p.does(flows.Command{Name: "spasm"})
	p.does(words)
	reads("bare", "Help", "Question") // the number is not known yet
	press("more")
	p.does(words)
	reads("b 112", "Help", "Question")
	hint := p.Chat[len(p.Chat)-1]
	press("question")
	reads("?", "More")
	p.does(flows.Unsupported{What: "photo"})
	reads("u", "Help", "Question")
	p.does(flows.Command{Name: "nonsense"})
	reads("c", "Help", "Question")
	p.does(flows.Button{Data: hint.Keyboard[0][0].Data, Message: hint.ID})
	reads("Danger?", "None")
	press("none")
	reads("?", "More")
	chat := len(p.Chat)
	for _, forged := range []string{"h0.zz.help_now", "h0.1.more", "h0.0.question"} {
		p.does(flows.Button{Data: forged, Message: 1})
		if len(p.Chat) != chat+1 {
			t.Errorf("%s is answered with %q", forged, p.last())
		}
	}
	reads("s", "Help", "Question")
}

// TestTurnedDown: why a press comes to nothing stands in the chat as well, silent, once a
// minute whatever the reason, and not for a finger that taps again on what has just
// counted. Words that are typed have their own hint meanwhile.
func TestTurnedDown(t *testing.T) {
	c := tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: one, ask: choice, choices: {more: {}}}
  - {id: two, ask: choice, choices: {none: {after: 3s}}}
  - {id: over, end: over}
`, "", map[string]string{
		"danger.yaml": "flow: danger\ncommands: [danger]\nhelp: true\nsteps: [{id: danger}]",
		"texts/en.yaml": strings.Replace(tinyTexts, "private: P", "private: P, help_now: Help, question: Question", 1) + `
one: {text: "1?", more: More}
two: {text: "2?", none: None}
danger: {text: "Danger."}
`,
	})
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	one := p.Chat[0]
	first := flows.Button{Data: one.Keyboard[0][0].Data, Message: one.ID, Sent: one.Sent}
	foreign := flows.Button{Data: "s0.zz.more", Message: one.ID}
	soon := func() flows.Button {
		two := p.Chat[1]
		return flows.Button{Data: two.Keyboard[0][0].Data, Message: two.ID, Sent: p.Now}
	}
	for i, step := range []struct {
		after       time.Duration
		press       func() flows.Button
		toast, said string
	}{
		{0, func() flows.Button { return first }, "", "2?"},
		{0, func() flows.Button { return first }, "s", ""}, // the same finger
		{time.Second, soon, "Read first.", "Read first."},
		{time.Second, soon, "Read first.", ""},
		{57 * time.Second, func() flows.Button { return foreign }, "s", ""},
		{time.Second, func() flows.Button { return first }, "s", ""},
		{time.Second, func() flows.Button { return foreign }, "s", "s"},
		{time.Minute, func() flows.Button { return first }, "s", "s"}, // long after it has counted
		{time.Minute, func() flows.Button { return flows.Button{Data: p.Chat[1].Keyboard[0][0].Data, Message: 2} }, "", ""},
		{time.Minute, func() flows.Button { return foreign }, "s", "s"}, // the text of what is over, as there is none
	} {
		p.Now = p.Now.Add(step.after)
		p.does(step.press())
		toast, said := "", ""
		for _, e := range p.Effects {
			switch e := e.(type) {
			case flows.Toast:
				toast = e.Text
			case flows.Say:
				if e.Message.Class == flows.Tidy {
					continue
				}
				said += e.Message.Text
				keys := len(e.Message.Keyboard) > 0 // a finger that taps too fast finds none
				if step.toast != "" && (!e.Message.Silent || e.Message.Edit != 0 || keys == (step.toast == "Read first.")) {
					t.Errorf("press %d: the hint is %+v", i, e.Message)
				}
			}
		}
		if toast != step.toast || said != step.said {
			t.Errorf("press %d brings the toast %q and the words %q, want %q and %q", i, toast, said, step.toast, step.said)
		}
	}
	p.does(flows.Text{Text: "hello"})
	if got := p.last(); got != "i" {
		t.Errorf("words within the minute of a press that was turned down are answered by %q", got)
	}
	p.does(foreign)
	if got := p.last(); got != "i" {
		t.Errorf("a press within the minute of a hint is answered by %q as well", got)
	}
}

// TestHintThatIsGone: whoever presses a button of a hint that was deleted meanwhile, as the
// press was under way, and once more, has one message that asks.
func TestHintThatIsGone(t *testing.T) {
	p := newPerson(t, hinted(t))
	p.does(flows.Command{Name: "spasm"})
	p.does(flows.Text{Text: "it hurts"})
	hint := p.Chat[1]
	p.does(flows.Command{Name: "danger"})
	if !p.Chat[1].Gone {
		t.Fatalf("in the chat stands %q", p.stands())
	}
	press := flows.Button{Data: hint.Keyboard[1][0].Data, Message: hint.ID}
	for range 3 {
		p.does(press)
		p.standing("Danger?*")
		p.Now = p.Now.Add(time.Second)
	}
}
