package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

const laterFlow = `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_move, start: move}
  - {id: go_look, start: look}
  - {id: hub, ask: choice, choices: {end: {next: over}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  move: {every: 2h, first: 1h, most_per_day: 2, until: now + 1000h}
  look: {at: ["19:00"], hours: waking}
`

const laterTexts = `
hub: {text: Hub, end: End}
move: {text: Move, did: Walked, did_label: I walked, later: "At {next}.", later_label: Later, skip: Skipped}
look: {text: Look, later: "Then at {next}.", later_label: Later}
`

func putsOff(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, tiny(t, laterFlow, laterTexts))
	p.does(flows.Command{Name: "spasm"})
	return p
}

// comes says when the next start of a kind is armed, in hours and minutes of the day.
func (p *person) comes(kind string) string {
	for _, r := range p.Timers {
		if r.Kind == kind {
			return r.Due.Format("Mon 15:04")
		}
	}
	return "never"
}

func (p *person) wantComes(kind, want string) {
	p.t.Helper()
	if got := p.comes(kind); got != want {
		p.t.Errorf("%s comes %s, want %s", kind, got, want)
	}
}

// TestReminderLater: what is put off is the same reminder of the day, ten minutes later, and
// the next one counts from when it comes in the end.
func TestReminderLater(t *testing.T) {
	p := putsOff(t)
	p.waits(65*time.Minute, nil)
	if got := p.offers(); got != "done did later skip worse stop" {
		t.Errorf("the reminder offers %q", got)
	}
	p.presses("later")
	p.wantComes("move", "Mon 13:15")
	if got := p.readsLast(); !strings.Contains(got, "13:15") {
		t.Errorf("said %q", got)
	}
	p.waits(10*time.Minute, nil)
	p.wantComes("move", "Mon 15:15")
	if n := p.scope().RoundsToday("move"); n != 1 {
		t.Errorf("it has come %d times today", n)
	}
	p.waits(2*time.Hour, nil)
	if n := p.scope().RoundsToday("move"); n != 2 {
		t.Errorf("it has come %d times today, with the next one", n)
	}
	p.wantComes("move", "Tue 00:00")
}

// TestReminderLaterThreeTimes: three times in a row are the most.
func TestReminderLaterThreeTimes(t *testing.T) {
	p := putsOff(t)
	p.waits(time.Hour, nil)
	for range 3 {
		p.presses("later")
		p.waits(10*time.Minute, nil)
	}
	if got := p.offers(); got != "done did skip worse stop" {
		t.Errorf("the fourth one offers %q", got)
	}
	p.waits(2*time.Hour, nil)
	if got := p.offers(); got != "done did later skip worse stop" {
		t.Errorf("the next one offers %q", got)
	}
}

// TestReminderLaterTooLate: once the next one has come, the one before is not put off.
func TestReminderLaterTooLate(t *testing.T) {
	p := putsOff(t)
	p.waits(time.Hour, nil)
	old := p.newest()
	p.waits(2*time.Hour, nil)
	was := p.comes("move")
	for _, row := range old.Keyboard {
		for _, key := range row {
			if p.choice(key) == "later" {
				p.does(flows.Button{Data: key.Data, Message: old.ID})
			}
		}
	}
	p.wantComes("move", was)
}

// TestReminderLaterGate: what comes at a time of the day comes behind the press, and not
// while the person sleeps.
func TestReminderLaterGate(t *testing.T) {
	p := putsOff(t)
	p.must(p.Input("wait 7h", func() {})) // 19:00
	p.presses("later")
	p.wantComes("look", "Mon 19:10")
	p.waits(10*time.Minute, nil)
	p.wantComes("look", "Tue 19:00")

	p = putsOff(t)
	p.waits(7*time.Hour, nil)
	p.sleeps(2*time.Hour + 55*time.Minute) // 21:55
	p.presses("later")
	p.wantComes("look", "Tue 08:00")
}

// TestReminderDid: that something was done in another way is an answer of its own.
func TestReminderDid(t *testing.T) {
	p := putsOff(t)
	p.waits(time.Hour, nil)
	p.presses("did")
	if last := p.Timeline[len(p.Timeline)-1]; last.Choice != "did" || last.Step != "move" {
		t.Errorf("the timeline ends with %+v", last)
	}
	if got := p.readsLast(); got != "Walked" {
		t.Errorf("said %q", got)
	}
	p.wantComes("move", "Mon 15:00")
}

// TestLaterSaysWhenItCameFirst: what is put off again and again had come first when it came
// for the first time, and the next one has nothing of that.
func TestLaterSaysWhenItCameFirst(t *testing.T) {
	for name, p := range map[string]*person{"move": putsOff(t), "cold": calls(t, "")} {
		if name == "move" {
			p.waits(time.Hour, nil)
		}
		first := p.Now
		armed := func() flows.Reminder {
			for _, r := range p.Timers {
				if r.Track == name && r.Starts() {
					return r
				}
			}
			t.Fatalf("no %s is armed: %v", name, p)
			return flows.Reminder{}
		}
		for n := range 2 {
			p.waits(2*time.Minute, nil)
			p.presses("later")
			if r := armed(); !r.First.Equal(first) || r.Moved != flows.MovedByPerson {
				t.Errorf("put off %d times, %s is %+v, want that it came first at %v", n+1, name, r, first)
			}
			p.waits(10*time.Minute, nil)
		}
		p.presses("skip")
		if r := armed(); !r.First.IsZero() || r.Moved != "" {
			t.Errorf("the next %s is %+v", name, r)
		}
	}
}
