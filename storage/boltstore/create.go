package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// create makes a new database and gives it its name once it is complete and
// durable. A crash before that leaves a hidden file that nobody takes for a
// database.
func (o options) create(path string) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".new-*")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %s does not exist: create it (mkdir -p) or name another file", dir)
	case err != nil:
		return fmt.Errorf("create it: %w: make the folder writable or name another file", err)
	}
	defer os.Remove(tmp.Name())
	if err := tmp.Close(); err != nil {
		return fmt.Errorf("create it: %w", err)
	}
	f, err := o.openEmpty(tmp.Name())
	if err != nil {
		return fmt.Errorf("create it: %w", err)
	}
	if err := f.close(); err != nil {
		return fmt.Errorf("create it: %w", err)
	}
	if err := publish(tmp.Name(), path); err != nil {
		return fmt.Errorf("create it: %w", err)
	}
	return syncDir(dir)
}

// openEmpty opens a file of no bytes. bbolt makes a database of it while it
// holds the lock, so that two processes cannot both do so.
func (o options) openEmpty(path string) (*file, error) {
	f, err := o.openFile(path, false)
	if err != nil {
		return nil, err
	}
	err = f.protect()
	if err == nil {
		err = o.fill(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// fill lays out a file in which nothing is.
func (o options) fill(f *file) error {
	tx, err := f.begin(true)
	if err != nil {
		return err
	}
	defer f.rollback(tx)
	if first, _ := tx.Cursor().First(); first != nil {
		// Another process was faster.
		if err := f.rollback(tx); err != nil {
			return err
		}
		return o.inspect(f)
	}
	if err := o.schema.create(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// publish gives a file its name unless there is a file of that name: another
// process may have created it by now, and may have it open.
func publish(tmp, path string) error {
	err := os.Link(tmp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	// A file system without hard links.
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return os.Rename(tmp, path)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
