package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

const dangerFlow = `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: hub, ask: choice, choices: {more: {}}}
  - {id: note, ask: text, least: 1, most: 90}
  - {id: over, end: over}
`

const dangerTexts = `
words: {danger: "chest pain\nbreath-", worst: "want to die"}
hub: {text: "?", more: More}
note: {text: "What?", invalid: "No."}
danger: {text: "Danger?", none: None}
worst: {text: "Worst?", none: None}
`

func dangerFiles() map[string]string {
	words := func(flow, command, place string) string {
		return "flow: " + flow + "\ncommands: [" + command + "]\nwords: " + place + "\nurgent: true\n" +
			"default_wait: {timeout: 1d, next: return}\nsteps: [{id: " + flow + ", ask: choice, choices: {none: {}}}]"
	}
	return map[string]string{
		"danger.yaml": words("danger", "chest", "2"), "worst.yaml": words("worst", "crisis", "1"),
		"texts/de.yaml": tinyTexts + strings.NewReplacer("chest pain", "brust tut weh", "want to die", "will sterben").Replace(dangerTexts),
	}
}

// TestWordsOfDanger: they lead to their flow at once, wherever they are typed and
// whatever was asked, however often. That the flow was shown is kept, and not a word.
func TestWordsOfDanger(t *testing.T) {
	p := newPerson(t, tinyWith(t, dangerFlow, dangerTexts, dangerFiles()))
	message := int64(0)
	text := func(words string) flows.Text {
		message++
		return flows.Text{Text: words, Message: message}
	}
	reads := func(ev flows.Event, want string) {
		t.Helper()
		said := len(p.Chat)
		p.does(ev)
		if got := p.last(); len(p.Chat) == said || got != want {
			t.Errorf("behind %+v the person reads %q, want %q", ev, got, want)
		}
	}
	reads(text("I have chest pain"), "Danger?") // outside of an episode
	p.does(flows.Command{Name: "spasm"})
	reads(text("it hurts"), "b\n\n?")
	reads(text("my chest is in pain"), "Danger?") // a hint would be silent now
	reads(text("chest pain and I want to die"), "Worst?")
	reads(text("CHEST PAIN"), "Danger?")
	p.does(text("more"))
	for range 3 {
		p.presses("None")
	}
	p.presses("More")
	entries := len(p.Timeline)
	reads(text("pills, and cannot breathe"), "Danger?") // it would be an answer
	p.presses("None")
	reads(flows.Command{Name: "spasm", Args: "breathless"}, "Danger?")
	p.presses("None")
	p.does(text(""))
	reads(flows.Edit{To: flows.Text{Text: "chest pain", Message: message}}, "Danger?")

	var commands []string
	for _, e := range p.Timeline[entries:] {
		if e.Kind == flows.EntryCommand {
			commands = append(commands, e.Choice)
		}
	}
	if len(commands) != 3 || commands[0] != "chest" {
		t.Errorf("the timeline tells of the commands %q", commands)
	}
	kept, err := json.Marshal([]any{p.State(), p.Timeline})
	if err != nil || strings.Contains(string(kept), "breath") || strings.Contains(string(kept), "pain") {
		t.Errorf("the words are kept: %s (%v)", kept, err)
	}
}

// TestWordsBelowPictures: they are looked through for words of danger, be it in an
// edit, and nothing else is made of them.
func TestWordsBelowPictures(t *testing.T) {
	p := newPerson(t, tinyWith(t, dangerFlow, dangerTexts, dangerFiles()))
	p.does(flows.Command{Name: "spasm"})
	p.presses("More")
	photo := func(words string) flows.Unsupported {
		return flows.Unsupported{What: "photo", Caption: words, Message: 9}
	}
	for _, try := range []struct {
		ev   flows.Event
		read string
	}{
		{photo("it hurts"), "u\n\nWhat?"},
		{photo("chest pain"), "Danger?"},
		{photo("and my breathing"), "Danger?"}, // a hint would be silent now
		{flows.Edit{To: photo("it hurts")}, ""},
		{flows.Edit{To: photo("out of breath")}, "Danger?"},
		{flows.Edit{To: photo("spasm")}, ""},
	} {
		said := len(p.Chat)
		p.does(try.ev)
		switch {
		case try.read == "" && len(p.Effects) != 0:
			t.Errorf("%+v has brought %+v", try.ev, p.Effects)
		case try.read != "" && (len(p.Chat) == said || p.last() != try.read):
			t.Errorf("behind %+v the person reads %q, want %q", try.ev, p.last(), try.read)
		}
		if p.state().At.Step == "danger" {
			p.presses("None")
		}
		if at := p.state().At.Step; at != "note" {
			t.Fatalf("behind %+v the person is at %q", try.ev, at)
		}
	}
}

