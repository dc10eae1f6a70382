package boltstore

import (
	"cmp"
	"fmt"
	"slices"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/record"
)

// writeTx is a storage.Tx for the time of one function.
type writeTx struct {
	*readTx
	// wrote says that there is something to roll back.
	wrote bool
	// owes says that something was deleted that has to go from the file as well.
	owes bool
	// failed is the first failure of a write. A record may have been written
	// without its index by then, so the function cannot succeed any more,
	// even if it overlooks the error.
	failed error
}

// write runs a method that writes.
func (w *writeTx) write(do func() error) error {
	err := do()
	if err != nil && w.failed == nil {
		w.failed = err
	}
	return err
}

func (w *writeTx) SetOffset(next int64) error {
	return w.write(func() error { return w.putMetaInt(metaOffset, next) })
}

func (w *writeTx) PutState(s flows.State) error {
	return w.write(func() error {
		encoded, err := record.Marshal(&s)
		if err != nil {
			return fmt.Errorf("encode state of %d: %w", s.User, err)
		}
		p, err := w.change(s.User)
		if err == nil {
			p.State = encoded
		}
		return err
	})
}

func (w *writeTx) PutEpisode(e storage.Episode) error {
	return w.write(func() error { return episodes.put(w, e) })
}

func (w *writeTx) PutEntry(e storage.Entry) error {
	return w.write(func() error {
		_, err := putRow(w, entries, e)
		return err
	})
}

func (w *writeTx) PutReminder(r storage.Reminder) error {
	return w.write(func() error {
		was, err := putRow(w, reminders, r)
		if err != nil {
			return err
		}
		var old storage.Reminder
		if was.Open {
			if old, err = reminders.read(r.User, was); err != nil {
				return err
			}
		}
		armed := r.State == flows.Armed
		if old.State == flows.Armed {
			if armed && old.Due.Equal(r.Due) {
				return nil
			}
			if err := w.delete(bucketDue, dueKey(old.Due, r.User, r.ID)); err != nil {
				return err
			}
		}
		if !armed {
			return nil
		}
		return w.put(bucketDue, dueKey(r.Due, r.User, r.ID), nil)
	})
}

// PutMessage drops the words of a message that is sent or has failed.
func (w *writeTx) PutMessage(m storage.Message) error {
	return w.write(func() error {
		if !m.Unsent() && m.State != storage.Failed { // a dead letter keeps its words
			m.Text, m.Keyboard = "", nil
		}
		if m.Fleeting && !m.Unsent() {
			return w.dropMessage(m.Key())
		}
		was, err := putRow(w, messages, m)
		switch {
		case err != nil || was.Open == m.Unsent():
			return err
		case m.Unsent():
			return w.put(bucketUnsent, recordKey(m.User, m.Number), nil)
		}
		return w.delete(bucketUnsent, recordKey(m.User, m.Number))
	})
}

// dropMessage deletes a message that waits, and with it the record of somebody of whom
// nothing else is kept.
func (w *writeTx) dropMessage(key storage.MessageKey) error {
	p, err := w.change(key.User)
	if err != nil {
		return err
	}
	if i := p.find(rowMessage, key.Number); i >= 0 {
		p.Rows = slices.Delete(p.Rows, i, i+1)
	}
	err = w.delete(bucketUnsent, recordKey(key.User, key.Number))
	if err == nil && p.State == nil && len(p.Rows) == 0 && p.Chunks == 0 {
		delete(w.people.cached, key.User)
		err = w.delete(bucketPeople, intKey(key.User))
	}
	return cmp.Or(err, w.owe())
}

// change returns a record that is going to be changed.
func (w *writeTx) change(user int64) (*person, error) {
	p, err := w.person(user)
	if err == nil {
		w.wrote, p.changed = true, true
	}
	return p, err
}

// putRow encodes before it changes anything, so that a value that cannot be
// encoded leaves nothing behind. It returns the row that was at hand before; only
// one that was open is in an index.
func putRow[T any](w *writeTx, k kind[T], v T) (was row, err error) {
	key := k.key(v)
	one, err := k.write(v)
	if err != nil {
		return row{}, fmt.Errorf("encode %s %d of %d: %w", k.name, key.Number, key.User, err)
	}
	p, err := w.change(key.User)
	if err != nil {
		return row{}, err
	}
	return p.put(one), nil
}

func (w *writeTx) PutFileID(key, id string) error {
	return w.write(func() error {
		if key == "" || len(key) > maxFileKey {
			return fmt.Errorf("key of a file has %d bytes, not 1 to %d", len(key), maxFileKey)
		}
		if id == "" {
			return w.delete(bucketFiles, []byte(key))
		}
		return w.put(bucketFiles, []byte(key), []byte(id))
	})
}

// maxFileKey is the longest key of a file, in bytes.
const maxFileKey = 1000

func (w *writeTx) put(bucket string, key, value []byte) error {
	w.wrote = true
	return w.guard(func() error { return w.tx.Bucket([]byte(bucket)).Put(key, value) })
}

// next counts in a bucket, from 1.
func (w *writeTx) next(bucket string) (n uint64, err error) {
	w.wrote = true
	err = w.guard(func() error {
		n, err = w.tx.Bucket([]byte(bucket)).NextSequence()
		return err
	})
	return n, err
}

func (w *writeTx) delete(bucket string, key []byte) error {
	w.wrote = true
	return w.guard(func() error { return w.tx.Bucket([]byte(bucket)).Delete(key) })
}

// empty deletes all that is in a bucket.
func (w *writeTx) empty(bucket string) error {
	w.wrote = true
	return w.guard(func() error {
		if err := w.tx.DeleteBucket([]byte(bucket)); err != nil {
			return err
		}
		_, err := w.tx.CreateBucket([]byte(bucket))
		return err
	})
}

// quarantineKept is how many updates the quarantine keeps: enough to see what
// goes wrong, too few to fill a disk.
const quarantineKept = 1000

func (w *writeTx) Quarantine(q storage.Quarantined) error {
	return w.write(func() error {
		value, err := record.Marshal(&q)
		if err != nil {
			return fmt.Errorf("encode %s: %w", bucketQuarantine, err)
		}
		n, err := w.next(bucketQuarantine)
		if err != nil {
			return err
		}
		if err := w.put(bucketQuarantine, numberKey(n), value); err != nil {
			return err
		}
		if n <= quarantineKept {
			return nil
		}
		return w.delete(bucketQuarantine, numberKey(n-quarantineKept))
	})
}
