package boltstore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/storage"
)

// backedUp makes a database of some people, and a backup of it while it is in use.
func backedUp(t *testing.T) (s *Store, backup string) {
	t.Helper()
	s = open(t, newPath(t))
	put := func(from, to int64) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx storage.Tx) error {
			for user := from; user < to; user++ {
				if err := tx.PutState(flows.State{User: user, Zone: "Europe/Berlin"}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	put(1, 500)
	backup = filepath.Join(t.TempDir(), "backup")
	if err := s.Backup(t.Context(), func(f *os.File) error {
		put(500, 1000) // too late to be in it
		return WriteFile(backup, func(w io.Writer) error { _, err := io.Copy(w, f); return err })
	}); err != nil {
		t.Fatal(err)
	}
	if left, err := Copies(s.path); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	return s, backup
}

func TestRestore(t *testing.T) {
	t.Parallel()
	s, backup := backedUp(t)
	if info, err := os.Stat(backup); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if err := Restore(t.Context(), backup, s.path, false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("without force: %v", err)
	}
	if err := Restore(t.Context(), backup, s.path, true); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("under a bot that runs: %v", err)
	}
	path := newPath(t)
	if err := Restore(t.Context(), backup, path, false); err != nil {
		t.Fatal(err)
	}
	count := 0
	if err := open(t, path).View(t.Context(), func(r storage.Reader) error {
		for _, err := range r.States() {
			if err != nil {
				return err
			}
			count++
		}
		return nil
	}); err != nil || count != 499 {
		t.Errorf("%d people, %v", count, err)
	}
	// A damaged file is what a backup is for.
	bad := newPath(t)
	if err := os.WriteFile(bad, bytes.Repeat([]byte("x"), 1<<16), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), backup, bad, true); err != nil {
		t.Error(err)
	}
}

// TestTornBackup: a copy that is not whole is called so, and nothing is replaced by it.
func TestTornBackup(t *testing.T) {
	t.Parallel()
	_, backup := backedUp(t)
	whole, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	flip := func(at int) []byte { b := bytes.Clone(whole); b[at] ^= 1; return b }
	for name, b := range map[string][]byte{
		"empty": {}, "cut short": whole[:len(whole)/2], "by one": whole[:len(whole)-1], "no seal": whole[:len(whole)-sealSize],
		"half, and its seal": append(bytes.Clone(whole[:len(whole)/2]), whole[len(whole)-sealSize:]...),
		"a bit":              flip(len(whole) / 2), "a bit of the seal": flip(len(whole) - 1),
	} {
		path, torn := filepath.Join(t.TempDir(), "bot.db"), filepath.Join(t.TempDir(), "torn")
		if err := os.WriteFile(torn, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), torn, path, true); !errors.Is(err, ErrTorn) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: it was put in place", name)
		}
	}
}

// TestBackupEnds: whoever asked for it may go.
func TestBackupEnds(t *testing.T) {
	t.Parallel()
	s, _ := backedUp(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Backup(ctx, func(*os.File) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
