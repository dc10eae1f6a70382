package bot

import (
	"testing"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/storage"
)

// TestStray: what the ledger knows of message 8 of a person, and on which
// messages its buttons may hang.
func TestStray(t *testing.T) {
	const last = 40 // the id of message 7
	for name, c := range map[string]struct {
		row        storage.Message
		no         bool // the row is gone
		here, away []int64
	}{
		"sent":                   {row: storage.Message{State: storage.Sent, MessageID: 50, Attempts: 1}, here: []int64{50}, away: []int64{0, 39, 45, 51}},
		"sent again, may be two": {row: storage.Message{State: storage.Sent, MessageID: 50, Attempts: 2}, here: []int64{50, 45, 41}, away: []int64{0, 39, 40, 51}},
		"sent, of unknown id":    {row: storage.Message{State: storage.Sent, Attempts: 1}, here: []int64{41, 60}, away: []int64{0, 39, 40}},
		"queued":                 {row: storage.Message{State: storage.Queued}, away: []int64{0, 39, 50}},
		"on its way":             {row: storage.Message{State: storage.Sending, Attempts: 1}, here: []int64{41, 50}, away: []int64{0, 39, 40}},
		"perhaps arrived":        {row: storage.Message{State: storage.Uncertain, Attempts: 1}, here: []int64{41, 50}, away: []int64{0, 39, 40}},
		"an edit": {
			row:  storage.Message{Message: flows.Message{Edit: 30}, State: storage.Sent, MessageID: 30, Attempts: 1},
			here: []int64{30}, away: []int64{0, 29, 31, 40, 41},
		},
		"an edit on its way": {
			row:  storage.Message{Message: flows.Message{Edit: 30}, State: storage.Sending, Attempts: 1},
			here: []int64{30, 41}, away: []int64{0, 29, 31, 40},
		},
		"long over": {no: true, here: []int64{0, 30, 50}},
	} {
		t.Run(name, func(t *testing.T) {
			store := newTestStore(t, MemoryFile(t))
			store.put(func(tx storage.Tx) error {
				before := storage.Message{User: 7, Chat: 7, Message: flows.Message{Number: 7}, State: storage.Sent, MessageID: last, Attempts: 1}
				if err := tx.PutMessage(before); err != nil || c.no {
					return err
				}
				c.row.User, c.row.Chat, c.row.Number = 7, 7, 8
				return tx.PutMessage(c.row)
			})
			data := button.Data{Kind: button.Screen, Seal: 3, Message: 8, Choice: "yes"}.String()
			store.view(func(r storage.Reader) error {
				for want, ids := range map[bool][]int64{false: c.here, true: c.away} {
					for _, id := range ids {
						ev, err := placed(r, &chat.Update{User: 7, Event: flows.Button{Data: data, Message: id}, Pressed: id}, time.Time{})
						if err != nil {
							return err
						}
						if ev != (flows.Button{Data: data, Message: id, Stray: want}) {
							t.Errorf("a press on message %d: %+v, want stray %v", id, ev, want)
						}
					}
				}
				return nil
			})
		})
	}
}
