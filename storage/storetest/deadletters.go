package storetest

import (
	"errors"
	"fmt"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// deadLetters holds that messages that were given up go out again: they are
// listed as unsent, in their places, and so until they are sent.
func deadLetters(f *fixture) {
	letter := func(number uint64, expires time.Time) storage.Message {
		m := messageIn(5, number, storage.Failed)
		m.Text, m.Cause, m.Expires, m.Attempts = "words", "unknown (400)", expires, 2
		return m
	}
	now := start.Add(time.Hour)
	reminder := storage.Reminder{User: 5, Reminder: flows.Reminder{ID: 9, Kind: "water", Due: start}, State: flows.Dropped}
	one, two := letter(1, time.Time{}), letter(2, now)
	one.Reminder = reminder.ID
	f.update(func(tx storage.Tx) error {
		return errors.Join(
			tx.PutState(flows.State{User: 5}), tx.PutMessage(one), tx.PutMessage(two), tx.PutReminder(reminder),
			tx.PutMessage(messageIn(5, 3, storage.Queued)), tx.PutMessage(messageIn(5, 4, storage.Sent)),
		)
	})
	for _, wrong := range []uint64{3, 4, 77} {
		keys := []storage.MessageKey{one.Key(), {User: 5, Number: wrong}}
		if _, _, err := storage.Resend(f.Context(), f.Store, keys, now); !errors.Is(err, storage.ErrNotFound) {
			f.Errorf("message %d was put back: %v", wrong, err)
		}
	}
	letters := f.letters()
	if len(letters) != 2 || letters[0].Key() != one.Key() || letters[1].Key() != two.Key() {
		f.Errorf("dead letters %+v, want two", letters)
	}
	queued, expired, err := storage.Resend(f.Context(), f.Store, []storage.MessageKey{one.Key(), two.Key()}, now)
	if err != nil {
		f.Fatal(err)
	}
	one.State, one.Queued, one.Cause = storage.Queued, now, ""
	reminder.State = flows.Fired
	f.reopen()
	f.twice(func(r storage.Reader) error {
		unsent, err := r.Unsent(storage.MessageKey{}, 10)
		kept, err2 := r.Reminder(5, reminder.ID)
		return errors.Join(
			err, err2, same("put back", queued, []storage.Message{one}), same("expired", expired, []storage.Message{two}),
			same("unsent", unsent, []storage.Message{one, messageIn(5, 3, storage.Queued)}), same("its timer", kept, reminder),
		)
	})
	if got := fmt.Sprint(len(f.letters())); got != "1" {
		f.Errorf("%s dead letters are left, want the one that has expired", got)
	}
}

func (f *fixture) letters() []storage.Message {
	f.Helper()
	out, err := storage.Read(f.Context(), f.Store, storage.DeadLetters)
	if err != nil {
		f.Fatal(err)
	}
	return out
}
