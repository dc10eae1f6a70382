package catalog_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

func TestShippedCatalogLoads(t *testing.T) {
	if _, err := catalog.Load(catalog.Shipped(), "UTC"); err != nil {
		t.Fatal(err)
	}
}

// TestAPipeIsNotOpened: whoever opens a pipe waits until somebody writes into it.
func TestAPipeIsNotOpened(t *testing.T) {
	fsys := good(t)
	fsys["pipe.yaml"] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
	want := []string{"pipe.yaml:1:1: the file cannot be read: it is a pipe or a device: make it a plain file that the program may read"}
	if got := told(t, unopened{fsys, t}); !slices.Equal(got, want) {
		t.Errorf("told are %q, want %q", got, want)
	}
}

// TestWhatIsNoFlow: what an editor or a system leaves beside the flows breaks
// nothing, and a flow whose name ends in capitals is one.
func TestWhatIsNoFlow(t *testing.T) {
	fsys := good(t)
	for _, name := range []string{".#spasm.yaml", "._spasm.yaml", "texts/._en.yaml", "spasm.yaml~", ".DS_Store"} {
		fsys[name] = &fstest.MapFile{Data: []byte("\x00 no flow")}
	}
	if _, err := catalog.Load(fsys, "UTC"); err != nil {
		t.Error(err)
	}
	fsys["WORSE.YML"] = &fstest.MapFile{Data: []byte("flow: [")}
	if got := told(t, fsys); len(got) == 0 {
		t.Error("a flow whose name is in capitals was not read")
	}
}

// unopened is a folder whose pipes nobody may open.
type unopened struct {
	fstest.MapFS
	t *testing.T
}

func (u unopened) Open(name string) (fs.File, error) {
	u.refuse(name)
	return u.MapFS.Open(name)
}

func (u unopened) ReadFile(name string) ([]byte, error) {
	u.refuse(name)
	return u.MapFS.ReadFile(name)
}

func (u unopened) refuse(name string) {
	if f := u.MapFS[name]; f != nil && !f.Mode.IsRegular() {
		u.t.Errorf("%s was opened", name)
	}
}

// TestEveryExpressionIsCompiled: an expression that was read and then lost
// would be a condition that always holds.
func TestEveryExpressionIsCompiled(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	compiled := 0
	check := func(where string, list ...*lang.Expr) {
		for _, e := range list {
			switch {
			case e == nil: // not written
			case e.Source == "":
				t.Errorf("an expression of %s is not compiled", where)
			default:
				compiled++
			}
		}
	}
	for _, f := range c.Flows() {
		check(f.ID, f.WakeFrom, f.WakeTo)
		for i := range f.Steps {
			s := &f.Steps[i]
			check(s.ID, s.When)
			for _, b := range s.Next {
				check(s.ID, b.When)
			}
			sets := slices.Clone(s.Set)
			for _, choice := range s.Choices {
				sets = append(sets, choice.Set...)
			}
			for _, a := range sets {
				check(s.ID+"."+a.Var, a.Value)
			}
			if s.Wait != nil {
				check(s.ID, s.Wait.Until)
			}
		}
		for _, r := range f.Tracks {
			check(r.Name, r.From, r.Until, r.When, r.HoldBy, r.CheckBy, r.GapBy, r.TimesBy, r.DaysBy)
		}
		for _, inv := range f.Invariants {
			check(inv.Source, inv.Require, inv.While)
		}
	}
	if compiled < 50 {
		t.Errorf("only %d expressions were found", compiled)
	}
}

// BenchmarkLoadShipped loads and checks the catalog that comes with the
// program. It must stay well below 100 ms.
func BenchmarkLoadShipped(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := catalog.Load(catalog.Shipped(), "UTC"); err != nil {
			b.Fatal(err)
		}
	}
}
