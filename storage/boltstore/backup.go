package boltstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"

	"spasmbot/storage"
)

// ErrTorn says that a backup is not whole.
var ErrTorn = errors.New("a torn copy")

// A backup is the pages of one snapshot and, behind them, a seal: what it is, how many
// bytes stand before it, and their SHA-256. bbolt passes over it.
const (
	sealMagic = "\x89spasmbot seal 1\n"
	sealSize  = len(sealMagic) + 8 + sha256.Size
)

// Backup writes a sealed snapshot into a new file beside the database, checks all of it,
// and hands it to use; the file is gone when that returns. The snapshot is held only
// as long as the local disk takes, however slow the place is where a backup goes.
func (s *Store) Backup(ctx context.Context, use func(backup *os.File) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(s.path), "."+filepath.Base(s.path)+".new-*")
	if err != nil {
		return fmt.Errorf("make a copy beside the database: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if err := s.snapshot(ctx, file); err != nil {
		return fmt.Errorf("copy %s: %w", s.path, err)
	}
	if err := checkWhole(ctx, file.Name()); err != nil {
		return err
	}
	if err := seal(file); err != nil {
		return fmt.Errorf("seal the copy: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return use(file)
}

func (s *Store) snapshot(ctx context.Context, w io.Writer) error {
	leave, err := s.views.enter()
	if err != nil {
		return err
	}
	defer leave()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, err := s.file.begin(false)
	if err != nil {
		return err
	}
	defer s.file.rollback(tx)
	if _, err = tx.WriteTo(endedBy{ctx, w}); err != nil && ctx.Err() != nil {
		return ctx.Err() // bbolt drops the cause
	}
	return err
}

// endedBy is a writer until ctx ends.
type endedBy struct {
	ctx context.Context
	io.Writer
}

func (e endedBy) Write(b []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	return e.Writer.Write(b)
}

func checkWhole(ctx context.Context, path string) error {
	s, err := Open(path, ReadOnly())
	if err != nil {
		return err
	}
	return errors.Join(s.Check(ctx), s.Close())
}

func seal(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return err
	}
	_, err = f.Write(sum.Sum(binary.BigEndian.AppendUint64([]byte(sealMagic), uint64(n))))
	return err
}

// CheckBackup fails with ErrTorn if a backup is not whole, and with an error of Open if
// what is in it is no database that this program can use.
func CheckBackup(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unbroken(f); err != nil {
		return fmt.Errorf("%s is %w", path, err)
	}
	return checkWhole(ctx, path)
}

func unbroken(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := info.Size() - int64(sealSize)
	end := make([]byte, sealSize)
	if size < 0 {
		return fmt.Errorf("%w: it has %d bytes, and no seal", ErrTorn, info.Size())
	}
	if _, err := f.ReadAt(end, size); err != nil {
		return err
	}
	said, sealed := bytes.CutPrefix(end, []byte(sealMagic))
	if !sealed {
		return fmt.Errorf("%w: it has no seal at its end, so it was cut short, or not made by spasmbot backup", ErrTorn)
	}
	if n := binary.BigEndian.Uint64(said); n != uint64(size) {
		return fmt.Errorf("%w: it had %d bytes, and has %d", ErrTorn, n, size)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, size)); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), said[8:]) {
		return fmt.Errorf("%w: its bytes are not those that were sealed", ErrTorn)
	}
	return nil
}

// Restore puts a backup in the place of a database. It checks all of it first. A file
// that is there is replaced only by force, and never while somebody has it.
func Restore(ctx context.Context, backup, path string, force bool) error {
	if err := CheckBackup(ctx, backup); err != nil {
		return err
	}
	let, err := takePlace(path, force)
	if err != nil {
		return err
	}
	defer let()
	from, err := os.Open(backup)
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	return WriteFile(path, func(w io.Writer) error {
		_, err := io.CopyN(endedBy{ctx, w}, from, info.Size()-int64(sealSize))
		return err
	})
}

// takePlace keeps others from the file that is at a place, until it is let go.
func takePlace(path string, force bool) (let func(), err error) {
	switch _, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return func() {}, nil
	case err != nil:
		return nil, err
	case !force:
		return nil, fmt.Errorf("%s is there already: name another file, or replace it with --force", path)
	}
	f, err := options{lockTimeout: 1}.openFile(path, false)
	if err != nil { // damaged, perhaps, which is why it is to be replaced; but not in use
		if errors.Is(err, storage.ErrInUse) {
			return nil, err
		}
		return func() {}, nil
	}
	return func() { _ = f.close() }, nil
}

// WriteFile makes a file that only its owner can read, and gives it its name once it is
// complete and durable.
func WriteFile(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".new-*")
	if err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	err = write(tmp)
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
