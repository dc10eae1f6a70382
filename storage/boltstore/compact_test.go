package boltstore

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spasmbot/storage"
)

// fillAndPrune leaves a file of mostly free pages, with all kinds of records,
// and returns what it exports.
func fillAndPrune(t *testing.T, path string) []byte {
	t.Helper()
	s := open(t, path)
	for user := range int64(40) {
		if err := s.Update(t.Context(), func(tx storage.Tx) error {
			errs := []error{increment(user)(tx), tx.MarkSeen(user, start), tx.SetOffset(user), tx.PutFileID("file", "id")}
			for n := range uint64(50) {
				m := storage.Message{User: user, State: storage.Sent, Queued: start, Sent: start}
				m.Number, m.Cause = n, strings.Repeat("gone ", 500)
				if n%10 == 0 {
					m.Queued, m.Sent = start.AddDate(1, 0, 0), start.AddDate(1, 0, 0)
				}
				errs = append(errs, tx.PutMessage(m))
			}
			return errors.Join(append(errs, tx.Quarantine(storage.Quarantined{UpdateID: user, Raw: make([]byte, 1<<10)}))...)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Update(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Prune(start.AddDate(0, 1, 0), math.MinInt64, 1_000_000)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	out := exported(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

func exported(t *testing.T, s *Store) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.View(t.Context(), func(r storage.Reader) error { return storage.Export(r, &out, nil) }); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wantSame demands that a file holds what it held, and nothing lies beside it.
func wantSame(t *testing.T, path string, want []byte) {
	t.Helper()
	s := open(t, path)
	if got := exported(t, s); !bytes.Equal(got, want) || len(got) == 0 {
		t.Errorf("%d bytes are exported, want %d", len(got), len(want))
	}
	err := s.View(t.Context(), func(r storage.Reader) error {
		seen, err1 := r.Seen(39)
		offset, err2 := r.Offset()
		id, err3 := r.FileID("file")
		if !seen || offset != 39 || id != "id" {
			t.Errorf("seen %v, offset %d, file %q", seen, offset, id)
		}
		return errors.Join(err1, err2, err3)
	})
	if err := errors.Join(err, s.Check(t.Context()), s.Update(t.Context(), func(tx storage.Tx) error { return tx.SetOffset(39) }), s.Close()); err != nil {
		t.Error(err)
	}
}

func TestCompact(t *testing.T) {
	path := newPath(t)
	want := fillAndPrune(t, path)
	before, after, err := Compact(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() != after || after > before*3/4 || info.Mode().Perm() != 0o600 {
		t.Errorf("from %d to %d bytes, and the file is %+v (%v)", before, after, info, err)
	}
	wantSame(t, path, want)
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("beside it lie %v", files)
	}
}

// TestCompactALink: the file is replaced, and not the link to it.
func TestCompactALink(t *testing.T) {
	path, link := newPath(t), filepath.Join(t.TempDir(), "link.db")
	want := fillAndPrune(t, path)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compact(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != path {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	wantSame(t, path, want)
}

func TestCompactRefuses(t *testing.T) {
	path := newPath(t)
	want := fillAndPrune(t, path)
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := Compact(ended, path); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	s := open(t, path)
	if _, _, err := Compact(t.Context(), path); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("in use: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compact(t.Context(), path+".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	wantSame(t, path, want)
}

// compactForEver is killed in the middle of it.
func compactForEver(path string) error {
	for {
		if _, _, err := Compact(context.Background(), path); err != nil {
			return err
		}
	}
}

// TestCompactKilled: at every instant either the file or its copy is there, and
// whole.
func TestCompactKilled(t *testing.T) {
	path := newPath(t)
	want := fillAndPrune(t, path)
	for round := range 10 {
		cmd, _, _ := other(t, "compact", path)
		time.Sleep(time.Duration(10+7*round) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Error("it came to an end")
		}
		wantSame(t, path, want)
	}
}
