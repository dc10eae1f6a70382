package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write licences.txt anew")

// licenceFiles are where a module says under which licence it is.
var licenceFiles = []string{"LICEN[CS]E*", "COPYING*", "NOTICE*", "licenses/ftl.txt"}

// TestLicences: the program carries the licence of each module that is in it, of the
// language it is written in, and of the fonts.
func TestLicences(t *testing.T) {
	want := gathered(t)
	if *update {
		if err := os.WriteFile("licences.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if licences != want {
		t.Error("licences.txt is not of what is in the program: run go test ./cmd/spasmbot -run Licences -update")
	}
	for _, words := range []string{"SIL OPEN FONT LICENSE Version 1.1", "Reserved Font Name Liberation", "The FreeType Project LICENSE", "The Go Authors"} {
		if !strings.Contains(want, words) {
			t.Errorf("the licences do not say %q", words)
		}
	}
}

// gathered are the licences as the modules on this machine have them.
func gathered(t *testing.T) string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", ".")
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := append(strings.Split(strings.TrimSpace(string(out)), "\n"), "Go\t"+strings.TrimSpace(string(root)))
	slices.Sort(lines)
	var all strings.Builder
	all.WriteString("Spasmbot is under the MIT licence. In the program are, each under its own licence:\n")
	for _, line := range slices.Compact(lines) {
		module, dir, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		texts := 0
		for _, pattern := range licenceFiles {
			files, _ := filepath.Glob(filepath.Join(dir, pattern))
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					continue // a folder
				}
				texts++
				fmt.Fprintf(&all, "\n%s\n%s, %s\n\n%s\n", strings.Repeat("=", 72), module, filepath.Base(file), trimmed(string(text)))
			}
		}
		if texts == 0 {
			t.Errorf("%s says nowhere under which licence it is", module)
		}
	}
	return all.String()
}

// trimmed is a text without spaces at the ends of its lines, and without a carriage
// return.
func trimmed(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return strings.Join(lines, "\n")
}
