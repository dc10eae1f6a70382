package boltstore

import (
	"errors"
	"fmt"
	"iter"

	"spasmbot/flows"
	"spasmbot/storage"
)

// checkRecords decodes every record and compares the indexes with them.
func checkRecords(r *readTx) error {
	armed, unsent := 0, 0
	err := errors.Join(
		drain(r.States(), func(flows.State) error { return nil }),
		drain(r.Episodes(), func(storage.Episode) error { return nil }),
		drain(r.Entries(), func(storage.Entry) error { return nil }),
		drain(r.Quarantined(), func(storage.Quarantined) error { return nil }),
		drain(r.Reminders(), func(rem storage.Reminder) error {
			if rem.State != flows.Armed {
				return nil
			}
			armed++
			return r.indexed(bucketDue, dueKey(rem.Due, rem.User, rem.ID))
		}),
		drain(r.Messages(), func(m storage.Message) error {
			if !m.Unsent() {
				return nil
			}
			unsent++
			return r.indexed(bucketUnsent, recordKey(m.User, m.Number))
		}),
	)
	// Every record has its row; now no row may be without a record.
	return errors.Join(err, r.counted(bucketDue, armed), r.counted(bucketUnsent, unsent))
}

func drain[T any](seq iter.Seq2[T, error], check func(T) error) error {
	for v, err := range seq {
		if err == nil {
			err = check(v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *readTx) indexed(bucket string, key []byte) error {
	return r.guard(func() error {
		found, _ := r.tx.Bucket([]byte(bucket)).Cursor().Seek(key)
		if string(found) != string(key) {
			return damagedRecord(bucket, key, errors.New("the row is missing"))
		}
		return nil
	})
}

func (r *readTx) counted(bucket string, want int) error {
	return r.guard(func() error {
		if got := r.tx.Bucket([]byte(bucket)).Stats().KeyN; got != want {
			return fmt.Errorf("%w: bucket %s has %d rows for %d records; %s", storage.ErrDamaged, bucket, got, want, hintDamaged)
		}
		return nil
	})
}
