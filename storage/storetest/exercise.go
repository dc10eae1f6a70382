package storetest

import (
	"errors"
	"iter"
	"reflect"
	"testing"
	"time"

	"spasmbot/storage"
)

// Exercise runs the suite. place makes room for one store, empty at first, and
// returns how to open it. The suite opens a place again only after it has
// closed the store before, and closes what it has opened; a place's own
// clean-up runs after that.
func Exercise(t *testing.T, place func(t *testing.T) (open func() storage.Store)) {
	for _, c := range []struct {
		name string
		run  func(*fixture)
	}{
		{"new store is empty", newIsEmpty},
		{"records come back as they were put", roundTrip},
		{"times come back in UTC to the nanosecond", exactTimes},
		{"values of entries keep their types", values},
		{"a record that is put again is replaced", replaced},
		{"absent records", absent},
		{"what was read stays valid", staysValid},
		{"words are dropped from the ledger", noWords},

		{"a failed transaction leaves nothing", atomic},
		{"reads see the transaction's own writes", ownWrites},
		{"readers see whole transactions", snapshots},
		{"concurrent updates are all durable", concurrent},
		{"a function that runs again has no double effect", rerun},
		{"a context that has ended", endedContext},
		{"a closed store", closed},
		{"close waits for running transactions", closeWaits},

		{"due reminders", due},
		{"due reminders that change", dueChanges},
		{"unsent messages", unsent},
		{"unsent messages that change", unsentChanges},
		{"dead letters are put back", deadLetters},
		{"walks are in order", walks},
		{"walks over states", walkStates},
		{"walks end early", walksEndEarly},
		{"random transactions against a model", model},

		{"offset", offset},
		{"owner", owner},
		{"marks", marks},
		{"states behind a person", statesAfter},
		{"seen updates", seen},
		{"quarantine", quarantine},
		{"file ids", fileIDs},
		{"what has passed is pruned", pruned},
		{"pruning goes on where it stopped", prunedInSteps},
		{"idle people are pruned", idlePruned},
		{"a person is forgotten", forgotten},
		{"a fleeting message leaves nothing", fleeting},
		{"a person is forgotten and comes back at once", forgottenAtOnce},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, place(t))
			f.place = place
			c.run(f)
		})
	}
}

// fixture is a store under test. Its methods end the test on errors, so they
// must not be called within a transaction.
type fixture struct {
	*testing.T
	storage.Store
	open func() storage.Store
	// place makes room for further stores.
	place func(t *testing.T) (open func() storage.Store)
}

func newFixture(t *testing.T, open func() storage.Store) *fixture {
	f := &fixture{T: t, Store: open(), open: open}
	t.Cleanup(func() {
		if err := f.Close(); err != nil && !errors.Is(err, storage.ErrClosed) {
			t.Errorf("close: %v", err)
		}
	})
	return f
}

// reopen is what a restart is to the data.
func (f *fixture) reopen() {
	f.Helper()
	if err := f.Close(); err != nil {
		f.Fatalf("close: %v", err)
	}
	f.Store = f.open()
}

func (f *fixture) update(fn func(tx storage.Tx) error) {
	f.Helper()
	if err := f.Update(f.Context(), fn); err != nil {
		f.Fatalf("update: %v", err)
	}
}

func (f *fixture) view(fn func(r storage.Reader) error) {
	f.Helper()
	if err := f.View(f.Context(), fn); err != nil {
		f.Fatalf("view: %v", err)
	}
}

// twice checks the store as it is and after a restart.
func (f *fixture) twice(check func(r storage.Reader) error) {
	f.Helper()
	f.view(check)
	f.reopen()
	f.view(check)
}

func (f *fixture) same(what string, got, want any) {
	f.Helper()
	if err := same(what, got, want); err != nil {
		f.Error(err)
	}
}

func same(what string, got, want any) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	return &difference{what, got, want}
}

// collect ends with the walk's first error.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

// Persons as Telegram numbers them, up to 52 bits, and as nobody should.
var persons = []int64{-1 << 63, -1 << 52, -1, 0, 1, 2, 255, 256, 1<<32 - 1, 1 << 32, 1<<52 - 1, 1<<63 - 1}

var start = time.Date(2026, 11, 22, 2, 30, 0, 123456789, time.UTC)
