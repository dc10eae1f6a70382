package bot

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// memStore is a store in memory. Update works on a copy, so that a failure
// leaves nothing behind; waits are on channels, so that it can live in a
// synctest bubble.
type memStore struct {
	writer chan struct{}
	mu     sync.Mutex
	data   tables

	// broken, if set, is asked before each commit.
	broken func() error
	// delay is what a commit takes; again runs each function twice.
	delay time.Duration
	again bool
	// commits counts.
	commits int
}

type rowKey struct {
	user int64
	n    uint64
}

type tables struct {
	offset    int64
	marks     storage.Marks
	seen      map[int64]time.Time
	states    map[int64]flows.State
	episodes  map[rowKey]storage.Episode
	entries   map[rowKey]storage.Entry
	reminders map[rowKey]storage.Reminder
	messages  map[rowKey]storage.Message
	files     map[string]string
	bad       []storage.Quarantined
}

func (t tables) clone() tables {
	t.seen, t.states = maps.Clone(t.seen), maps.Clone(t.states)
	t.episodes, t.entries = maps.Clone(t.episodes), maps.Clone(t.entries)
	t.reminders, t.messages = maps.Clone(t.reminders), maps.Clone(t.messages)
	t.files, t.bad = maps.Clone(t.files), slices.Clone(t.bad)
	return t
}

func newMemStore() *memStore {
	return &memStore{writer: make(chan struct{}, 1), data: tables{
		seen: map[int64]time.Time{}, states: map[int64]flows.State{},
		episodes: map[rowKey]storage.Episode{}, entries: map[rowKey]storage.Entry{},
		reminders: map[rowKey]storage.Reminder{}, messages: map[rowKey]storage.Message{},
		files: map[string]string{},
	}}
}

func (s *memStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	select {
	case s.writer <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.writer }()
	if s.again {
		if err := fn(memTx{s.snapshot().clone()}.ref()); err != nil {
			return err
		}
	}
	tx := memTx{s.snapshot().clone()}.ref()
	if err := fn(tx); err != nil {
		return err
	}
	if s.delay > 0 {
		time.Sleep(s.delay)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		if err := s.broken(); err != nil {
			return err
		}
	}
	s.data = tx.tables
	s.commits++
	return nil
}

func (s *memStore) View(_ context.Context, fn func(storage.Reader) error) error {
	return fn(memTx{s.snapshot()}.ref())
}

func (s *memStore) Close() error { return nil }

// snapshot is never changed: a commit replaces it.
func (s *memStore) snapshot() tables {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data
}

func (s *memStore) breakWith(f func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = f
}

// The rows of a snapshot, in order.
func (s *memStore) message(user int64, n uint64) storage.Message {
	return s.snapshot().messages[rowKey{user, n}]
}

func (s *memStore) reminder(user int64, id uint64) storage.Reminder {
	return s.snapshot().reminders[rowKey{user, id}]
}

func (s *memStore) allMessages() []storage.Message { return sorted(s.snapshot().messages) }
func (s *memStore) allEntries() []storage.Entry    { return sorted(s.snapshot().entries) }

func sorted[V any](m map[rowKey]V) []V {
	keys := slices.SortedFunc(maps.Keys(m), func(a, b rowKey) int {
		return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.n, b.n))
	})
	out := make([]V, 0, len(keys))
	for _, k := range keys {
		out = append(out, m[k])
	}
	return out
}

type memTx struct{ tables }

func (t memTx) ref() *memTx { return &t }

func (t *memTx) Offset() (int64, error) { return t.offset, nil }
func (t *memTx) Seen(id int64) (bool, error) {
	_, ok := t.seen[id]
	return ok, nil
}

func (t *memTx) State(user int64) (flows.State, error) {
	s, ok := t.states[user]
	if !ok {
		s.User = user
	}
	return s.Clone(), nil
}

func (t *memTx) Reminder(user int64, id uint64) (storage.Reminder, error) {
	r, ok := t.reminders[rowKey{user, id}]
	if !ok {
		return r, storage.ErrNotFound
	}
	return r, nil
}

func (t *memTx) Message(user int64, n uint64) (storage.Message, error) {
	m, ok := t.messages[rowKey{user, n}]
	if !ok {
		return m, storage.ErrNotFound
	}
	return m, nil
}

func (t *memTx) armed() []storage.Reminder {
	out := slices.DeleteFunc(sorted(t.reminders), func(r storage.Reminder) bool { return r.State != flows.Armed })
	slices.SortStableFunc(out, func(a, b storage.Reminder) int { return a.Due.Compare(b.Due) })
	return out
}

