package engine_test

import (
	"testing"
	"time"

	"spasmbot/flows"
)

// TestYesterday: yesterday is the calendar's, where the person is, and over changed
// clocks.
func TestYesterday(t *testing.T) {
	for _, test := range []struct{ zone, now, from, to string }{
		{"Europe/Berlin", "2026-03-30T08:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z"},
		{"Europe/Berlin", "2026-10-26T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-05T20:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"},
		{"Australia/Lord_Howe", "2026-10-04T20:00:00Z", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"},
	} {
		p := newPerson(t, tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: placed, go: began, set: {zone: '"`+test.zone+`"'}}
  - {id: began, ask: choice, choices: {yesterday: {set: {from: "midnight(now, -1)", to: "midnight(now, 0)"}}}, wait: {timeout: 9h, next: over}}
  - {id: hub, ask: choice, choices: {fine: {}}, wait: {timeout: 9h, next: over}}
  - {id: over, end: over}
`, `
began: {text: "When?", yesterday: Yesterday}
hub: {text: "From {from} to {to}", fine: Fine}
`))
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		p.Now = now
		p.does(flows.Command{Name: "spasm"})
		p.presses("yesterday")
		s := p.state()
		for name, want := range map[string]string{"from": test.from, "to": test.to} {
			if got := s.Var(name).Any().(time.Time).Format(time.RFC3339); got != want {
				t.Errorf("%s: %s is %s, want %s", test.zone, name, got, want)
			}
		}
	}
}