// TestWordsOfDangerByLanguage: a person's own words count, and English ones.
func TestWordsOfDangerByLanguage(t *testing.T) {
	c := tinyWith(t, dangerFlow, dangerTexts, dangerFiles())
	for _, test := range []struct{ lang, words, flow string }{
		{"de-AT", "Meine Brust tut weh", "danger"},
		{"de-AT", "chest pain", "danger"},
		{"en", "Meine Brust tut weh", ""},
		{"", "I want to die", "worst"},
		{"fr", "I want to die", "worst"},
		{"de", "Ich sage nichts", ""},
	} {
		got := ""
		if f := c.Heard(test.lang, test.words); f != nil {
			got = f.ID
		}
		if got != test.flow {
			t.Errorf("%q in the language %q leads to %q, want %q", test.words, test.lang, got, test.flow)
		}
	}
}

// TestNoEditTakesDangerBack: whoever changes the message is asked what they were asked.
func TestNoEditTakesDangerBack(t *testing.T) {
	p := newPerson(t, tinyWith(t, dangerFlow, dangerTexts, dangerFiles()))
	p.does(flows.Command{Name: "spasm"})
	p.does(flows.Text{Text: "chest pain", Message: 7})
	p.Now = p.Now.Add(time.Second)
	before := p.State()
	p.does(flows.Edit{To: flows.Text{Text: "crisis", Message: 7}})
	if after := p.State(); after.At != before.At || after.Messages != before.Messages {
		t.Errorf("an edit leads from %+v to %+v", before.At, after.At)
	}
}

// TestShippedWords: what people write in danger leads to its flow, and what they write
// about their backs does not.
func TestShippedWords(t *testing.T) {
	c := shipped(t)
	for words, flow := range map[string]string{
		"I want to die":                             "danger_crisis",
		"i'm thinking about killing myself":         "danger_crisis",
		"I don’t want to live any more":             "danger_crisis",
		"I took way too many of the pills":          "danger_pills",
		"I took too many, I want to die":            "danger_pills",
		"ibuprofen, the whole pack":                 "danger_pills",
		"I can't breathe properly":                  "danger_body",
		"terrible chest pains":                      "danger_body",
		"I think I am going to faint":               "danger_body",
		"I can't feel my legs":                      "danger_nerves",
		"cant pee since this morning":               "danger_nerves",
		"both my legs are really weak":              "danger_nerves",
		"numbness between my legs":                  "danger_nerves",
		"no feeling in my legs":                     "danger_nerves",
		"I can not feel my legs":                    "danger_nerves",
		"can’t hold my bladder":                     "danger_nerves",
		"I lost control of my bladder":              "danger_nerves",
		"I have no bladder control":                 "danger_nerves",
		"I peed myself":                             "danger_nerves",
		"my bottom is numb":                         "danger_nerves",
		"I can not move my legs":                    "danger_nerves",
		"my foot won't lift":                        "danger_nerves",
		"I took 20 paracetamol":                     "danger_pills",
		"20 paracetamol at once":                    "danger_pills",
		"I have taken about 30 pills":               "danger_pills",
		"swallowed twenty tablets":                  "danger_pills",
		"I can not catch my breath":                 "danger_body",
		"there is no point in living":               "danger_crisis",
		"life is not worth living":                  "danger_crisis",
		"I don't want to be here any more":          "danger_crisis",
		"20 paracetamol":                            "danger_many",
		"30 tablets of ibuprofen":                   "danger_many",
		"I had 16 ibuprofen":                        "danger_many",
		"8 paracetamol":                             "",
		"please help me":                            "sos",
		"it took 20 minutes, then two pills":        "",
		"10:00 paracetamol, 22:00 ibuprofen":        "",
		"ibuprofen at 10, paracetamol at 18":        "",
		"took paracetamol at 10, at 18 ibuprofen":   "",
		"took 2 paracetamol":                        "",
		"took 400 ibuprofen and 20 mg omeprazole":   "",
		"my doctor gave me 20 tablets":              "",
		"I feel it when I pee":                      "",
		"it hurts in my bottom":                     "",
		"my legs feel fine":                         "",
		"I lost control of the car":                 "",
		"no point in lying down":                    "",
		"I do not want to lie here":                 "",
		"I can live with that":                      "",
		"it hurts so much":                          "",
		"ibuprofen 400 mg at noon, paracetamol too": "",
		"my back has locked up, I lifted a box":     "",
		"7":                                         "",
		"can I take a bath":                         "",
	} {
		got := ""
		if f := c.Heard("en", words); f != nil {
			got = f.ID
		}
		if got != flow {
			t.Errorf("%q leads to %q, want %q", words, got, flow)
		}
	}
}

// TestNoButtonReadsLikeDanger: whoever types the words of a button of another flow
// answers with them.
func TestNoButtonReadsLikeDanger(t *testing.T) {
	c := shipped(t)
	for _, f := range c.Flows() {
		if f.Urgent {
			continue
		}
		for i := range f.Steps {
			for _, choice := range f.Steps[i].Choices {
				if f.ID == "water" && choice.ID == "cannot" {
					continue // the button leads to the signs, too
				}
				label := c.Text("en", f.Steps[i].ID, choice.ID).Plain()
				if to := c.Heard("en", label); to != nil {
					t.Errorf("the button %q of %s, typed, leads to %s", label, f.Steps[i].ID, to.ID)
				}
			}
		}
	}
}
