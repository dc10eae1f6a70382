package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage"
)

// compactTx is how many bytes are copied in one transaction.
const compactTx = 4 << 20

// Compact makes the database at path as small as what it holds, and returns the
// sizes of the file in bytes. Room that is free within the file is used again by
// what is written later; this is for those who want it back.
//
// The copy takes the place of the file once it is complete, durable and checked.
// Until then, and after an error, the file is what it was. Nobody else may have
// it open.
func Compact(ctx context.Context, path string) (before, after int64, err error) {
	o := options{lockTimeout: 1, schema: currentSchema()}
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, fmt.Errorf("compact %s: %w: name the file that the bot uses", path, err)
	}
	// Open for writing keeps all others out until the end, and brings an older
	// layout up to date.
	s, err := Open(path, LockTimeout(0))
	if err != nil {
		return 0, 0, err
	}
	after, err = s.compact(ctx, o)
	if closeErr := s.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return 0, 0, fmt.Errorf("compact %s: %w; the file is what it was", path, err)
	}
	return info.Size(), after, nil
}

func (s *Store) compact(ctx context.Context, o options) (size int64, err error) {
	if err := s.Check(ctx); err != nil {
		return 0, err
	}
	// A link is not replaced by a file: the copy goes where the file is.
	path, err := filepath.EvalSymlinks(s.path)
	if err != nil {
		return 0, err
	}
	pattern := "." + filepath.Base(path) + ".compact-*"
	// What a run before has left when it was killed; nobody else has the file.
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), pattern))
	if err != nil {
		return 0, err
	}
	for _, name := range left {
		if err := os.Remove(name); err != nil {
			return 0, err
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), pattern)
	if err != nil {
		return 0, fmt.Errorf("make a copy: %w: make the folder writable", err)
	}
	defer os.Remove(tmp.Name())
	if err := tmp.Close(); err != nil {
		return 0, err
	}
	if err := s.copyTo(ctx, tmp.Name(), o); err != nil {
		return 0, fmt.Errorf("make a copy: %w", err)
	}
	info, err := os.Stat(tmp.Name())
	if err != nil {
		return 0, err
	}
	s.file.watched.Store(false) // its place is taken by the copy
	if err := os.Rename(tmp.Name(), path); err != nil {
		return 0, err
	}
	return info.Size(), syncDir(filepath.Dir(path))
}

// copyTo copies all records into an empty file, and makes sure that they have
// arrived.
func (s *Store) copyTo(ctx context.Context, path string, o options) error {
	leave, err := s.views.enter()
	if err != nil {
		return err
	}
	defer leave()
	f, err := o.openFile(path, false)
	if err != nil {
		return err
	}
	f.db.NoSync = true // all at the end
	err = caught(func() error { return bolt.Compact(f.db, s.file.db, compactTx) })
	if err == nil {
		err = f.os.Sync()
	}
	if err = errors.Join(err, f.close()); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	copied, err := Open(path)
	if err != nil {
		return err
	}
	err = copied.Check(ctx)
	if err == nil {
		err = s.sameAs(ctx, copied)
	}
	return errors.Join(err, copied.Close())
}

// sameAs compares two stores bucket by bucket.
func (s *Store) sameAs(ctx context.Context, other *Store) error {
	return s.View(ctx, func(a storage.Reader) error {
		return other.View(ctx, func(b storage.Reader) error {
			for _, name := range buckets() {
				var ours, theirs bolt.BucketStats
				if err := caught(func() error {
					ours, theirs = a.(*readTx).tx.Bucket([]byte(name)).Stats(), b.(*readTx).tx.Bucket([]byte(name)).Stats()
					return nil
				}); err != nil {
					return err
				}
				if ours.KeyN != theirs.KeyN {
					return fmt.Errorf("bucket %s has %d records, and the copy %d", name, ours.KeyN, theirs.KeyN)
				}
			}
			return nil
		})
	})
}
