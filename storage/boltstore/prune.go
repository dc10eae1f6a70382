package boltstore

import (
	"bytes"
	"errors"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// Prune never searches: a person's records are numbered as time passed, so
// those that may go come first, and the first that is too young ends the look
// at them.
func (w *writeTx) Prune(before time.Time, after int64, limit int) (p storage.Pruned, err error) {
	p.Last = after
	err = w.write(func() error {
		people, err := w.keys(bucketStates, intKey(after), limit, nil)
		if err != nil {
			return err
		}
		for _, key := range people {
			if len(key) != intSize {
				return damagedRecord(bucketStates, key, errors.New("not the key of a person"))
			}
			u := pruning{writeTx: w, before: before, person: key, left: limit - p.Records}
			if err := u.run(); err != nil {
				return err
			}
			p.Records = limit - u.left
			if u.left == 0 {
				return nil // there may be more of this person
			}
			p.Last = intAt(key)
		}
		p.Done = len(people) < limit
		return nil
	})
	return p, err
}

// pruning deletes what has passed of one person.
type pruning struct {
	*writeTx
	before time.Time
	person []byte // the beginning of all keys of the person's records
	left   int    // how many records may still be deleted
}

func (u *pruning) run() error {
	kept, err := u.keptEpisodes()
	if err != nil {
		return err
	}
	waits, err := u.keys(bucketUnsent, u.person, 1, u.owns)
	if err != nil {
		return err
	}
	if err := errors.Join(
		prune(u, messages, func(m storage.Message) fate {
			if m.Unsent() {
				return skipped
			}
			return u.judge(later(m.Sent, m.Queued))
		}),
		prune(u, reminders, func(r storage.Reminder) fate {
			switch {
			case r.State == flows.Armed, r.State == flows.Fired && len(waits) > 0:
				return skipped
			case r.Sent.IsZero() && !r.Due.Before(u.before):
				return skipped // armed long before, perhaps: it says nothing of those behind it
			}
			return u.judge(later(r.Sent, r.Due))
		}),
		prune(u, entries, func(e storage.Entry) fate {
			if kept[e.Episode] {
				return young
			}
			return u.judge(e.At)
		}),
	); err != nil || u.left == 0 {
		return err
	}
	// An episode goes after the last line of its timeline.
	return prune(u, episodes, func(e storage.Episode) fate {
		if kept[e.Number] {
			return skipped
		}
		return gone
	})
}

// keptEpisodes are those that are live or have ended lately.
func (u *pruning) keptEpisodes() (map[uint64]bool, error) {
	kept := make(map[uint64]bool)
	keys, err := u.keys(bucketEpisodes, u.person, 1<<20, u.owns)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		e, err := episodes.get(&u.readTx, key)
		if err != nil {
			return nil, err
		}
		if e.Ended.IsZero() || !e.Ended.Before(u.before) {
			kept[e.Number] = true
		}
	}
	return kept, nil
}

func (u *pruning) owns(key []byte) bool { return bytes.HasPrefix(key, u.person) }

func (u *pruning) judge(at time.Time) fate {
	if at.Before(u.before) {
		return gone
	}
	return young
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fate is what becomes of a record.
type fate int

const (
	gone    fate = iota // it is deleted
	skipped             // it stays; one behind it may go
	young               // it stays, with all behind it
)

// pruneStep is how many records are looked at together. Mostly the first is
// the last.
const pruneStep = 16

func prune[T any](u *pruning, t table[T], judge func(T) fate) error {
	for from := u.person; u.left > 0; {
		n := min(u.left, pruneStep)
		keys, err := u.keys(t.bucket, from, n, u.owns)
		if err != nil {
			return err
		}
		for _, key := range keys {
			v, err := t.get(&u.readTx, key)
			if err != nil {
				return err
			}
			switch judge(v) {
			case young:
				return nil
			case gone:
				if err := u.delete(t.bucket, key); err != nil {
					return err
				}
				u.left--
			}
		}
		if len(keys) < n {
			return nil
		}
		from = keys[n-1]
	}
	return nil
}
