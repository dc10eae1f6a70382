package boltstore

import (
	"cmp"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// people holds the records that a transaction has read, so that the calls which
// share a commit read and write each record once. Those of the last commits need
// not be read again: nobody but the writer changes them.
type people struct {
	tx     *bolt.Tx
	cached map[int64]*person
}

// recentMost is how many records are kept for the next commit: a megabyte or so,
// however many people there are.
const recentMost = 512

func newPeople(tx *bolt.Tx, recent map[int64]*person) *people {
	if recent == nil {
		recent = make(map[int64]*person)
	}
	return &people{tx: tx, cached: recent}
}

// recent are the records for the next commit, once this one is made; nil if they
// are too many.
func (p *people) recent() map[int64]*person {
	if len(p.cached) > recentMost {
		return nil
	}
	return p.cached
}

// person returns a record to read. Somebody unknown has an empty one.
func (r *readTx) person(user int64) (*person, error) {
	if r.over {
		return nil, errOver
	}
	if p := r.people.cached[user]; p != nil {
		return p, nil
	}
	p := &person{user: user}
	key := intKey(user)
	err := r.guard(func() error {
		defer r.memory.touched(r.tx)
		if value := r.tx.Bucket([]byte(bucketPeople)).Get(key); value != nil {
			if err := p.decode(value); err != nil {
				return damagedRecord(bucketPeople, key, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if r.tx.Writable() {
		r.people.cached[user] = p
	}
	return p, nil
}

// flush writes the records that were changed.
func (p *people) flush() error {
	changed := slices.DeleteFunc(slices.Collect(maps.Values(p.cached)), func(one *person) bool { return !one.changed })
	slices.SortFunc(changed, func(a, b *person) int { return cmp.Compare(a.user, b.user) })
	return caught(func() error {
		records := p.tx.Bucket([]byte(bucketPeople))
		for _, one := range changed {
			if one.closed() > keptClosed {
				if err := p.moveOn(one); err != nil {
					return err
				}
			}
			value, err := one.encode()
			if err == nil {
				err = records.Put(intKey(one.user), value)
			}
			if err != nil {
				return err
			}
			one.changed = false
		}
		return nil
	})
}
