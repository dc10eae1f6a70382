package mutate

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"spasmbot/flows/lang"
)

// hintsFile holds the variables that the proofs of the flows as they are came to
// need. It spares the short run their search; what it says wrongly costs time only.
const hintsFile = "testdata/hints.json"

// A hint is filed by the words of its promise, and not by its line, which changes with
// every edit.
type hint struct {
	Promise string
	Part    string   `json:",omitempty"`
	Track   string   `json:",omitempty"`
	Known   []string `json:",omitempty"`
}

// promiseNames names each promise by its source.
func promiseNames(c *lang.Catalog) map[string]string {
	names := make(map[string]string)
	for _, f := range c.Flows() {
		for _, inv := range f.Invariants {
			names[inv.Source] = f.ID + ": " + inv.String()
		}
	}
	return names
}

func (b *bench) readHints(t testing.TB) {
	t.Helper()
	data, err := os.ReadFile(hintsFile)
	if err != nil {
		t.Fatal(err)
	}
	var list []hint
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatalf("%s: %v: write it anew with -update", hintsFile, err)
	}
	sources := make(map[string]string)
	for source, name := range promiseNames(b.catalog) {
		sources[name] = source
	}
	for _, h := range list {
		b.hints[sources[h.Promise]+"\x00"+h.Part+"\x00"+h.Track] = h.Known
	}
}

func (b *bench) writeHints(t testing.TB) {
	t.Helper()
	names := promiseNames(b.catalog)
	var list []hint
	for key, known := range b.hints {
		part := strings.Split(key, "\x00")
		if name := names[part[0]]; name != "" {
			list = append(list, hint{name, part[1], part[2], known})
		}
	}
	slices.SortFunc(list, func(x, y hint) int {
		return strings.Compare(x.Promise+x.Part+x.Track, y.Promise+y.Part+y.Track)
	})
	data, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(hintsFile, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
