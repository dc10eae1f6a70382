package bottest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
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
	people := h.crowd(3)
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
		newest(p, "Is that fine?")
		if _, err := p.PressLabel(p.Last().ID, agreed); err != nil {
			t.Fatal(err)
		}
		newest(p, "Since this began, is any of these true?")
	}
	h.stop()

	dir := copyFlows(t)
	for _, name := range []string{"signs.yaml", "texts/en.yaml"} {
		edit(t, filepath.Join(dir, name), "emergency_signs", "signs_first")
	}
	out, err := h.command("run", "--db", h.db, "--flows", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), `3 live episodes stand on step "emergency_signs" of flow "signs"`) || !strings.Contains(string(out), "moved_to") {
		t.Fatalf("run with stranded people: %v\n%s", err, out)
	}
	edit(t, filepath.Join(dir, "signs.yaml"), "retired:\n", "retired:\n  emergency_signs: {moved_to: signs_first}\n")
	edit(t, filepath.Join(dir, "texts", "en.yaml"), "Since this began, is any of these true?", "Since it began, is any of these true?")
	h.flows = dir
	h.start()
	p := h.sim.Person(people.people[0])
	answer := func(p *simulator.Person) {
		t.Helper()
		if _, err := p.PressLabel(p.Last().ID, none); err != nil {
			t.Fatal(err)
		}
	}
	answer(p) // not to what is asked now
	newest(p, "updated")
	h.kill()
	edit(t, filepath.Join(dir, "texts", "en.yaml"), "Since it began, is any of these true?", "Since this began, is any of these true?")
	h.start()
	p = h.sim.Person(people.people[1])
	asked := p.Last().Text
	time.Sleep(time.Until(p.Last().Date.Add(reading)))
	answer(p) // the same question under another name
	_, err = p.Await(ctx, func(m []simulator.Message) bool { return m[len(m)-1].Text != asked })
	if err != nil || strings.Contains(p.Last().Text, "updated") {
		t.Errorf("after the answer to the same question: %q, %v", p.Last().Text, err)
	}
	h.kill()
}

// withRound makes a folder of one flow with a round of cold.
func withRound(t *testing.T) string {
	t.Helper()
	dir := tinyFlows(t)
	edit(t, filepath.Join(dir, "spasm.yaml"), "steps:\n", "rounds:\n  cold: {hold: 2h, gap: 1h}\nsteps:\n  - {id: go_cold, start: cold}\n")
	edit(t, filepath.Join(dir, "spasm.yaml"), "timeout: 1h", "timeout: 90d")
	edit(t, filepath.Join(dir, "texts", "en.yaml"), "where:", "cold-on: {text: Cold on.}\ncold-off: {text: Cold off.}\nwhere:")
	return dir
}

// TestRetiredRoundOutlivesKills: a pack is on, and the round has another name when
// the bot comes back. Without a word about it the bot does not start; with one it is
// taken off in the words of the old round, at its time, whatever is killed meanwhile.
func TestRetiredRoundOutlivesKills(t *testing.T) {
	t.Parallel()
	h := newHost(t, 1500)
	h.flows = withRound(t)
	h.start()
	people := h.crowd(2)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	says := func(p *simulator.Person, words string) {
		t.Helper()
		said := func(m simulator.Message) bool { return m.Text == words }
		if _, err := p.Await(ctx, func(m []simulator.Message) bool { return slices.ContainsFunc(m, said) }); err != nil {
			t.Fatalf("nobody says %q: %q", words, texts(p.Messages()))
		}
	}
	for _, id := range people.people {
		h.sim.Person(id).SendCommand("/spasm")
		says(h.sim.Person(id), "Cold on.")
	}
	h.kill()

	edit(t, filepath.Join(h.flows, "spasm.yaml"), "cold", "ice")
	edit(t, filepath.Join(h.flows, "texts", "en.yaml"), "cold-", "ice-")
	edit(t, filepath.Join(h.flows, "texts", "en.yaml"), "Cold o", "Ice o")
	out, err := h.command("run", "--db", h.db, "--flows", h.flows).CombinedOutput()
	want := `"cold" of flow "spasm" is gone: 2 live episodes have it on: write under retired in flow "spasm": cold: {moved_to: `
	if err == nil || !strings.Contains(string(out), want) {
		t.Fatalf("run with a pack on that nobody takes off: %v\n%s", err, out)
	}
	edit(t, filepath.Join(h.flows, "spasm.yaml"), "steps:\n", "retired: {cold: {moved_to: ice}}\nsteps:\n")
	h.start()
	h.kill()
	h.start()
	for _, id := range people.people {
		says(h.sim.Person(id), "Cold off.")
		says(h.sim.Person(id), "Ice on.")
		says(h.sim.Person(id), "Ice off.")
	}
	r := h.settle()
	for _, id := range people.people {
		came := r.came(id)
		on, off := came["cold-on"], came["cold-off"]
		if len(on) != 1 || len(off) != 1 || off[0].Before(on[0].Add(2*time.Hour)) || len(came["ice-off"]) == 0 {
			t.Errorf("person %d: %v", id, came)
		}
	}
}
