package boltstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spasmbot/storage"
)

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

// TestWalkDoesNotCircle damages the inner pages over the reminders so that every
// search ends too early: the leaves are still in order, but a walk that looks
// for its place again is led back to where it was.
func TestWalkDoesNotCircle(t *testing.T) {
	const head, branch = 16, 0x01
	b, size := sample(t), os.Getpagesize()
	edited := 0
	for page := 0; page+size <= len(b); page += size {
		if binary.NativeEndian.Uint16(b[page+8:]) != branch {
			continue
		}
		for i := 1; i < int(binary.NativeEndian.Uint16(b[page+10:])); i++ {
			element := page + head + i*head
			pos, keySize := int(binary.NativeEndian.Uint32(b[element:])), binary.NativeEndian.Uint32(b[element+4:])
			if keySize == intSize {
				copy(b[element+pos:], bytes.Repeat([]byte{0xff}, intSize))
				edited++
			}
		}
	}
	if edited == 0 {
		t.Fatal("the sample has no inner page over the people")
	}
	path := filepath.Join(t.TempDir(), "bot.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	if err := s.View(t.Context(), func(r storage.Reader) error {
		walked := 0
		for _, err := range r.Reminders() {
			if err != nil {
				return err
			}
			if walked++; walked > 10_000 {
				return errors.New("the walk goes in a circle")
			}
		}
		return nil
	}); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("walk: %v, want ErrDamaged", err)
	}
}

// useAll reads everything.
func useAll(t *testing.T, s *Store) error {
	return s.View(t.Context(), func(r storage.Reader) error {
		_, err := r.Due(storage.DueKey{}, start.AddDate(1, 0, 0), 1000)
		_, _, nextErr := r.NextDue()
		_, unsentErr := r.Unsent(storage.MessageKey{}, 1000)
		return errors.Join(err, nextErr, unsentErr, checkRecords(r.(*readTx)))
	})
}
