package boltstore

import (
	"bytes"
	"fmt"

	"spasmbot/storage"
	"spasmbot/storage/record"
)

// table is a bucket of records of one kind.
type table[T any] struct {
	bucket string
	// key says where a record belongs; nil if the record cannot tell.
	key func(T) []byte
}

var (
	episodes = table[storage.Episode]{
		bucket: bucketEpisodes,
		key:    func(e storage.Episode) []byte { return recordKey(e.User, e.Number) },
	}
	// quarantine is keyed by the order of arrival, which no record knows.
	quarantine = table[storage.Quarantined]{bucket: bucketQuarantine}
)

// put encodes before it writes, so that a value that cannot be encoded leaves
// nothing behind.
func (t table[T]) put(w *writeTx, v T) error {
	key := t.key(v)
	value, err := record.Marshal(&v)
	if err != nil {
		return fmt.Errorf("encode %s %x: %w", t.bucket, key, err)
	}
	return w.put(t.bucket, key, value)
}

// read decodes a record and makes sure that it is the one that belongs under
// the key; what it returns shares no memory with value.
func (t table[T]) read(key, value []byte) (T, error) {
	var v T
	err := record.Unmarshal(value, &v)
	if err == nil && t.key != nil && !bytes.Equal(t.key(v), key) {
		err = fmt.Errorf("holds the record of key %x", t.key(v))
	}
	if err != nil {
		var none T
		return none, damagedRecord(t.bucket, key, err)
	}
	return v, nil
}
