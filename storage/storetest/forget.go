package storetest

import (
	"errors"
	"fmt"
	"iter"
	"math"

	"spasmbot/flows"
	"spasmbot/storage"
)

// putLife gives a person records of every kind, some of them moved on long ago, some
// of them waiting.
func putLife(tx storage.Tx, user int64) error {
	errs := []error{tx.PutState(fullState(user)), tx.PutEpisode(fullEpisode(user, 1)), tx.PutEpisode(fullEpisode(user, 2))}
	for n := uint64(1); n <= 40; n++ {
		m := fullMessage(user, n)
		if m.State = storage.Sent; n%10 == 0 {
			m.State = []storage.MessageState{storage.Queued, storage.Sending, storage.Uncertain, storage.Failed}[n/10-1]
		}
		r := fullReminder(user, n)
		if n%10 == 0 {
			r.State = []flows.ReminderState{flows.Armed, flows.Fired, flows.Armed, flows.Cancelled}[n/10-1]
		}
		errs = append(errs, tx.PutMessage(m), tx.PutReminder(r), tx.PutEntry(fullEntry(user, n)))
	}
	return errors.Join(errs...)
}

var lifeOf = storage.Forgotten{States: 1, Episodes: 2, Entries: 40, Reminders: 40, Messages: 40}

// putQuarantined keeps updates that name a person, and one that only seems to.
func putQuarantined(tx storage.Tx, user int64) error {
	var errs []error
	for _, raw := range []string{`{"from":{"id":%d}}`, `%d`, `not JSON %d, `, `{"date":9%d}`, `{"date":%d0}`} {
		errs = append(errs, tx.Quarantine(storage.Quarantined{UpdateID: 7, At: start, Raw: fmt.Appendf(nil, raw, user)}))
	}
	return errors.Join(errs...)
}

// naming counts the records of every kind that are a person's.
func naming(r storage.Reader, user int64) (n storage.Forgotten, err error) {
	due, err1 := r.Due(storage.DueKey{}, start.AddDate(9, 0, 0), math.MaxInt)
	unsent, err2 := r.Unsent(storage.MessageKey{}, math.MaxInt)
	to, err3 := r.UnsentTo(user)
	err = errors.Join(err1, err2, err3,
		count(r.States(), &n.States, func(s flows.State) bool { return s.User == user }),
		count(r.Episodes(), &n.Episodes, func(e storage.Episode) bool { return e.User == user }),
		count(r.Entries(), &n.Entries, func(e storage.Entry) bool { return e.User == user }),
		count(r.Reminders(), &n.Reminders, func(r storage.Reminder) bool { return r.User == user }),
		count(r.Messages(), &n.Messages, func(m storage.Message) bool { return m.User == user }),
		count(r.Quarantined(), &n.Quarantined, func(q storage.Quarantined) bool { return q.Names(user) }),
	)
	listed := len(to)
	for _, r := range due {
		if r.User == user {
			listed++
		}
	}
	for _, m := range unsent {
		if m.User == user {
			listed++
		}
	}
	if n.Total() == 0 && listed > 0 {
		err = errors.Join(err, fmt.Errorf("%d has nothing, but is in an index", user))
	}
	return n, err
}

func count[T any](all iter.Seq2[T, error], n *int, which func(T) bool) error {
	for v, err := range all {
		if err != nil {
			return err
		}
		if which(v) {
			*n++
		}
	}
	return nil
}

func forgotten(f *fixture) {
	for _, user := range persons {
		f.update(func(tx storage.Tx) error { return putLife(tx, user) })
	}
	const gone, other = 256, 255
	for range 3 { // again, and each time it may be kept beside what there was
		f.update(func(tx storage.Tx) error { return putLife(tx, gone) })
	}
	f.update(func(tx storage.Tx) error {
		return errors.Join(putQuarantined(tx, gone), tx.MarkSeen(5, start), tx.PutFileID("file", "id"), tx.SetOffset(6),
			tx.SetMarks(storage.Marks{Alive: start, Open: true, Told: gone}))
	})
	whole := lifeOf
	whole.Quarantined = 3

	var n storage.Forgotten
	forget := func(tx storage.Tx) (err error) { n, err = tx.Forget(gone); return err }
	if err := f.Update(f.Context(), func(tx storage.Tx) error { return errors.Join(forget(tx), errRefused) }); !errors.Is(err, errRefused) {
		f.Errorf("update: %v", err)
	}
	f.twice(func(r storage.Reader) error {
		got, err := naming(r, gone)
		return errors.Join(err, same("after a transaction that failed", got, whole))
	})

	f.update(forget)
	f.same("forgotten", n, whole)
	f.twice(func(r storage.Reader) error {
		marks, err1 := r.Marks()
		seen, err2 := r.Seen(5)
		file, err3 := r.FileID("file")
		offset, err4 := r.Offset()
		left := 0
		err5 := count(r.Quarantined(), &left, func(storage.Quarantined) bool { return true })
		err := errors.Join(err1, err2, err3, err4, err5,
			same("the last who was told", marks, storage.Marks{Alive: start, Open: true, Told: other}),
			same("what is nobody's", []any{seen, file, offset, left}, []any{true, "id", int64(6), 2}))
		for _, user := range persons {
			want := lifeOf
			if user == gone {
				want = storage.Forgotten{}
			}
			got, namingErr := naming(r, user)
			err = errors.Join(err, namingErr, same(fmt.Sprintf("records of %d", user), got, want))
		}
		s, err6 := r.State(gone)
		return errors.Join(err, err6, same("state", s, flows.State{User: gone}))
	})
	f.update(forget)
	f.same("forgotten the second time", n, storage.Forgotten{})
	for seq := range uint64(50) {
		f.update(func(tx storage.Tx) error { return tx.PutEntry(fullEntry(gone, 100+seq)) })
	}
	f.twice(func(r storage.Reader) error {
		got, err := naming(r, gone)
		return errors.Join(err, same("of the new person", got, storage.Forgotten{Entries: 50}))
	})
}

