package boltstore

import (
	"context"
	"errors"
	"os"
	"reflect"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"spasmbot/storage"
)

// faultyDisk is the file of a store, whose last write of a commit goes through
// and is then not confirmed: every call that follows it meets another device.
type faultyDisk struct {
	t      *testing.T
	fd     int
	saved  int // the file, and its lock
	device *os.File
	mu     sync.Mutex
	fails  bool
	broken bool
}

// spoil puts a disk under a store that is at rest.
func spoil(t *testing.T, s *Store) *faultyDisk {
	t.Helper()
	d := &faultyDisk{t: t, fd: int(s.file.os.Fd())}
	var err error
	if d.saved, err = syscall.Dup(d.fd); err != nil {
		t.Fatal(err)
	}
	if d.device, err = os.OpenFile(os.DevNull, os.O_RDWR, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.mend()
		syscall.Close(d.saved)
		d.device.Close()
	})
	field := reflect.ValueOf(s.file.db).Elem().FieldByName("ops").FieldByName("writeAt")
	writeAt := (*func([]byte, int64) (int, error))(unsafe.Pointer(field.UnsafeAddr()))
	write, metas := *writeAt, int64(2*s.file.db.Info().PageSize)
	*writeAt = func(b []byte, off int64) (int, error) {
		n, err := write(b, off)
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.fails && off < metas {
			d.broken = true
			err = errors.Join(err, syscall.Dup3(int(d.device.Fd()), d.fd, syscall.O_CLOEXEC))
		}
		return n, err
	}
	return d
}

func (d *faultyDisk) set(fails bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails = fails
}

// mend gives the file back.
func (d *faultyDisk) mend() {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails = false
	if !d.broken {
		return
	}
	d.broken = false
	if err := syscall.Dup3(d.saved, d.fd, syscall.O_CLOEXEC); err != nil {
		d.t.Error(err)
	}
}

// visible waits until readers see a count, which an unconfirmed commit lets
// them.
func visible(t *testing.T, s *Store, user int64, want uint64) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		var got uint64
		if err := s.View(t.Context(), func(r storage.Reader) (err error) { got, err = count(r, user); return err }); err != nil {
			t.Fatal(err)
		}
		if got == want {
			return
		}
	}
	t.Fatalf("the count never becomes %d", want)
}

func TestUnconfirmedCommitIsMended(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	disk := spoil(t, s)
	for round := range uint64(5) {
		if err := s.Update(t.Context(), increment(1)); err != nil {
			t.Fatal(err)
		}
		disk.set(true)
		done := make(chan error, 10)
		for range 10 {
			go func() { done <- s.Update(context.WithoutCancel(t.Context()), increment(1)) }()
		}
		time.Sleep(50 * time.Millisecond)
		if len(done) > 0 {
			t.Errorf("round %d: %d calls were answered while nobody knew", round, len(done))
		}
		disk.mend()
		began := time.Now()
		for range 10 {
			if err := <-done; err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		}
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("it took %v to go on once the disk was mended", took)
		}
		wantCount(t, s, 1, 11*(round+1))
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantCount(t, open(t, path), 1, 55)
}

// TestOldSnapshotOutlivesUnconfirmedCommit: what an older view still reads is
// not written over.
func TestOldSnapshotOutlivesUnconfirmedCommit(t *testing.T) {
	s := newStoreIn(t)
	const people = 4000
	all := func(tx storage.Tx) error {
		for user := range int64(people) {
			if err := increment(user)(tx); err != nil {
				return err
			}
		}
		return nil
	}
	// Several times: a file that has to grow would wait for the view.
	for range 4 {
		if err := s.Update(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	disk := spoil(t, s)
	inside, leave, viewed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		viewed <- s.View(context.WithoutCancel(t.Context()), func(r storage.Reader) error {
			close(inside)
			<-leave
			for user := range int64(people) {
				if n, err := count(r, user); err != nil || n != 4 {
					return errors.Join(err, errors.New("the snapshot has changed"))
				}
			}
			return nil
		})
	}()
	<-inside
	defer func() { // or closing would wait for ever
		select {
		case <-leave:
		default:
			close(leave)
		}
	}()
	disk.set(true)
	done := make(chan error, 1)
	go func() {
		var errs []error
		for range 6 {
			errs = append(errs, s.Update(context.WithoutCancel(t.Context()), all))
		}
		done <- errors.Join(errs...)
	}()
	visible(t, s, 1, 5)
	disk.mend()
	time.Sleep(200 * time.Millisecond)
	close(leave)
	if err := <-viewed; err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	wantCount(t, s, 1999, 10)
}

func TestUnconfirmedCommitAtTheEnd(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	disk := spoil(t, s)
	disk.set(true)
	ctx, stop := context.WithCancel(t.Context())
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- s.Update(ctx, increment(1)) }()
	visible(t, s, 1, 1)
	go func() { second <- s.Update(context.WithoutCancel(ctx), increment(1)) }()
	stop()
	if err := <-first; !errors.Is(err, storage.ErrReopen) || !errors.Is(err, context.Canceled) {
		t.Errorf("the call whose caller went: %v", err)
	}
	closed := make(chan error, 1)
	time.AfterFunc(50*time.Millisecond, func() { closed <- s.Close() })
	if err := <-second; !errors.Is(err, storage.ErrReopen) && !errors.Is(err, storage.ErrClosed) {
		t.Errorf("the call that waited: %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	// Closing took the device out, and the lock with it.
	disk.broken = false
	syscall.Close(disk.saved)
	disk.saved, _ = syscall.Dup(int(disk.device.Fd()))
	s = open(t, path)
	if err := s.Update(t.Context(), increment(1)); err != nil {
		t.Error(err)
	}
	wantCount(t, s, 1, 2)
}
