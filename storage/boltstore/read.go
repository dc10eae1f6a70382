package boltstore

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"spasmbot/flows"
	"spasmbot/storage"
)

// errOver answers whoever keeps a Reader or a Tx for later.
var errOver = errors.New("used after its transaction: a Reader or Tx must not leave its function")

// readTx is a storage.Reader for the time of one function.
type readTx struct {
	tx     *bolt.Tx
	memory *memory
	people *people
	marks  *marks
	over   bool
}

func newReadTx(tx *bolt.Tx, m *memory) *readTx {
	return &readTx{tx: tx, memory: m, people: newPeople(tx, nil), marks: new(marks)}
}

// guard runs an access to bbolt.
func (r *readTx) guard(access func() error) error {
	if r.over {
		return errOver
	}
	return caught(access)
}

func (r *readTx) Offset() (int64, error) {
	return r.metaInt(metaOffset)
}

func (r *readTx) State(user int64) (flows.State, error) {
	p, err := r.person(user)
	if err != nil {
		return flows.State{}, err
	}
	return p.getState()
}

func (r *readTx) Reminder(user int64, id uint64) (storage.Reminder, error) {
	return get(r, reminders, user, id)
}

func (r *readTx) Message(user int64, number uint64) (storage.Message, error) {
	return get(r, messages, user, number)
}

// get fails with storage.ErrNotFound if there is no row.
func get[T any](r *readTx, k kind[T], user int64, number uint64) (v T, err error) {
	found, ok, err := r.row(user, k.row, number)
	if err == nil && !ok {
		err = fmt.Errorf("%s %d of %d: %w", k.name, number, user, storage.ErrNotFound)
	}
	if err != nil {
		return v, err
	}
	return k.read(user, found)
}

// Due orders reminders of the same instant by person and number.
func (r *readTx) Due(after storage.DueKey, until time.Time, limit int) ([]storage.Reminder, error) {
	var begin []byte
	if after != (storage.DueKey{}) {
		begin = dueKey(after.Due, after.User, after.ID)
	}
	// The first key behind all those that are due.
	end := appendTime(nil, until.Add(1))
	keys, err := r.keys(bucketDue, begin, limit, func(key []byte) bool { return bytes.Compare(key, end) < 0 })
	if err != nil {
		return nil, err
	}
	var due []storage.Reminder
	for _, key := range keys {
		at, reminder, err := parseDueKey(key)
		if err != nil {
			return nil, damagedRecord(bucketDue, key, err)
		}
		user, id, _ := parseRecordKey(reminder)
		rem, err := r.Reminder(user, id)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			return nil, damagedRecord(bucketDue, key, errors.New("no such reminder"))
		case err != nil:
			return nil, err
		case rem.State != flows.Armed || !rem.Due.Equal(at):
			return nil, damagedRecord(bucketDue, key, errors.New("the reminder is not armed for this time"))
		}
		due = append(due, rem)
	}
	return due, nil
}

func (r *readTx) NextDue() (due time.Time, ok bool, err error) {
	keys, err := r.keys(bucketDue, nil, 1, nil)
	if err != nil || len(keys) == 0 {
		return time.Time{}, false, err
	}
	due, _, err = parseDueKey(keys[0])
	if err != nil {
		return time.Time{}, false, damagedRecord(bucketDue, keys[0], err)
	}
	return due, true, nil
}

// Unsent begins with the first message of all if after is the zero key, even
// if a person had a negative number.
func (r *readTx) Unsent(after storage.MessageKey, limit int) ([]storage.Message, error) {
	var from []byte
	if after != (storage.MessageKey{}) {
		from = recordKey(after.User, after.Number)
	}
	keys, err := r.keys(bucketUnsent, from, limit, nil)
	if err != nil {
		return nil, err
	}
	var unsent []storage.Message
	for _, key := range keys {
		user, number, err := parseRecordKey(key)
		if err != nil {
			return nil, damagedRecord(bucketUnsent, key, err)
		}
		m, err := r.Message(user, number)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			return nil, damagedRecord(bucketUnsent, key, errors.New("no such message"))
		case err != nil:
			return nil, err
		case !m.Unsent():
			return nil, damagedRecord(bucketUnsent, key, fmt.Errorf("the message is %s", m.State))
		}
		unsent = append(unsent, m)
	}
	return unsent, nil
}

// UnsentTo needs no index: the rows of messages that wait are at hand.
func (r *readTx) UnsentTo(user int64) ([]storage.Message, error) {
	p, err := r.person(user)
	if err != nil {
		return nil, err
	}
	var unsent []storage.Message
	for _, one := range p.Rows {
		if one.Kind != rowMessage || !one.Open {
			continue
		}
		m, err := messages.read(user, one)
		if err != nil {
			return nil, err
		}
		unsent = append(unsent, m)
	}
	slices.SortFunc(unsent, func(a, b storage.Message) int { return cmp.Compare(a.Number, b.Number) })
	return unsent, nil
}

func (r *readTx) FileID(key string) (id string, err error) {
	err = r.guard(func() error {
		id = string(r.tx.Bucket([]byte(bucketFiles)).Get([]byte(key)))
		return nil
	})
	return id, err
}

func (r *readTx) Episodes() iter.Seq2[storage.Episode, error]   { return walkTable(r, episodes) }
func (r *readTx) Entries() iter.Seq2[storage.Entry, error]      { return walkRows(r, entries) }
func (r *readTx) Reminders() iter.Seq2[storage.Reminder, error] { return walkRows(r, reminders) }
func (r *readTx) Messages() iter.Seq2[storage.Message, error]   { return walkRows(r, messages) }