// forgottenAtOnce: what was put in the same transaction goes as well, and what is put
// behind is a new person's.
func forgottenAtOnce(f *fixture) {
	f.update(func(tx storage.Tx) error { return errors.Join(putLife(tx, 7), tx.SetMarks(storage.Marks{Told: 7})) })
	f.update(func(tx storage.Tx) error {
		if err := errors.Join(tx.PutMessage(fullMessage(7, 50)), tx.PutEntry(fullEntry(7, 50)), putQuarantined(tx, 7)); err != nil {
			return err
		}
		n, err := tx.Forget(7)
		if err != nil {
			return err
		}
		want := lifeOf
		want.Messages, want.Entries, want.Quarantined = 41, 41, 3
		got, err := naming(tx, 7)
		return errors.Join(err, same("forgotten", n, want), same("in the transaction", got, storage.Forgotten{}),
			tx.PutEntry(fullEntry(7, 1)), tx.PutMessage(messageIn(7, 1, storage.Queued)))
	})
	f.twice(func(r storage.Reader) error {
		got, err1 := naming(r, 7)
		entries, err2 := collect(r.Entries())
		unsent, err3 := r.UnsentTo(7)
		marks, err4 := r.Marks()
		return errors.Join(err1, err2, err3, err4,
			same("records", got, storage.Forgotten{Entries: 1, Messages: 1}),
			same("entries", entries, []storage.Entry{fullEntry(7, 1)}),
			same("unsent", unsent, []storage.Message{messageIn(7, 1, storage.Queued)}),
			same("marks", marks, storage.Marks{}))
	})
}

// fleeting: of a message to somebody who was forgotten nothing is left once it has been
// sent, or never will be.
func fleeting(f *fixture) {
	for _, end := range []storage.MessageState{storage.Sent, storage.Failed} {
		m := fullMessage(7, 1<<63+1)
		m.Fleeting, m.State = true, storage.Queued
		for _, state := range []storage.MessageState{storage.Queued, storage.Sending, storage.Uncertain} {
			m.State = state
			f.update(func(tx storage.Tx) error { return tx.PutMessage(m) })
			f.twice(func(r storage.Reader) error {
				got, err1 := r.Message(7, m.Number)
				unsent, err2 := r.Unsent(storage.MessageKey{}, 9)
				return errors.Join(err1, err2, same("message", got, m), same("unsent", unsent, []storage.Message{m}))
			})
		}
		f.update(func(tx storage.Tx) error { return tx.PutEntry(fullEntry(8, 1)) })
		m.State = end
		f.update(func(tx storage.Tx) error { return errors.Join(tx.PutMessage(m), tx.PutMessage(m)) })
		f.twice(func(r storage.Reader) error {
			n, err1 := naming(r, 7)
			other, err2 := naming(r, 8)
			_, err3 := r.Message(7, m.Number)
			if !errors.Is(err3, storage.ErrNotFound) {
				err1 = errors.Join(err1, fmt.Errorf("the message is still there: %v", err3))
			}
			return errors.Join(err1, err2, same("records", n, storage.Forgotten{}), same("of another", other, storage.Forgotten{Entries: 1}))
		})
	}
	// Beside what else is kept, it goes alone.
	f.update(func(tx storage.Tx) error {
		m := fullMessage(8, 1<<63+1)
		m.Fleeting, m.State = true, storage.Queued
		err := tx.PutMessage(m)
		m.State = storage.Sent
		return errors.Join(err, tx.PutMessage(m))
	})
	f.twice(func(r storage.Reader) error {
		n, err := naming(r, 8)
		return errors.Join(err, same("records", n, storage.Forgotten{Entries: 1}))
	})
}
