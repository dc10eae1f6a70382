package boltstore

import (
	"bytes"
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	// seenFor is how long a mark is kept at least, counted in the times that
	// MarkSeen is given.
	seenFor = 24 * time.Hour
	// seenMost bounds a generation whatever the clock says. Marks that are
	// younger than a day are only lost beyond this many updates in a day.
	seenMost = 1_000_000
)

// Marks live in two generations. New ones go into the younger; when that is a
// day old, the older is emptied and becomes the younger. So a mark stays for
// at least one day, and forgetting costs one bucket instead of a search.
//
// A row is a run of ids: its key the first, its value the last, or nothing if
// there is only one. Ids mostly count up, so a batch of updates makes one row
// longer.

// marks is what the calls that share a commit know of the younger generation.
type marks struct {
	// loaded: the fields below say what is stored and what is to be stored.
	loaded     bool
	generation int64
	began      time.Time
	count      uint64
	// run is the row that grows, while growing.
	run     run
	growing bool
}

type run struct{ first, last int64 }

func (r run) holds(id int64) bool { return r.first <= id && id <= r.last }

// meets reports whether an id is the next one; after the last of all comes none.
func (r run) meets(id int64) bool { return id > r.last && id-1 == r.last }

func seenBucket(generation int64) string {
	if generation&1 == 0 {
		return bucketSeen0
	}
	return bucketSeen1
}

func (r *readTx) Seen(updateID int64) (bool, error) {
	if r.marks.growing && r.marks.run.holds(updateID) {
		return true, nil
	}
	seen := false
	err := r.guard(func() error {
		for _, bucket := range []string{bucketSeen0, bucketSeen1} {
			found, ok, err := runBefore(r.tx, bucket, updateID)
			if err != nil {
				return err
			}
			seen = seen || ok && found.holds(updateID)
		}
		return nil
	})
	return seen, err
}

// runBefore finds the last row that begins at or before an id.
func runBefore(tx *bolt.Tx, bucket string, id int64) (found run, ok bool, err error) {
	c := tx.Bucket([]byte(bucket)).Cursor()
	want := intKey(id)
	key, value := c.Seek(want)
	if !bytes.Equal(key, want) {
		if key == nil {
			key, value = c.Last()
		} else {
			key, value = c.Prev()
		}
	}
	switch {
	case key == nil:
		return run{}, false, nil
	case len(key) != intSize || len(value) != 0 && len(value) != intSize:
		return run{}, false, damagedRecord(bucket, key, errors.New("is no run of ids"))
	}
	found = run{intAt(key), intAt(key)}
	if len(value) == intSize {
		found.last = intAt(value)
	}
	return found, true, nil
}

func (w *writeTx) MarkSeen(updateID int64, at time.Time) error {
	return w.write(func() error {
		m := w.marks
		if err := w.loadMarks(); err != nil {
			return err
		}
		w.wrote = true
		switch {
		case m.count == 0 || at.Before(m.began.Add(-seenFor)):
			// The first mark of all; or the clock was wrong by more than a day
			// and has been put right: by the old beginning nothing would be
			// forgotten until that day comes.
			m.began = at
			if err := w.putMetaTime(metaSeenAt, at); err != nil {
				return err
			}
		case m.count >= seenMost || !at.Before(m.began.Add(seenFor)):
			if err := w.beginSeen(at); err != nil {
				return err
			}
		}
		m.count++
		return w.mark(updateID)
	})
}

func (w *writeTx) loadMarks() (err error) {
	m := w.marks
	if m.loaded {
		return nil
	}
	if m.generation, err = w.metaInt(metaSeenIn); err != nil {
		return err
	}
	if m.began, err = w.metaTime(metaSeenAt); err != nil {
		return err
	}
	err = w.guard(func() error {
		m.count = w.tx.Bucket([]byte(seenBucket(m.generation))).Sequence()
		return nil
	})
	m.loaded = err == nil
	return err
}

// mark makes the row that grows longer, or begins another.
func (w *writeTx) mark(id int64) error {
	m := w.marks
	if m.growing && m.run.meets(id) {
		m.run.last = id
		return nil
	}
	if err := w.flushMarks(); err != nil {
		return err
	}
	return w.guard(func() error {
		before, ok, err := runBefore(w.tx, seenBucket(m.generation), id)
		switch {
		case err != nil || ok && before.holds(id):
			return err
		case ok && before.meets(id):
			m.run = run{before.first, id}
		default:
			m.run = run{id, id}
		}
		m.growing = true
		return nil
	})
}

// flushMarks writes the row that grows, and how many marks there are.
func (r *readTx) flushMarks() error {
	m := r.marks
	if !m.loaded {
		return nil
	}
	return r.guard(func() error {
		b := r.tx.Bucket([]byte(seenBucket(m.generation)))
		if m.growing {
			if err := b.Put(intKey(m.run.first), intKey(m.run.last)); err != nil {
				return err
			}
		}
		m.growing = false
		return b.SetSequence(m.count)
	})
}

// beginSeen makes the older generation the new, empty one.
func (w *writeTx) beginSeen(at time.Time) error {
	if err := w.flushMarks(); err != nil {
		return err
	}
	m := w.marks
	m.generation++
	m.began, m.count = at, 0
	bucket := seenBucket(m.generation)
	if err := w.empty(bucket); err != nil {
		return err
	}
	if err := w.putMetaInt(metaSeenIn, m.generation); err != nil {
		return err
	}
	return w.putMetaTime(metaSeenAt, at)
}
