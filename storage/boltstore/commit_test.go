package boltstore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"spasmbot/flows"
	"spasmbot/storage"
)

var errRefused = errors.New("refused")

// hold keeps the writer busy until release is called, so that a test can line
// up what will be one group.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	inside, leave := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- s.Update(context.WithoutCancel(t.Context()), func(storage.Tx) error {
			close(inside)
			<-leave
			return nil
		})
	}()
	<-inside
	return func() {
		close(leave)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// line starts a call and returns when it waits in the queue.
func line(t *testing.T, s *Store, ctx context.Context, fn func(tx storage.Tx) error) (result func() error) {
	t.Helper()
	waits := func() int {
		s.queue.mu.Lock()
		defer s.queue.mu.Unlock()
		return len(s.queue.calls)
	}
	before := waits()
	done := make(chan error, 1)
	go func() { done <- s.Update(ctx, fn) }()
	for waits() == before {
		runtime.Gosched()
	}
	return func() error { return <-done }
}

// commits is how often the file was committed to.
func commits(t *testing.T, s *Store) int {
	t.Helper()
	id, err := s.file.lastCommit()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWaitingCallsShareOneCommit(t *testing.T) {
	s := newStoreIn(t)
	before := commits(t, s)
	release := hold(t, s)
	var results []func() error
	for range 100 {
		results = append(results, line(t, s, t.Context(), increment(1)))
	}
	release()
	for _, result := range results {
		if err := result(); err != nil {
			t.Error(err)
		}
	}
	wantCount(t, s, 1, 100)
	if got := commits(t, s) - before; got != 1 {
		t.Errorf("%d commits, want 1", got)
	}
}

func TestGroupsAreBounded(t *testing.T) {
	s := newStoreIn(t)
	before := commits(t, s)
	release := hold(t, s)
	var results []func() error
	for range groupMost + 1 {
		results = append(results, line(t, s, t.Context(), increment(1)))
	}
	release()
	for _, result := range results {
		if err := result(); err != nil {
			t.Error(err)
		}
	}
	wantCount(t, s, 1, groupMost+1)
	if got := commits(t, s) - before; got != 2 {
		t.Errorf("%d commits, want 2", got)
	}
}

// TestBadCompany puts functions that go wrong in every way between others.
func TestBadCompany(t *testing.T) {
	tests := map[string]struct {
		fn    func(tx storage.Tx) error
		check func(error) bool
	}{
		"fails before it writes": {
			func(storage.Tx) error { return errRefused },
			func(err error) bool { return errors.Is(err, errRefused) },
		},
		"fails after it has written": {
			func(tx storage.Tx) error { return errors.Join(increment(1)(tx), increment(66)(tx), errRefused) },
			func(err error) bool { return errors.Is(err, errRefused) },
		},
		"panics after it has written": {
			func(tx storage.Tx) error {
				_ = errors.Join(increment(1)(tx), increment(66)(tx))
				panic("ouch")
			},
			func(err error) bool {
				p, ok := errors.AsType[*PanicError](err)
				return ok && p.Value == "ouch" && strings.Contains(string(p.Stack), "commit_test.go")
			},
		},
		"ends its goroutine": {
			func(tx storage.Tx) error {
				_ = errors.Join(increment(1)(tx), increment(66)(tx))
				runtime.Goexit()
				return nil
			},
			func(err error) bool { return errors.Is(err, errExited) },
		},
		"overlooks that a write failed": {
			func(tx storage.Tx) error {
				_ = tx.PutEntry(storage.Entry{User: 1, Entry: flows.Entry{Value: func() {}}})
				return increment(66)(tx)
			},
			func(err error) bool { return err != nil && strings.Contains(err.Error(), "encode entry") },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStoreIn(t)
			for range 3 {
				release := hold(t, s)
				var good, bad []func() error
				for range 5 {
					good = append(good, line(t, s, t.Context(), increment(1)))
					bad = append(bad, line(t, s, t.Context(), test.fn))
				}
				good = append(good, line(t, s, t.Context(), increment(1)))
				release()
				for _, result := range good {
					if err := result(); err != nil {
						t.Errorf("beside it: %v", err)
					}
				}
				for _, result := range bad {
					if err := result(); !test.check(err) {
						t.Errorf("its error is %v", err)
					}
				}
			}
			wantCount(t, s, 1, 18)
			wantCount(t, s, 66, 0)
		})
	}
}

func TestCancelledWhileWaiting(t *testing.T) {
	s := newStoreIn(t)
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	first := line(t, s, t.Context(), increment(1))
	gone := line(t, s, ctx, increment(66))
	last := line(t, s, t.Context(), increment(1))
	cancel()
	if err := gone(); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled call: %v", err)
	}
	release()
	if err := errors.Join(first(), last()); err != nil {
		t.Error(err)
	}
	wantCount(t, s, 1, 2)
	wantCount(t, s, 66, 0)
}

