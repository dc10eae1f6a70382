package engine_test

import (
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/transcript"
)

// movesFlow leads from picture to picture in one message: by presses, by words, and by
// the end of a rest.
const movesFlow = `
flow: spasm
episode: true
commands: [spasm]
default_wait: {timeout: 9h, next: over}
steps:
  - {id: begin, ask: choice, choices: {go_on: {}, drink: {next: drinking}}, next: one}
  - {id: drinking, start: drink}
  - {id: one, ask: choice, picture: seat, choices: {next: {}, stop: {next: hub}}, wait: {nudge: 1h, timeout: 9h, next: over}}
  - {id: rest, same_message: true, ask: choice, picture: bed, choices: {stop: {next: hub}}, wait: {timeout: 10m, next: two}}
  - {id: two, same_message: true, ask: choice, picture: seat, choices: {next: {}, stop: {next: hub}, more: {next: word}}, wait: {timeout: 2h, next: well}}
  - {id: well, same_message: true, picture: bed}
  - {id: hub, ask: choice, choices: {end: {next: over}}, next: hub}
  - {id: word}
  - {id: three, same_message: true, ask: choice, picture: bed, choices: {stop: {next: hub}}, next: hub}
  - {id: over, end: over}
reminders:
  drink: {once: 1h5m}
`

const movesTexts = `
begin: {text: "Begin?", go_on: Yes, drink: Drink}
one: {text: "Move one.", next: Next, stop: Enough}
rest: {text: "Rest.", stop: Enough}
two: {text: "Move two.", next: Next, stop: Enough, more: More}
word: {text: "A word."}
three: {text: "Move three.", stop: Enough}
well: {text: "Well done."}
hub: {text: "Here.", end: End}
drink: {text: "Drink."}
`

func moving(t *testing.T) *typist {
	t.Helper()
	p := &typist{person: newPerson(t, tinyWith(t, movesFlow, movesTexts, map[string]string{
		"media/seat.png": "\x89PNG\r\n\x1a\n", "media/bed.png": "\x89PNG\r\n\x1a\n.",
	}))}
	p.does(flows.Command{Name: "spasm"})
	return p
}

// messages are those of the last turn.
func (p *person) messages() (list []flows.Message) {
	for _, e := range p.Effects {
		if say, ok := e.(flows.Say); ok {
			list = append(list, say.Message)
		}
	}
	return list
}

// exchanges demands that the last turn has said one thing, in the message of another.
func (p *person) exchanges(picture string) {
	p.t.Helper()
	list := p.messages()
	if len(list) != 1 || list[0].Picture != picture || !list[0].Anew || (list[0].Edit == 0) == (list[0].Of == 0) {
		p.t.Errorf("said %+v, want %s in the place of the picture before", list, picture)
	}
}

// TestSameMessage: from picture to picture there is one message, whatever leads on, and
// its last button answers.
func TestSameMessage(t *testing.T) {
	p := moving(t)
	p.presses("go_on")
	p.reads("Begin?", "Move one.")
	p.presses("next")
	p.exchanges("bed")
	p.reads("Begin?", "Rest.")
	p.waits(10*time.Minute, nil)
	p.exchanges("seat")
	p.reads("Begin?", "Move two.")
	p.types("next")
	p.reads("Begin?", "Well done.", "Here.")
	if s := p.state(); s.At.Step != "hub" {
		t.Errorf("the person is at %q", s.At.Step)
	}
}

// TestSameMessageElsewhere: what is not shown in the same message has one of its own, and
// takes the buttons off the picture.
func TestSameMessageElsewhere(t *testing.T) {
	p := moving(t)
	p.presses("go_on")
	p.presses("stop")
	p.reads("Begin?", "Move one.", "Here.")
}

// TestSameMessageBehindWords: what stands below the picture is not followed by a change
// above it.
func TestSameMessageBehindWords(t *testing.T) {
	p := moving(t)
	p.presses("go_on")
	p.presses("next")
	p.waits(10*time.Minute, nil)
	p.presses("more")
	p.reads("Begin?", "Move two.", "A word.", "Move three.")
}

// TestSameMessageBelow: nothing new appears above what came later, and a press on an
// older message that shows the question changes nothing there.
func TestSameMessageBelow(t *testing.T) {
	p := moving(t)
	p.presses("drink")
	p.waits(65*time.Minute, nil) // the nudge, and the reminder
	p.presses("next")
	if texts := chatTexts(p.Chat); !slices.Equal(texts[1:], []string{"Move one.", "n\n\nMove one.", "Drink.", "Rest."}) {
		t.Errorf("the chat is %q", texts)
	}

	p = moving(t)
	p.presses("go_on")
	older := flows.Button{Data: p.Chat[1].Keyboard[0][0].Data, Message: p.Chat[1].ID}
	p.waits(time.Hour, nil)
	p.does(older)
	if texts := chatTexts(p.Chat); texts[1] != "Move one." || texts[3] != "Rest." {
		t.Errorf("behind a press on the older one of two the chat is %q", texts)
	}
}

func chatTexts(chat []transcript.Message) (texts []string) {
	for _, m := range chat {
		texts = append(texts, m.Text)
	}
	return texts
}

// TestSameMessageAway: after an absence all is told in one message, which is new.
func TestSameMessageAway(t *testing.T) {
	p := moving(t)
	p.presses("go_on")
	p.presses("next")
	p.waits(10*time.Minute, nil)
	p.must(p.Down(3 * time.Hour))
	list := p.messages()
	if len(list) != 1 || list[0].Edit != 0 || list[0].Of != 0 || list[0].Picture != "" || list[0].Text != "Well done.\n\nHere." {
		t.Errorf("said %+v", list)
	}
}
