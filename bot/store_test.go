package bot

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// MemoryFile is a file in memory where there is such a place: a bubble is about
// time, and those who wait for a disk have tests of their own.
func MemoryFile(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "spasmbot-test-")
	if err != nil {
		return filepath.Join(t.TempDir(), "bot.db")
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "bot.db")
}

// OpenStore opens a database that is checked and closed when the test is over. In
// a bubble it has to be opened there.
func OpenStore(t testing.TB, file string) *boltstore.Store {
	t.Helper()
	store, err := boltstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended.
		if err := errors.Join(store.Check(context.Background()), store.Close()); err != nil {
			t.Errorf("the database after the test: %v", err)
		}
	})
	return store
}

// testStore is the real store, with what a test does to it.
type testStore struct {
	storage.Store
	t    testing.TB
	file string

	mu sync.Mutex
	// broken, if set, is asked at the end of each transaction that writes.
	broken func() error
	// turn, if set, is how long the disk takes to turn round: all that waits is
	// written when it comes by. Again runs each function twice.
	turn  time.Duration
	again bool
	// done counts transactions. names are the keys of files that were put.
	done  int
	names map[string]bool
}

func newTestStore(t testing.TB, file string) *testStore {
	return &testStore{Store: OpenStore(t, file), t: t, file: file, names: make(map[string]bool)}
}

var errOnceMore = errors.New("once more")

func (s *testStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	s.mu.Lock()
	again, turn := s.again, s.turn
	s.mu.Unlock()
	if again {
		err := s.Store.Update(ctx, func(tx storage.Tx) error { return errors.Join(fn(tx), errOnceMore) })
		if !errors.Is(err, errOnceMore) {
			return err
		}
	}
	if turn > 0 {
		time.Sleep(time.Until(time.Now().Truncate(turn).Add(turn)))
	}
	var put []string
	err := s.Store.Update(ctx, func(tx storage.Tx) error {
		own := &namingTx{Tx: tx}
		if err := fn(own); err != nil {
			return err
		}
		put = own.put
		return s.fault()
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.done++
		for _, key := range put {
			s.names[key] = true
		}
	}
	return err
}

func (s *testStore) fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		return nil
	}
	return s.broken()
}

// namingTx remembers under which keys files were put: a store tells of them only
// by key.
type namingTx struct {
	storage.Tx
	put []string
}

func (tx *namingTx) PutFileID(key, id string) error {
	tx.put = append(tx.put, key)
	return tx.Tx.PutFileID(key, id)
}

func (s *testStore) breakWith(f func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = f
}

func (s *testStore) slowDown(turn time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = turn
}

// commits counts the transactions that wrote so far.
func (s *testStore) commits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

// put writes past all faults, and is not counted.
func (s *testStore) put(fn func(tx storage.Tx) error) {
	s.t.Helper()
	if err := s.Store.Update(context.Background(), fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *testStore) putState(state flows.State) {
	s.put(func(tx storage.Tx) error { return tx.PutState(state) })
}

// arm puts states and the timers that they wait for.
func (s *testStore) arm(states ...flows.State) {
	s.put(func(tx storage.Tx) error {
		for _, state := range states {
			if err := tx.PutState(state); err != nil {
				return err
			}
			for _, r := range state.Armed() {
				if err := tx.PutReminder(storage.Reminder{User: state.User, Reminder: r, State: flows.Armed}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (s *testStore) view(fn func(r storage.Reader) error) {
	s.t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		s.t.Error(err)
	}
}

// message and reminder return the zero row where there is none.
func (s *testStore) message(user int64, n uint64) (m storage.Message) {
	s.view(func(r storage.Reader) (err error) {
		m, err = r.Message(user, n)
		return ifFound(err)
	})
	return m
}

func (s *testStore) reminder(user int64, id uint64) (rem storage.Reminder) {
	s.view(func(r storage.Reader) (err error) {
		rem, err = r.Reminder(user, id)
		return ifFound(err)
	})
	return rem
}

func ifFound(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

// rows are all that a store holds.
type rows struct {
	offset    int64
	states    map[int64]flows.State
	episodes  []storage.Episode
	entries   []storage.Entry
	reminders []storage.Reminder
	messages  []storage.Message
	bad       []storage.Quarantined
	files     map[string]string
}

func (s *testStore) rows() (all rows) {
	s.mu.Lock()
	names := maps.Clone(s.names)
	s.mu.Unlock()
	s.view(func(r storage.Reader) (err error) {
		all = rows{states: make(map[int64]flows.State), files: make(map[string]string)}
		var errs [6]error
		all.offset, errs[0] = r.Offset()
		for state, err := range r.States() {
			all.states[state.User] = state
			errs[1] = errors.Join(errs[1], err)
		}
		for e, err := range r.Episodes() {
			all.episodes = append(all.episodes, e)
			errs[2] = errors.Join(errs[2], err)
		}
		for e, err := range r.Entries() {
			all.entries = append(all.entries, e)
			errs[3] = errors.Join(errs[3], err)
		}
		for rem, err := range r.Reminders() {
			all.reminders = append(all.reminders, rem)
			errs[4] = errors.Join(errs[4], err)
		}
		for m, err := range r.Messages() {
			all.messages = append(all.messages, m)
			errs[5] = errors.Join(errs[5], err)
		}
		for q, badErr := range r.Quarantined() {
			all.bad = append(all.bad, q)
			err = errors.Join(err, badErr)
		}
		for key := range names {
			id, fileErr := r.FileID(key)
			if id != "" {
				all.files[key] = id
			}
			err = errors.Join(err, fileErr)
		}
		return errors.Join(err, errors.Join(errs[:]...))
	})
	return all
}

func (s *testStore) allMessages() []storage.Message { return s.rows().messages }
func (s *testStore) allEntries() []storage.Entry    { return s.rows().entries }

// seen counts which of the updates are marked.
func (s *testStore) seen(ids ...int64) (n int) {
	s.view(func(r storage.Reader) error {
		n = 0
		for _, id := range ids {
			seen, err := r.Seen(id)
			if err != nil {
				return err
			}
			if seen {
				n++
			}
		}
		return nil
	})
	return n
}

// crashed is a store on what the file holds at this instant, as after a crash.
// Nobody may be writing to it.
func (s *testStore) crashed() *testStore {
	s.t.Helper()
	data, err := os.ReadFile(s.file)
	if err != nil {
		s.t.Fatal(err)
	}
	file := MemoryFile(s.t)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		s.t.Fatal(err)
	}
	after := newTestStore(s.t, file)
	after.names = maps.Clone(s.names)
	return after
}

// The faults of a testStore leave nothing behind.
func TestATestStoreThatFails(t *testing.T) {
	s := newTestStore(t, MemoryFile(t))
	put := func() error {
		return s.Update(t.Context(), func(tx storage.Tx) error { return tx.PutState(flows.State{User: 7}) })
	}
	s.breakWith(func() error { return os.ErrPermission })
	if err := put(); !errors.Is(err, os.ErrPermission) || len(s.rows().states) != 0 || s.commits() != 0 {
		t.Errorf("%v: %d states, %d commits", err, len(s.rows().states), s.commits())
	}
	s.breakWith(nil)
	s.again = true
	if err := put(); err != nil || !slices.Equal(slices.Collect(maps.Keys(s.rows().states)), []int64{7}) || s.commits() != 1 {
		t.Errorf("%v: states %v, %d commits", err, s.rows().states, s.commits())
	}
}
