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

func TestDamagedFiles(t *testing.T) {
	ours := sample(t)
	size := os.Getpagesize()
	blank := func(from, to int) []byte {
		b := bytes.Clone(ours)
		clear(b[from:to])
		return b
	}
	tests := map[string][]byte{
		"both metas gone":  blank(0, 2*size),
		"all but the head": blank(64, len(ours)),
		"every other page": blank(2*size, len(ours)),
	}
	for _, n := range []int{10, 16, 20, 100, size - 1, size, size + 100, 2 * size, 3*size + 1, len(ours) / 4} {
		tests[fmt.Sprintf("cut to %d bytes", n)] = ours[:n]
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bot.db")
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
			wantUntouched(t, path, storage.ErrDamaged)
		})
	}
}

// TestCutLargeFile: a file too large to be read through on opening is known to
// be cut all the same, and its pages beyond the end are never touched.
func TestCutLargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	s := open(t, path)
	large := storage.Quarantined{Raw: make([]byte, readOnOpen)}
	err := s.Update(t.Context(), func(tx storage.Tx) error {
		return errors.Join(tx.Quarantine(large), increment(1)(tx))
	})
	size, sizeErr := s.Size(t.Context())
	if err := errors.Join(err, sizeErr, s.Close(), os.Truncate(path, size-1)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), "the last 1 bytes are missing") {
		t.Errorf("open: %v", err)
	}
}

// TestRandomDamage overwrites parts of a database. Nothing may end the
// process; what can be opened is read and written, and answers with records or
// with ErrDamaged.
func TestRandomDamage(t *testing.T) {
	ours := sample(t)
	dir := t.TempDir()
	refused, found := 0, 0
	for seed := range uint64(150) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		b := bytes.Clone(ours)
		for range 1 + rnd.IntN(4) {
			switch at := rnd.IntN(len(b)); rnd.IntN(3) {
			case 0: // a bit
				b[at] ^= 1 << rnd.IntN(8)
			case 1: // in the head of a page
				page := at / os.Getpagesize() * os.Getpagesize()
				b[page+rnd.IntN(64)] = byte(rnd.Uint32())
			case 2: // a torn sector
				at = at / 512 * 512
				for i := at; i < min(at+512, len(b)); i++ {
					b[i] = byte(rnd.Uint32())
				}
			}
		}
		path := filepath.Join(dir, fmt.Sprint(seed))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, LockTimeout(0))
		if err != nil {
			refused++
			if after, _ := read(t, path); !bytes.Equal(after, b) {
				t.Errorf("seed %d: refused with %v, but touched", seed, err)
			}
			if !errors.Is(err, storage.ErrDamaged) && !errors.Is(err, storage.ErrForeign) {
				t.Errorf("seed %d: %v", seed, err)
			}
			continue
		}
		for _, err := range []error{useAll(t, s), s.Update(t.Context(), increment(7)), s.Close()} {
			if err != nil {
				found++
				if !errors.Is(err, storage.ErrDamaged) {
					t.Errorf("seed %d: %v", seed, err)
				}
			}
		}
		_ = os.Remove(path)
	}
	t.Logf("%d refused, %d errors in use", refused, found)
	if refused == 0 || found == 0 {
		t.Error("no damage was noticed, or none only in use")
	}
}

// useAll reads everything.
func useAll(t *testing.T, s *Store) error {
	return s.View(t.Context(), func(r storage.Reader) error {
		_, err := r.Due(start.AddDate(1, 0, 0), 1000)
		_, _, nextErr := r.NextDue()
		_, unsentErr := r.Unsent(storage.MessageKey{}, 1000)
		return errors.Join(err, nextErr, unsentErr, checkRecords(r.(*readTx)))
	})
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
