package mutate

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"testing"
)

// verdicts are those of a run that takes hours, as it goes: one that is ended goes on
// where it was.
type verdicts struct {
	of   map[string]outcome
	mu   sync.Mutex
	file *os.File
	// flows is the fingerprint of the flows that were broken.
	flows uint64
}

// line is a verdict in the file.
type line struct {
	Flows   uint64
	Mutant  string
	Verdict verdict
	Why     string
}

// readVerdicts reads those of the same flows.
func readVerdicts(t *testing.T, b *bench) *verdicts {
	t.Helper()
	v := &verdicts{of: make(map[string]outcome), flows: b.catalog.Fingerprint}
	if *done == "" {
		return v
	}
	file, err := os.OpenFile(*done, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	v.file = file
	for from := json.NewDecoder(file); ; {
		var l line
		switch err := from.Decode(&l); {
		case err == io.EOF:
			return v
		case err != nil:
			t.Fatalf("%s: %v: delete the file to judge all mutants anew", *done, err)
		case l.Flows == v.flows:
			v.of[l.Mutant] = outcome{l.Verdict, l.Why}
		}
	}
}

func (v *verdicts) note(t *testing.T, m *mutant, o outcome) {
	if v.file == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := json.NewEncoder(v.file).Encode(line{v.flows, m.key, o.verdict, o.why}); err != nil {
		t.Error(err)
	}
}
