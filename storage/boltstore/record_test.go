package boltstore

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/record"
)

func TestKeysSortLikeTheirMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (time.Time, int64, uint64) {
			due := time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, name+" second"), rapid.Int64Range(0, 999_999_999).Draw(t, name+" nanosecond"))
			return due, rapid.Int64().Draw(t, name+" user"), rapid.Uint64().Draw(t, name+" id")
		}
		dueA, userA, idA := draw("a")
		dueB, userB, idB := draw("b")
		want := dueA.Compare(dueB)
		if want == 0 {
			want = slices.Compare([]int64{userA}, []int64{userB})
		}
		if want == 0 {
			want = slices.Compare([]uint64{idA}, []uint64{idB})
		}
		a, b := dueKey(dueA, userA, idA), dueKey(dueB, userB, idB)
		if got := bytes.Compare(a, b); got != want {
			t.Errorf("keys compare as %d, want %d", got, want)
		}
		due, rem, err := parseDueKey(a)
		if err != nil || !due.Equal(dueA) {
			t.Errorf("due time %v, want %v; %v", due, dueA, err)
		}
		if user, id, err := parseRecordKey(rem); err != nil || user != userA || id != idA {
			t.Errorf("reminder %d %d, want %d %d; %v", user, id, userA, idA, err)
		}
	})
}

// fuzzRead: whatever stands in a bucket, reading it gives either a record that
// can be written and read again, or an error that says where it stood.
func fuzzRead[T any](t *testing.T, table table[T], key, value []byte) {
	v, err := table.read(key, value)
	if err != nil {
		if !known(err) || !strings.Contains(err.Error(), fmt.Sprintf("bucket %s, key %x", table.bucket, key)) {
			t.Errorf("%v", err)
		}
		return
	}
	again, err := record.Marshal(&v)
	if err != nil {
		// A time zone may move an instant out of the years that have an encoding.
		if !strings.Contains(err.Error(), "year outside of range") {
			t.Errorf("encode what was read: %v", err)
		}
		return
	}
	if _, err := table.read(key, again); err != nil {
		t.Errorf("read what was encoded: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	key := recordKey(5, 1)
	f.Add(key, encoded(f, &storage.Episode{User: 5, Episode: flows.Episode{Number: 1, Started: start}}))
	f.Add(key, encoded(f, &storage.Quarantined{UpdateID: 5, At: start, Raw: []byte("{"), Cause: "x"}))
	f.Add([]byte{}, []byte("\x01\xf6"))
	f.Add([]byte("k"), []byte("\x00"))
	f.Add(dueKey(start, 5, 1), []byte(nil))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		fuzzRead(t, episodes, key, value)
		fuzzRead(t, quarantine, key, value)
		if due, rem, err := parseDueKey(key); err == nil {
			user, id, err := parseRecordKey(rem)
			if err != nil {
				t.Error(err)
			}
			// Only whole nanoseconds of a second are ever written.
			if again := dueKey(due, user, id); due.Nanosecond() < 1e9 && !bytes.Equal(again, key) && key[timeSize-4] < 0x3b {
				t.Errorf("key %x became %x", key, again)
			}
		}
	})
}

