package catalog_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
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
	want := []string{"pipe.yaml:1:1: the file cannot be read: it is a folder, a pipe or a device: make it a plain file that the program may read"}
	if got := told(t, unopened{fsys, t}); !slices.Equal(got, want) {
		t.Errorf("told are %q, want %q", got, want)
	}
}

// TestLinks: a link is followed within the folder, and one that leads nowhere in it
// is told, whatever it is.
func TestLinks(t *testing.T) {
	link := func(to string) *fstest.MapFile { return &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte(to)} }
	fsys := good(t)
	fsys[".data/stop.yaml"] = fsys["stop.yaml"]
	fsys["stop.yaml"] = link(".data/stop.yaml")
	if _, err := catalog.Load(fsys, "UTC"); err != nil {
		t.Errorf("a link within the folder: %v", err)
	}
	fsys["stop.yaml"] = link("../stop.yaml")
	fsys["side.yaml"] = &fstest.MapFile{Data: []byte("flow: side\nversion: 1\ncommands: [side]\nsteps: [{id: aside, picture: pack}]\n")}
	fsys["media/pack.png"] = link("../../pack.png")
	fsys["texts/en.yaml"].Data = append(fsys["texts/en.yaml"].Data, "aside: {text: a}\n"...)
	const where = " cannot be read: it is a link that leads out of the folder, or nowhere: make it a plain file that the program may read"
	want := []string{"side.yaml:4:30: media/pack.png" + where, "stop.yaml:1:1: the file" + where}
	if got := told(t, fsys); !slices.Equal(got, want) {
		t.Errorf("told are %q, want %q", got, want)
	}
	fsys = good(t)
	delete(fsys, "texts/en.yaml")
	fsys["texts"] = link("../texts")
	got := told(t, unlisted{fsys})
	if len(got) == 0 || !strings.HasPrefix(got[0], "texts:1:1: the folder of the texts cannot be read: ") {
		t.Errorf("of a folder of texts elsewhere, told is %q", got)
	}
}

// unlisted is a folder that is refused a look at its texts, as one that a link leads
// out of is.
type unlisted struct{ fstest.MapFS }

func (u unlisted) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "texts" {
		return nil, errors.New("path escapes from parent")
	}
	return u.MapFS.ReadDir(name)
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

// TestFingerprint: what leads people another way makes other flows; comments, layout
// and words do not.
func TestFingerprint(t *testing.T) {
	of := func(change func(fsys fstest.MapFS)) uint64 {
		fsys := good(t)
		change(fsys)
		c, err := catalog.Load(fsys, "UTC")
		if err != nil {
			t.Fatal(err)
		}
		return c.Fingerprint
	}
	replace := func(name, was, is string) func(fstest.MapFS) {
		return func(fsys fstest.MapFS) {
			old := string(fsys[name].Data)
			if !strings.Contains(old, was) {
				t.Fatalf("%s has no %q", name, was)
			}
			fsys[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(old, was, is))}
		}
	}
	was := of(func(fstest.MapFS) {})
	for name, change := range map[string]func(fstest.MapFS){
		"a comment": replace("spasm.yaml", "flow: spasm", "# Back.\nflow:   spasm"),
		"words":     replace("texts/en.yaml", "Lie down.", "Down you lie."),
		"a file's name": func(fsys fstest.MapFS) {
			fsys["zzz.yaml"] = fsys["spasm.yaml"]
			delete(fsys, "spasm.yaml")
		},
	} {
		if got := of(change); got != was || got == 0 {
			t.Errorf("with another %s it is %x, not %x", name, got, was)
		}
	}
	for name, change := range map[string]func(fstest.MapFS){
		"version": replace("spasm.yaml", "version: 1", "version: 2"),
		"languages": func(fsys fstest.MapFS) {
			fsys["texts/xx.yaml"] = fsys["texts/en.yaml"]
		},
	} {
		if got := of(change); got == was {
			t.Errorf("with other %s it is the same", name)
		}
	}
}
