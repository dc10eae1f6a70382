package engine_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// written are the dashes of the texts themselves: in the list of commands, and between the
// two times of a round.
var written = regexp.MustCompile(`/[a-z]+ –|[0-9]–`)

// bare matches a line that names what it tells, and then tells nothing.
var bare = regexp.MustCompile(`^ +[A-Z][A-Za-z ]*:\s*$`)

// emptied reports whether a line has a dash or nothing in the place of what it was to
// tell.
func emptied(line string) bool {
	return strings.Contains(written.ReplaceAllString(line, ""), "–") || bare.MatchString(line)
}

// TestNothingReadsEmpty: no text of a transcript has a dash or nothing where a time, a
// name or a number was to stand.
func TestNothingReadsEmpty(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := newPerson(t, shipped(t))
		got, err := p.Play(string(src))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(got) {
			if emptied(line) && line[0] != '#' && line[0] != '>' {
				t.Errorf("%s: %s", filepath.Base(name), line)
			}
		}
	}
}
