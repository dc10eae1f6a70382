package boltstore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage"
)

// FuzzRecord puts arbitrary bytes into any bucket and reads everything. Bytes
// that are no record are an error that says so, never a panic, and reading
// changes nothing.
func FuzzRecord(f *testing.F) {
	file := filepath.Join(f.TempDir(), "sample.db")
	ours := seedRecords(f, file)
	seedDamage(f, file)
	for table := range uint(len(buckets())) {
		f.Add(table, []byte("short"), []byte(nil))
		f.Add(table, recordKey(9, 9), []byte("\x01\xa2\x20\x01\x01\x1b\xff\xff\xff\xff\xff\xff\xff\xff"))
	}
	f.Fuzz(func(t *testing.T, table uint, key, value []byte) {
		names := buckets()
		plant(t, file, ours, names[table%uint(len(names))], key, value)
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := readEverything(t, file); err != nil && !known(err) {
			t.Errorf("%v", err)
		}
		after, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before, after) {
			t.Error("reading has changed the file")
		}
	})
}

// seedDamage adds each record of a file as it is, cut in half, with a byte
// changed, and under the key of nobody.
func seedDamage(f *testing.F, file string) {
	f.Helper()
	db, err := bolt.Open(file, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		f.Fatal(err)
	}
	err = db.View(func(tx *bolt.Tx) error {
		for i, name := range buckets() {
			err := tx.Bucket([]byte(name)).ForEach(func(key, value []byte) error {
				key, value = bytes.Clone(key), bytes.Clone(value)
				f.Add(uint(i), key, value)
				f.Add(uint(i), key, value[:len(value)/2])
				f.Add(uint(i), append(bytes.Clone(key), 7), value)
				if len(value) > 0 {
					value = bytes.Clone(value)
					value[len(value)/3] ^= 0x55
					f.Add(uint(i), key, value)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		f.Fatal(err)
	}
}

// known says that an error tells the operator what is the matter.
func known(err error) bool {
	for _, e := range []error{storage.ErrDamaged, storage.ErrNewer, storage.ErrForeign} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// seedRecords makes a database with a few records of each kind and returns its
// bytes.
func seedRecords(f *testing.F, file string) []byte {
	f.Helper()
	s, err := Open(file)
	if err != nil {
		f.Fatal(err)
	}
	err = s.Update(f.Context(), func(tx storage.Tx) error {
		return errors.Join(
			increment(1)(tx), increment(2)(tx), tx.MarkSeen(1, start), tx.SetOffset(2), tx.PutFileID("k", "id"),
			tx.PutEpisode(storage.Episode{User: 1}), tx.PutEntry(storage.Entry{User: 1}),
			tx.PutMessage(storage.Message{User: 1, State: storage.Queued}), tx.Quarantine(storage.Quarantined{UpdateID: 5}),
		)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		f.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	return b
}

func plant(t *testing.T, file string, ours []byte, bucket string, key, value []byte) {
	t.Helper()
	if err := os.WriteFile(file, ours, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(file, 0o600, &bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if len(key) == 0 || len(key) > bolt.MaxKeySize || b == nil {
			return nil
		}
		return b.Put(key, value)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// readEverything opens the file to read and asks for all that a Reader can be
// asked for.
func readEverything(t *testing.T, file string) error {
	t.Helper()
	s, err := Open(file, ReadOnly())
	if err != nil {
		return err
	}
	err = s.View(t.Context(), func(r storage.Reader) error {
		_, offset := r.Offset()
		_, seen := r.Seen(1)
		_, state := r.State(1)
		_, reminder := r.Reminder(1, 3)
		_, message := r.Message(1, 1)
		_, due := r.Due(storage.DueKey{}, start.Add(100*365*24*time.Hour), 1000)
		_, _, next := r.NextDue()
		_, unsent := r.Unsent(storage.MessageKey{}, 1000)
		_, name := r.FileID("k")
		found := []error{offset, seen, state, reminder, message, due, next, unsent, name}
		for i, err := range found {
			if errors.Is(err, storage.ErrNotFound) {
				found[i] = nil
			}
			if err != nil && !errors.Is(err, storage.ErrNotFound) && !known(err) {
				t.Errorf("question %d: %v", i, err)
			}
		}
		return errors.Join(append(found, checkRecords(r.(*readTx)))...)
	})
	return errors.Join(err, s.Close())
}
