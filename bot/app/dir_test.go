package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestDir: a link is followed within the folder and not out of it, whichever way a
// file is read; and a folder that is put in the place of the first is read.
func TestDir(t *testing.T) {
	top := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		t.Helper()
		must(os.MkdirAll(filepath.Dir(filepath.Join(top, name)), 0o700))
		must(os.WriteFile(filepath.Join(top, name), []byte(text), 0o600))
	}
	write("mine/spasm.yaml", "inside")
	write("outside/spasm.yaml", "outside")
	for name, to := range map[string]string{"in.yaml": "spasm.yaml", "out.yaml": "../outside/spasm.yaml", "abs.yaml": filepath.Join(top, "outside/spasm.yaml"), "texts": "../outside"} {
		must(os.Symlink(to, filepath.Join(top, "mine", name)))
	}
	dir := Dir(filepath.Join(top, "mine"))
	for _, name := range []string{"spasm.yaml", "in.yaml"} {
		if b, err := fs.ReadFile(dir, name); string(b) != "inside" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	for _, name := range []string{"out.yaml", "abs.yaml", "texts/spasm.yaml", "texts"} {
		if b, err := fs.ReadFile(dir, name); err == nil {
			t.Errorf("%s was read: %q", name, b)
		}
		if _, err := dir.Open(name); err == nil {
			t.Errorf("%s was opened", name)
		}
		if _, err := fs.Stat(dir, name); err == nil {
			t.Errorf("%s was looked at", name)
		}
	}
	if list, err := fs.ReadDir(dir, "texts"); err == nil {
		t.Errorf("a folder outside was listed: %v", list)
	}
	if info, err := fs.Lstat(dir, "out.yaml"); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link itself: %v, %v", info, err)
	}
	if to, err := fs.ReadLink(dir, "out.yaml"); err != nil || to != "../outside/spasm.yaml" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	f, err := dir.Open("spasm.yaml")
	must(err)
	must(os.Rename(filepath.Join(top, "mine"), filepath.Join(top, "old")))
	write("mine/spasm.yaml", "another")
	if b, err := fs.ReadFile(dir, "spasm.yaml"); string(b) != "another" {
		t.Errorf("in the folder put in its place: %q, %v", b, err)
	}
	var b [6]byte
	if _, err := f.Read(b[:]); err != nil || string(b[:]) != "inside" {
		t.Errorf("a file that was opened before: %q, %v", b, err)
	}
	must(f.Close())
}
