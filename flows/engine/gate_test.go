package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// gateFlow has one of each kind of track, of given figures, and answers that
// stop and start them.
const gateFlow = `
flow: spasm
episode: true
commands: [spasm]
while: always
waking: {from: "07:00", to: "22:00"}
steps:
  - {id: go_cold, start: cold}
  - {id: go_water, start: water}
  - {id: go_walk, start: walk}
  - id: hub
    ask: choice
    choices: {more: {next: more_cold}, pause: {next: stop_all}, anew: {next: stop_water}, over: {next: over}, clock: {next: place}, again: {next: go_cold}}
    wait: {timeout: 900d, next: over}
  - {id: more_cold, begin: cold, next: hub}
  - {id: stop_all, stop: all}
  - {id: paused, ask: choice, choices: {resume: {next: go_cold}}, wait: {timeout: 900d, next: over}}
  - {id: stop_water, stop: water, next: go_water}
  - {id: place, ask: text, least: 1, most: 40, set: {zone: place}, next: hub, wait: {timeout: 900d, next: over}}
  - {id: over, end: over}
rounds:
  cold: {COLD}
reminders:
  water: {WATER}
  walk: {at: ["09:00", "18:00"]}
`

const gateTexts = `
hub: {text: "?", more: More, pause: Pause, anew: Anew, over: Over, clock: Clock, again: Again}
paused: {text: "!", resume: Resume}
place: {text: "?", invalid: "!"}
cold-on: {text: "on", when: "When?", just_now: Now, since: Then, later: "Later", later_label: Later}
cold-off: {text: "off"}
water: {text: water}
walk: {text: walk}
`

// gated is the catalog of gateFlow with figures.
func gated(t *testing.T, cold, water string) *lang.Catalog {
	t.Helper()
	return tiny(t, strings.NewReplacer("COLD", cold, "WATER", water).Replace(gateFlow), gateTexts)
}

const (
	someCold  = "hold: 20m, gap: 2h"
	someWater = "every: 2h"
)

func (p *person) came(t *testing.T, kind, want string) {
	t.Helper()
	if got := days(p.fired(kind)); got != want {
		t.Errorf("%s came at %s, want %s", kind, got, want)
	}
}

// TestEditHoldsForWhatIsArmed: a start that was armed before the flow was edited
// comes as the flow is when it comes due: not earlier, not more often, not by
// night, and no later than the flow says either.
func TestEditHoldsForWhatIsArmed(t *testing.T) {
	for name, test := range map[string]struct{ cold, water, colds, waters string }{
		"a longer gap":     {"hold: 20m, gap: 6h, least_gap: 6h", "every: 5h", "Mon 12:00, Mon 18:20", "Mon 12:00, Mon 17:00"},
		"fewer in a day":   {"hold: 20m, gap: 2h, most_per_day: 1", "every: 2h, most_per_day: 1", "Mon 12:00, Tue 00:00", "Mon 12:00, Tue 00:00"},
		"a later opening":  {"hold: 20m, gap: 2h, from: now + 9h", "every: 2h, until: now - 1m", "Mon 12:00", "Mon 12:00"},
		"a shorter gap":    {"hold: 20m, gap: 1h", "every: 1h", "Mon 12:00, Mon 14:20, Mon 15:40, Mon 17:00", "Mon 12:00, Mon 14:00, Mon 15:00, Mon 16:00"},
		"days of the week": {"hold: 20m, gap: 2h, days: [wed]", "every: 2h, days: [tue]", "Mon 12:00, Wed 00:00", "Mon 12:00, Tue 00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, gated(t, someCold, someWater))
			p.does(flows.Command{Name: "spasm"})
			p.waits(time.Hour, nil)
			p.Catalog = gated(t, test.cold, test.water)
			p.waits(50*time.Hour, nil)
			first := func(kind, want string) {
				got := p.fired(kind)
				p.begins(t, kind, got[:min(len(got), 1+strings.Count(want, ","))], want)
			}
			first("cold-on", test.colds)
			first("water", test.waters)
		})
	}
}

