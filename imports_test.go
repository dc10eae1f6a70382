// Package spasmbot has no code: this test holds the arrows between the
// packages of the module.
package spasmbot

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	library = "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	bbolt   = "go.etcd.io/bbolt"
	cbor    = "github.com/fxamacker/cbor/v2"
)

// forbidden lists, for packages by pattern, what they must not import. A
// pattern that ends in /... takes in what is below it.
var forbidden = []struct {
	from, to string
	except   []string
}{
	{"spasmbot/flows/...", "spasmbot/...", []string{"spasmbot/flows/..."}},
	{"spasmbot/flows", "spasmbot/...", nil},
	{"spasmbot/flows/plan", "spasmbot/...", []string{"spasmbot/flows"}},
	{"spasmbot/flows/button", "spasmbot/...", nil},
	{"spasmbot/flows/places", "spasmbot/...", []string{"spasmbot/flows/typed/..."}},
	{"spasmbot/flows/markup", "spasmbot/...", nil},
	{"spasmbot/flows/signs", "spasmbot/...", nil},
	{"spasmbot/flows/typed", "spasmbot/...", nil},
	{"spasmbot/flows/typed/fold", "spasmbot/...", []string{"spasmbot/flows/typed"}},
	{"spasmbot/flows/drawings", "spasmbot/...", nil},
	{"spasmbot/flows/checker/model", "spasmbot/...", []string{"spasmbot/flows", "spasmbot/flows/lang/...", "spasmbot/flows/signs"}},
	{"spasmbot/flows/diff", "spasmbot/...", []string{"spasmbot/flows", "spasmbot/flows/lang", "spasmbot/flows/graph"}},
	{"spasmbot/flows/measure", "spasmbot/...", []string{"spasmbot/flows", "spasmbot/flows/lang", "spasmbot/flows/button", "spasmbot/flows/markup", "spasmbot/flows/transcript"}},
	{"spasmbot/flows/lang/ask", "spasmbot/...", []string{"spasmbot/flows", "spasmbot/flows/markup", "spasmbot/flows/places", "spasmbot/flows/signs", "spasmbot/flows/typed"}},
	{"spasmbot/flows/lang/...", "spasmbot/...", []string{"spasmbot/flows", "spasmbot/flows/lang/...", "spasmbot/flows/plan", "spasmbot/flows/places", "spasmbot/flows/markup", "spasmbot/flows/signs", "spasmbot/flows/typed"}},
	{"spasmbot/flows/...", "net", nil},
	{"spasmbot/flows/...", "net/...", nil},
	{"spasmbot/flows/...", "os", nil},
	{"spasmbot/flows/...", "os/...", nil},
	{"spasmbot/flows/...", "log/slog", nil},
	{"spasmbot/flows/...", "context", nil},
	{"spasmbot/flows/...", "math/rand", nil},
	{"spasmbot/flows/...", "math/rand/v2", nil},
	{"spasmbot/storage/...", "spasmbot/bot/...", nil},
	{"spasmbot/storage/...", "spasmbot/flows/lang/...", nil},
	{"spasmbot/bot", "spasmbot/bot/telegram", nil},
	{"spasmbot/bot", "spasmbot/bot/simulator/...", nil},
	{"spasmbot/bot", "spasmbot/storage/boltstore", nil},
	{"spasmbot/bot", "spasmbot/flows/engine", nil},
	{"spasmbot/bot/app", "spasmbot/storage/boltstore", nil},
	{"spasmbot/...", "spasmbot/bot/app", []string{"from spasmbot/cmd/spasmbot"}},
	{"spasmbot/...", "spasmbot/bot/bottest", nil},
	{"spasmbot/bot/chat", "spasmbot/...", []string{"spasmbot/flows"}},
	{"spasmbot/bot/outbox", "spasmbot/...", []string{"spasmbot/flows", "spasmbot/storage"}},
	{"spasmbot/bot/outbox", "context", nil},
	{"spasmbot/bot/outbox", "log/slog", nil},
	{"spasmbot/bot/outbox", "os", nil},
	{"spasmbot/bot/outbox", "net/...", nil},
	{"spasmbot/bot/outbox", "math/rand/v2", nil},
	{"spasmbot/bot/report", "spasmbot/...", []string{"spasmbot/flows/drawings", "spasmbot/flows/markup"}},
	{"spasmbot/bot/report", "context", nil},
	{"spasmbot/bot/report", "log/slog", nil},
	{"spasmbot/bot/report", "os", nil},
	{"spasmbot/bot/report", "net/...", nil},
	{"spasmbot/bot/telegram", "spasmbot/storage/...", nil},
	{"spasmbot/bot/telegram", "spasmbot/flows/engine", nil},
	{"spasmbot/bot/telegram", "spasmbot/flows/lang/...", nil},
	{"spasmbot/bot/telegram", "spasmbot/bot", nil},
	{"spasmbot/bot/simulator", "spasmbot/...", nil},
	{"spasmbot/bot/simulator/page", "spasmbot/...", nil},
	{"spasmbot/...", "spasmbot/cmd/...", nil},
	{"spasmbot/...", bbolt, []string{"from spasmbot/storage/boltstore"}},
	{"spasmbot/...", cbor, []string{"from spasmbot/storage/record"}},
	{"spasmbot/storage/record", "spasmbot/...", []string{"spasmbot/storage"}},
}

