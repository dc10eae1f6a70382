package boltstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Copies are the files beside a database that this package has made of it: backups from
// before its layout was changed (path.bak-vN), and what a crash has left of a copy that
// was being made. They hold what the database held.
func Copies(path string) (names []string, err error) {
	dir, base := filepath.Split(path)
	files, err := os.ReadDir(filepath.Dir(path))
	for _, f := range files {
		name := f.Name()
		for _, prefix := range []string{base + ".bak-", "." + base + ".new-", "." + base + ".compact-"} {
			if strings.HasPrefix(name, prefix) && f.Type().IsRegular() {
				names = append(names, dir+name)
			}
		}
	}
	slices.Sort(names)
	return names, err
}

// PruneCopies deletes the copies of a database that were made before an instant.
func PruneCopies(path string, before time.Time) error {
	names, err := Copies(path)
	errs := []error{err}
	for _, name := range names {
		info, err := os.Lstat(name)
		if err == nil && info.ModTime().Before(before) {
			err = os.Remove(name)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