func (p *person) begins(t *testing.T, kind string, came []flows.Reminder, want string) {
	t.Helper()
	if got := days(came); got != want {
		t.Errorf("%s came at %s, want %s", kind, got, want)
	}
}

// TestEditOfTheHours: a start that was armed for the night before the flow spared
// it comes in the morning.
func TestEditOfTheHours(t *testing.T) {
	p := newPerson(t, gated(t, "hold: 20m, gap: 5h20m", "every: 11h"))
	p.does(flows.Command{Name: "spasm"})
	p.waits(8*time.Hour, nil)
	p.Catalog = gated(t, "hold: 20m, gap: 5h20m, hours: waking", "every: 11h, hours: waking")
	p.waits(14*time.Hour, nil)
	p.came(t, "cold-on", "Mon 12:00, Mon 17:40, Tue 07:00")
	p.came(t, "water", "Mon 12:00, Tue 07:00")
}

// TestAskedForAtNight: what a person asks for comes at once, whatever the hour. If
// the bot is away at that moment, it comes when they are awake again.
func TestAskedForAtNight(t *testing.T) {
	for down, want := range map[time.Duration]string{
		0:                "Mon 23:00",
		10 * time.Minute: "Mon 23:00",
		time.Hour:        "Tue 07:00",
	} {
		p := newPerson(t, gated(t, "hold: 20m, gap: 9h, hours: waking", "every: 9h, hours: waking"))
		p.Now = p.Now.Add(11 * time.Hour)
		p.does(flows.Command{Name: "spasm"})
		p.sleeps(down)
		p.waits(10*time.Hour, nil)
		// After an absence water is told in the message of the cold.
		came := slices.DeleteFunc(slices.Clone(p.Armed), func(r flows.Reminder) bool {
			state := p.Ended[r.ID]
			return r.Kind != "cold-on" && r.Kind != "water" || state != flows.Fired && state != flows.Merged
		})
		p.begins(t, "cold and water", came[:min(len(came), 2)], want+", "+want)
	}
}

// TestStopAndStartKeepTheGap: whoever stops a reminder and starts it again is not
// reminded sooner for it, nor more often, nor forgotten.
func TestStopAndStartKeepTheGap(t *testing.T) {
	p := newPerson(t, gated(t, someCold, "every: 3h, least_gap: 2h, first: 90m, most_per_day: 4, hours: waking"))
	p.does(flows.Command{Name: "spasm"})
	for range 20 {
		p.waits(30*time.Minute, nil)
		p.presses("anew")
	}
	if next := p.armed("water"); len(p.fired("water")) != 0 || !slices.Equal(next, []string{"Tue 07:00"}) {
		t.Errorf("put off again and again it came at %s, and comes at %v", days(p.fired("water")), next)
	}
	p = newPerson(t, gated(t, someCold, "every: 3h, least_gap: 2h, first: 90m, most_per_day: 4, hours: waking"))
	p.does(flows.Command{Name: "spasm"})
	p.waits(90*time.Minute, nil)
	for range 4 { // each time right after it has come
		p.waits(5*time.Minute, nil)
		p.presses("anew")
		p.waits(175*time.Minute, nil)
	}
	p.waits(10*time.Hour, nil)
	p.came(t, "water", "Mon 13:30, Mon 16:30, Mon 19:30, Tue 07:00, Tue 10:00")
}

