package boltstore

import (
	"bytes"
	"encoding/hex"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/record"
)

// TestLayoutOfAPerson holds the record of a person and a chunk of the history
// against the bytes that earlier programs have written.
func TestLayoutOfAPerson(t *testing.T) {
	rows := []row{
		{Kind: rowEntry, Number: 1, Body: []byte("e")},
		{Kind: rowReminder, Number: 1 << 63, Open: true, Body: []byte("r")},
		{Kind: rowMessage, Number: 2, Open: true, Body: []byte("m")},
	}
	one := person{user: 5, kept: kept{State: []byte("state"), Rows: rows, Chunks: 3, Moved: [rowKinds]uint64{7, 8, 9}}}
	const list = "83" + "840001f44165" + "84011b8000000000000000f54172" + "840202f5416d"
	for _, c := range []struct {
		name, want string
		v          any
	}{
		{"person", "01a4" + "01457374617465" + "02" + list + "0303" + "0483070809", &one.kept},
		{"chunk", "01" + list, &rows},
	} {
		if got := hex.EncodeToString(encoded(t, c.v)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	back := person{user: 5}
	if err := back.decode(encoded(t, &one.kept)); err != nil || !reflect.DeepEqual(back, one) {
		t.Errorf("%v\n got %+v\nwant %+v", err, back, one)
	}
}

// TestFewRecordsAreKeptForTheNextCommit, however many a transaction has read.
func TestFewRecordsAreKeptForTheNextCommit(t *testing.T) {
	all := newPeople(nil, nil)
	for user := range int64(recentMost) {
		all.cached[user] = &person{user: user}
	}
	next := newPeople(nil, all.recent())
	if len(next.cached) != recentMost {
		t.Errorf("%d of %d records are kept", len(next.cached), recentMost)
	}
	next.cached[recentMost] = &person{user: recentMost}
	if n := len(newPeople(nil, next.recent()).cached); n != 0 {
		t.Errorf("%d of %d records are kept, want none", n, recentMost+1)
	}
}

// TestRowsKeepWhatTheirKeySays: it is not in the row, and comes back.
func TestRowsKeepWhatTheirKeySays(t *testing.T) {
	for _, m := range []storage.Message{
		{User: 5, Chat: 5, Message: flows.Message{Number: 1}},
		{User: 5, Chat: -1 << 63, Message: flows.Message{Number: 1}},
		{User: 1<<63 - 1, Chat: -7, Message: flows.Message{Number: 1<<64 - 1}},
		{User: 5, Message: flows.Message{Number: 1}},
	} {
		r, err := messages.write(m)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := messages.read(m.User, r); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, m)
		}
		if private := m.Chat == m.User; private && len(r.Body) > 2 {
			t.Errorf("the row of an empty message has %d bytes: % x", len(r.Body), r.Body)
		}
	}
}

// TestRecordOfANewerProgram is refused, wherever it stands, and is not called
// damage.
func TestRecordOfANewerProgram(t *testing.T) {
	newer := func(v any) []byte {
		b := encoded(t, v)
		b[0]++
		return b
	}
	for name, put := range map[string]func(w *writeTx) error{
		"person": func(w *writeTx) error { return w.put(bucketPeople, intKey(5), newer(&kept{Chunks: 1})) },
		"state": func(w *writeTx) error {
			return w.put(bucketPeople, intKey(5), encoded(t, &kept{State: newer(&flows.State{User: 5})}))
		},
		"episode": func(w *writeTx) error {
			return w.put(bucketEpisodes, recordKey(5, 1), newer(&storage.Episode{User: 5}))
		},
		"marks": func(w *writeTx) error { return w.put(bucketMeta, []byte(metaMarks), newer(&storage.Marks{Told: 1})) },
		"entry": func(w *writeTx) error {
			return w.put(bucketPeople, intKey(5), encoded(t, &kept{Rows: []row{{Kind: rowEntry, Body: newer(&storage.Entry{})}}}))
		},
		"history": func(w *writeTx) error {
			return errors.Join(w.put(bucketPeople, intKey(5), encoded(t, &kept{Chunks: 1})), w.put(bucketHistory, recordKey(5, 0), newer(&[]row{})))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir()+"/bot.db")
			if err := s.Update(t.Context(), func(tx storage.Tx) error { return put(tx.(*writeTx)) }); err != nil {
				t.Fatal(err)
			}
			err := s.View(t.Context(), func(r storage.Reader) error {
				_, marks := r.Marks()
				return errors.Join(marks, checkRecords(r.(*readTx)))
			})
			if !errors.Is(err, storage.ErrNewer) || errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), "use the program version that wrote it") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestErrorsQuoteNothing of a record: it is health data.
func TestErrorsQuoteNothing(t *testing.T) {
	const secret = "seven of ten"
	text := append([]byte{0x60 + byte(len(secret))}, secret...)
	for name, body := range map[string][]byte{
		"a text where a number belongs":  append([]byte{1, 0xa1, 2}, text...),
		"a text where an instant is":     append([]byte{1, 0xa1, 3, 0xc0}, text...),
		"a field of that name, twice":    bytes.Join([][]byte{{1, 0xa2}, text, {0}, text, {0}}, nil),
		"a value that no entry can have": append([]byte{1, 0xa1, 7, 0x81}, text...),
	} {
		_, err := entries.read(5, row{Kind: rowEntry, Number: 1, Body: body})
		if !errors.Is(err, storage.ErrDamaged) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := record.Unmarshal([]byte{1, 0xa1, 1, 0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, new(flows.State)); err == nil || strings.Contains(err.Error(), "18446744073709551615") {
		t.Errorf("a number that is too large: %v", err)
	}
}

// TestOnePersonWithoutTheOthers: what is kept of one person is read without a look at the
// records of others, so that theirs may even be damaged.
func TestOnePersonWithoutTheOthers(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "bot.db"))
	err := s.Update(t.Context(), func(tx storage.Tx) error {
		var errs []error
		for user := int64(7); user < 10; user++ {
			errs = append(errs, tx.PutState(flows.State{User: user}),
				tx.PutEpisode(storage.Episode{User: user, Episode: flows.Episode{Number: 1}}),
				tx.PutEntry(storage.Entry{User: user, Entry: flows.Entry{Seq: 1, Episode: 1}}))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx storage.Tx) error {
		w := tx.(*writeTx)
		return w.write(func() error { return w.put(bucketEpisodes, recordKey(7, 1), []byte("x")) })
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(r storage.Reader) error {
		if n, err := storage.Kept(storage.OfPerson(r, 8)); err != nil || n != (storage.Forgotten{States: 1, Episodes: 1, Entries: 1}) {
			t.Errorf("of one person there are %+v: %v", n, err)
		}
		if _, err := storage.Kept(r); err == nil {
			t.Error("the damage is not noticed by whoever reads all")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
