package engine_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// tiny loads a catalog of one flow, for what the shipped one does not do.
func tiny(t *testing.T, flow, texts string) *lang.Catalog {
	t.Helper()
	return tinyWith(t, flow, texts, nil)
}

// tinyWith has more files, by their names; a "version: 1" is put into flows.
func tinyWith(t *testing.T, flow, texts string, more map[string]string) *lang.Catalog {
	t.Helper()
	files := fstest.MapFS{
		"spasm.yaml":    {Data: []byte("version: 1\nworse: worse\nstop: stop\n" + flow)},
		"worse.yaml":    {Data: []byte("flow: worse\nversion: 1\nsteps: [{id: tiny_worse, go: return}]")},
		"stop.yaml":     {Data: []byte("flow: stop\nversion: 1\ncommands: [stop]\nwhile: live\nsteps: [{id: tiny_stop, end: stopped}]")},
		"texts/en.yaml": {Data: []byte(tinyTexts + texts)},
	}
	for name, src := range more {
		if !strings.HasPrefix(name, "texts/") {
			src = "version: 1\n" + src
		}
		files[name] = &fstest.MapFile{Data: []byte(src)}
	}
	c, err := catalog.Load(files, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const tinyTexts = `
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: u, read_first: Read first.}
menu: {}
`

// TestStopLetsTheRoundEnd: stopping a round by name schedules no further one,
// and the one in progress is taken off on time.
func TestStopLetsTheRoundEnd(t *testing.T) {
	p := newPerson(t, tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_cold, start: cold}
  - id: hub
    ask: choice
    choices: {warm: {}, cold: {next: go_cold}}
    wait: {timeout: 90d, next: over}
  - {id: no_cold, stop: cold, next: hub}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, gap: 2h}
`, `
hub: {text: "?", warm: Warm, cold: Cold}
cold-on: {text: "on"}
cold-off: {text: "off"}
`))
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Minute, nil)
	p.presses("warm")
	p.waits(24*time.Hour, nil)
	if on, off := len(p.fired("cold-on")), len(p.fired("cold-off")); on != 1 || off != 1 {
		t.Fatalf("%d rounds began and %d ended, want the one in progress", on, off)
	}
	p.presses("cold")
	p.waits(5*time.Minute, nil)
	p.presses("warm")
	p.presses("cold") // in the middle of the round: it goes on, and so does the track
	p.waits(3*time.Hour, nil)
	if on, off := len(p.fired("cold-on")), len(p.fired("cold-off")); on != 3 || off != 3 {
		t.Fatalf("%d rounds began and %d ended, want 3 of each", on, off)
	}
}

// TestGapCountsFromARoundCutShort: a doctor's all-clear does not shorten the
// gap to the round that was running before.
func TestGapCountsFromARoundCutShort(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	p.waits(130*time.Minute, nil)
	p.presses("It is on")
	p.presses("It got worse")
	for _, choice := range []string{"none", "any", "fever", "seen", "doctor", "fine", "m15", "5"} {
		p.presses(choice)
	}
	cut := p.Now
	p.waits(6*time.Hour, nil)
	ons := p.fired("cold-on")
	if len(ons) < 3 || ons[2].Due.Sub(cut) < 2*time.Hour {
		t.Fatalf("cold at %v, cut short at %v", ons, cut)
	}
}
