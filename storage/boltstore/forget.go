package boltstore

import (
	"bytes"
	"errors"
	"math"

	"spasmbot/flows"
	"spasmbot/storage"
)

// Forget goes through every bucket that holds something of a person: what an index
// holds is known from the rows at hand, since only they are in one.
func (w *writeTx) Forget(user int64) (n storage.Forgotten, err error) {
	err = w.write(func() error {
		p, err := w.change(user)
		if err != nil {
			return err
		}
		if n, err = w.countOf(user); err != nil {
			return err
		}
		err = errors.Join(w.unlist(p), w.deleteOwn(bucketHistory, user), w.deleteOwn(bucketEpisodes, user))
		if err == nil {
			err = w.delete(bucketPeople, intKey(user))
		}
		if err != nil {
			return err
		}
		delete(w.people.cached, user)
		if n.Quarantined, err = w.release(func(q storage.Quarantined) bool { return q.Names(user) }, math.MaxInt); err != nil {
			return err
		}
		if err := w.unmark(user); err != nil || n.Total() == 0 {
			return err
		}
		return w.owe()
	})
	return n, err
}

// countOf counts the records of a person, but those in quarantine.
func (w *writeTx) countOf(user int64) (n storage.Forgotten, err error) {
	p, err := w.person(user)
	if err != nil {
		return n, err
	}
	if p.State != nil {
		n.States = 1
	}
	for kind, count := range map[rowKind]*int{rowEntry: &n.Entries, rowReminder: &n.Reminders, rowMessage: &n.Messages} {
		rows, err := w.rowsOf(user, kind)
		if err != nil {
			return n, err
		}
		*count = len(rows)
	}
	err = w.guard(func() error {
		for range own(w.tx, bucketEpisodes, user) {
			n.Episodes++
		}
		return nil
	})
	return n, err
}

// unlist takes a person's rows out of the indexes.
func (w *writeTx) unlist(p *person) error {
	for _, r := range p.Rows {
		var err error
		switch {
		case !r.Open:
		case r.Kind == rowMessage:
			err = w.delete(bucketUnsent, recordKey(p.user, r.Number))
		case r.Kind == rowReminder:
			var rem storage.Reminder
			if rem, err = reminders.read(p.user, r); err == nil && rem.State == flows.Armed {
				err = w.delete(bucketDue, dueKey(rem.Due, rem.User, rem.ID))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteOwn deletes a person's records in a bucket.
func (w *writeTx) deleteOwn(bucket string, user int64) error {
	var keys [][]byte
	err := w.guard(func() error {
		for key := range own(w.tx, bucket, user) {
			keys = append(keys, bytes.Clone(key))
		}
		return nil
	})
	for _, key := range keys {
		if err == nil {
			err = w.delete(bucket, key)
		}
	}
	return err
}

// release deletes updates in quarantine, at most limit of them, and counts them.
func (w *writeTx) release(which func(storage.Quarantined) bool, limit int) (n int, err error) {
	var keys [][]byte
	_, err = w.scan(bucketQuarantine, nil, math.MaxInt, func(key, value []byte) (bool, error) {
		q, err := quarantine.read(key, value)
		if err == nil && which(q) {
			keys = append(keys, bytes.Clone(key))
		}
		return len(keys) < limit, err
	})
	for _, key := range keys {
		if err == nil {
			err = w.delete(bucketQuarantine, key)
		}
	}
	return len(keys), err
}

// unmark lets the marks name the person before, if they name somebody as the last who
// was told of an outage.
func (w *writeTx) unmark(user int64) error {
	m, err := w.Marks()
	if err != nil || m.Told != user {
		return err
	}
	m.Told = 0
	if m.Open {
		m.Told = math.MinInt64
		if err := w.flush(); err != nil {
			return err
		}
		err = w.guard(func() error {
			c := w.tx.Bucket([]byte(bucketPeople)).Cursor()
			key, _ := c.Seek(intKey(user))
			if key == nil {
				key, _ = c.Last()
			} else {
				key, _ = c.Prev()
			}
			if len(key) == intSize {
				m.Told = intAt(key)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return w.SetMarks(m)
}
