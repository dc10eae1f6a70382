package boltstore

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"spasmbot/storage"
)

// look is a transaction that does nothing.
func look(storage.Reader) error { return nil }

// TestFileTaken: a file that was deleted, moved or replaced while it is open takes
// no more, tells so at every transaction and at its end, and harms nothing that is
// in its place.
func TestFileTaken(t *testing.T) {
	for name, take := range map[string]func(path string) error{
		"deleted": os.Remove,
		"moved":   func(path string) error { return os.Rename(path, path+".old") },
		"replaced": func(path string) error {
			b, err := os.ReadFile(path)
			return errors.Join(err, os.WriteFile(path+".new", b, 0o600), os.Rename(path+".new", path))
		},
		"folder gone": func(path string) error { return os.Rename(filepath.Dir(path), filepath.Dir(path)+".old") },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "in", "bot.db")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(s.Update(t.Context(), increment(1)), s.View(t.Context(), look), take(path)); err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(path)
			for what, err := range map[string]error{
				"update": s.Update(t.Context(), increment(1)), "view": s.View(t.Context(), look), "close": s.Close(),
			} {
				if !errors.Is(err, storage.ErrGone) {
					t.Errorf("%s: %v, want ErrGone", what, err)
				}
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("what is in its place was written to")
			}
		})
	}
}

// TestDamagedWhileOpen damages a file under the store that has it open. Every
// call comes to an end, some with ErrDamaged, and so does Close.
func TestDamagedWhileOpen(t *testing.T) {
	size := int64(os.Getpagesize())
	overwrite := func(from, to int64) func(string) error {
		return func(path string) error {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			info, err := f.Stat()
			if to < 0 {
				to = info.Size()
			}
			_, writeErr := f.WriteAt(bytes.Repeat([]byte{0xa5}, int(to-from)), from)
			return errors.Join(err, writeErr, f.Close())
		}
	}
	for name, damage := range map[string]func(path string) error{
		"emptied": func(path string) error { return os.Truncate(path, 0) },
		"cut":     func(path string) error { return os.Truncate(path, 3*size) },
		"its end cut off": func(path string) error {
			info, err := os.Stat(path)
			return errors.Join(err, os.Truncate(path, info.Size()-1))
		},
		"metas gone":     overwrite(0, 2*size),
		"pages gone":     overwrite(2*size, -1),
		"everything new": overwrite(0, -1),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bot.db")
			if err := os.WriteFile(path, sample(t), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := damage(path); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			ended := make(chan error, 1)
			go func() {
				var errs []error
				for range 3 {
					errs = append(errs, s.Update(ctx, increment(1)), s.View(ctx, func(r storage.Reader) error {
						_, err := r.State(1)
						return err
					}))
				}
				ended <- errors.Join(append(errs, s.Close())...)
			}()
			select {
			case err := <-ended:
				if !errors.Is(err, storage.ErrDamaged) {
					t.Errorf("%v, want ErrDamaged", err)
				}
			case <-ctx.Done():
				t.Fatal("a call never came to its end")
			}
		})
	}
}

func TestExisting(t *testing.T) {
	path := newPath(t)
	if _, err := Open(path, Existing()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	wantNames(t, filepath.Dir(path))
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Existing()); !errors.Is(err, storage.ErrForeign) {
		t.Errorf("an empty file: %v", err)
	}
	for _, want := range []bool{true, false} { // of an empty file a database is made
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if s.New() != want {
			t.Errorf("new: %v, want %v", s.New(), want)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	other := filepath.Join(t.TempDir(), "other.db")
	s := open(t, other)
	if !s.New() {
		t.Error("a file that was made is not new")
	}
	if s := open(t, path, Existing()); s.New() {
		t.Error("an old file is new")
	}
}