// States walks over those who have a state.
func (r *readTx) States() iter.Seq2[flows.State, error] { return r.statesAfter(nil) }

// StatesAfter passes over those without a state, who are few.
func (r *readTx) StatesAfter(user int64, limit int) (all []flows.State, err error) {
	if limit <= 0 {
		return nil, nil
	}
	for s, err := range r.statesAfter(intKey(user)) {
		if err != nil {
			return nil, err
		}
		if all = append(all, s); len(all) == limit {
			break
		}
	}
	return all, nil
}

func (r *readTx) statesAfter(after []byte) iter.Seq2[flows.State, error] {
	return walkPeople(r, after, func(user int64) ([]flows.State, error) {
		p, err := r.person(user)
		if err != nil || p.State == nil {
			return nil, err
		}
		s, err := p.getState()
		return []flows.State{s}, err
	})
}

func walkTable[T any](r *readTx, t table[T]) iter.Seq2[T, error] {
	return walk(r, t.bucket, nil, t.read)
}

func walkRows[T any](r *readTx, k kind[T]) iter.Seq2[T, error] {
	return walkPeople(r, nil, func(user int64) ([]T, error) { return readRows(r, k, user) })
}

// readRows reads the rows of one kind that a person has, in order of their numbers. With
// an error come those before it.
func readRows[T any](r *readTx, k kind[T], user int64) (all []T, err error) {
	rows, err := r.rowsOf(user, k.row)
	for _, one := range rows {
		v, err := k.read(user, one)
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, err
}

// walkPeople goes over everybody behind after, in order, and yields what each has.
func walkPeople[T any](r *readTx, after []byte, of func(user int64) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for user, err := range r.usersAfter(after) {
			var all []T
			if err == nil {
				all, err = of(user)
			}
			for _, v := range all {
				if !yield(v, nil) {
					return
				}
			}
			if err != nil {
				yield(none, err)
				return
			}
		}
	}
}

// usersAfter goes over everybody of whom there is a record.
func (r *readTx) usersAfter(after []byte) iter.Seq2[int64, error] {
	return walk(r, bucketPeople, after, func(key, _ []byte) (int64, error) {
		if len(key) != intSize {
			return 0, damagedRecord(bucketPeople, key, errors.New("is no person"))
		}
		return intAt(key), nil
	})
}

// flush writes what a transaction has gathered so far, so that cursors see it.
func (r *readTx) flush() error {
	if r.over || !r.tx.Writable() {
		return nil
	}
	return errors.Join(r.people.flush(), r.flushMarks())
}

// Quarantined walks in the order of arrival.
func (r *readTx) Quarantined() iter.Seq2[storage.Quarantined, error] { return walkTable(r, quarantine) }

// keys copies at most limit keys of a bucket in order, those behind after and
// as long as while holds; a nil after begins at the first, a nil while holds
// for all.
func (r *readTx) keys(bucket string, after []byte, limit int, while func(key []byte) bool) (keys [][]byte, err error) {
	_, err = r.scan(bucket, after, limit, func(key, _ []byte) (bool, error) {
		if while != nil && !while(key) {
			return false, nil
		}
		keys = append(keys, bytes.Clone(key))
		return true, nil
	})
	return keys, err
}

// walkStep is how many records walk decodes at a time.
const walkStep = 128

// walk goes over a bucket in steps, from behind after, and finds its place again
// by key after each. Between two steps no cursor is open, so the loop's body may
// write.
func walk[T any](r *readTx, bucket string, after []byte, read func(key, value []byte) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := after; ; {
			var records []T
			err := r.flush()
			if err == nil {
				after, err = r.scan(bucket, after, walkStep, func(key, value []byte) (bool, error) {
					v, err := read(key, value)
					if err == nil {
						records = append(records, v)
					}
					return true, err
				})
			}
			for _, v := range records {
				if !yield(v, nil) {
					return
				}
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			if len(records) < walkStep {
				return
			}
		}
	}
}

// scan visits at most limit records of a bucket in order, those behind after and
// as long as visit asks for more. It returns the last key that it has come to.
func (r *readTx) scan(bucket string, after []byte, limit int, visit func(key, value []byte) (more bool, err error)) ([]byte, error) {
	last := bytes.Clone(after)
	err := r.guard(func() error {
		c := r.tx.Bucket([]byte(bucket)).Cursor()
		for key, value := seekBehind(c, after); key != nil && limit > 0; key, value = c.Next() {
			if err := inOrder(bucket, last, key); err != nil {
				return err
			}
			if more, err := visit(key, value); err != nil || !more {
				return err
			}
			last = append(last[:0], key...)
			limit--
		}
		return nil
	})
	return last, err
}

// inOrder keeps a damaged tree from leading a walk in a circle.
func inOrder(bucket string, last, key []byte) error {
	if last != nil && bytes.Compare(key, last) <= 0 {
		return damagedRecord(bucket, key, errors.New("out of order"))
	}
	return nil
}

// seekBehind moves a cursor to the first key behind after, or to the first of
// all if after is nil.
func seekBehind(c *bolt.Cursor, after []byte) (key, value []byte) {
	if after == nil {
		return c.First()
	}
	key, value = c.Seek(after)
	if bytes.Equal(key, after) {
		return c.Next()
	}
	return key, value
}
