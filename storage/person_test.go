package storage_test

import (
	"context"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// TestOfPerson: of three people, one sees nothing of the others.
func TestOfPerson(t *testing.T) {
	ctx := context.Background()
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	err = store.Update(ctx, func(tx storage.Tx) error {
		for _, user := range []int64{-5, 7, 8} {
			for _, err := range []error{
				tx.PutState(flows.State{User: user}),
				tx.PutEpisode(storage.Episode{User: user, Episode: flows.Episode{Number: 1}}),
				tx.PutEntry(storage.Entry{User: user, Entry: flows.Entry{Seq: 1, Episode: 1}}),
				tx.PutEntry(storage.Entry{User: user, Entry: flows.Entry{Seq: 2, Episode: 1}}),
				tx.PutReminder(storage.Reminder{User: user, Reminder: flows.Reminder{ID: 1, Due: at}}),
				tx.PutMessage(storage.Message{User: user, Chat: user, Message: flows.Message{Number: 1}, State: storage.Sent}),
			} {
				if err != nil {
					return err
				}
			}
		}
		return tx.Quarantine(storage.Quarantined{UpdateID: 5})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = store.View(ctx, func(r storage.Reader) error {
		for _, user := range []int64{-5, 7, 8, 9} {
			want := []int64{user}
			if user == 9 {
				want = nil
			}
			one := storage.OfPerson(r, user)
			walked(t, "states", one.States(), want, func(s flows.State) int64 { return s.User })
			walked(t, "episodes", one.Episodes(), want, func(e storage.Episode) int64 { return e.User })
			walked(t, "entries", one.Entries(), append(slices.Clone(want), want...), func(e storage.Entry) int64 { return e.User })
			walked(t, "reminders", one.Reminders(), want, func(r storage.Reminder) int64 { return r.User })
			walked(t, "messages", one.Messages(), want, func(m storage.Message) int64 { return m.User })
			walked(t, "quarantined", one.Quarantined(), nil, func(storage.Quarantined) int64 { return 0 })
			var out strings.Builder
			if err := storage.Export(one, &out, nil); err != nil {
				return err
			}
			if got := strings.Count(out.String(), "\n"); got != 6*len(want)+1 {
				t.Errorf("of %d are exported %d lines", user, got)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// walked checks whose the records of a walk are.
func walked[T any](t *testing.T, what string, walk iter.Seq2[T, error], want []int64, whose func(T) int64) {
	t.Helper()
	var got []int64
	for v, err := range walk {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, whose(v))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: those of %v were walked over, want %v", what, got, want)
	}
	for range walk {
		break // whoever stops early is not called again
	}
}
