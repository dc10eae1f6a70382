package catalog_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// FuzzLoad reads arbitrary bytes as a flow and as texts, beside a good catalog.
// Whatever they are, the loader returns, and its faults can be found.
func FuzzLoad(f *testing.F) {
	seed := func(data []byte) {
		f.Add(data, true)
		f.Add(data, false)
	}
	shipped := catalog.Shipped()
	err := fs.WalkDir(shipped, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(shipped, name)
		seed(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	cases, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range cases {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files[:len(archive.Files)-1] {
			seed(file.Data)
		}
	}
	base := good(f)
	f.Fuzz(func(t *testing.T, data []byte, texts bool) {
		name := "zz.yaml"
		if texts {
			name = "texts/en.yaml"
		}
		fsys := make(fstest.MapFS, len(base)+1)
		maps.Copy(fsys, base)
		fsys[name] = &fstest.MapFile{Data: data}
		// The fuzzing engine waits for ever for an input that hangs.
		alarm := time.AfterFunc(20*time.Second, func() { panic(fmt.Sprintf("%q does not end", data)) })
		defer alarm.Stop()
		_, err := catalog.Load(fsys, "UTC")
		if err == nil {
			return
		}
		faults, ok := errors.AsType[lang.Faults](err)
		if !ok {
			t.Fatalf("the error is no list of faults: %v", err)
		}
		checkFaults(t, faults)
	})
}

// checkFaults: each fault has a place that exists, what and remedy, and stands
// in order, once.
func checkFaults(t *testing.T, faults lang.Faults) {
	t.Helper()
	for i, f := range faults {
		if f.File == "" || f.Line < 1 || f.Column < 1 || f.What == "" || f.Remedy == "" || strings.Contains(f.Error(), "\n") {
			t.Errorf("half a fault: %#v", f)
		}
		if i > 0 && f == faults[i-1] {
			t.Errorf("told twice: %v", f)
		}
	}
	if !slices.Equal(faults, slices.Clone(faults).Sort()) {
		t.Errorf("not sorted: %v", faults)
	}
}
