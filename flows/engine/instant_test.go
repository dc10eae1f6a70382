package engine_test

import (
	"fmt"
	"testing"

	"spasmbot/flows"
)

// TestInstants: an instant reads so that it can be no other. On another day it has
// its day of the week, and more than six days away its date, with the year: in the
// words for those whose client does not know times, and in the format for others.
func TestInstants(t *testing.T) {
	const far = "wDt"
	for ago, want := range map[string]struct{ format, words string }{
		"now":            {"t", "12:00"},
		"now - 12h":      {"t", "00:00"},
		"now - 12h - 1m": {"wt", "Sunday 23:59"},
		"now - 6d":       {"wt", "Tuesday 12:00"},
		"now - 6d - 12h": {"wt", "Tuesday 00:00"},
		"now - 6d - 13h": {far, "Monday 23 February 2026 23:00"},
		"now - 13d":      {far, "Tuesday 17 February 2026 12:00"},
		"now - 365d":     {far, "Sunday 2 March 2025 12:00"},
		"now + 6d":       {"wt", "Sunday 12:00"},
		"now + 7d":       {far, "Monday 9 March 2026 12:00"},
	} {
		p := newPerson(t, tiny(t, fmt.Sprintf(`
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: begin, ask: choice, choices: {yes: {set: {onset: %q}}}, wait: {timeout: 1h, next: over}}
  - {id: hub, ask: choice, choices: {ok: {}}, wait: {timeout: 1h, next: over}}
  - {id: over, end: over}
`, ago), `
begin: {text: "?", "yes": "Yes"}
hub: {text: "{onset}", ok: OK}
`))
		p.does(flows.Command{Name: "spasm"}) // on a Monday at noon
		p.does(flows.Text{Text: "Yes"})
		at := p.state().Episode.Onset
		if got, want := p.Chat[len(p.Chat)-1].Text, fmt.Sprintf(`<tg-time unix="%d" format="%s">%s</tg-time>`, at.Unix(), want.format, want.words); got != want {
			t.Errorf("%s reads %s, want %s", ago, got, want)
		}
	}
}
