package main

import (
	"errors"
	"path/filepath"
	"testing"

	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// unclosable is a store that reports at its close that something was lost.
type unclosable struct{ storage.Store }

var errClose = errors.New("close bot.db: input/output error")

func (unclosable) Close() error { return errClose }

// hanging is a store whose close never ends.
type hanging struct {
	storage.Store
	never chan struct{}
}

func (h hanging) Close() error {
	<-h.never
	return nil
}

// TestCloseHasAnEnd: a store that does not close keeps nobody from ending.
func TestCloseHasAnEnd(t *testing.T) {
	store := hanging{never: make(chan struct{})}
	defer close(store.never)
	if err := closeWithin(store, 0); !errors.Is(err, errOpen) {
		t.Errorf("%v, want %v", err, errOpen)
	}
}

// TestServerIsToldWithoutSecrets: an address may hold a password.
func TestServerIsToldWithoutSecrets(t *testing.T) {
	if got := server("https://user:secret@example.org:8081/secret/?secret=1"); got != "https://example.org:8081" {
		t.Errorf("told was %q", got)
	}
}

// TestCloseIsReported: a close that fails is told, beside whatever else went
// wrong, and the store is closed in any case.
func TestCloseIsReported(t *testing.T) {
	errWork := errors.New("no space left")
	for _, work := range []error{nil, errWork} {
		err := closing(unclosable{}, func(storage.Store) error { return work })
		if !errors.Is(err, errClose) || work != nil && !errors.Is(err, work) {
			t.Errorf("the work ended with %v and the close with %v: told was %v", work, errClose, err)
		}
	}
	file := filepath.Join(t.TempDir(), "bot.db")
	for _, work := range []error{nil, errWork} {
		var kept storage.Store
		err := withStore(file, func(store storage.Store) error {
			kept = store
			return work
		})
		if !errors.Is(err, work) {
			t.Errorf("%v, want %v", err, work)
		}
		if err := kept.Close(); !errors.Is(err, storage.ErrClosed) {
			t.Errorf("the store is still open: %v", err)
		}
	}
	if err := withStore(filepath.Join(file, "no folder"), nil, boltstore.ReadOnly()); err == nil {
		t.Error("a database that is none was opened")
	}
}
