package catalog_test

import (
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows/catalog"
)

// withSigns returns the catalog that has a table of signs.
func withSigns(t testing.TB) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/signs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := make(fstest.MapFS)
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

func TestSignsLoad(t *testing.T) {
	if _, err := catalog.Load(withSigns(t), "UTC"); err != nil {
		t.Fatal(err)
	}
}
