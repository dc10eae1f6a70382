package boltstore

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
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