func TestCancelledWhileRunning(t *testing.T) {
	s := newStoreIn(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx storage.Tx) error {
		cancel()
		return increment(1)(tx)
	})
	if err != nil {
		t.Error(err)
	}
	wantCount(t, s, 1, 1)
}

// TestCloseFinishesWaitingCalls: a call is either stored or fails with
// ErrClosed, never both, never neither.
func TestCloseFinishesWaitingCalls(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	release := hold(t, s)
	var results []func() error
	for range 10 {
		results = append(results, line(t, s, t.Context(), increment(1)))
	}
	var late sync.WaitGroup
	stored := make([]bool, 20)
	for i := range stored {
		late.Go(func() {
			switch err := s.Update(t.Context(), increment(2)); {
			case err == nil:
				stored[i] = true
			case !errors.Is(err, storage.ErrClosed):
				t.Error(err)
			}
		})
	}
	late.Go(release)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for _, result := range results {
		if err := result(); err != nil {
			t.Error(err)
		}
	}
	late.Wait()
	want := uint64(0)
	for _, ok := range stored {
		if ok {
			want++
		}
	}
	s = open(t, path)
	wantCount(t, s, 1, 10)
	wantCount(t, s, 2, want)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestFullDisk lets bbolt run into its limit of size, which fails at the same
// place of a commit as a full disk.
func TestFullDisk(t *testing.T) {
	s := newStoreIn(t)
	if err := s.Update(t.Context(), increment(1)); err != nil {
		t.Fatal(err)
	}
	size, err := s.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.file.db.MaxSize = int(size)
	large := func(tx storage.Tx) error {
		if err := increment(1)(tx); err != nil {
			return err
		}
		return tx.Quarantine(storage.Quarantined{Raw: make([]byte, 8<<20)})
	}
	for range 3 {
		err := s.Update(t.Context(), large)
		if !errors.Is(err, berrors.ErrMaxSizeReached) || !strings.Contains(err.Error(), s.path) {
			t.Errorf("update on a full disk: %v", err)
		}
		wantCount(t, s, 1, 1)
	}
	s.file.db.MaxSize = 0
	if err := s.Update(t.Context(), large); err != nil {
		t.Errorf("update when there is room again: %v", err)
	}
	wantCount(t, s, 1, 2)
}

func TestFailedCommit(t *testing.T) {
	errDisk := errors.New("input/output error")
	// withCommit makes the writer commit in another way; the writer is held
	// meanwhile, so nobody else touches the field.
	withCommit := func(t *testing.T, s *Store, w *writer, commit func(*bolt.Tx) error) {
		t.Helper()
		release := hold(t, s)
		w.commit = commit
		release()
	}
	setUp := func(t *testing.T) (*Store, *writer) {
		path := newPath(t)
		s := open(t, path)
		if err := s.Update(t.Context(), increment(1)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := options{schema: currentSchema()}.openToWrite(path)
		if err != nil {
			t.Fatal(err)
		}
		s = newStore(f, path, options{pace: defaultPace()})
		w := s.startWriter()
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s, w
	}

	t.Run("before it is visible", func(t *testing.T) {
		s, w := setUp(t)
		withCommit(t, s, w, func(*bolt.Tx) error { return errDisk })
		for range 3 {
			if err := s.Update(t.Context(), increment(1)); !errors.Is(err, errDisk) {
				t.Errorf("update: %v", err)
			}
		}
		wantCount(t, s, 1, 1)
		withCommit(t, s, w, nil)
		if err := s.Update(t.Context(), increment(1)); err != nil {
			t.Errorf("update after the disk was mended: %v", err)
		}
		wantCount(t, s, 1, 2)
	})
	t.Run("after it is visible", func(t *testing.T) {
		s, w := setUp(t)
		withCommit(t, s, w, func(tx *bolt.Tx) error { return errors.Join(tx.Commit(), errDisk) })
		for range 3 {
			if err := s.Update(t.Context(), increment(1)); err != nil {
				t.Errorf("update: %v", err)
			}
		}
		wantCount(t, s, 1, 4)
	})
	t.Run("panics", func(t *testing.T) {
		s, w := setUp(t)
		withCommit(t, s, w, func(*bolt.Tx) error { panic("page 7: multiple references") })
		for range 3 {
			if err := s.Update(t.Context(), increment(1)); !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("update: %v", err)
			}
		}
		wantCount(t, s, 1, 1)
	})
}

// TestManyFailures is the worst case for a group: all its functions write and
// then fail.
func TestManyFailures(t *testing.T) {
	s := newStoreIn(t)
	release := hold(t, s)
	var results []func() error
	for i := range groupMost {
		results = append(results, line(t, s, t.Context(), func(tx storage.Tx) error {
			return errors.Join(increment(1)(tx), fmt.Errorf("%w: %d", errRefused, i))
		}))
	}
	release()
	for i, result := range results {
		if err := result(); !errors.Is(err, errRefused) || !strings.HasSuffix(err.Error(), fmt.Sprint(": ", i)) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	wantCount(t, s, 1, 0)
}
