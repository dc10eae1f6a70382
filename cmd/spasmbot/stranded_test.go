package main

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
	h := newHost(t, 1)
	h.start()
	people := newCrowd(h.sim, 3)
	for _, id := range people.people {
		h.sim.Person(id).SendCommand("/spasm")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for _, id := range people.people {
		_, err := h.sim.Person(id).Await(ctx, func(m []simulator.Message) bool { return len(m) == 2 })
		if err != nil {
			t.Fatal("no answer to /spasm")
		}
	}
	h.stop()

	dir := copyFlows(t)
	for _, name := range []string{"screening.yaml", "spasm.yaml", "texts/en.yaml"} {
		edit(t, filepath.Join(dir, name), "emergency_nerves", "nerves_first")
	}
	out, err := h.command("run", "--db", h.db, "--flows", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), `3 live episodes stand on step "emergency_nerves" of flow "screening"`) || !strings.Contains(string(out), "moved_to") {
		t.Fatalf("run with stranded people: %v\n%s", err, out)
	}
	edit(t, filepath.Join(dir, "screening.yaml"), "flow: screening\n", "flow: screening\nretired: {emergency_nerves: {moved_to: nerves_first}}\n")
	cmd := h.command("run", "--db", h.db, "--flows", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h.cmd = cmd
	p := h.sim.Person(people.people[0])
	if _, err := p.PressLabel(p.Last().ID, "No, none of these"); err != nil {
		t.Fatal(err)
	}
	_, err = p.Await(ctx, func(m []simulator.Message) bool { return strings.Contains(m[len(m)-1].Text, "updated") })
	if err != nil {
		t.Fatalf("the moved step is not asked again: %q", p.Last().Text)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
}
