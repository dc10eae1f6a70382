package engine_test

import (
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
)

// beginFlow has a round that comes by itself and can be asked for.
const beginFlow = `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: set_onset, set: {onset: "now"}, go: first}
  - {id: first, start: cold}
  - id: hub
    ask: choice
    choices: {more: {next: more_cold}, over: {next: over}}
    wait: {timeout: 90d, next: over}
  - {id: more_cold, begin: cold, next: hub}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, gap: 3h, least_gap: 1h, most_per_day: 3, from: onset + 1h, until: onset + 30h}
`

const beginTexts = `
hub: {text: "?", more: More, over: Over}
cold-on: {text: "on"}
cold-off: {text: "off"}
`

// armed lists when the timers of a kind are due.
func (p *person) armed(kind string) []string {
	var list []string
	for _, r := range p.state().Pending {
		if r.Kind == kind {
			list = append(list, r.Due.Format("Mon 15:04"))
		}
	}
	return list
}

// may says why cold may not begin now, and when it may.
func (p *person) may() (why, earliest string) {
	s := p.state()
	scope := engine.Scope(p.Catalog, &s, p.Now)
	if at := scope.Earliest("cold"); !at.IsZero() {
		earliest = at.Format("Mon 15:04")
	}
	return scope.WhyNot("cold"), earliest
}

// TestWhyNot goes through a day and a half of cold: each reason in its turn,
// and what a person gets who asks for a round nevertheless.
func TestWhyNot(t *testing.T) {
	p := newPerson(t, tiny(t, beginFlow, beginTexts))
	p.does(flows.Command{Name: "spasm"}) // on a Monday at noon
	for _, step := range []struct{ at, why, earliest, next string }{
		{"Mon 12:30", "early", "Mon 13:00", "Mon 13:00"},
		{"Mon 13:10", "on", "Mon 14:20", ""},
		{"Mon 13:25", "gap", "Mon 14:20", "Mon 16:20"},
		{"Mon 14:19", "gap", "Mon 14:20", "Mon 16:20"},
		{"Mon 14:20", "", "Mon 14:20", "Mon 14:20"}, // and no more at 16:20
		{"Mon 14:30", "on", "Mon 15:40", ""},
		{"Mon 15:00", "gap", "Mon 15:40", "Mon 17:40"}, // three hours from 14:40
		{"Mon 16:00", "", "Mon 16:00", "Mon 16:00"},
		{"Mon 19:00", "day", "Tue 00:00", "Tue 00:00"},
		{"Tue 17:41", "late", "", ""},
	} {
		at, err := time.ParseInLocation("Mon 15:04", step.at, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(noon.Year(), noon.Month(), noon.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
		if step.at[:3] == "Tue" {
			day = day.AddDate(0, 0, 1)
		}
		p.waits(day.Sub(p.Now), nil)
		why, earliest := p.may()
		if why != step.why || earliest != step.earliest {
			t.Errorf("%s: %q, earliest %q; want %q, %q", step.at, why, earliest, step.why, step.earliest)
		}
		p.presses("more")
		next := p.armed("cold-on")
		if len(next) > 1 || step.next == "" && len(next) > 0 || step.next != "" && (len(next) == 0 || next[0] != step.next) {
			t.Errorf("%s: after asking, the next rounds come at %v, want %q", step.at, next, step.next)
		}
	}
	s := p.state()
	on := p.fired("cold-on")
	if total := engine.Scope(p.Catalog, &s, p.Now).RoundsTotal("cold"); total != len(on) || total != 6 {
		t.Errorf("%d rounds are counted, %d came", total, len(on))
	}
	for i := 1; i < len(on); i++ {
		if gap := on[i].Due.Sub(on[i-1].Due); gap < 80*time.Minute {
			t.Errorf("two rounds began within %v", gap)
		}
	}
}

// TestBeginTwice: two presses before the round has begun give one round.
func TestBeginTwice(t *testing.T) {
	p := newPerson(t, tiny(t, beginFlow, beginTexts))
	p.does(flows.Command{Name: "spasm"})
	p.waits(150*time.Minute, nil)
	p.presses("more")
	p.presses("more")
	if next := p.armed("cold-on"); len(next) != 1 {
		t.Fatalf("armed are %v", next)
	}
	p.waits(time.Minute, nil)
	if on := p.fired("cold-on"); len(on) != 2 || !on[1].Due.Equal(p.Now.Add(-time.Minute)) {
		t.Fatalf("rounds came at %v", days(on))
	}
}

// TestBeginUnstarted: a round that was never started can be asked for, at any
// hour, and goes on by itself from then, in waking hours. Its condition is
// judged like that of any other.
func TestBeginUnstarted(t *testing.T) {
	c := tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - id: hub
    ask: choice
    choices: {more: {next: more_cold}, over: {next: over}}
    wait: {timeout: 90d, next: over}
  - {id: more_cold, begin: cold, next: hub}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, gap: 3h, least_gap: 1h, hours: waking, when: rounds_total("cold") < 2}
`, beginTexts)
	p := newPerson(t, c)
	p.Now = p.Now.Add(14 * time.Hour) // two at night
	p.does(flows.Command{Name: "spasm"})
	if why, earliest := p.may(); why != "" || earliest != "Tue 08:00" {
		t.Errorf("a round never started may not begin: %q, by itself at %q", why, earliest)
	}
	p.presses("more")
	p.waits(12*time.Hour, nil)
	if got := days(p.fired("cold-on")); got != "Tue 02:00, Tue 08:00" {
		t.Errorf("rounds came at %s", got)
	}
	p.presses("more") // the condition is against it
	p.waits(time.Minute, nil)
	if got, next := len(p.fired("cold-on")), p.armed("cold-on"); got != 2 || len(next) != 1 || next[0] != "Tue 17:00" {
		t.Errorf("%d rounds came, the next at %v", got, next)
	}
}

// TestWhyNotOfNothing: a name that the flows no longer have is never in time.
func TestWhyNotOfNothing(t *testing.T) {
	s := flows.State{User: 7}
	scope := engine.Scope(tiny(t, beginFlow, beginTexts), &s, noon)
	if why := scope.WhyNot("gone"); why != "late" || !scope.Earliest("gone").IsZero() {
		t.Errorf("%q, %v", why, scope.Earliest("gone"))
	}
}
