package boltstore

import (
	"bytes"
	"errors"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/record"
)

// Prune goes from person to person. What may go is mostly in the history, whose
// chunks are made smaller or deleted.
func (w *writeTx) Prune(before time.Time, after int64, limit int) (p storage.Pruned, err error) {
	p.Last = after
	err = w.write(func() error {
		left := limit
		for user, err := range w.usersAfter(intKey(after)) {
			if err != nil || left == 0 {
				return err
			}
			left--
			u := pruning{writeTx: w, before: before, user: user, left: limit - p.Records}
			if err := u.run(); err != nil {
				return err
			}
			p.Records = limit - u.left
			if u.left == 0 {
				return nil // there may be more of this person
			}
			p.Last = u.user
		}
		n, err := w.release(func(q storage.Quarantined) bool { return q.At.Before(before) }, limit-p.Records)
		p.Records += n
		p.Done = p.Records < limit
		return err
	})
	if err == nil && p.Records > 0 {
		err = w.write(w.owe)
	}
	return p, err
}

// pruning deletes what has passed of one person.
type pruning struct {
	*writeTx
	before time.Time
	user   int64
	left   int // how many records may still be deleted

	// kept are the episodes that are live or have ended lately; waits says that
	// messages wait to be sent, and idle that nothing waits and that the person was
	// not heard lately.
	kept        map[uint64]bool
	waits, idle bool
}

func (u *pruning) run() error {
	p, err := u.person(u.user)
	if err != nil {
		return err
	}
	s, err := p.getState()
	if err != nil {
		return err
	}
	u.idle = s.Heard.Before(u.before)
	for _, r := range p.Rows {
		u.waits = u.waits || r.Kind == rowMessage && r.Open
		u.idle = u.idle && !r.Open
	}
	over, err := u.episodes()
	if err != nil {
		return err
	}
	if p.Chunks > 0 {
		if err := u.history(); err != nil {
			return err
		}
	}
	kept, err := u.sift(p.Rows)
	if err != nil {
		return err
	}
	if len(kept) < len(p.Rows) {
		p.Rows, p.changed, u.wrote = kept, true, true
	}
	// An episode goes after the last line of its timeline.
	for _, key := range over {
		if u.left == 0 {
			return nil
		}
		if err := u.delete(bucketEpisodes, key); err != nil {
			return err
		}
		u.left--
	}
	if !u.idle || u.left == 0 || len(u.kept)+len(p.Rows) > 0 {
		return nil
	}
	return u.letGo()
}

// letGo deletes the state of somebody of whom nothing else is left.
func (u *pruning) letGo() error {
	left := false
	err := u.guard(func() error {
		for range own(u.tx, bucketHistory, u.user) {
			left = true
		}
		return nil
	})
	if err != nil || left {
		return err
	}
	u.left--
	delete(u.people.cached, u.user)
	return errors.Join(u.delete(bucketPeople, intKey(u.user)), u.unmark(u.user))
}

// episodes notes which are kept, and returns the keys of the others.
func (u *pruning) episodes() (over [][]byte, err error) {
	u.kept = make(map[uint64]bool)
	err = u.guard(func() error {
		for key, value := range own(u.tx, bucketEpisodes, u.user) {
			e, err := episodes.read(key, value)
			switch {
			case err != nil:
				return err
			case e.Ended.IsZero() && !u.idle, !e.Ended.IsZero() && !e.Ended.Before(u.before):
				u.kept[e.Number] = true
			default:
				over = append(over, bytes.Clone(key))
			}
		}
		return nil
	})
	return over, err
}

// history sifts the chunks.
func (u *pruning) history() error {
	type chunk struct {
		key  []byte
		rows []row
	}
	var changed []chunk
	err := u.guard(func() error {
		for key, value := range own(u.tx, bucketHistory, u.user) {
			if u.left == 0 {
				break
			}
			rows, err := readChunk(key, value)
			if err != nil {
				return err
			}
			kept, err := u.sift(rows)
			if err != nil {
				return err
			}
			if len(kept) < len(rows) {
				changed = append(changed, chunk{bytes.Clone(key), kept})
			}
		}
		return nil
	})
	for _, c := range changed {
		if err != nil {
			return err
		}
		if len(c.rows) == 0 {
			err = u.delete(bucketHistory, c.key)
			continue
		}
		var value []byte
		if value, err = record.Marshal(&c.rows); err == nil {
			err = u.put(bucketHistory, c.key, value)
		}
	}
	return err
}

// sift returns the rows that stay, and counts the others.
func (u *pruning) sift(rows []row) (kept []row, err error) {
	for i, r := range rows {
		if u.left == 0 {
			return append(kept, rows[i:]...), nil
		}
		gone, err := u.gone(r)
		if err != nil {
			return nil, err
		}
		if gone {
			u.left--
		} else {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

func (u *pruning) gone(r row) (bool, error) {
	switch r.Kind {
	case rowMessage:
		m, err := messages.read(u.user, r)
		return !m.Unsent() && flows.Later(m.Sent, m.Queued).Before(u.before), err
	case rowReminder:
		rem, err := reminders.read(u.user, r)
		if rem.State == flows.Armed || rem.State == flows.Fired && u.waits {
			return false, err
		}
		return flows.Later(rem.Sent, rem.Due).Before(u.before), err
	}
	e, err := entries.read(u.user, r)
	return !u.kept[e.Episode] && e.At.Before(u.before), err
}
