package storage_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// One transaction keeps everything that a batch of events changes: here the
// state of a person, a message to them, and how far the updates have been taken.
// When Update returns, it will outlive the process.
func ExampleStore() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	var store storage.Store
	if store, err = boltstore.Open(filepath.Join(dir, "bot.db")); err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	at := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	err = store.Update(ctx, func(tx storage.Tx) error {
		s, err := tx.State(7) // the zero State of somebody new
		if err != nil {
			return err
		}
		s.Messages++
		m := storage.Message{
			User: 7, Chat: 7, State: storage.Queued, Queued: at,
			Message: flows.Message{Number: s.Messages, Text: "Stop. Lie down.", Class: flows.Reply},
		}
		if err := tx.PutState(s); err != nil {
			return err
		}
		if err := tx.PutMessage(m); err != nil {
			return err
		}
		return tx.SetOffset(101)
	})
	if err != nil {
		fmt.Println(err) // nothing of it has happened
		return
	}

	// What is committed and not sent yet is found again after a crash.
	err = store.View(ctx, func(r storage.Reader) error {
		offset, err := r.Offset()
		if err != nil {
			return err
		}
		unsent, err := r.Unsent(storage.MessageKey{}, 10)
		for _, m := range unsent {
			fmt.Printf("message %d to %d is %s: %s\n", m.Number, m.User, m.State, m.Text)
		}
		fmt.Println("next update:", offset)
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// message 1 to 7 is queued: Stop. Lie down.
	// next update: 101
}
