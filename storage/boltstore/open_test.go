package boltstore

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage"
)

// wantUntouched opens a file that cannot be opened, in both ways, and makes
// sure that not a byte of it changes, nor its mode or its time.
func wantUntouched(t *testing.T, path string, want error, opts ...Option) {
	t.Helper()
	before, statBefore := read(t, path)
	for _, o := range [][]Option{opts, append([]Option{ReadOnly()}, opts...)} {
		s, err := Open(path, append(o, LockTimeout(0))...)
		if err == nil {
			s.Close()
		}
		if !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("open: %v, want %v", err, want)
		}
	}
	after, statAfter := read(t, path)
	if !bytes.Equal(before, after) || statBefore.Mode() != statAfter.Mode() || !statBefore.ModTime().Equal(statAfter.ModTime()) {
		t.Error("the file was touched")
	}
	wantNames(t, filepath.Dir(path), filepath.Base(path))
}

func read(t *testing.T, path string) ([]byte, fs.FileInfo) {
	t.Helper()
	b, err1 := os.ReadFile(path)
	info, err2 := os.Stat(path)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return b, info
}

func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

// sample is a database of ours with some hundred pages.
func sample(t *testing.T) []byte {
	t.Helper()
	path := newPath(t)
	s := open(t, path)
	for round := range 3 {
		if err := s.Update(t.Context(), func(tx storage.Tx) error {
			var errs []error
			for user := range int64(200) {
				errs = append(errs, increment(user)(tx), tx.MarkSeen(user*3+int64(round), start))
			}
			return errors.Join(errs...)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, _ := read(t, path)
	return b
}

func otherBolt(t *testing.T, opts *bolt.Options) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := bolt.Open(path, 0o600, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucket([]byte(bucketMeta))
		return errors.Join(err, b.Put([]byte(metaMagic), []byte("theirs")))
	}), db.Close()); err != nil {
		t.Fatal(err)
	}
	b, _ := read(t, path)
	return b
}

func TestForeignFiles(t *testing.T) {
	ours := sample(t)
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(rand.Uint32())
	}
	for name, content := range map[string][]byte{
		"one zero":                   {0},
		"zeros":                      make([]byte, 64<<10),
		"text":                       []byte("BEGIN:VCALENDAR\nEND:VCALENDAR\n"),
		"long text":                  bytes.Repeat([]byte("spasmbot database "), 10_000),
		"random":                     random,
		"other bbolt":                otherBolt(t, nil),
		"other bbolt, free list off": otherBolt(t, &bolt.Options{NoFreelistSync: true}),
		"head of ours, too short":    ours[:9],
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bot.db")
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
			wantUntouched(t, path, storage.ErrForeign)
		})
	}
}

func TestNewFile(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	_, info := read(t, path)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o, want 600", info.Mode().Perm())
	}
	if err := errors.Join(s.Update(t.Context(), increment(1)), s.Close()); err != nil {
		t.Fatal(err)
	}
	wantNames(t, filepath.Dir(path), "bot.db")
	wantCount(t, open(t, path, ReadOnly()), 1, 1)
}

func TestEmptyFileBecomesDatabase(t *testing.T) {
	path := newPath(t)
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, ReadOnly()); !errors.Is(err, storage.ErrForeign) {
		t.Errorf("open to read: %v, want ErrForeign", err)
	}
	s := open(t, path)
	if err := s.Update(t.Context(), increment(1)); err != nil {
		t.Fatal(err)
	}
	if _, info := read(t, path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o, want 600", info.Mode().Perm())
	}
}

// TestCreateTogether: of many that create the same file one gets it, and
// nobody writes to a file that has lost its name.
func TestCreateTogether(t *testing.T) {
	for _, empty := range []bool{false, true} {
		for range 10 {
			path := newPath(t)
			if empty {
				if err := os.WriteFile(path, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var all sync.WaitGroup
			opened := make([]bool, 4)
			for i := range opened {
				all.Go(func() {
					s, err := Open(path, LockTimeout(10*time.Second))
					if err != nil {
						t.Error(err)
						return
					}
					opened[i] = true
					if err := errors.Join(s.Update(t.Context(), increment(1)), s.Close()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			s := open(t, path)
			wantCount(t, s, 1, uint64(len(opened)))
			wantNames(t, filepath.Dir(path), "bot.db")
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestModeIsTightened(t *testing.T) {
	path := newPath(t)
	if err := errors.Join(open(t, path).Close(), os.Chmod(path, 0o664)); err != nil {
		t.Fatal(err)
	}
	if err := open(t, path, ReadOnly()).Close(); err != nil {
		t.Fatal(err)
	}
	if _, info := read(t, path); info.Mode().Perm() != 0o664 {
		t.Errorf("mode after reading only %o, want 664", info.Mode().Perm())
	}
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	if _, info := read(t, path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o, want 600", info.Mode().Perm())
	}
}

func TestPathsThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(filepath.Join(dir, "no", "bot.db"))
	if err == nil || !strings.Contains(err.Error(), "folder "+filepath.Join(dir, "no")+" does not exist: create it") {
		t.Errorf("missing folder: %v", err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "name a file in it") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "bot.db"), ReadOnly()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file to read: %v", err)
	}
	if _, err := Open(os.DevNull); !errors.Is(err, storage.ErrForeign) {
		t.Errorf("a device: %v", err)
	}
	wantNames(t, dir)
}

func TestReadOnly(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := errors.Join(s.Update(t.Context(), increment(1)), s.Close()); err != nil {
		t.Fatal(err)
	}
	before, _ := read(t, path)
	s = open(t, path, ReadOnly())
	if err := s.Update(t.Context(), increment(1)); err == nil || !strings.Contains(err.Error(), "reading only") {
		t.Errorf("update: %v", err)
	}
	wantCount(t, s, 1, 1)
	if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
		t.Error(err)
	}
	if err := s.Update(t.Context(), increment(1)); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("update when closed: %v", err)
	}
	if after, _ := read(t, path); !bytes.Equal(before, after) {
		t.Error("the file was touched")
	}
}
