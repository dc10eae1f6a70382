package boltstore

import (
	"bytes"
	"encoding/json"
	"fmt"

	"spasmbot/flows"
	"spasmbot/storage"
)

// table is a bucket of records of one kind.
type table[T any] struct {
	bucket string
	// key says where a record belongs; nil if the record cannot tell.
	key    func(T) []byte
	encode func(T) ([]byte, error)
	decode func([]byte) (T, error)
}

var (
	states = table[flows.State]{
		bucket: bucketStates,
		key:    func(s flows.State) []byte { return intKey(s.User) },
		encode: func(s flows.State) ([]byte, error) { return flows.EncodeState(stateInUTC(s)) },
		decode: flows.DecodeState,
	}
	episodes = table[storage.Episode]{
		bucket: bucketEpisodes,
		key:    func(e storage.Episode) []byte { return recordKey(e.User, e.Number) },
		encode: func(e storage.Episode) ([]byte, error) {
			e.Episode = episodeInUTC(e.Episode)
			return json.Marshal(e)
		},
		decode: fromJSON[storage.Episode],
	}
	entries = table[storage.Entry]{
		bucket: bucketEntries,
		key:    func(e storage.Entry) []byte { return recordKey(e.User, e.Seq) },
		encode: func(e storage.Entry) ([]byte, error) {
			e.At = e.At.UTC()
			return json.Marshal(e)
		},
		decode: fromJSON[storage.Entry],
	}
	reminders = table[storage.Reminder]{
		bucket: bucketReminders,
		key:    func(r storage.Reminder) []byte { return recordKey(r.User, r.ID) },
		encode: func(r storage.Reminder) ([]byte, error) {
			r.Due, r.Sent = r.Due.UTC(), r.Sent.UTC()
			return json.Marshal(r)
		},
		decode: fromJSON[storage.Reminder],
	}
	messages = table[storage.Message]{
		bucket: bucketMessages,
		key:    func(m storage.Message) []byte { return recordKey(m.User, m.Number) },
		encode: func(m storage.Message) ([]byte, error) {
			m.Queued, m.Sent = m.Queued.UTC(), m.Sent.UTC()
			return json.Marshal(m)
		},
		decode: fromJSON[storage.Message],
	}
	// quarantine is keyed by the order of arrival, which no record knows.
	quarantine = table[storage.Quarantined]{
		bucket: bucketQuarantine,
		encode: func(q storage.Quarantined) ([]byte, error) {
			q.At = q.At.UTC()
			return json.Marshal(q)
		},
		decode: fromJSON[storage.Quarantined],
	}
)

// put encodes before it writes, so that a value that cannot be encoded leaves
// nothing behind.
func (t table[T]) put(w *writeTx, v T) error {
	key := t.key(v)
	value, err := t.encode(v)
	if err != nil {
		return fmt.Errorf("encode %s %x: %w", t.bucket, key, err)
	}
	return w.put(t.bucket, key, value)
}

// get fails with storage.ErrNotFound if there is no record.
func (t table[T]) get(r *readTx, key []byte) (v T, err error) {
	err = r.guard(func() error {
		value := r.tx.Bucket([]byte(t.bucket)).Get(key)
		if value == nil {
			return fmt.Errorf("%s %x: %w", t.bucket, key, storage.ErrNotFound)
		}
		v, err = t.read(key, value)
		return err
	})
	return v, err
}

// read decodes a record and makes sure that it is the one that belongs under
// the key; what it returns shares no memory with value.
func (t table[T]) read(key, value []byte) (T, error) {
	v, err := t.decode(value)
	if err == nil && t.key != nil && !bytes.Equal(t.key(v), key) {
		err = fmt.Errorf("holds the record of key %x", t.key(v))
	}
	if err != nil {
		var none T
		return none, damagedRecord(t.bucket, key, err)
	}
	return v, nil
}

func fromJSON[T any](b []byte) (T, error) {
	var v T
	err := json.Unmarshal(b, &v)
	return v, err
}

func episodeInUTC(e flows.Episode) flows.Episode {
	e.Started, e.Onset, e.Ended = e.Started.UTC(), e.Onset.UTC(), e.Ended.UTC()
	return e
}

func stateInUTC(s flows.State) flows.State {
	s = s.Clone()
	s.Episode = episodeInUTC(s.Episode)
	for i := range s.Tracks {
		t := &s.Tracks[i]
		t.On, t.Off = t.On.UTC(), t.Off.UTC()
	}
	for i := range s.Pending {
		s.Pending[i].Due = s.Pending[i].Due.UTC()
	}
	for i := range s.Open {
		s.Open[i].At = s.Open[i].At.UTC()
	}
	return s
}
