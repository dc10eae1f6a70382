package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// keepScript is a script's command: it makes a database with a little of everything.
func keepScript(ts *testscript.TestScript, _ bool, args []string) {
	store, err := boltstore.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(keepSome(store))
	ts.Check(store.Close())
}

// holdScript is a script's command: it has a database open until the script ends.
func holdScript(ts *testscript.TestScript, _ bool, args []string) {
	store, err := boltstore.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { ts.Check(store.Close()) })
}

// ownScript is a script's command: it gives a database to a bot.
func ownScript(ts *testscript.TestScript, _ bool, args []string) {
	bot, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	store, err := boltstore.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(store.Update(context.Background(), func(tx storage.Tx) error { return tx.SetOwner(bot) }))
	ts.Check(store.Close())
}

func keepSome(store storage.Store) error {
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	return store.Update(context.Background(), func(tx storage.Tx) error {
		put := func(m storage.Message) error {
			m.User, m.Chat, m.Queued = 7, 7, at
			return tx.PutMessage(m)
		}
		for _, err := range []error{
			tx.PutState(flows.State{User: 7, Episode: flows.Episode{Number: 1, Flow: "spasm", Started: at}}),
			tx.PutState(flows.State{User: 8, Inactive: true}),
			tx.PutReminder(storage.Reminder{User: 7, State: flows.Armed, Reminder: flows.Reminder{ID: 1, Kind: "water", Due: at}}),
			tx.PutReminder(storage.Reminder{User: 7, State: flows.Armed, Reminder: flows.Reminder{ID: 2, Kind: flows.KindTimeout, Phase: flows.PhaseWait, Due: at}}),
			tx.PutReminder(storage.Reminder{User: 7, State: flows.Sent, Reminder: flows.Reminder{ID: 3, Kind: "water", Due: at}}),
			put(storage.Message{Message: flows.Message{Number: 1, Text: "it hurts here"}, State: storage.Queued}),
			put(storage.Message{Message: flows.Message{Number: 2}, State: storage.Sent}),
			put(storage.Message{Message: flows.Message{Number: 3}, State: storage.Failed, Cause: "chat gone (403)"}),
			put(storage.Message{Message: flows.Message{Number: 4, Text: "secret words"}, State: storage.Failed, Cause: "rejected (400)"}),
			put(storage.Message{Message: flows.Message{Number: 5, Text: "secret words"}, State: storage.Uncertain, Parked: 2}),
			tx.Quarantine(storage.Quarantined{UpdateID: 5, At: at, Raw: []byte(`{"secret":1}`), Cause: "undecodable"}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// TestStatusChangesNothing: a look must leave no trace in the file.
func TestStatusChangesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bot.db")
	store, err := boltstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := keepSome(store); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	before := readFile(t, file)
	if code := run([]string{"status", "--db", file}, t.Output(), t.Output()); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if readFile(t, file) != before {
		t.Error("the file has changed")
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
