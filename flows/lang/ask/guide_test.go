package ask_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/checker"
	"spasmbot/flows/graph"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/transcript"
)

// This file follows "How to add a kind of question" in doc.go: all that a new
// kind needs stands here, up to the tests.

var rainbow = []string{"red", "amber", "green", "blue"}

// colourKind asks for one of the first colours of the rainbow. It is answered by
// a button, or by typing the name of the colour.
type colourKind struct{}

func (colourKind) Word() string { return "colour" }
func (colourKind) Doc() string  { return "one of a few" }

func (colourKind) Parts() []ask.Part {
	return []ask.Part{{
		Keys:    []ask.Key{{Name: "shades", Type: ask.WholeKey, Least: 2, Most: len(rainbow), Doc: "How many colours there are."}},
		Astray:  ask.Fault{What: "has shades but no colours", Remedy: "shades belong to {all}"},
		Lacking: ask.Fault{What: "does not say of how many colours", Remedy: `add "shades: 3"`},
	}}
}

func (colourKind) Read(r ask.Reader) ask.Question {
	shades, sound := r.Whole("shades")
	if sound && (shades < 2 || shades > len(rainbow)) {
		r.Fault("shades", fmt.Sprintf("step %q has %d colours", r.Step(), shades), fmt.Sprintf("use 2 to %d", len(rainbow)))
	}
	return colour{names: rainbow[:min(shades, len(rainbow))]}
}

type colour struct {
	ask.ForEverybody
	ask.Unmeasured
	ask.OneText
	names []string
}

func (c colour) Caption() string  { return fmt.Sprintf("colour of %d", len(c.names)) }
func (c colour) Values() []string { return c.names }

func (c colour) Texts() []ask.Text {
	list := []ask.Text{{Key: "invalid"}}
	for _, name := range c.names {
		list = append(list, ask.Text{Key: name, Label: true})
	}
	return list
}

func (c colour) Buttons(v ask.View) [][]ask.Button {
	var list []ask.Button
	for _, name := range c.names {
		list = append(list, ask.Button{Label: v.Text(name), Data: name, Does: ask.Answer(name, flows.TextOf(name))})
	}
	return ask.Rows(list, 2)
}

func (colour) TakesTyped() bool { return true }

func (c colour) Typed(v ask.View, words string) ask.Outcome {
	for _, name := range c.names {
		if strings.EqualFold(words, v.Text(name)) {
			return ask.Answer(name, flows.TextOf(name))
		}
	}
	return ask.NoAnswer()
}

func (colour) Keep(_ ask.View, s *flows.State, step string, answer flows.Value) {
	s.SetVar(step, answer)
}

func (colour) Label(v ask.View, answer flows.Value) string { return v.Text(answer.Str) }

func (colour) Longest(ask.View) int { return 40 }

func (c colour) Possible(v ask.View, step string) []ask.Possible { return ask.OfButtons(c, v, step) }

func (c colour) Samples(v ask.View, _ ask.Notable) ask.Samples {
	return ask.Samples{Presses: c.names, Typed: []string{v.Text(c.names[0]), "plaid"}}
}

const colourFlow = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
default_wait: {timeout: 6h, next: over}
steps:
  - {id: eyes, ask: colour, shades: 3}
  - {id: seen, go: [{when: eyes == "amber", to: amber}, {to: hub}]}
  - {id: amber}
  - {id: hub, ask: choice, choices: {ok: {}}}
  - {id: over, end: over}
`

const colourTexts = `
eyes: {text: "Which colour?", invalid: "One of these.", red: Red, amber: Amber, green: Green}
amber: {text: "Watch out."}
hub: {text: "You saw {eyes}.", ok: OK}
`

// load loads an episode and its texts, with more kinds of questions than usual.
func load(flow, texts string, more ...ask.Kind) (*lang.Catalog, error) {
	return catalog.Load(fstest.MapFS{
		"care.yaml": {Data: []byte(flow)},
		"halt.yaml": {Data: []byte("flow: halt\nversion: 1\ncommands: [halt]\nwhile: live\nsteps: [{id: halted, end: halted}]")},
		"sink.yaml": {Data: []byte("flow: sink\nversion: 1\ncommands: [sink]\nsteps: [{id: sunk}]")},
		"texts/en.yaml": {Data: []byte(texts + `
sunk: {text: "Sorry."}
buttons: {done: D, skip: S, worse: W, stop: X, private: P}
system: {nudge: N, stale: Stale., unexpected: U, use_buttons: B, unknown_command: C, idle: I, group: G, updated: N}
`)},
	}, "UTC", catalog.Questions(append(ask.Kinds(), more...)...))
}

func mustLoad(t *testing.T, flow, texts string, more ...ask.Kind) *lang.Catalog {
	t.Helper()
	c, err := load(flow, texts, more...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// plays holds a conversation against what is expected of it.
func plays(t *testing.T, c *lang.Catalog, want string) {
	t.Helper()
	var inputs strings.Builder
	for line := range strings.Lines(want) {
		if strings.HasPrefix(line, "> ") {
			inputs.WriteString(line)
		}
	}
	got, err := transcript.Play(c, inputs.String())
	if err != nil {
		t.Fatal(err)
	}
	if difference := transcript.Difference(strings.TrimSpace(want), strings.TrimSpace(got)); difference != "" {
		t.Errorf("it goes another way:\n%s\n%s", difference, got)
	}
}

// TestColourIsAsked: the new kind is asked, answered in both ways, and reads as
// its buttons do.
func TestColourIsAsked(t *testing.T) {
	plays(t, mustLoad(t, colourFlow, colourTexts, colourKind{}), `
