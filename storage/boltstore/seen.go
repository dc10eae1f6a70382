package boltstore

import "time"

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

func seenBucket(generation int64) string {
	if generation&1 == 0 {
		return bucketSeen0
	}
	return bucketSeen1
}

func (r *readTx) Seen(updateID int64) (bool, error) {
	seen := false
	err := r.guard(func() error {
		for _, bucket := range []string{bucketSeen0, bucketSeen1} {
			key, _ := r.tx.Bucket([]byte(bucket)).Cursor().Seek(intKey(updateID))
			seen = seen || len(key) == intSize && intAt(key) == updateID
		}
		return nil
	})
	return seen, err
}

func (w *writeTx) MarkSeen(updateID int64, at time.Time) error {
	return w.write(func() error {
		generation, err := w.metaInt(metaSeenIn)
		if err != nil {
			return err
		}
		began, err := w.metaTime(metaSeenAt)
		if err != nil {
			return err
		}
		count, err := w.next(seenBucket(generation))
		if err != nil {
			return err
		}
		switch {
		case count == 1 || at.Before(began.Add(-seenFor)):
			// The first mark of all; or the clock was wrong by more than a day
			// and has been put right: by the old beginning nothing would be
			// forgotten until that day comes.
			if err := w.putMetaTime(metaSeenAt, at); err != nil {
				return err
			}
		case count > seenMost || !at.Before(began.Add(seenFor)):
			generation++
			if err := w.beginSeen(generation, at); err != nil {
				return err
			}
		}
		return w.put(seenBucket(generation), intKey(updateID), nil)
	})
}

// beginSeen makes the older generation the new, empty one.
func (w *writeTx) beginSeen(generation int64, at time.Time) error {
	bucket := seenBucket(generation)
	w.wrote = true
	if err := w.guard(func() error {
		if err := w.tx.DeleteBucket([]byte(bucket)); err != nil {
			return err
		}
		_, err := w.tx.CreateBucket([]byte(bucket))
		return err
	}); err != nil {
		return err
	}
	// This mark counts as the generation's first.
	if _, err := w.next(bucket); err != nil {
		return err
	}
	if err := w.putMetaInt(metaSeenIn, generation); err != nil {
		return err
	}
	return w.putMetaTime(metaSeenAt, at)
}