func (t *memTx) Due(until time.Time, limit int) ([]storage.Reminder, error) {
	out := slices.DeleteFunc(t.armed(), func(r storage.Reminder) bool { return r.Due.After(until) })
	return out[:min(limit, len(out))], nil
}

func (t *memTx) NextDue() (time.Time, bool, error) {
	if all := t.armed(); len(all) > 0 {
		return all[0].Due, true, nil
	}
	return time.Time{}, false, nil
}

func (t *memTx) Unsent(from storage.MessageKey, limit int) ([]storage.Message, error) {
	out := slices.DeleteFunc(sorted(t.messages), func(m storage.Message) bool { return !m.Unsent() || !after(m.Key(), from) })
	return out[:min(limit, len(out))], nil
}

func (t *memTx) States() iter.Seq2[flows.State, error] {
	return func(yield func(flows.State, error) bool) {
		for _, user := range slices.Sorted(maps.Keys(t.states)) {
			if !yield(t.states[user].Clone(), nil) {
				return
			}
		}
	}
}

func (t *memTx) Episodes() iter.Seq2[storage.Episode, error]   { return walk(sorted(t.episodes)) }
func (t *memTx) Entries() iter.Seq2[storage.Entry, error]      { return walk(sorted(t.entries)) }
func (t *memTx) Reminders() iter.Seq2[storage.Reminder, error] { return walk(sorted(t.reminders)) }
func (t *memTx) Messages() iter.Seq2[storage.Message, error]   { return walk(sorted(t.messages)) }
func (t *memTx) Quarantined() iter.Seq2[storage.Quarantined, error] {
	return walk(t.bad)
}

func walk[V any](all []V) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (t *memTx) Marks() (storage.Marks, error)  { return t.marks, nil }
func (t *memTx) SetMarks(m storage.Marks) error { t.marks = m; return nil }

func (t *memTx) StatesAfter(user int64, limit int) (out []flows.State, err error) {
	for _, other := range slices.Sorted(maps.Keys(t.states)) {
		if other > user && len(out) < limit {
			out = append(out, t.states[other])
		}
	}
	return out, nil
}

func (t *memTx) SetOffset(next int64) error { t.offset = next; return nil }
func (t *memTx) MarkSeen(id int64, at time.Time) error {
	t.seen[id] = at
	return nil
}

func (t *memTx) PutState(s flows.State) error {
	t.states[s.User] = s.Clone()
	return nil
}

func (t *memTx) PutEpisode(e storage.Episode) error {
	t.episodes[rowKey{e.User, e.Number}] = e
	return nil
}

func (t *memTx) PutEntry(e storage.Entry) error {
	if err := e.Check(); err != nil {
		return fmt.Errorf("%w: %w", storage.ErrUnstorable, err)
	}
	t.entries[rowKey{e.User, e.Seq}] = e
	return nil
}

func (t *memTx) PutReminder(r storage.Reminder) error {
	t.reminders[rowKey{r.User, r.ID}] = r
	return nil
}

func (t *memTx) PutMessage(m storage.Message) error {
	t.messages[rowKey{m.User, m.Number}] = m
	return nil
}

func (t *memTx) FileID(key string) (string, error) { return t.files[key], nil }

func (t *memTx) PutFileID(key, id string) error {
	t.files[key] = id
	return nil
}

func (t *memTx) Quarantine(q storage.Quarantined) error {
	t.bad = append(t.bad, q)
	return nil
}

func (t *memTx) Prune(before time.Time, _ int64, _ int) (p storage.Pruned, err error) {
	size := func() int { return len(t.messages) + len(t.reminders) + len(t.entries) + len(t.episodes) }
	p.Records, p.Done = size(), true
	maps.DeleteFunc(t.messages, func(_ rowKey, m storage.Message) bool { return !m.Unsent() && m.Queued.Before(before) })
	maps.DeleteFunc(t.reminders, func(_ rowKey, r storage.Reminder) bool {
		return r.State != flows.Armed && r.State != flows.Fired && r.Due.Before(before)
	})
	over := func(user int64, n uint64) bool {
		e, ok := t.episodes[rowKey{user, n}]
		return !ok || !e.Ended.IsZero() && e.Ended.Before(before)
	}
	maps.DeleteFunc(t.entries, func(k rowKey, e storage.Entry) bool { return e.At.Before(before) && over(k.user, e.Episode) })
	maps.DeleteFunc(t.episodes, func(k rowKey, _ storage.Episode) bool { return over(k.user, k.n) })
	p.Records -= size()
	return p, nil
}
