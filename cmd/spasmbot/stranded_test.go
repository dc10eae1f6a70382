package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// copyFlows copies the shipped flows into a folder that a test may edit.
func copyFlows(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "flows")
	if err := os.CopyFS(dir, catalog.Shipped()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// edit changes a file of a test.
func edit(t *testing.T, name, old, replacement string) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(src), old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(src), old, replacement)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestStepsAreNotedOnce: people are only asked where they stand if the steps have
// changed since the last start, or flows were put in use meanwhile.
func TestStepsAreNotedOnce(t *testing.T) {
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	cat, err := loadFlows("", "UTC")
	if err != nil {
		t.Fatal(err)
	}
	loop, err := loadFlows(filepath.Join("..", "..", "bot", "bench", "testdata", "loop"), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	check := func(c *lang.Catalog, refused bool) {
		t.Helper()
		if err := checkStranded(t.Context(), store, c); (err != nil) != refused {
			t.Fatalf("checked: %v", err)
		}
	}
	check(cat, false)
	// Nobody can come to stand here while these flows are in use; so whoever does
	// shows whether people are asked.
	lost := flows.State{User: 7, At: flows.Place{Flow: "spasm", Step: "nowhere"}, Episode: flows.Episode{Number: 1, Flow: "spasm"}}
	if err := store.Update(t.Context(), func(tx storage.Tx) error { return tx.PutState(lost) }); err != nil {
		t.Fatal(err)
	}
	if !lost.Episode.Live() {
		t.Fatal("the episode is over")
	}
	check(cat, false)
	check(loop, true)
	check(cat, false)
	if err := noteSteps(t.Context(), store, ""); err != nil {
		t.Fatal(err)
	}
	check(cat, true)
}

// TestRunRefusesToStrandPeople: a step that somebody stands on cannot vanish.
func TestRunRefusesToStrandPeople(t *testing.T) {
	h := newHost(t, 1)
	h.start()
	people := newCrowd(h.sim, 3)
	for _, id := range people.people {
		h.sim.Person(id).SendCommand("/spasm")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	newest := func(p *simulator.Person, words string) {
		t.Helper()
		_, err := p.Await(ctx, func(m []simulator.Message) bool { return strings.Contains(m[len(m)-1].Text, words) })
		if err != nil {
			t.Fatalf("the newest message is %q, want %q in it", p.Last().Text, words)
		}
	}
	for _, id := range people.people {
		p := h.sim.Person(id)
		newest(p, "Before we go on")
		if _, err := p.PressLabel(p.Last().ID, "Yes, and I am 18 or older"); err != nil {
			t.Fatal(err)
		}
		newest(p, "Is any of this new")
	}
	h.stop()

	dir := copyFlows(t)
	for _, name := range []string{"signs.yaml", "spasm.yaml", "texts/en.yaml"} {
		edit(t, filepath.Join(dir, name), "emergency_nerves", "nerves_first")
	}
	out, err := h.command("run", "--db", h.db, "--flows", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), `3 live episodes stand on step "emergency_nerves" of flow "signs"`) || !strings.Contains(string(out), "moved_to") {
		t.Fatalf("run with stranded people: %v\n%s", err, out)
	}
	edit(t, filepath.Join(dir, "signs.yaml"), "flow: signs\n", "flow: signs\nretired: {emergency_nerves: {moved_to: nerves_first}}\n")
	cmd := h.command("run", "--db", h.db, "--flows", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h.cmd = cmd
	p := h.sim.Person(people.people[0])
	if _, err := p.PressLabel(p.Last().ID, "No, none of these"); err != nil {
		t.Fatal(err)
	}
	newest(p, "updated")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
}
