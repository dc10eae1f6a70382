package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
	"spasmbot/flows/transcript"
)

const typedFlow = `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: pain, ask: scale, measure: pain}
  - {id: wake, ask: hour}
  - {id: again, ask: choice, choices: {ok: {}, no: {}}}
  - {id: story, ask: text, least: 1, most: 1000, set: {twice: story + story}}
  - {id: told}
  - {id: hub, ask: choice, choices: {more: {next: told}}}
  - {id: over, end: over}
`

const typedTexts = `
pain: {text: "How bad?"}
wake: {text: "When?"}
again: {text: "Again?", ok: "*Yes*, again", no: "No"}
story: {text: "Tell me.", invalid: "Shorter."}
told: {text: "{story} {twice} {again} {wake}"}
hub: {text: "?", more: More}
`

// TestTypedLabel: who types what stands on a button has pressed it, and anything
// else is told to press one.
func TestTypedLabel(t *testing.T) {
	p := newPerson(t, tiny(t, typedFlow, typedTexts))
	p.does(flows.Command{Name: "spasm"})
	for _, step := range []struct{ typed, at string }{
		{"11", "pain"},
		{"5", "wake"},
		{"7:30", "wake"},
		{"07:00", "again"},
		{"ok", "again"}, // nobody sees what a choice is called
		{"yes, AGAIN", "story"},
	} {
		p.Now = p.Now.Add(time.Minute) // a hint serves for so long
		p.does(flows.Text{Text: step.typed})
		if at := p.state().At.Step; at != step.at {
			t.Fatalf("behind %q the person is at %q, want %q", step.typed, at, step.at)
		}
		if refused := strings.HasPrefix(p.last(), "b\n\n"); refused != (step.typed == "11" || step.typed == "7:30" || step.typed == "ok") {
			t.Errorf("%q is answered by %q", step.typed, p.last())
		}
	}
	s := p.state()
	if s.Var("pain") != flows.NumberOf(5) || s.Var("wake") != flows.NumberOf(7) || s.Var("again") != flows.TextOf("ok") {
		t.Errorf("kept are %v, %v, %v", s.Var("pain"), s.Var("wake"), s.Var("again"))
	}
	if len(s.Measures) != 1 || s.Measures[0].Last != 5 {
		t.Errorf("measured is %v", s.Measures)
	}
}

// TestNotNow: a command that counts at another time is known, where the flows have
// words for it.
func TestNotNow(t *testing.T) {
	for more, want := range map[string]string{"": "c", ", not_now: later": "later"} {
		texts := strings.Replace(tinyTexts, "updated: u", "updated: u"+more, 1) + typedTexts
		p := newPerson(t, tinyWith(t, typedFlow, "", map[string]string{"texts/en.yaml": texts}))
		p.does(flows.Command{Name: "stop"})
		if got := p.last(); got != want {
			t.Errorf("a command of an episode, outside of one, is answered by %q, want %q", got, want)
		}
		p.does(flows.Command{Name: "spasm"})
		p.does(flows.Command{Name: "spasm"})
		if got := p.last(); got != want+"\n\nHow bad?" {
			t.Errorf("a command of idle people, in an episode, is answered by %q, want %q", got, want)
		}
		p.does(flows.Command{Name: "nonsense"})
		if got := p.last(); got != "c\n\nHow bad?" {
			t.Errorf("a command that there is none of is answered by %q", got)
		}
	}
}

// TestSkippedLook: to skip the look at the skin tells when the round ends, as long as
// it goes on.
func TestSkippedLook(t *testing.T) {
	words := strings.Replace(ownColdTexts, `{text: "look"}`, `{text: "look", skip: "Do look. Off at {off}."}`, 1)
	system := strings.Replace(tinyTexts, "updated: u", "updated: u, round_over: That is over.", 1)
	c := tinyWith(t, ownCold, "", map[string]string{"texts/en.yaml": system + words})
	for late, want := range map[bool]string{false: "Do look. Off at ", true: "That is over."} {
		p := typing(t, c, "10")
		p.waits(6*time.Minute, nil) // the look comes after five
		look := slices.IndexFunc(p.Chat, func(m transcript.Message) bool { return m.Text == "look" })
		if look < 0 {
			t.Fatalf("nobody was told to look: %v", p)
		}
		skip := flows.Button{Data: p.Chat[look].Keyboard[0][1].Data, Message: p.Chat[look].ID}
		if late {
			p.waits(5*time.Minute, nil)
		}
		p.does(skip)
		said := ""
		for _, e := range p.Effects {
			switch e := e.(type) {
			case flows.Toast:
				said += e.Text
			case flows.Say:
				said += e.Message.Text
			}
		}
		if !strings.HasPrefix(said, want) || strings.Contains(said, "–") {
			t.Errorf("late %v: skipping the look is answered by %q, want %q", late, said, want)
		}
	}
}

// TestNothingGrowsTooLong: neither what is set from itself nor what earlier flows
// have kept makes a text longer than was reckoned with.
func TestNothingGrowsTooLong(t *testing.T) {
	c := tiny(t, typedFlow, typedTexts)
	p := typing(t, c, "5", "7", "No", strings.Repeat("😀", 500))
	s := p.state()
	if got := s.Var("twice").Str; markup.Units(got) > lang.MostHeld {
		t.Errorf("a variable holds %d units", markup.Units(got))
	}
	s.SetVar("story", flows.TextOf(strings.Repeat("&", 3000)))
	s.SetVar("again", flows.TextOf(strings.Repeat("gone ", 3000)))
	p.store(s)
	p.presses("More")
	found := false
	for _, m := range p.Chat {
		if n := markup.Length(m.Text); n > 2*lang.MostHeld+100 {
			t.Errorf("a message of %d units", n)
		}
		found = found || strings.Contains(m.Text, "&amp;… ") && strings.Contains(m.Text, " gone… ")
	}
	if !found {
		t.Errorf("what is too long was not cut: %q", p.last())
	}
}
