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
	if strings.Contains(choices, "cool:") {
		texts = strings.Replace(texts, "warm: Warm", "warm: Warm, cool: Cool", 1)
	}
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

// TestEditFollowsTheHeir: whoever stands on a retired step is asked its heir, which
// asks something else.
func TestEditFollowsTheHeir(t *testing.T) {
	p := newPerson(t, hub(t, "hub", choicesOf("hub"), ""))
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Minute, nil)
	p.Catalog = hub(t, "day", choicesOf("day")+", cool: {}", "retired: {hub: {moved_to: day}}\n")
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

// TestEditToWhatDoesNotAsk: whoever stood on a question that is none any more, or is
// moved to a step that is none, goes on from there, whatever happens next. What they
// press or type answers nothing.
func TestEditToWhatDoesNotAsk(t *testing.T) {
	help := map[string]string{"help.yaml": "flow: help\ncommands: [help]\nsteps: [{id: help_asks, ask: choice, choices: {back: {}}, wait: {timeout: 1h, next: return}}]\n"}
	helpTexts := "\nhelp_asks: {text: Help., back: Back}\n"
	is := func(edit string) *lang.Catalog {
		return tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: begin, go: `+edit+`}
  - {id: `+edit+`, next: next_hub}
  - {id: next_hub, ask: choice, choices: {warm: {}, over: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
`+map[bool]string{true: "retired: {hub: {moved_to: " + edit + "}}\n"}[edit != "hub"], `next_hub: {text: "And now?", warm: Warm, over: Over}
`+edit+`: {text: Moved on.}`+helpTexts, help)
	}
	for name, c := range map[string]*lang.Catalog{"none any more": is("hub"), "moved to one that is none": is("sort")} {
		for what, event := range map[string]func(p *person){
			"press":        func(p *person) { p.presses("over") },
			"typing":       func(p *person) { p.does(flows.Text{Text: "over"}) },
			"photo":        func(p *person) { p.does(flows.Unsupported{}) },
			"nothing":      func(p *person) { p.waits(2*time.Hour, nil) },
			"outage":       func(p *person) { p.does(flows.Resume{Back: p.Now}) },
			"interruption": func(p *person) { p.presses("back") },
			"return":       func(p *person) { p.does(flows.Blocked{}); p.does(flows.Unblocked{}) },
		} {
			p := newPerson(t, tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: hub, ask: choice, choices: {over: {}}, wait: {nudge: 1h, timeout: 9h, next: over}}
  - {id: over, end: over}
`, `hub: {text: "How is it?", over: Over}`+helpTexts, help))
			p.does(flows.Command{Name: "spasm"})
			if what == "interruption" {
				p.does(flows.Command{Name: "help"})
			}
			p.Catalog = c
			event(p)
			if s := p.state(); !s.Episode.Live() || s.At.Step != "next_hub" || !strings.Contains(p.said(), "Moved on.") {
				t.Errorf("%s, %s: %v", name, what, p)
			}
		}
	}
}

// said is all that stands in the chat.
func (p *person) said() string {
	var all []string
	for _, m := range p.Chat {
		all = append(all, m.Text)
	}
	return strings.Join(all, "\n")
}
