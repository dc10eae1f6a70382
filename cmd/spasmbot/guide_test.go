package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/alecthomas/kong"

	"spasmbot/flows/catalog"
	"spasmbot/flows/checker"
	"spasmbot/flows/lang"
)

// guide is the page for the people who write flows.
const guide = "../../docs/flows.md"

func readGuide(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

var fence = regexp.MustCompile("(?ms)^ *```(\\w+)\n(.*?)^ *```$")

// dedent takes the indentation off, so that a piece can be found wherever it
// stands.
func dedent(src string) string {
	lines := strings.Split(strings.TrimRight(src, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

// TestGuideExamples: every example of the guide is a piece of the ankle's
// files, which load, of its people's, or of a set that has signs.
func TestGuideExamples(t *testing.T) {
	if _, err := loadFlows(ankle, "UTC"); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	examples := filepath.Dir(ankle)
	err := fs.WalkDir(os.DirFS(examples), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".yaml" {
			return err
		}
		src, err := os.ReadFile(filepath.Join(examples, name))
		all.WriteString(dedent(string(src)) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// The ankle has no table of signs; a small set that tests load has.
	signs, err := os.ReadFile("../../flows/catalog/testdata/signs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all.WriteString(dedent(string(signs)) + "\n")
	pieces, commands := 0, 0
	for _, m := range fence.FindAllStringSubmatch(readGuide(t), -1) {
		switch m[1] {
		case "yaml":
			pieces++
			if !strings.Contains(all.String(), dedent(m[2])) {
				t.Errorf("the guide's example is no piece of %s:\n%s", examples, m[2])
			}
		case "sh":
			commands++
			checkCommands(t, m[2])
		default:
			t.Errorf("an example in %q is not tested", m[1])
		}
	}
	if pieces < 14 || commands < 5 {
		t.Errorf("%d examples and %d commands were found", pieces, commands)
	}
}

// The places where a key that is not known makes the loader list those that
// are.
const oddKeys = `
flow: spasm
odd_key: 1
episode: true
waking: {odd_key: 1}
steps:
  - id: hello
    odd_key: 1
    ask: choice
    choices: {yes: {odd_key: 1}}
    next: [{odd_key: 1, to: over}]
    wait: {odd_key: 1, timeout: 1h, next: over}
  - {id: over, end: over}
rounds:
  cold: {odd_key: 1, hold: 20m, gap: 2h}
reminders:
  water: {odd_key: 1, every: 2h}
retired:
  gone: {odd_key: 1, moved_to: over}
invariants:
  - {odd_key: 1, never: cold, while: live}
signs_version: 1
signs:
  saddle: {odd_key: 1, class: emergency}
`

// checkCommands demands that the program understands each line.
func checkCommands(t *testing.T, lines string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range []string{"mine", "running"} {
		if err := os.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"spasmbot.db", "evening.txt", "people.yaml", "budgets.yaml"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		parser, err := kong.New(new(commands), kong.Name("spasmbot"))
		if err != nil {
			t.Fatal(err)
		}
		if words[0] != "spasmbot" {
			t.Errorf("%q is no call of the program", line)
		} else if _, err := parser.Parse(words[1:]); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}

var keyList = regexp.MustCompile(`(?:keys|texts of \S+) are (.*)$`)

// TestGuideIsComplete: the guide names every key that the loader takes, every
// name of the expressions, and every text that the program asks for.
func TestGuideIsComplete(t *testing.T) {
	page := readGuide(t)
	_, err := catalog.Load(fstest.MapFS{
		"spasm.yaml":    {Data: []byte(oddKeys)},
		"texts/en.yaml": {Data: []byte("buttons: {odd_key: a}\nsystem: {odd_key: a}\nhello: {odd_key: a}\ncold-on: {odd_key: a}\n")},
	}, "UTC")
	faults, ok := errors.AsType[lang.Faults](err)
	if !ok {
		t.Fatalf("the odd keys were taken: %v", err)
	}
	lists := 0
	for _, f := range faults {
		if !strings.Contains(f.What, "odd_key") {
			continue
		}
		m := keyList.FindStringSubmatch(f.Remedy)
		if m == nil {
			continue
		}
		lists++
		for key := range strings.SplitSeq(m[1], ", ") {
			if key != "yes" && !strings.Contains(page, "`"+key+"`") && !strings.Contains(page, "`{"+key+":") && !strings.Contains(page, ", "+key+": ") && !strings.Contains(page, "{"+key+": ") {
				t.Errorf("%s: the guide does not name %q", f.What, key)
			}
		}
	}
	if lists < 14 {
		t.Errorf("only %d lists of keys were found", lists)
	}
	for _, name := range slices.Concat(lang.Placeholders, expressionNames(t)) {
		if !strings.Contains(page, "`"+name) && !strings.Contains(page, "`{"+name+"}`") {
			t.Errorf("the guide does not name %q", name)
		}
	}
}

var expressionTable = regexp.MustCompile("(?m)^\\| `(\\w+)(?:\\(\\w+\\))?`(?:, `(\\w+)(?:\\(\\w+\\))?`)? \\| (?:instant|text|number|true|duration)")

// expressionNames lists the names that the guide gives to expressions, each of
// which must exist.
func expressionNames(t *testing.T) []string {
	t.Helper()
	var names []string
	_, section, _ := strings.Cut(readGuide(t), "## Conditions and values")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, m := range expressionTable.FindAllStringSubmatch(section, -1) {
		for _, name := range m[1:] {
			if name == "" {
				continue
			}
			names = append(names, name)
			if !lang.Reserved(name) && name != "onset" && name != "zone" {
				t.Errorf("the guide names %q, which expressions do not know", name)
			}
		}
	}
	if len(names) < 22 {
		t.Errorf("only %q were found", names)
	}
	return names
}

// TestWhatHoldsMeans: whoever reads of promises reads the same words of what it
// means that they hold, and of rules.
func TestWhatHoldsMeans(t *testing.T) {
	pages := map[string]string{"flows check --help": new(flowsCheckCommand).Help()}
	for _, name := range []string{"../../README.md", guide, "../../flows/checker/doc.go"} {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = strings.ReplaceAll(string(src), "\n//", "\n")
	}
	for name, page := range pages {
		page = strings.Join(strings.Fields(page), " ")
		for _, words := range []string{checker.Meaning, checker.RulesMeaning} {
			if !strings.Contains(page, words) {
				t.Errorf("%s does not say: %s", name, words)
			}
		}
	}
}
