package boltstore

import (
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"

	"spasmbot/flows/pack"
	"spasmbot/storage"
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

func (w *writeTx) putMetaInt(name string, n int64) error {
	return w.put(bucketMeta, []byte(name), intKey(n))
}

func (w *writeTx) putMetaTime(name string, t time.Time) error {
	return w.put(bucketMeta, []byte(name), appendTime(nil, t))
}

func (r *readTx) Marks() (m storage.Marks, err error) {
	err = r.guard(func() error {
		in := pack.Read(r.tx.Bucket([]byte(bucketMeta)).Get([]byte(metaMarks)))
		for in.Next() {
			switch in.Field() {
			case 1:
				m.Alive = in.Time()
			case 2:
				m.Back = in.Time()
			case 3:
				m.By = time.Duration(in.Int())
			case 4:
				m.Open = in.Bool()
			case 5:
				m.Told = in.Int()
			case 6:
				m.Steps = in.Text()
			}
		}
		if in.Err() != nil {
			return damagedRecord(bucketMeta, []byte(metaMarks), in.Err())
		}
		return nil
	})
	return m, err
}

func (w *writeTx) SetMarks(m storage.Marks) error {
	return w.write(func() error {
		b := pack.Time(nil, 1, m.Alive)
		b = pack.Time(b, 2, m.Back)
		b = pack.Int(b, 3, int64(m.By))
		b = pack.Bool(b, 4, m.Open)
		b = pack.Int(b, 5, m.Told)
		return w.put(bucketMeta, []byte(metaMarks), pack.Text(b, 6, m.Steps))
	})
}
