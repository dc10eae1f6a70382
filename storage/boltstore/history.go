package boltstore

import (
	"bytes"
	"cmp"
	"iter"
	"slices"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage/record"
)

// moveOn writes the rows of a person that will not change any more into a chunk of
// the history.
func (p *people) moveOn(one *person) error {
	key, rows := recordKey(one.user, one.Chunks), one.retire()
	value, err := record.Marshal(&rows)
	if err != nil {
		return err
	}
	return p.tx.Bucket([]byte(bucketHistory)).Put(key, value)
}

// readChunk reads the rows of a chunk.
func readChunk(key, value []byte) (rows []row, err error) {
	if _, _, err = parseRecordKey(key); err == nil {
		err = record.Unmarshal(value, &rows)
	}
	if err == nil {
		err = knownRows(rows)
	}
	if err != nil {
		return nil, damagedRecord(bucketHistory, key, err)
	}
	return rows, nil
}

// own goes over a person's records in a bucket, in order.
func own(tx *bolt.Tx, bucket string, user int64) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		c, prefix := tx.Bucket([]byte(bucket)).Cursor(), intKey(user)
		for key, value := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, value = c.Next() {
			if !yield(key, value) {
				return
			}
		}
	}
}

// history calls visit with each row of a person's chunks, oldest first.
func (r *readTx) history(user int64, visit func(row)) error {
	return r.guard(func() error {
		for key, value := range own(r.tx, bucketHistory, user) {
			rows, err := readChunk(key, value)
			if err != nil {
				return err
			}
			for _, one := range rows {
				visit(one)
			}
		}
		return nil
	})
}

// row finds a row of a person, at hand or in the history.
func (r *readTx) row(user int64, k rowKind, number uint64) (found row, ok bool, err error) {
	p, err := r.person(user)
	if err != nil {
		return row{}, false, err
	}
	if i := p.find(k, number); i >= 0 {
		return p.Rows[i], true, nil
	}
	if !p.inHistory(k, number) {
		return row{}, false, nil
	}
	err = r.history(user, func(one row) {
		if one.Kind == k && one.Number == number {
			found, ok = one, true // a later chunk holds the newer one
		}
	})
	return found, ok, err
}

// rowsOf lists all of a person's rows of a kind by number.
func (r *readTx) rowsOf(user int64, k rowKind) (all []row, err error) {
	p, err := r.person(user)
	if err != nil {
		return nil, err
	}
	add := func(one row) {
		if one.Kind == k {
			all = append(all, one)
		}
	}
	if p.Chunks > 0 {
		if err := r.history(user, add); err != nil {
			return nil, err
		}
	}
	for _, one := range p.Rows {
		add(one)
	}
	// Of two of the same number the newer stands behind, and counts.
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b row) int { return cmp.Compare(a.Number, b.Number) })
	return slices.CompactFunc(all, func(a, b row) bool { return a.Number == b.Number }), nil
}
