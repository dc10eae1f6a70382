package engine_test

import (
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/engine"
)

// What answers a person is a reply: it goes before what nobody waits for, and
// behind the end of a round.
func TestAnswersAreReplies(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	s := flows.State{User: 1}
	for i, ev := range []flows.Event{
		flows.Text{Text: "hello"}, flows.Command{Name: "nonsense"}, flows.Command{Name: "spasm"}, flows.Text{Text: "?"}, flows.Unsupported{What: "photo"},
	} {
		var effects []flows.Effect
		s, effects = engine.Step(c, s, ev, time.Date(2026, 11, 1, 8, i, 0, 0, time.UTC))
		said := 0
		for _, e := range effects {
			if say, ok := e.(flows.Say); ok {
				said++
				if say.Message.Class != flows.Reply {
					t.Errorf("%T is answered with a message of class %d", ev, say.Message.Class)
				}
			}
		}
		if said == 0 {
			t.Errorf("%T is not answered", ev)
		}
	}
}
