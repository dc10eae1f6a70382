package bottest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows/catalog"
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

// TestRunRefusesToStrandPeople: a step that somebody stands on cannot vanish.
func TestRunRefusesToStrandPeople(t *testing.T) {
	t.Parallel()
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
