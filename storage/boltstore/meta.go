package boltstore

import (
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage"
	"spasmbot/storage/record"
)

// The keys of the bucket meta.
const (
	metaMagic   = "magic"
	metaVersion = "version"
	metaOffset  = "offset"
	// metaSeenAt is when the younger generation of seen marks began, and
	// metaSeenIn which of the two buckets holds it.
	metaSeenAt = "seen-at"
	metaSeenIn = "seen-in"
	metaMarks  = "marks"
	metaOwner  = "owner"
	// metaOwed counts what was deleted and may still be read in free pages.
	metaOwed = "owed"
)

// metaInt is 0 until something is put.
func (r *readTx) metaInt(name string) (n int64, err error) {
	err = r.guard(func() error {
		n, err = intIn(r.tx.Bucket([]byte(bucketMeta)), name)
		return err
	})
	return n, err
}

func intIn(meta *bolt.Bucket, name string) (int64, error) {
	value := meta.Get([]byte(name))
	switch len(value) {
	case 0:
		return 0, nil
	case intSize:
		return intAt(value), nil
	}
	return 0, damagedRecord(bucketMeta, []byte(name), errors.New("not a number"))
}

// metaTime is the zero time until something is put.
func (r *readTx) metaTime(name string) (t time.Time, err error) {
	err = r.guard(func() error {
		value := r.tx.Bucket([]byte(bucketMeta)).Get([]byte(name))
		switch len(value) {
		case 0:
		case timeSize:
			t = timeAt(value)
		default:
			return damagedRecord(bucketMeta, []byte(name), errors.New("not a time"))
		}
		return nil
	})
	return t, err
}

func (r *readTx) Owner() (int64, error) { return r.metaInt(metaOwner) }

func (w *writeTx) SetOwner(bot int64) error {
	return w.write(func() error {
		owner, err := w.Owner()
		if err != nil || owner == bot {
			return err
		}
		if owner != 0 {
			if err := w.forget(); err != nil {
				return err
			}
		}
		return w.putMetaInt(metaOwner, bot)
	})
}

// forget forgets what only the owner has a use for.
func (w *writeTx) forget() error {
	w.wrote = true
	*w.marks = marks{}
	for _, bucket := range []string{bucketFiles, bucketSeen0, bucketSeen1} {
		if err := w.empty(bucket); err != nil {
			return err
		}
	}
	return w.putMetaInt(metaOffset, 0)
}

func (w *writeTx) putMetaInt(name string, n int64) error {
	return w.put(bucketMeta, []byte(name), intKey(n))
}

func (w *writeTx) putMetaTime(name string, t time.Time) error {
	return w.put(bucketMeta, []byte(name), appendTime(nil, t))
}

func (r *readTx) Marks() (m storage.Marks, err error) {
	err = r.guard(func() error {
		value := r.tx.Bucket([]byte(bucketMeta)).Get([]byte(metaMarks))
		if value == nil {
			return nil
		}
		if err := record.Unmarshal(value, &m); err != nil {
			return damagedRecord(bucketMeta, []byte(metaMarks), err)
		}
		return nil
	})
	return m, err
}

func (w *writeTx) SetMarks(m storage.Marks) error {
	return w.write(func() error {
		value, err := record.Marshal(&m)
		if err != nil {
			return fmt.Errorf("encode %s: %w", metaMarks, err)
		}
		return w.put(bucketMeta, []byte(metaMarks), value)
	})
}