> /care
  0:00  timeline  start care
  0:00  whispers  Which colour?
                  [Red] [Amber]
                  [Green]
  0:00  arm       #1 timeout at Mon 18:00

> data s2.blue
  0:00  timeline  stale
  0:00  toast     Stale.
  0:00  whispers  Stale.

> text plaid
  0:00  timeline  unexpected eyes
  0:00  whispers  One of these.

                  Which colour?
                  [Red] [Amber]
                  [Green]
  0:00  deletes   Which colour?

> text amber
  0:00  timeline  answer eyes amber
  0:00  settle    #1 cancelled
  0:00  whispers  Watch out.
  0:00  whispers  You saw Amber.
                  [OK]
  0:00  arm       #2 timeout at Mon 18:00
  0:00  deletes   Stale.
  0:00  deletes   One of these.…

> /halt
  0:00  timeline  command  halt
  0:00  settle    #2 cancelled
  0:00  timeline  end  halted
  0:00  deletes   You saw Amber.

> /care
  0:00  timeline  start care
  0:00  whispers  Which colour?
                  [Red] [Amber]
                  [Green]
  0:00  arm       #3 timeout at Mon 18:00

> press red
  0:00  timeline  answer eyes red
  0:00  settle    #3 cancelled
  0:00  edits     You saw Red.
                  [OK]
  0:00  arm       #4 timeout at Mon 18:00
`)
}

// TestColourIsChecked: what is wrong with the keys of the new kind is told where
// it stands.
func TestColourIsChecked(t *testing.T) {
	for steps, want := range map[string]string{
		"{id: eyes, ask: colour, shades: 9}": `care.yaml:11:37: step "eyes" has 9 colours: use 2 to 4`,
		"{id: eyes, ask: colour}":            `care.yaml:11:21: step "eyes" does not say of how many colours: add "shades: 3"`,
		"{id: eyes, ask: scale, shades: 3}":  `care.yaml:11:36: step "eyes" has shades but no colours: shades belong to "ask: colour"`,
		"{id: eyes, ask: color, shades: 3}":  `care.yaml:11:21: "color" is no kind of question: did you mean "colour"? the choice is card, choice, city, colour, country, hour, language, number, scale, sign, signs, text, ticks`,
		`{id: eyes, ask: colour, shades: 3, next: [{when: eyes == "blue", to: over}, {to: hub}]}`: `care.yaml:11:63: "eyes" is never "blue": it can be amber, green, red`,
	} {
		flow := strings.Replace(colourFlow, "{id: eyes, ask: colour, shades: 3}", steps, 1)
		_, err := load(flow, colourTexts, colourKind{})
		if faults, ok := errors.AsType[lang.Faults](err); !ok || faults[0].Error() != want {
			t.Errorf("%s\nis told %v\nwant    %s", steps, err, want)
		}
	}
}

// TestColourIsInTheSchema: editors complete it.
func TestColourIsInTheSchema(t *testing.T) {
	var s struct {
		Defs map[string]struct {
			Enum             []string
			Minimum, Maximum int
			Properties       map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(catalog.Schema(catalog.Questions(append(ask.Kinds(), colourKind{})...)), &s); err != nil {
		t.Fatal(err)
	}
	step := s.Defs["stepGrammar"].Properties
	if !slices.Contains(s.Defs["AskKind"].Enum, "colour") || !strings.Contains(step["ask"].Description, "or colour (one of a few)") {
		t.Errorf("ask: %v, %q", s.Defs["AskKind"].Enum, step["ask"].Description)
	}
	if shades := s.Defs["shades"]; shades.Minimum != 2 || shades.Maximum != 4 || step["shades"].Description != "How many colours there are." {
		t.Errorf("shades: %+v, %q", shades, step["shades"].Description)
	}
}

// TestColourIsSampled: the checker finds what only one colour breaks.
func TestColourIsSampled(t *testing.T) {
	promise := "invariants:\n  - {never: amber, while: eyes == \"amber\"}\n"
	r := checker.Check(mustLoad(t, colourFlow+promise, colourTexts, colourKind{}), checker.Options{})
	if len(r.Violations) != 1 || r.Violations[0].Source != "care.yaml:17" {
		t.Fatalf("broken are %+v", r.Violations)
	}
	if path := r.Violations[0].Path; path[len(path)-1] != "> press amber" {
		t.Errorf("the way to it is %q", path)
	}
}

// TestColourIsDrawn: the graph says what is asked.
func TestColourIsDrawn(t *testing.T) {
	cat := mustLoad(t, colourFlow, colourTexts, colourKind{})
	if drawn := graph.Flow(cat, cat.Flows()[0]).Mermaid(); !strings.Contains(drawn, "ask colour of 3") {
		t.Errorf("it is not in the graph:\n%s", drawn)
	}
}
