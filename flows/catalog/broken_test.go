package catalog_test

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

var update = flag.Bool("update", false, "rewrite the expected faults, and the schemas in docs/")

// TestBroken loads the catalogs of testdata/broken, each with mistakes in it,
// and compares what the editor is told.
func TestBroken(t *testing.T) {
	cases(t, "broken", 45, told)
}

// TestNotes loads the catalogs of testdata/notes, which have no fault, and compares
// the hints.
func TestNotes(t *testing.T) {
	cases(t, "notes", 2, noted)
}

// cases compares what is said of each catalog in a folder of testdata.
func cases(t *testing.T, dir string, least int, said func(testing.TB, fs.FS) []string) {
	names, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(names) < least {
		t.Fatalf("%d cases, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(said(t, folder(t, archive)), "\n") + "\n"
			last := &archive.Files[len(archive.Files)-1]
			if last.Name != "want" {
				t.Fatalf("the last file is %q, want the expected faults", last.Name)
			}
			if *update {
				last.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(last.Data) {
				t.Errorf("got\n%s\nwant\n%s", got, last.Data)
			}
		})
	}
}

// good returns the catalog that the cases are variations of.
func good(t testing.TB) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/good.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := make(fstest.MapFS)
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

// folder is the good catalog with the changes of a case.
func folder(t testing.TB, archive *txtar.Archive) fstest.MapFS {
	t.Helper()
	fsys := good(t)
	for _, f := range archive.Files {
		switch name := f.Name[1:]; {
		case f.Name == "want":
		case f.Name[0] == '+':
			fsys[name] = &fstest.MapFile{Data: slices.Concat(fsys[name].Data, f.Data)}
		case f.Name[0] == '-':
			delete(fsys, name)
		default:
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return fsys
}

// noted loads a catalog without a fault and returns its hints.
func noted(t testing.TB, fsys fs.FS) []string {
	t.Helper()
	c, err := catalog.Load(fsys, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(c.Notes))
	for i, n := range c.Notes {
		lines[i] = n.String()
	}
	return lines
}

// TestShippedNeedsNoHints: nothing is forgotten in the flows that come with the
// program.
func TestShippedNeedsNoHints(t *testing.T) {
	if got := noted(t, catalog.Shipped()); len(got) > 0 {
		t.Errorf("noted is %q", got)
	}
}

// told loads a faulty catalog and returns what the editor reads.
func told(t testing.TB, fsys fs.FS) []string {
	t.Helper()
	_, err := catalog.Load(fsys, "UTC")
	faults, ok := errors.AsType[lang.Faults](err)
	if !ok {
		t.Fatalf("loaded with %v, want faults", err)
	}
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.Error()
		if f.What == "" || f.Remedy == "" || f.Line < 1 || f.Column < 1 || strings.Contains(lines[i], "\n") {
			t.Errorf("half a fault: %#v", f)
		}
	}
	return lines
}

func TestGoodCatalogLoads(t *testing.T) {
	if _, err := catalog.Load(good(t), "UTC"); err != nil {
		t.Fatal(err)
	}
}

// unseen are faults that no file can bring about in a test, with the reason.
var unseen = map[string]string{
	"the file cannot be read: %v":                "TestAPipeIsNotOpened",
	"the folder of the flows cannot be read: %v": "needs a file system that fails",
	"media/%s cannot be read: %v":                "TestLinks",
	"the folder of the texts cannot be read: %v": "TestLinks",
	"the file has %d bytes":                      "TestTooLarge",
	"%s has more than %d keys":                   "TestTooLarge",
	"%s is a list of more than %d items":         "TestTooLarge",
}

// TestEveryFaultHasACase holds the faults in the source against the cases: what
// an editor may read was read by somebody before.
func TestEveryFaultHasACase(t *testing.T) {
	names, err := filepath.Glob("testdata/[bn]*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(archive.Files[len(archive.Files)-1].Data)
	}
	formats := faultFormats(t)
	if len(formats) < 80 {
		t.Fatalf("%d kinds of fault in the source, want more: are they still made by fault()?", len(formats))
	}
	for _, format := range formats {
		if _, listed := unseen[format]; !listed && !regexp.MustCompile(": .*"+pattern(format)+".*: ").MatchString(all.String()) {
			t.Errorf("no case in testdata shows %q", format)
		}
	}
}

var verb = regexp.MustCompile(`%[a-z]`)

// pattern matches what a format string prints.
func pattern(format string) string {
	parts := verb.Split(format, -1)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return strings.Join(parts, ".*")
}

// faultFormats lists what is said by the calls of fault, faultAt, faultIn, note
// and Fault, and by the values of type Fault, in the source of the package and
// of the kinds of questions.
func faultFormats(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := filepath.Glob("../lang/ask/*.go")
	if err != nil || len(kinds) == 0 {
		t.Fatalf("%d files of kinds, %v", len(kinds), err)
	}
	what := map[string]int{"fault": 1, "faultAt": 2, "faultIn": 2, "note": 1, "Fault": 1}
	var formats []string
	for _, name := range slices.Concat(names, kinds) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && lit.Type != nil && len(lit.Elts) == 2 && callee(lit.Type) == "Fault" {
				formats = append(formats, literal(lit.Elts[0]))
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, ok := what[callee(call.Fun)]
			if ok && callee(call.Fun) == "fault" && len(call.Args) == 2 {
				at = 0 // of a flow
			}
			if ok && callee(call.Fun) == "note" && len(call.Args) == 4 {
				at = 2 // a hint
			}
			if ok && at < len(call.Args) {
				if format := literal(call.Args[at]); format != "" {
					formats = append(formats, format)
				}
			}
			return true
		})
	}
	slices.Sort(formats)
	return slices.Compact(formats)
}

func callee(fun ast.Expr) string {
	switch fun := fun.(type) {
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.Ident:
		return fun.Name
	}
	return ""
}

// literal returns the first text in an argument: itself, a format or the
// beginning of a sum.
func literal(arg ast.Expr) string {
	found := ""
	ast.Inspect(arg, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && found == "" {
			found, _ = strconv.Unquote(lit.Value)
		}
		return found == ""
	})
	return found
}

func many(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestTooLarge: files that nobody has written by hand are refused, and soon.
func TestTooLarge(t *testing.T) {
	fsys := good(t)
	fsys["big.yaml"] = &fstest.MapFile{Data: []byte(strings.Repeat("# comment\n", 200_000))}
	fsys["keys.yaml"] = &fstest.MapFile{Data: []byte(many("k%d: 1\n", 5_100))}
	fsys["list.yaml"] = &fstest.MapFile{Data: []byte("flow: list\nversion: 1\ncommands: [list]\nsteps:\n" + many("  - {id: s%d, next: t%[1]d}\n", 1_100))}
	fsys["vars.yaml"] = &fstest.MapFile{Data: []byte("flow: vars\nversion: 1\ncommands: [vars]\nsteps:\n  - id: v\n    set:\n" + many("      v%d: w + v1%[1]d\n", 5_000))}
	fsys["texts/en.yaml"] = &fstest.MapFile{Data: []byte(many("t%d: {text: a}\n", 2_000))}
	all := strings.Join(told(t, fsys), "\n")
	for _, want := range []string{
		"big.yaml:1:1: the file has 2000000 bytes: ",
		"keys.yaml:5001:1: a flow has more than 5000 keys: ",
		"list.yaml:1005:5: steps is a list of more than 1000 items: ",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nobody is told %q", want)
		}
	}
}
