package boltstore

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Copies of the file itself are found, and those that are old enough go; nothing else
// beside it does.
func TestCopies(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bot.db")
	old := []string{"bot.db.bak-v1", ".bot.db.new-1", ".bot.db.compact-2"}
	others := []string{"bot.db", "bot.db.bak", "other.db.bak-v1", "bot.db-bak-v1", ".bot.db"}
	young := []string{"bot.db.bak-v2"}
	all := slices.Concat(old, others, young)
	for _, name := range all {
		file := filepath.Join(dir, name)
		made := start.Add(-time.Second)
		if slices.Contains(young, name) {
			made = start
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, made, made); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "bot.db.bak-v3"), 0o700); err != nil {
		t.Fatal(err)
	}
	found, err := Copies(path)
	if err != nil || len(found) != 4 {
		t.Errorf("copies: %v, %v", found, err)
	}
	if err := PruneCopies(path, start); err != nil {
		t.Error(err)
	}
	for _, name := range all {
		_, err := os.Stat(filepath.Join(dir, name))
		if gone := slices.Contains(old, name); (err != nil) != gone {
			t.Errorf("%s: gone %v, want %v", name, err != nil, gone)
		}
	}
	t.Chdir(dir)
	if found, err := Copies("bot.db"); err != nil || !slices.Equal(found, []string{"bot.db.bak-v2"}) {
		t.Errorf("copies of a file in the working folder: %v, %v", found, err)
	}
	if _, err := Copies("missing/bot.db"); err == nil {
		t.Error("copies in a folder that is not there")
	}
}
