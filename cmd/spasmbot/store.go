package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// withStore opens the database, lets do work on it and closes it. A close that
// fails is an error even if the work went well: what was written may be lost.
func withStore(file string, do func(storage.Store) error, options ...boltstore.Option) error {
	store, err := boltstore.Open(file, options...)
	if err != nil {
		return err
	}
	return closing(store, do)
}

func closing(store storage.Store, do func(storage.Store) error) error {
	return errors.Join(do(store), closeWithin(store, closeMost))
}

// closeMost is how long a store may take to close.
const closeMost = 10 * time.Second

var errOpen = errors.New("the database does not close; what it was writing may be lost: check the disk")

// closeWithin closes a store, or leaves it open: the process is to end in any case,
// and all that it holds is let go then.
func closeWithin(store storage.Store, most time.Duration) error {
	closed := make(chan error, 1)
	go func() { closed <- store.Close() }()
	select {
	case err := <-closed:
		return err
	case <-time.After(most):
		return errOpen
	}
}

// openPatiently opens a database to write. Another process that is about to end may
// have it for a while yet; ctx ends the wait.
func openPatiently(ctx context.Context, file string, logger *slog.Logger, options ...boltstore.Option) (*boltstore.Store, error) {
	options = append(options, boltstore.LockTimeout(0))
	for end, waits := time.Now().Add(lockMost), false; ; waits = true {
		store, err := boltstore.Open(file, options...)
		if !errors.Is(err, storage.ErrInUse) || time.Now().After(end) {
			return store, err
		}
		if !waits {
			logger.Info("another process has the database; waiting for it to end", "database", file, "seconds", int(lockMost.Seconds()))
		}
		select {
		case <-time.After(lockEvery):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

const (
	// lockMost is longer than a bot takes to end after a signal, so that the next
	// one can be started meanwhile.
	lockMost  = 10 * time.Second
	lockEvery = 100 * time.Millisecond
)