// TestGapGoesOn: what happens between two starts does not bring the second nearer,
// nor lose it: a block, an episode that ends and another that begins, a pause.
func TestGapGoesOn(t *testing.T) {
	for name, between := range map[string]func(p *person){
		"block":   func(p *person) { p.does(flows.Blocked{}); p.does(flows.Unblocked{}) },
		"episode": func(p *person) { p.presses("over"); p.does(flows.Command{Name: "spasm"}) },
		"restart": func(p *person) { p.does(flows.Command{Name: "spasm"}) },
		"pause":   func(p *person) { p.presses("pause"); p.presses("resume") },
		"clock":   func(p *person) { p.presses("clock"); p.tells("Asia/Kolkata") },
		"setback": func(p *person) { p.must(p.SetBack(time.Second)) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, gated(t, "hold: 20m, gap: 2h, least_gap: 2h", "every: 2h, first: 10m"))
			p.does(flows.Command{Name: "spasm"})
			p.waits(30*time.Minute, nil) // water at 12:10, the cold is off at 12:20
			between(p)
			p.waits(4*time.Hour, nil)
			cold, off, water := p.fired("cold-on"), p.fired("cold-off"), p.fired("water")
			if len(cold) < 2 || len(water) < 2 || len(off) < 1 {
				t.Fatalf("cold at %s, water at %s", days(cold), days(water))
			}
			slack := time.Second // of the clock
			if gap := cold[1].Due.Sub(off[0].Due); gap < 2*time.Hour-slack || gap > 2*time.Hour+10*time.Minute {
				t.Errorf("the second cold came %v after the take-off", gap)
			}
			if gap := water[1].Due.Sub(water[0].Due); gap < 2*time.Hour-slack || gap > 2*time.Hour+20*time.Minute {
				t.Errorf("the second water came after %v", gap)
			}
		})
	}
}

// TestPauseAndResumeKeepTheGap: pause and resume of the shipped flows do not bring
// water, or the small moves, sooner.
func TestPauseAndResumeKeepTheGap(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	for range 16 {
		p.waits(20*time.Minute, nil)
		p.does(flows.Command{Name: "pause"})
		p.does(flows.Command{Name: "resume"})
	}
	p.waits(4*time.Hour, nil)
	for kind, least := range map[string]time.Duration{"water": 2 * time.Hour, "move": 2 * time.Hour} {
		came := p.fired(kind)
		if len(came) < 1 {
			t.Errorf("%s did not come on that day", kind)
		}
		for i := 1; i < len(came); i++ {
			if gap := came[i].Due.Sub(came[i-1].Due); gap < least {
				t.Errorf("%s came %v after the last: %s", kind, gap, days(came))
			}
		}
	}
	p = newPerson(t, shipped(t))
	p.toRounds()
	p.waits(70*time.Minute, nil) // the first water
	p.does(flows.Command{Name: "pause"})
	p.does(flows.Command{Name: "resume"})
	p.waits(6*time.Hour, nil)
	if came := p.fired("water"); len(came) < 3 || came[1].Due.Sub(came[0].Due) != 2*time.Hour {
		t.Errorf("paused after the first, water came at %s", days(came))
	}
}

// TestARunningTrackIsArmed: a track whose timer has come due while the flows did
// not have it can be started again when they have.
func TestARunningTrackIsArmed(t *testing.T) {
	p := newPerson(t, gated(t, someCold, someWater))
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Hour, nil)
	without := strings.NewReplacer("COLD", someCold, "  - {id: go_water, start: water}\n", "", "  - {id: stop_water, stop: water, next: go_water}\n", "",
		", anew: {next: stop_water}", "", "  water: {WATER}\n", "").Replace(gateFlow)
	p.Catalog = tiny(t, without, strings.NewReplacer("water: {text: water}\n", "", ", anew: Anew", "").Replace(gateTexts))
	p.waits(2*time.Hour, nil)
	p.Catalog = gated(t, someCold, someWater)
	p.does(flows.Text{Text: "hello"})
	p.presses("again")
	p.presses("again")
	p.waits(10*time.Minute, nil)
	p.came(t, "water", "Mon 12:00, Mon 15:00")
	if next := p.armed("water"); !slices.Equal(next, []string{"Mon 17:00"}) {
		t.Errorf("armed are %v", next)
	}
}
