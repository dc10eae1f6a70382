package boltstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// migrate brings an older layout up to date. All steps are one transaction: a
// step that fails leaves the file as it was.
func (o options) migrate(f *file, path string) error {
	tx, err := f.begin(true)
	if err != nil {
		return err
	}
	defer f.rollback(tx)
	version, err := o.schema.versionOf(tx)
	if err != nil || version == o.schema.version() {
		return err
	}
	backup := fmt.Sprintf("%s.bak-v%d", path, version)
	if err := f.backup(backup); err != nil {
		return fmt.Errorf("copy it to %s before its layout is changed: %w: make room there", backup, err)
	}
	for i, step := range o.schema.steps[version-1:] {
		from := version + int64(i)
		if err := caught(func() error { return step(tx) }); err != nil {
			return fmt.Errorf("change its layout from version %d to %d: %w: nothing has been changed; "+
				"go on with the version of the program that you used before", from, from+1, err)
		}
	}
	if err := complete(tx); err != nil {
		return err
	}
	if err := tx.Bucket([]byte(bucketMeta)).Put([]byte(metaVersion), intKey(o.schema.version())); err != nil {
		return err
	}
	return tx.Commit()
}

// backup copies what is committed to a file that only its owner can read, and
// gives the copy its name when it is durable. A copy of that name is replaced:
// it is of an earlier attempt.
func (f *file) backup(path string) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	tx, err := f.begin(false)
	if err == nil {
		_, err = tx.WriteTo(tmp)
		err = errors.Join(err, f.rollback(tx))
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}
