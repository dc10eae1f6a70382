package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// TestForgottenBeforeItEnds: the command does not end before nothing is left in the file,
// however much there was.
func TestForgottenBeforeItEnds(t *testing.T) {
	const secret = "zebra-crossing"
	file := filepath.Join(t.TempDir(), "bot.db")
	store, err := boltstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(tx storage.Tx) error {
		var errs []error
		for n := range uint64(1000) {
			errs = append(errs, tx.PutMessage(storage.Message{
				User: 7, State: storage.Queued, Message: flows.Message{Number: n, Text: strings.Repeat(secret, 300)},
			}))
		}
		return errors.Join(errs...)
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if code := run([]string{"person", "forget", "7", "--db", file, "--yes"}, &out, t.Output()); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if n := strings.Count(readFile(t, file), secret); n > 0 || !strings.Contains(out.String(), "1000 × message deleted") {
		t.Errorf("%q, and %d times it is still there", out.String(), n)
	}
}
