package boltstore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"spasmbot/storage"
)

// Store is a database in one file.
type Store struct {
	file *file
	path string
	// queue holds the calls of Update until the writer takes them.
	queue queue
	// written is closed when the writer has ended.
	written chan struct{}

	views   *views
	cleaner *cleaner
}

var _ storage.Store = (*Store)(nil)

func newStore(f *file, path string, o options) *Store {
	s := &Store{file: f, path: path, written: make(chan struct{}), views: newViews()}
	s.queue.init()
	s.cleaner = newCleaner(f, &s.queue, s.views, o.pace)
	if o.readOnly {
		s.queue.close(fmt.Errorf("%s is open for reading only", path))
		close(s.written)
		close(s.cleaner.ended)
	}
	return s
}

func (s *Store) startWriter() *writer {
	w := &writer{file: s.file, path: s.path, queue: &s.queue, ended: s.written, oldViews: s.views.await, owe: s.cleaner.owe}
	go w.loop()
	go s.cleaner.run()
	return w
}

// Update runs fn and returns when its effects are durable. A context that ends
// while the call waits for its turn ends the call; once fn runs, it is
// finished. A panic in fn becomes a *PanicError.
//
// When the commit fails, nothing has happened, and a later Update works as
// soon as the cause is gone. If the disk fails while it confirms the very last
// write of a commit, nobody knows whether that commit survives a crash. Then
// all calls wait while it is written again and again, until the disk confirms
// it or the caller's context ends: only then does a call fail, with
// storage.ErrReopen, whose effects may be found when the database is opened
// again.
func (s *Store) Update(ctx context.Context, fn func(tx storage.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call{fn: fn, done: make(chan struct{}), doubtful: make(chan struct{})}
	if err := s.queue.put(c); err != nil {
		return err
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if c.turn.CompareAndSwap(waiting, cancelled) {
			return ctx.Err()
		}
		select {
		case <-c.done:
		case <-c.doubtful:
			return doubt(ctx.Err())
		}
	}
	return c.err
}

// View runs fn on a snapshot.
func (s *Store) View(ctx context.Context, fn func(r storage.Reader) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	leave, err := s.views.enter()
	if err != nil {
		return err
	}
	defer leave()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, err := s.file.begin(false)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.path, lasting(err))
	}
	defer s.file.rollback(tx)
	r := newReadTx(tx, &s.file.memory)
	defer func() { r.over = true }()
	return fn(r)
}

// New reports whether the database was made when it was opened.
func (s *Store) New() bool { return s.file.made }

// Close finishes the calls that are waiting or running. In a file so damaged that
// they would never end it leaves them where they are. A file that is not at its
// place any more is an error.
func (s *Store) Close() error {
	if s.views.close() {
		return storage.ErrClosed
	}
	s.queue.close(storage.ErrClosed)
	done := make(chan error, 1)
	go func() {
		<-s.written
		<-s.cleaner.ended
		s.views.await()
		done <- s.file.close()
	}()
	var err error
	select {
	case err = <-done:
	case <-s.file.jammed:
		err = errors.Join(s.file.why(), s.file.os.Close())
	}
	if err == nil {
		err = s.file.gone()
	}
	if err != nil {
		return fmt.Errorf("close %s: %w", s.path, err)
	}
	return nil
}

// Size is how many bytes of the file are in use or were.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	err = s.View(ctx, func(r storage.Reader) error {
		n = r.(*readTx).tx.Size()
		return nil
	})
	return n, err
}

// Check reads the whole database and reports what is wrong with its pages, its
// records and its indexes. Writing waits until it is done.
func (s *Store) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	leave, err := s.views.enter()
	if err != nil {
		return err
	}
	defer leave()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	// bbolt compares with its list of free pages, which a writer may change.
	tx, err := s.file.begin(!s.file.db.IsReadOnly())
	if err != nil {
		return fmt.Errorf("check %s: %w", s.path, err)
	}
	defer s.file.rollback(tx)
	// Pages first: bbolt's check runs in a goroutine of its own, where a
	// memory fault could not be caught.
	err = readAll(tx)
	if err == nil {
		for pageErr := range tx.Check() {
			err = errors.Join(err, fmt.Errorf("%w: %w", storage.ErrDamaged, pageErr))
		}
	}
	if err == nil {
		err = checkRecords(newReadTx(tx, &s.file.memory))
	}
	if err != nil {
		return fmt.Errorf("check %s: %w", s.path, err)
	}
	return nil
}
