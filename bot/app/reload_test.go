package app

import (
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows/lang"
)

// TestReloaderKeepsTheLastGoodFlows: faults and refusals are told, and change
// nothing; what is mended is put to use.
func TestReloaderKeepsTheLastGoodFlows(t *testing.T) {
	files := tinyWith(t, "spasm.yaml", "how", "how")
	flow, texts := string(files["spasm.yaml"].Data), string(files["texts/en.yaml"].Data)
	folder := NewFolder(files, "UTC", lang.Operator{Name: "Test Clinic"})
	store := openStore(t)
	first := load(t, files)
	a, err := newTestApp(t, store, first)
	if err != nil {
		t.Fatal(err)
	}
	r := newReloader(a, folder, slog.New(slog.DiscardHandler))
	at := int64(0)
	edit := func(old, replacement string) {
		at++
		files["spasm.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(flow, old, replacement)), ModTime: time.Unix(at, 0)}
		files["texts/en.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(texts, old, replacement)), ModTime: time.Unix(at, 0)}
		r.look(t.Context())
	}
	refused := func(what, want string) {
		t.Helper()
		if got := strings.Join(*r.faults.Load(), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: the faults are %q, want %q in them", what, got, want)
		}
		if a.flows.current.Load() != first {
			t.Errorf("%s: they are in use", what)
		}
	}
	edit("ask: scale", "aks: scale")
	refused("flows with a fault", `did you mean "ask"?`)
	stand(t, store, "how")
	edit("how", "how_much")
	refused("flows that strand somebody", `1 live episode stands on step "how"`)
	edit("How bad", "How very bad")
	if faults := *r.faults.Load(); len(faults) != 0 || a.flows.current.Load() == first {
		t.Errorf("the mended flows are not in use, the faults are %q", faults)
	}
	mended := a.flows.current.Load()
	if mended.Operator.Name != "Test Clinic" {
		t.Errorf("the mended flows are run by %+v", mended.Operator)
	}
	r.look(t.Context())
	if a.flows.current.Load() != mended {
		t.Error("flows that nobody edited were read again")
	}
}
