package outbox_test

import (
	"fmt"
	"time"

	"spasmbot/bot/outbox"
	"spasmbot/flows"
	"spasmbot/storage"
)

// A take-off goes before everything; after a retry-after the others go on.
func Example() {
	now := time.Date(2026, time.May, 4, 8, 0, 0, 0, time.UTC)
	o := outbox.New(outbox.Limits{ChatRate: 1})
	o.Advance(storage.MessageKey{}, true) // the store was read, and held nothing

	for _, m := range []storage.Message{
		{User: 1, Chat: 1, Message: flows.Message{Number: 1, Text: "drink a glass of water", Class: flows.Push}},
		{User: 2, Chat: 2, Message: flows.Message{Number: 7, Text: "where does it hurt?", Class: flows.Reply}},
		{User: 1, Chat: 1, Message: flows.Message{Number: 2, Text: "take the pack off", Class: flows.TakeOff}},
	} {
		o.Add(m, now)
	}
	refused := false
	for {
		m, wait := o.Next(now)
		if m == nil {
			if wait == outbox.Forever {
				return
			}
			fmt.Println("wait", wait)
			now = now.Add(wait)
			continue
		}
		// Here the claim would be committed, and after the slot the call made.
		for wait, _ := o.Slot(m, now); wait > 0; wait, _ = o.Slot(m, now) {
			now = now.Add(wait)
		}
		o.Returned(m, now)
		if m.Class == flows.TakeOff && !refused {
			refused = true
			fmt.Println("refused:", m.Text)
			o.Limited(outbox.Source{Chat: m.Chat}, now, 5*time.Second)
			o.Again(m, now, now.Add(5*time.Second))
			continue
		}
		fmt.Println("sent:", m.Text)
		o.Done(m, now)
	}
	// Output:
	// refused: take the pack off
	// sent: where does it hurt?
	// wait 5s
	// sent: take the pack off
	// sent: drink a glass of water
}
