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
		if !errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), fmt.Sprintf("bucket %s, key %x", table.bucket, key)) {
			t.Errorf("%v", err)
		}
		return
	}
	again, err := table.encode(v)
	if err != nil {
		// A time zone may move a time out of the years that JSON has.
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
	f.Add(key, []byte(`{"user":5,"id":1,"n":1,"seq":1,"number":1,"due":"2026-11-22T02:30:00.000000001+01:00"}`))
	f.Add(key, []byte(`{"user":5,"id":2}`))
	f.Add([]byte{}, []byte(`null`))
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
		_, dueErr := r.Due(start.Add(time.Hour), 10)
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
		"person":                    bad(bucketPeople, intKey(5), []byte("{")),
		"state":                     bad(bucketPeople, intKey(5), (&person{state: []byte("{")}).encode()),
		"another's state":           bad(bucketPeople, intKey(5), (&person{state: flows.EncodeState(flows.State{User: 6})}).encode()),
		"reminder":                  bad(bucketPeople, intKey(5), (&person{rows: []row{{rowReminder, 1, true, []byte("\x0f")}}}).encode()),
		"message":                   bad(bucketPeople, intKey(5), (&person{rows: []row{{rowMessage, 1, true, []byte("\x18\x01")}}}).encode()),
		"row":                       bad(bucketPeople, intKey(5), []byte("\x5a\x01\x02")),
		"history":                   bad(bucketHistory, recordKey(5, 0), []byte("\x5a\x01\x02")),
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
	f.Add((&person{state: flows.EncodeState(flows.State{User: 5}), rows: []row{entry, reminder, message}, chunks: 3}).encode())
	f.Add([]byte("\x5a\x02\x00\x80"))
	f.Fuzz(func(t *testing.T, value []byte) {
		p := &person{user: 5}
		if p.decode(value) == nil {
			again := &person{user: 5}
			if err := again.decode(p.encode()); err != nil || len(again.rows) != len(p.rows) || again.chunks != p.chunks || again.moved != p.moved {
				t.Errorf("%+v was written and read as %+v, %v", p, again, err)
			}
			if _, err := p.getState(); err != nil && !errors.Is(err, storage.ErrDamaged) {
				t.Error(err)
			}
		}
		rows, err := readChunk(recordKey(5, 0), value)
		if err != nil && !errors.Is(err, storage.ErrDamaged) {
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
		if !errors.Is(err, storage.ErrDamaged) {
			t.Error(err)
		}
		return
	}
	again, err := k.write(v)
	if err != nil {
		t.Errorf("%s: write what was read: %v", k.name, err)
		return
	}
	if _, err := k.read(5, again); err != nil {
		t.Errorf("%s: read what was written: %v", k.name, err)
	}
}
