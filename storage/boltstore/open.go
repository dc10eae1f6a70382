package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"spasmbot/storage"
)

// Option changes how Open opens.
type Option func(*options)

type options struct {
	readOnly    bool
	existing    bool
	lockTimeout time.Duration
	schema      schema
	pace        pace
}

// ReadOnly opens an existing database for reading. Nothing in it changes, and
// other readers may have it open too; a process that writes may not.
func ReadOnly() Option { return func(o *options) { o.readOnly = true } }

// Existing makes no new database: a file that is missing or empty is an error.
func Existing() Option { return func(o *options) { o.existing = true } }

// LockTimeout is how long to wait for another process to let go of the
// database; without it, one second. Zero tries once.
func LockTimeout(d time.Duration) Option { return func(o *options) { o.lockTimeout = max(d, 0) } }

func withSchema(s schema) Option { return func(o *options) { o.schema = s } }

// Open opens the database in the file path and creates it if there is none.
// An older layout is brought up to date, after a copy was put beside it as
// path.bak-vN. The file is made readable for its owner only.
//
// A file that cannot be used is not changed. The error then is one of
// storage.ErrInUse, ErrForeign, ErrDamaged or ErrNewer, or one of package fs.
func Open(path string, opts ...Option) (*Store, error) {
	o := options{lockTimeout: time.Second, schema: currentSchema(), pace: defaultPace()}
	for _, opt := range opts {
		opt(&o)
	}
	// A page beyond the end of the file then is a panic, not the end of the
	// process.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	f, err := o.open(path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	f.watched.Store(!o.readOnly)
	s := newStore(f, path, o)
	if !o.readOnly {
		s.startWriter()
	}
	return s, nil
}

const hintExisting = "name the file that the bot uses, see that its volume is mounted, or let a new one be made"

func (o options) open(path string) (f *file, err error) {
	made := false
	defer func() {
		if f != nil {
			f.made = made
		}
	}()
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.readOnly:
		return nil, fmt.Errorf("%w: name the file that the bot uses", err)
	case errors.Is(err, fs.ErrNotExist) && o.existing:
		return nil, fmt.Errorf("%w: %s", err, hintExisting)
	case errors.Is(err, fs.ErrNotExist):
		if err := o.create(path); err != nil {
			return nil, err
		}
		made = true
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder: name a file in it")
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w but a special file (%s): %s", storage.ErrForeign, info.Mode().Type(), hintForeign)
	case info.Size() == 0 && o.readOnly:
		return nil, fmt.Errorf("%w: the file is empty", storage.ErrForeign)
	case info.Size() == 0 && o.existing:
		return nil, fmt.Errorf("%w: the file is empty: %s", storage.ErrForeign, hintExisting)
	case info.Size() == 0:
		made = true
		return o.openEmpty(path)
	}

	// bbolt writes to some files of other programs as soon as it opens them
	// for writing, so the first look is read-only.
	f, err = o.openFile(path, true)
	if err != nil {
		return nil, err
	}
	if err := o.inspect(f); err != nil {
		return nil, errors.Join(err, f.close())
	}
	if o.readOnly {
		return f, nil
	}
	if err := f.close(); err != nil {
		return nil, err
	}
	return o.openToWrite(path)
}

// openToWrite opens a file that was inspected.
func (o options) openToWrite(path string) (*file, error) {
	f, err := o.openFile(path, false)
	if err != nil {
		return nil, err
	}
	// Another process may have had it in between.
	err = o.inspect(f)
	if err == nil {
		err = f.protect()
	}
	if err == nil {
		err = o.migrate(f, path)
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// file is an open database file.
type file struct {
	db     *bolt.DB
	os     *os.File
	memory memory
	// made says that there was none before.
	made bool
	presence
	jam
}

// openFile opens an existing file and says what stands in the way.
func (o options) openFile(path string, readOnly bool) (*file, error) {
	f := &file{presence: presence{path: path}, jam: newJam()}
	err := caught(func() (err error) {
		f.db, err = bolt.Open(path, 0o600, &bolt.Options{
			// Zero would wait for ever.
			Timeout:         max(o.lockTimeout, 1),
			ReadOnly:        readOnly,
			InitialMmapSize: reserved(readOnly),
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				f.os, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
				return f.os, err
			},
		})
		return err
	})
	if err == nil {
		f.db.AllocSize = growth
		f.opened, err = f.os.Stat()
	}
	if err == nil {
		f.size.Store(f.opened.Size())
		return f, nil
	}
	if f.os != nil {
		// After a panic bbolt has not closed it, and so still holds the lock.
		_ = f.os.Close()
	}
	return nil, explain(path, err)
}

// growth is by how much a file grows at least; bbolt's own 16 MiB are more than what
// most will ever hold.
const growth = 256 << 10

// reserved is how much address space the map of a file gets from the start. A file
// that outgrows its map is mapped anew, and for that bbolt waits until nobody reads:
// one long reader would hold up every turn. On Windows the file itself would become
// that large.
func reserved(readOnly bool) int {
	if readOnly || strconv.IntSize < 64 || runtime.GOOS == "windows" {
		return 0
	}
	return 16 << 30
}

func (f *file) close() error {
	return caught(f.db.Close)
}

// protect takes the file away from everyone but its owner.
func (f *file) protect() error {
	info, err := f.os.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := f.os.Chmod(0o600); err != nil {
		return fmt.Errorf("others may read it, and that cannot be changed: %w: make its owner run chmod 600", err)
	}
	return nil
}

// begin starts a transaction.
func (f *file) begin(writable bool) (tx *bolt.Tx, err error) {
	if err := f.there(); err != nil {
		return nil, err
	}
	err = f.pass(func() error {
		tx, err = f.db.Begin(writable)
		return err
	})
	return tx, err
}

// rollback ends a transaction; after a commit it does nothing.
func (f *file) rollback(tx *bolt.Tx) error {
	return f.pass(func() error {
		if err := tx.Rollback(); !errors.Is(err, berrors.ErrTxClosed) {
			return err
		}
		return nil
	})
}
