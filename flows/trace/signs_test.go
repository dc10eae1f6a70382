package trace_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/trace"
)

// withSigns loads a small set of flows that has a table of warning signs.
func withSigns(t *testing.T) *lang.Catalog {
	t.Helper()
	archive, err := txtar.ParseFile("../catalog/testdata/signs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := make(fstest.MapFS)
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	c, err := catalog.Load(fsys, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSigns: timelines with signs are accepted, whatever lists are passed over; one with
// a sign that does not concern the person, of another class or by another edition of the
// table is not.
func TestSigns(t *testing.T) {
	c := withSigns(t)
	for _, src := range []string{
		"> /back\n> press none\n> press none\n> press evening\n> press better\n",
		"> /back\n> press hot\n> press man\n> press done-6\n> press none\n> press unsure\n> press fever\n",
		"> /back\n> press man\n> press done-4\n> press unsure\n> press mistake\n> press none\n> press any\n> press erection\n",
		"> /back\n> press none\n> press any\n> wait 1h\n",
	} {
		d := newDiary(c)
		d.play(t, src)
		accepts(t, c, d.export())
	}
	for name, change := range map[string]func(answer record){
		"one that does not concern them": func(r record) { r["choice"], r["value"] = "erection", "erection" },
		"one of another class":           func(r record) { r["choice"], r["value"] = "cancer", "cancer" },
		"another edition":                func(r record) { r["signs_version"] = 2 },
		"no edition":                     func(r record) { delete(r, "signs_version") },
	} {
		d := newDiary(c)
		d.play(t, "> /back\n> press none\n> press any\n> press legs\n")
		list := d.export()
		i := slices.IndexFunc(list, func(r record) bool { return r["step"] == "now_which" })
		if list[i]["signs_version"] == nil {
			t.Fatalf("the entry has no edition: %v", list[i])
		}
		change(list[i])
		if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
			t.Errorf("%s is %s", name, got.Verdict)
		}
	}
}
