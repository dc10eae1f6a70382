package boltstore

import (
	"bytes"
	"encoding/json"
	"errors"

	bolt "go.etcd.io/bbolt"

	"spasmbot/flows"
	"spasmbot/storage"
)

// gatherPeople brings together what belongs to one person (version 3). Before it
// there was a bucket for each kind of record, in JSON.
func gatherPeople(tx *bolt.Tx) error {
	for _, name := range []string{bucketPeople, bucketHistory} {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	w := &writeTx{readTx: newReadTx(tx, new(memory))}
	err := errors.Join(
		gather(w, "states", func(w *writeTx, value []byte) error {
			s, err := flows.DecodeState(value)
			if err != nil {
				return err
			}
			return w.PutState(s)
		}),
		gather(w, "entries", decoded((*writeTx).PutEntry)),
		gather(w, "reminders", decoded(func(w *writeTx, r storage.Reminder) error {
			_, _, err := putRow(w, reminders, r) // its index stays as it is
			return err
		})),
		gather(w, "messages", decoded(func(w *writeTx, m storage.Message) error {
			_, _, err := putRow(w, messages, m)
			return err
		})),
	)
	if err != nil {
		return err
	}
	return w.flush()
}

func decoded[T any](put func(*writeTx, T) error) func(*writeTx, []byte) error {
	return func(w *writeTx, value []byte) error {
		var v T
		if err := json.Unmarshal(value, &v); err != nil {
			return err
		}
		return put(w, v)
	}
}

// gatherStep is how many records are taken in before they are written.
const gatherStep = 10_000

// gather takes in the records of a bucket and removes it.
func gather(w *writeTx, bucket string, put func(*writeTx, []byte) error) error {
	old := w.tx.Bucket([]byte(bucket))
	if old == nil {
		return nil // a file of before had none
	}
	var after []byte
	for {
		n := 0
		c := old.Cursor()
		for key, value := seekBehind(c, after); key != nil && n < gatherStep; key, value = c.Next() {
			if err := put(w, bytes.Clone(value)); err != nil {
				return damagedRecord(bucket, key, err)
			}
			after = bytes.Clone(key)
			n++
		}
		if err := w.flush(); err != nil {
			return err
		}
		clear(w.people.cached)
		if n < gatherStep {
			return w.tx.DeleteBucket([]byte(bucket))
		}
	}
}
