package boltstore

import (
	"errors"
	"fmt"

	"spasmbot/flows"
	"spasmbot/storage"
)

// writeTx is a storage.Tx for the time of one function.
type writeTx struct {
	readTx
	// wrote says that there is something to roll back.
	wrote bool
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
	return w.write(func() error { return states.put(w, s) })
}

func (w *writeTx) PutEpisode(e storage.Episode) error {
	return w.write(func() error { return episodes.put(w, e) })
}

func (w *writeTx) PutEntry(e storage.Entry) error {
	return w.write(func() error { return entries.put(w, e) })
}

func (w *writeTx) PutReminder(r storage.Reminder) error {
	return w.write(func() error {
		old, err := w.Reminder(r.User, r.ID)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		if err := reminders.put(w, r); err != nil {
			return err
		}
		if old.State == flows.Armed && (r.State != flows.Armed || !old.Due.Equal(r.Due)) {
			if err := w.delete(bucketDue, dueKey(old.Due, r.User, r.ID)); err != nil {
				return err
			}
		}
		if r.State != flows.Armed {
			return nil
		}
		return w.put(bucketDue, dueKey(r.Due, r.User, r.ID), nil)
	})
}

// PutMessage drops the words of a message that is sent or has failed.
func (w *writeTx) PutMessage(m storage.Message) error {
	return w.write(func() error {
		key := recordKey(m.User, m.Number)
		if m.Unsent() {
			if err := messages.put(w, m); err != nil {
				return err
			}
			return w.put(bucketUnsent, key, nil)
		}
		if m.State != storage.Failed { // a dead letter keeps its words
			m.Text, m.Keyboard = "", nil
		}
		if err := messages.put(w, m); err != nil {
			return err
		}
		return w.delete(bucketUnsent, key)
	})
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

// quarantineKept is how many updates the quarantine keeps: enough to see what
// goes wrong, too few to fill a disk.
const quarantineKept = 1000

func (w *writeTx) Quarantine(q storage.Quarantined) error {
	return w.write(func() error {
		value, err := quarantine.encode(q)
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
