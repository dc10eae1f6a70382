package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/storetest"
)

// TestMain lets the test binary play the other process.
func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		os.Exit(play(role))
	}
	os.Exit(m.Run())
}

var start = time.Date(2026, 11, 22, 2, 30, 0, 0, time.UTC)

func TestContract(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) func() storage.Store {
		path := newPath(t)
		return func() storage.Store { return open(t, path) }
	})
}

// newPath is where a test may create a database; it is checked at the end.
func newPath(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot.db")
	t.Cleanup(func() { checkFile(t, path) })
	return path
}

// checkFile checks a database that nobody has open.
func checkFile(t *testing.T, path string) {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Error(err)
		return
	}
	if err := errors.Join(s.Check(context.WithoutCancel(t.Context())), s.Close()); err != nil {
		t.Error(err)
	}
}

// open opens a database that the test, or its end, closes.
func open(t testing.TB, path string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, storage.ErrClosed) {
			t.Error(err)
		}
	})
	return s
}

func newStoreIn(t *testing.T) *Store {
	t.Helper()
	return open(t, newPath(t))
}

// count is how often increment has run for a person.
func count(r storage.Reader, user int64) (uint64, error) {
	s, err := r.State(user)
	return s.Rev, err
}

func increment(user int64) func(tx storage.Tx) error {
	return func(tx storage.Tx) error {
		n, err := count(tx, user)
		if err != nil {
			return err
		}
		return errors.Join(
			tx.PutState(flows.State{User: user, Rev: n + 1}),
			tx.PutReminder(reminder(user, n%10, start.Add(time.Duration(n)))),
		)
	}
}

func reminder(user int64, id uint64, due time.Time) storage.Reminder {
	return storage.Reminder{User: user, Reminder: flows.Reminder{ID: id, Episode: 1, Kind: "water", Due: due, Track: "water", Rev: 1}, State: flows.Armed}
}

func wantCount(t *testing.T, s *Store, user int64, want uint64) {
	t.Helper()
	if err := s.View(t.Context(), func(r storage.Reader) error {
		got, err := count(r, user)
		if err == nil && got != want {
			err = fmt.Errorf("person %d was counted to %d, want %d", user, got, want)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestReaderIsOverAfterItsFunction(t *testing.T) {
	s := newStoreIn(t)
	var tx storage.Tx
	var r storage.Reader
	if err := errors.Join(
		s.Update(t.Context(), func(x storage.Tx) error { tx = x; return x.PutState(flows.State{User: 1}) }),
		s.View(t.Context(), func(x storage.Reader) error { r = x; return nil }),
	); err != nil {
		t.Fatal(err)
	}
	_, err := r.Offset()
	_, read := tx.State(1) // which the transaction has in memory
	for i, err := range []error{err, read, tx.PutState(flows.State{User: 1}), tx.SetOffset(2), tx.PutReminder(reminder(1, 1, start))} {
		if !errors.Is(err, errOver) {
			t.Errorf("%d: %v, want %v", i, err, errOver)
		}
	}
}

func TestWritingWhileWalking(t *testing.T) {
	s := newStoreIn(t)
	const n = 5 * walkStep
	if err := s.Update(t.Context(), func(tx storage.Tx) error {
		for id := range uint64(n) {
			if err := tx.PutReminder(reminder(1, id, start)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx storage.Tx) error {
		walked := uint64(0)
		for rem, err := range tx.Reminders() {
			if err != nil {
				return err
			}
			if rem.ID != walked {
				return fmt.Errorf("walked to %d, want %d", rem.ID, walked)
			}
			walked++
			rem.State, rem.Due = flows.Expired, start.Add(time.Hour)
			if err := tx.PutReminder(rem); err != nil {
				return err
			}
		}
		if due, err := tx.Due(storage.DueKey{}, start.Add(time.Hour), n); err != nil || len(due) > 0 || walked != n {
			return fmt.Errorf("walked %d of %d, %d still due: %w", walked, n, len(due), err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestSeenIsForgottenAndBounded(t *testing.T) {
	s := newStoreIn(t)
	mark := func(id int64, at time.Time) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx storage.Tx) error { return tx.MarkSeen(id, at) }); err != nil {
			t.Fatal(err)
		}
	}
	wantSeen := func(id int64, want bool) {
		t.Helper()
		if err := s.View(t.Context(), func(r storage.Reader) error {
			got, err := r.Seen(id)
			if err == nil && got != want {
				err = fmt.Errorf("update %d seen: %t, want %t", id, got, want)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	mark(1, start)
	mark(2, start.Add(seenFor-1))
	mark(3, start.Add(seenFor))
	wantSeen(1, true)
	mark(4, start.Add(2*seenFor))
	wantSeen(1, false)
	wantSeen(2, false)
	wantSeen(3, true)

	// A clock that was far ahead does not stop the forgetting for ever.
	mark(5, start.AddDate(20, 0, 0))
	mark(6, start.Add(3*seenFor))
	mark(7, start.Add(4*seenFor))
	mark(8, start.Add(5*seenFor))
	wantSeen(5, false)
	wantSeen(7, true)
}

func TestSeenIsBoundedByCount(t *testing.T) {
	s := newStoreIn(t)
	err := s.Update(t.Context(), func(tx storage.Tx) error {
		if err := tx.MarkSeen(1, start); err != nil {
			return err
		}
		w := tx.(*writeTx)
		w.marks.count = seenMost
		return errors.Join(tx.MarkSeen(2, start), tx.MarkSeen(3, start))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(r storage.Reader) error {
		tx := r.(*readTx).tx
		if a, b := tx.Bucket([]byte(bucketSeen0)).Sequence(), tx.Bucket([]byte(bucketSeen1)).Sequence(); a != seenMost || b != 2 {
			return fmt.Errorf("generations hold %d and %d marks, want %d and 2", a, b, seenMost)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestQuarantineKeepsTheNewest(t *testing.T) {
	s := newStoreIn(t)
	const extra = 7
	if err := s.Update(t.Context(), func(tx storage.Tx) error {
		for id := range int64(quarantineKept + extra) {
			if err := tx.Quarantine(storage.Quarantined{UpdateID: -id, At: start, Raw: []byte("x")}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	id := int64(extra)
	if err := s.View(t.Context(), func(r storage.Reader) error {
		for q, err := range r.Quarantined() {
			if err != nil || q.UpdateID != -id {
				return fmt.Errorf("update %d, want %d: %w", q.UpdateID, -id, err)
			}
			id++
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if id != quarantineKept+extra {
		t.Errorf("the last update is %d, want %d", id-1, quarantineKept+extra-1)
	}
}
