package bottest

import (
	"bytes"
	"testing"

	"spasmbot/flows/lang"
	"spasmbot/flows/trace"
)

// refusesNone wants that no timeline of an export is refused, whatever has happened
// to the bot. Dir is the folder of its flows, "" for the built-in ones.
func refusesNone(t testing.TB, dir string, export []byte) {
	t.Helper()
	for _, f := range judged(t, loadFlows(t, dir, "UTC"), export) {
		if f.Verdict == trace.Refused {
			t.Errorf("timeline %s is refused at entry %d: %s", f.Episode, f.Entry, f.Why)
		}
	}
}

// judged holds the timelines of an export against flows.
func judged(t testing.TB, c *lang.Catalog, export []byte) []trace.Finding {
	t.Helper()
	e, err := trace.Read(bytes.NewReader(export))
	if err != nil {
		t.Fatal(err)
	}
	return trace.Judge(c, e)
}
