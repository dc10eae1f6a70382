package engine_test

import (
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// stoodAt is a person at home in the acute phase whom a question has interrupted.
func stoodAt(t *testing.T, c *lang.Catalog, f *lang.Flow, s *lang.Step) *person {
	t.Helper()
	p := newPerson(t, c)
	p.toCare()
	at := p.state()
	at.Stack = []flows.Place{at.At}
	at.At = flows.Place{Flow: f.ID, Version: f.Version, Step: s.ID, Hash: s.Hash, Question: s.Asks}
	at.Asked, at.Shown = at.Messages, at.Messages
	p.store(at)
	return p
}

// TestEverythingHasAnAnswer: at each question of the flows, whatever is typed or
// wanted, and the first that is no text, has an answer that the person sees, also
// right behind another.
func TestEverythingHasAnAnswer(t *testing.T) {
	c := shipped(t)
	asked := 0
	for _, f := range c.Flows() {
		for i := range f.Steps {
			s := &f.Steps[i]
			if s.Question == nil {
				continue
			}
			asked++
			t.Run(s.ID, func(t *testing.T) {
				p := stoodAt(t, c, f, s)
				for _, ev := range []flows.Event{
					flows.Text{Text: "hello"},
					flows.Text{Text: "hello again"},
					flows.Command{Name: "foo"},
					flows.Command{Name: "foo"},
					flows.Unsupported{What: "voice"},
					flows.Text{Text: "it hurts"},
					flows.Command{Name: "start"},
				} {
					if p.does(ev); !p.sees() {
						t.Errorf("%+v has no answer: %v", ev, p)
					}
				}
			})
		}
	}
	if asked < 100 {
		t.Errorf("the flows ask %d questions", asked)
	}
}
