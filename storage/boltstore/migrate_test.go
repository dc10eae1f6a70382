package boltstore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"spasmbot/flows"
	"spasmbot/storage"
)

// future is what may come after the present: one version translates the
// language tags of all states, the next marks the file.
func future(last migration) schema {
	return schema{steps: append(currentSchema().steps,
		func(tx *bolt.Tx) error {
			w := &writeTx{readTx: newReadTx(tx, new(memory))}
			for s, err := range w.States() {
				if err != nil {
					return err
				}
				s.Lang = "de"
				if err := w.PutState(s); err != nil {
					return err
				}
			}
			return w.flush()
		},
		last,
	)}
}

func mark(tx *bolt.Tx) error {
	return tx.Bucket([]byte(bucketMeta)).Put([]byte("mark"), []byte("x"))
}

// old is a database of the present version, readable by anyone.
func old(t *testing.T) (path string, content []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "bot.db")
	s := open(t, path)
	if err := errors.Join(s.Update(t.Context(), func(tx storage.Tx) error {
		return tx.PutState(flows.State{User: 1, Lang: "at", Rev: 7})
	}), s.Close(), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}
	content, _ = read(t, path)
	return path, content
}

func lang(t *testing.T, path string, opts ...Option) string {
	t.Helper()
	s := open(t, path, opts...)
	var state flows.State
	if err := errors.Join(s.View(t.Context(), func(r storage.Reader) (err error) {
		state, err = r.State(1)
		return err
	}), s.Check(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	if state.Rev != 7 {
		t.Errorf("state %+v has lost something", state)
	}
	return state.Lang
}

func TestMigration(t *testing.T) {
	path, content := old(t)
	if got := lang(t, path, withSchema(future(mark))); got != "de" {
		t.Errorf("language %q after the migration, want de", got)
	}
	if got := lang(t, path, withSchema(future(mark)), ReadOnly()); got != "de" {
		t.Errorf("language %q when opened again, want de", got)
	}
	wantNames(t, filepath.Dir(path), "bot.db", "bot.db.bak-v1")

	backup := path + ".bak-v1"
	if _, info := read(t, backup); info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the backup %o, want 600", info.Mode().Perm())
	}
	if got := lang(t, backup); got != "at" {
		t.Errorf("language %q in the backup, want at", got)
	}

	// Back to the old version, and forward again with what came since.
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := lang(t, path, withSchema(future(mark))); got != "de" {
		t.Errorf("language %q after the second migration, want de", got)
	}
}

func TestMigrationFails(t *testing.T) {
	for name, last := range map[string]migration{
		"with an error":           func(*bolt.Tx) error { return errRefused },
		"with a panic":            func(*bolt.Tx) error { panic("page 7: not a leaf") },
		"by leaving a bucket out": func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(bucketDue)) },
	} {
		t.Run(name, func(t *testing.T) {
			path, content := old(t)
			for range 2 {
				if s, err := Open(path, withSchema(future(last))); err == nil {
					s.Close()
					t.Fatal("opened")
				}
			}
			if after, _ := read(t, path); !bytes.Equal(after, content) {
				t.Error("the file was touched")
			}
			if got := lang(t, path); got != "at" {
				t.Errorf("language %q, want at", got)
			}
		})
	}
}

func TestMigrationWithoutRoomForBackup(t *testing.T) {
	path, content := old(t)
	if err := os.MkdirAll(filepath.Join(path+".bak-v1", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, withSchema(future(mark))); err == nil || !strings.Contains(err.Error(), ".bak-v1") {
		t.Errorf("open: %v", err)
	}
	if after, _ := read(t, path); !bytes.Equal(after, content) {
		t.Error("the file was touched")
	}
	wantNames(t, filepath.Dir(path), "bot.db", "bot.db.bak-v1")
}

func TestReadOnlyDoesNotMigrate(t *testing.T) {
	path, content := old(t)
	if _, err := Open(path, withSchema(future(mark)), ReadOnly()); err == nil || !strings.Contains(err.Error(), "start the bot once") {
		t.Errorf("open: %v", err)
	}
	if after, _ := read(t, path); !bytes.Equal(after, content) {
		t.Error("the file was touched")
	}
	wantNames(t, filepath.Dir(path), "bot.db")
}

func TestNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	if err := open(t, path, withSchema(future(mark))).Close(); err != nil {
		t.Fatal(err)
	}
	wantUntouched(t, path, storage.ErrNewer)
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "schema 3, this program knows 1): install") {
		t.Errorf("open: %v", err)
	}
}
