package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

const hubTexts = `
hub: {text: "How is it?", warm: Warm, over: Over}
cold-on: {text: "on"}
cold-off: {text: "off"}
`

// hub is a flow with one question and a round, with room for an edit.
func hub(t *testing.T, name, choices, rest string) *lang.Catalog {
	t.Helper()
	texts := strings.Replace(hubTexts, "hub:", name+":", 1)
	return tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_cold, start: cold}
  - id: `+name+`
    ask: choice
    choices: {`+choices+`}
    wait: {nudge: 1h, timeout: 90d, next: over}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, gap: 2h}
`+rest, texts)
}

const bothChoices = "warm: {next: NAME}, over: {}"

func choicesOf(name string) string { return strings.ReplaceAll(bothChoices, "NAME", name) }

// TestEditKeepsTheUnchanged: a new version of the flow that leaves the step as
// it was is not noticed, and armed timers go on.
func TestEditKeepsTheUnchanged(t *testing.T) {
	p := newPerson(t, hub(t, "hub", choicesOf("hub"), ""))
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Minute, nil)
	p.Catalog = hub(t, "hub", strings.ReplaceAll(choicesOf("hub"), "hub", `"hub"`), "# quotes and comments change nothing\n")
	p.waits(20*time.Minute, nil)
	if got := len(p.fired("cold-off")); got != 1 {
		t.Fatalf("%d take-offs after the edit, want the one that was armed", got)
	}
	p.presses("over")
	if s := p.state(); s.Episode.Live() {
		t.Fatalf("the press of an unchanged step did nothing: %v", p)
	}
}

// TestEditAsksTheChangedAgain: a press on a changed step is not taken as an
// answer to what was never asked.
func TestEditAsksTheChangedAgain(t *testing.T) {
	p := newPerson(t, hub(t, "hub", choicesOf("hub"), ""))
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Minute, nil)
	p.Catalog = hub(t, "hub", "over: {next: hub}, warm: {next: over}", "")
	p.presses("over")
	s := p.state()
	if !s.Episode.Live() || s.At.Step != "hub" || s.At.Hash != p.Catalog.Flow("spasm").Steps[1].Hash {
		t.Fatalf("after a press on the changed step: %v", p)
	}
	if !strings.Contains(p.Chat[0].Text, "u\n\nHow is it?") {
		t.Fatalf("the step is not asked again: %q", p.Chat[0].Text)
	}
	p.waits(time.Hour, nil)
	if got := len(p.fired("cold-off")); got != 1 {
		t.Fatalf("%d take-offs after the edit, want the one that was armed", got)
	}
	p.presses("warm")
	if p.state().Episode.Live() {
		t.Fatal("the new choice does not lead where it says")
	}
}

// TestEditNudgesOnce: the reminder of a changed question asks the new one.
func TestEditNudgesOnce(t *testing.T) {
	p := newPerson(t, hub(t, "hub", choicesOf("hub"), ""))
	p.does(flows.Command{Name: "spasm"})
	p.Catalog = hub(t, "hub", "over: {next: hub}, warm: {next: over}", "")
	p.waits(65*time.Minute, nil)
	if s := p.state(); s.At.Hash != p.Catalog.Flow("spasm").Steps[1].Hash {
		t.Fatalf("the nudge repeats the old question: %v", p)
	}
}

// TestEditFollowsTheHeir: whoever stands on a retired step is asked its heir.
func TestEditFollowsTheHeir(t *testing.T) {
	p := newPerson(t, hub(t, "hub", choicesOf("hub"), ""))
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Minute, nil)
	p.Catalog = hub(t, "day", choicesOf("day"), "retired: {hub: {moved_to: day}}\n")
	p.presses("over")
	if s := p.state(); s.At.Step != "day" || !s.Episode.Live() {
		t.Fatalf("from the retired step to %v", p)
	}
	p.waits(30*time.Minute, nil)
	if got := len(p.fired("cold-off")); got != 1 {
		t.Fatalf("%d take-offs after the edit, want the one that was armed", got)
	}
	p.presses("over")
	if p.state().Episode.Live() {
		t.Fatal("the heir leads nowhere")
	}
}

// TestStrandedRound: whoever has a pack on must be told to take it off, which
// flows without the round have no words for. When it is off, it may go.
func TestStrandedRound(t *testing.T) {
	is := hub(t, "hub", choicesOf("hub"), "")
	spasm, texts := `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: hub, ask: choice, choices: {over: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
`, `hub: {text: "How is it?", over: Over}`
	without := tiny(t, spasm, texts)
	water := tiny(t, strings.Replace(spasm, "steps:", "reminders: {cold: {every: 2h}}\nsteps:\n  - {id: go_cold, start: cold}", 1), texts+"\ncold: {text: water}\n")
	refused := func(p *person, c *lang.Catalog) bool {
		st, s := make(lang.Stranded), p.state()
		st.Note(c, &s)
		err := st.Err()
		if err != nil && !strings.Contains(err.Error(), `1 live episode is in round "cold", which is gone`) {
			t.Error(err)
		}
		return err != nil
	}
	p := newPerson(t, is)
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Minute, nil)
	if refused(p, is) || !refused(p, without) || !refused(p, water) {
		t.Errorf("a pack is on; refused are the same flows: %t, those without: %t, with a reminder of the name: %t", refused(p, is), refused(p, without), refused(p, water))
	}
	if steps := is.StepsFingerprint(); steps == without.StepsFingerprint() || steps == water.StepsFingerprint() {
		t.Error("nobody would be asked whether a pack is on")
	}
	p.waits(20*time.Minute, nil)
	if refused(p, without) || refused(p, water) {
		t.Error("the pack is off, and the flows without the round are refused")
	}
}

// TestStranded counts who would be left without a step.
func TestStranded(t *testing.T) {
	p := newPerson(t, hub(t, "hub", choicesOf("hub"), ""))
	p.does(flows.Command{Name: "spasm"})
	s := p.state()
	for name, test := range map[string]struct {
		catalog *lang.Catalog
		want    string
	}{
		"same":    {hub(t, "hub", choicesOf("hub"), ""), ""},
		"heir":    {hub(t, "day", choicesOf("day"), "retired: {hub: {moved_to: day}}\n"), ""},
		"chain":   {hub(t, "day", choicesOf("day"), "retired: {hub: {moved_to: over}}\n"), ""},
		"no heir": {hub(t, "day", choicesOf("day"), ""), `1 live episode stands on step "hub" of flow "spasm"`},
	} {
		st := make(lang.Stranded)
		st.Note(test.catalog, &s)
		err := st.Err()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
