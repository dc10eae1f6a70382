package storage

import (
	"encoding/json"
	"strings"
	"testing"

	"spasmbot/flows"
)

// TestExportSigns: an answer about warning signs says by which edition of their table it
// was given, and no other entry does.
func TestExportSigns(t *testing.T) {
	for version, want := range map[int]string{0: "", 3: `"signs_version":3`} {
		line, err := json.Marshal(exportEntry(Entry{User: 7, Entry: flows.Entry{Seq: 1, Kind: flows.EntryAnswer, Signs: version}}))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(line), "signs_version"); got != (want != "") || !strings.Contains(string(line), want) {
			t.Errorf("of the edition %d it says %s", version, line)
		}
	}
}
