package boltstore

import (
	"path/filepath"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/storage"
)

// TestHistory puts rows that move on to the history at once, in no order and
// some of them twice: each is found by its number and in the list, as it was put
// last.
func TestHistory(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "bot.db"))
	long := strings.Repeat("x", keptClosed+1)
	row := func(number uint64, times int) storage.Message {
		return storage.Message{User: 7, Chat: 7, State: storage.Failed, Attempts: times, Cause: long, Message: flows.Message{Number: number}}
	}
	want := map[uint64]int{}
	for _, number := range []uint64{5, 3, 5, 8, 3, 1} {
		want[number]++
		if err := s.Update(t.Context(), func(tx storage.Tx) error { return tx.PutMessage(row(number, want[number])) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.View(t.Context(), func(r storage.Reader) error {
		for number, times := range want {
			m, err := r.Message(7, number)
			if err != nil || m.Attempts != times {
				t.Errorf("message %d is number %d of its kind, want %d: %v", number, m.Attempts, times, err)
			}
		}
		listed := 0
		for m, err := range r.Messages() {
			if err != nil {
				return err
			}
			if listed++; m.Attempts != want[m.Number] {
				t.Errorf("message %d is listed as number %d of its kind, want %d", m.Number, m.Attempts, want[m.Number])
			}
		}
		if listed != len(want) {
			t.Errorf("%d messages are listed, want %d", listed, len(want))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