type goPackage struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	// Those of tests, within the package and beside it.
	TestImports, XTestImports []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func matches(pattern, path string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return path == pattern
}

func TestForbiddenArrows(t *testing.T) {
	list := packages(t)
	for _, rule := range forbidden {
		used := false
		for _, p := range list {
			if !matches(rule.from, p.ImportPath) {
				continue
			}
			used = true
			if slices.Contains(rule.except, "from "+p.ImportPath) {
				continue
			}
			for _, imported := range p.Imports {
				excepted := slices.ContainsFunc(rule.except, func(e string) bool { return matches(e, imported) })
				if matches(rule.to, imported) && !excepted {
					t.Errorf("%s imports %s", p.ImportPath, imported)
				}
			}
		}
		if !used {
			t.Errorf("no package matches %q: correct the rule", rule.from)
		}
		for _, e := range rule.except {
			e = strings.TrimPrefix(e, "from ")
			if !slices.ContainsFunc(list, func(p goPackage) bool { return matches(e, p.ImportPath) }) {
				t.Errorf("no package matches %q, an exception of %q: correct the rule", e, rule.from)
			}
		}
	}
}

// row is a package in CONTRIBUTING's table, with the column of what it may import.
var row = regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\|.*\\| (.+) \\|$")

// TestTheTable holds CONTRIBUTING's table against the code: it has every package,
// and of each, unless it says "everything", exactly what that imports of ours.
func TestTheTable(t *testing.T) {
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	may := make(map[string]string)
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		may["spasmbot/"+m[1]] = m[2]
	}
	if len(may) < 10 {
		t.Fatalf("the table has %d rows that can be read", len(may))
	}
	for _, p := range packages(t) {
		told, ok := may[p.ImportPath]
		if !ok && p.ImportPath != "spasmbot" {
			t.Errorf("CONTRIBUTING's table lacks %s", p.ImportPath)
		}
		if strings.HasPrefix(told, "everything") {
			continue
		}
		told, below := strings.CutSuffix(told, " and what is below it")
		words := strings.Split(told, "`")
		for i := 1; i < len(words); i += 2 {
			path := "spasmbot/" + words[i]
			if !slices.Contains(p.Imports, path) {
				t.Errorf("CONTRIBUTING's table says that %s imports %s", p.ImportPath, path)
			}
			p.Imports = slices.DeleteFunc(p.Imports, func(got string) bool {
				return got == path || below && i+2 >= len(words) && matches(path+"/...", got)
			})
		}
		for _, path := range p.Imports {
			if matches("spasmbot/...", path) {
				t.Errorf("%s imports %s, which CONTRIBUTING's table does not say", p.ImportPath, path)
			}
		}
	}
}

// TestExceptionsExist: what is excepted from a rule is a package that there is.
func TestExceptionsExist(t *testing.T) {
	list := packages(t)
	for _, rule := range forbidden {
		for _, e := range rule.except {
			e = strings.TrimPrefix(e, "from ")
			if !slices.ContainsFunc(list, func(p goPackage) bool { return matches(e, p.ImportPath) }) {
				t.Errorf("%s may import %s, which is no package", rule.from, e)
			}
		}
	}
}

// TestOnlyTheGatewayKnowsTheLibrary looks at tests as well: what speaks to a
// server there speaks the wire format.
func TestOnlyTheGatewayKnowsTheLibrary(t *testing.T) {
	const gateway = "spasmbot/bot/telegram"
	for _, p := range packages(t) {
		known := slices.Contains(slices.Concat(p.Imports, p.TestImports, p.XTestImports), library)
		if known != (p.ImportPath == gateway) {
			t.Errorf("%s imports the Telegram library: %t", p.ImportPath, known)
		}
	}
}

// TestThePurePartsReadNoClock looks for calls of time.Now and its like.
func TestThePurePartsReadNoClock(t *testing.T) {
	pure := []string{"spasmbot/flows/...", "spasmbot/bot/outbox", "spasmbot/bot/report"}
	clocks := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
	files := 0
	for _, p := range packages(t) {
		if !slices.ContainsFunc(pure, func(pattern string) bool { return matches(pattern, p.ImportPath) }) {
			continue
		}
		for _, name := range p.GoFiles {
			files++
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, sel.Sel.Name) {
						t.Errorf("%s/%s uses time.%s", p.ImportPath, name, sel.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if files == 0 {
		t.Fatal("no file was read")
	}
}

// TestWhatIsPulledIn looks at everything that a package brings along, through
// whatever it imports.
func TestWhatIsPulledIn(t *testing.T) {
	language := []string{"github.com/expr-lang/expr/...", "golang.org/x/text/...", "github.com/goccy/go-yaml/..."}
	for from, banned := range map[string][]string{
		"spasmbot/storage":      language,
		"spasmbot/bot":          language,
		"spasmbot/bot/outbox":   language,
		"spasmbot/bot/telegram": language,
	} {
		for _, path := range deps(t, from) {
			if slices.ContainsFunc(banned, func(b string) bool { return matches(b, path) }) {
				t.Errorf("%s pulls in %s", from, path)
			}
		}
	}
	for _, path := range deps(t, "spasmbot/flows") {
		if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
			t.Errorf("spasmbot/flows pulls in %s, which is not of the standard library", path)
		}
	}
}

// deps lists what a package imports, directly or not.
func deps(t *testing.T, path string) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", path).Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", path, err)
	}
	return strings.Fields(string(out))
}
