package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"spasmbot/flows/catalog"
)

// TestReloadSeesEveryKindOfChange: files that are edited, added, renamed and
// removed, and a folder that is gone.
func TestReloadSeesEveryKindOfChange(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "flows")
	if err := os.CopyFS(folder, catalog.Shipped()); err != nil {
		t.Fatal(err)
	}
	files := os.DirFS(folder)
	seen := map[string]bool{folderState(files): true}
	for what, change := range map[string]func() error{
		"added":   func() error { return os.WriteFile(filepath.Join(folder, "texts", "de.yaml"), nil, 0o600) },
		"touched": func() error { return os.Chtimes(filepath.Join(folder, "help.yaml"), time.Time{}, time.Unix(1, 0)) },
		"renamed": func() error {
			return os.Rename(filepath.Join(folder, "stop.yaml"), filepath.Join(folder, "halt.yaml"))
		},
		"removed": func() error { return os.Remove(filepath.Join(folder, "again.yaml")) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if state := folderState(files); seen[state] {
			t.Errorf("a file %s was not noticed", what)
		} else {
			seen[state] = true
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	gone := folderState(files)
	if seen[gone] || folderState(files) != gone {
		t.Error("a folder that is gone was not noticed, or is noticed again and again")
	}
}
