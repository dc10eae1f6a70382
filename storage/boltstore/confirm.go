package boltstore

import (
	"errors"
	"fmt"
	"io"
	"time"

	berrors "go.etcd.io/bbolt/errors"

	"spasmbot/storage"
)

// Waits between attempts to confirm a commit.
const (
	confirmMin = 20 * time.Millisecond
	confirmMax = time.Second
)

// confirm makes a commit durable that readers see, but whose last write the
// disk did not confirm; cause is what it said. Its callers wait meanwhile: both
// answers would be wrong. It gives up only when the store is closed.
func (w *writer) confirm(cause error) error {
	for _, c := range w.group {
		close(c.doubtful)
	}
	for wait := confirmMin; ; wait = min(2*wait, confirmMax) {
		err := w.file.rewriteMeta()
		if err == nil {
			// bbolt has read its list of free pages anew, and no longer
			// knows which of them older snapshots still need.
			w.oldViews()
			return nil
		}
		select {
		case <-time.After(wait):
		case <-w.queue.over:
			w.broken = doubt(errors.Join(cause, err))
			return w.broken
		}
	}
}

// doubt is the error of a commit of which nobody knows whether it would survive
// a crash.
func doubt(cause error) error {
	return fmt.Errorf("%w: the disk did not confirm the last commit, which may have been stored: %w", storage.ErrReopen, cause)
}

// rewriteMeta writes both meta pages as they are and waits for the disk. A page
// that could not be written counts as clean to the kernel, so that waiting
// alone would confirm nothing.
func (f *file) rewriteMeta() error {
	pages := make([]byte, 2*f.db.Info().PageSize)
	if _, err := f.os.ReadAt(pages, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	} else if err != nil {
		return io.ErrUnexpectedEOF
	}
	if _, err := f.os.WriteAt(pages, 0); err != nil {
		return err
	}
	return f.os.Sync()
}

// lastCommit is the number of the last commit that readers see.
func (f *file) lastCommit() (int, error) {
	tx, err := f.begin(false)
	if err != nil {
		return 0, err
	}
	return tx.ID(), f.rollback(tx)
}

// lasting marks an error of bbolt that no later call can get over.
func lasting(err error) error {
	if errors.Is(err, berrors.ErrInvalidMapping) || errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return fmt.Errorf("%w: %w", storage.ErrReopen, err)
	}
	return err
}