// TestBadRecords puts nonsense where each method looks.
func TestBadRecords(t *testing.T) {
	bad := func(bucket string, key, value []byte) func(w *writeTx) error {
		return func(w *writeTx) error { return w.put(bucket, key, value) }
	}
	last := func(r storage.Reader) error {
		_, dueErr := r.Due(storage.DueKey{}, start.Add(time.Hour), 10)
		_, unsentErr := r.Unsent(storage.MessageKey{}, 10)
		_, _, nextErr := r.NextDue()
		_, stateErr := r.State(5)
		_, offsetErr := r.Offset()
		_, remErr := r.Reminder(5, 1)
		_, messageErr := r.Message(5, 1)
		_, walkErr := collect(r.Entries())
		return errors.Join(walkErr, dueErr, unsentErr, nextErr, stateErr, offsetErr, remErr, messageErr)
	}
	for name, put := range map[string]func(w *writeTx) error{
		"person":                    bad(bucketPeople, intKey(5), []byte("\x01{")),
		"state":                     bad(bucketPeople, intKey(5), encoded(t, &kept{State: []byte("\x01{")})),
		"another's state":           bad(bucketPeople, intKey(5), encoded(t, &kept{State: encoded(t, &flows.State{User: 6})})),
		"reminder":                  bad(bucketPeople, intKey(5), encoded(t, &kept{Rows: []row{{Kind: rowReminder, Number: 1, Open: true, Body: []byte("\x01\xa1\x04\x00")}}})),
		"message":                   bad(bucketPeople, intKey(5), encoded(t, &kept{Rows: []row{{Kind: rowMessage, Number: 1, Open: true, Body: []byte("\x01\xa1\x02\x01")}}})),
		"row":                       bad(bucketPeople, intKey(5), encoded(t, &kept{Rows: []row{{Kind: rowKinds}}})),
		"history":                   bad(bucketHistory, recordKey(5, 0), encoded(t, &[]row{{Kind: rowKinds}})),
		"offset":                    bad(bucketMeta, []byte(metaOffset), []byte("7")),
		"short due key":             bad(bucketDue, []byte("x"), nil),
		"due without a reminder":    bad(bucketDue, dueKey(start, 6, 6), nil),
		"due at another time":       bad(bucketDue, dueKey(start.Add(-1), 5, 1), nil),
		"unsent without a message":  bad(bucketUnsent, recordKey(6, 6), nil),
		"unsent, but the other way": func(w *writeTx) error { return w.delete(bucketPeople, intKey(5)) },
	} {
		t.Run(name, func(t *testing.T) {
			// Not newPath: its check at the end would complain, as it should.
			path := t.TempDir() + "/bot.db"
			s := open(t, path)
			if err := s.Update(t.Context(), func(tx storage.Tx) error {
				m := storage.Message{User: 5, State: storage.Queued, Message: flows.Message{Number: 1}}
				e := storage.Entry{User: 5, Entry: flows.Entry{Seq: 1, Value: strings.Repeat("long ", keptClosed)}}
				return errors.Join(tx.PutState(flows.State{User: 5}), tx.PutEntry(e), tx.PutReminder(reminder(5, 1, start)), tx.PutMessage(m))
			}); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(s.View(t.Context(), last), s.Check(t.Context())); err != nil {
				t.Fatalf("before the damage: %v", err)
			}
			if err := s.Update(t.Context(), func(tx storage.Tx) error {
				w := tx.(*writeTx)
				err := put(w)
				clear(w.people.cached)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			err := s.View(t.Context(), last)
			if !errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), "bucket ") || !strings.Contains(err.Error(), "key ") {
				t.Errorf("read: %v", err)
			}
			if err := s.Check(t.Context()); name != "offset" && !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("check: %v", err)
			}
		})
	}
}

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	b, err := record.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func collect[T any](seq iter.Seq2[T, error]) (all []T, err error) {
	for v, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

// FuzzPerson: whatever stands in a person's record or in a chunk, reading it gives
// rows that can be written and read again, or an error.
func FuzzPerson(f *testing.F) {
	at := start.Round(0).UTC()
	entry, _ := entries.write(storage.Entry{User: 5, Entry: flows.Entry{Seq: 1, At: at, Kind: "answer", Value: "seven"}})
	reminder, _ := reminders.write(storage.Reminder{User: 5, Reminder: flows.Reminder{ID: 1 << 63, Due: at, Kind: "water"}, State: flows.Armed})
	message, _ := messages.write(storage.Message{User: 5, Chat: 5, State: storage.Queued, Message: flows.Message{
		Number: 2, Text: "words", Keyboard: [][]flows.Key{{{Label: "Done", Data: "r1.done"}}},
	}})
	rows := []row{entry, reminder, message}
	f.Add(encoded(f, &kept{State: encoded(f, &flows.State{User: 5}), Rows: rows, Chunks: 3}))
	f.Add(encoded(f, &rows))
	f.Fuzz(func(t *testing.T, value []byte) {
		p := &person{user: 5}
		if p.decode(value) == nil {
			again := &person{user: 5}
			if err := again.decode(encoded(t, &p.kept)); err != nil || len(again.Rows) != len(p.Rows) || again.Chunks != p.Chunks || again.Moved != p.Moved {
				t.Errorf("%+v was written and read as %+v, %v", p, again, err)
			}
			if _, err := p.getState(); err != nil && !known(err) {
				t.Error(err)
			}
		}
		rows, err := readChunk(recordKey(5, 0), value)
		if err != nil && !known(err) {
			t.Error(err)
		}
		for _, r := range rows {
			rewritten(t, entries, r)
			rewritten(t, reminders, r)
			rewritten(t, messages, r)
		}
	})
}

func rewritten[T any](t *testing.T, k kind[T], r row) {
	v, err := k.read(5, r)
	if err != nil {
		if !known(err) {
			t.Error(err)
		}
		return
	}
	again, err := k.write(v)
	if err != nil && strings.Contains(err.Error(), "year outside of range") {
		return
	}
	if err != nil {
		t.Errorf("%s: write what was read: %v", k.name, err)
		return
	}
	if _, err := k.read(5, again); err != nil {
		t.Errorf("%s: read what was written: %v", k.name, err)
	}
}
