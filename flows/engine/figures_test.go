package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// ownCold takes the figures of its round from the last number typed.
const ownCold = `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: minutes, ask: number, least: -1000, most: 1000, wait: {timeout: 90d, next: over}}
  - {id: go_cold, start: cold, next: minutes}
  - {id: over, end: over}
rounds:
  cold:
    hold: in_minutes(minutes)
    most_hold: 20m
    check: in_minutes(minutes / 2)
    gap: in_hours(minutes / 10)
    least_gap: 1h
`

const ownColdTexts = `
minutes: {text: "How long?", invalid: "A number."}
cold-on: {text: "on", done: "Off at {off}."}
cold-check: {text: "look"}
cold-off: {text: "off"}
`

// typing begins an episode and types the answers to its questions.
func typing(t *testing.T, c *lang.Catalog, answers ...string) *person {
	t.Helper()
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	for _, text := range answers {
		p.does(flows.Text{Text: text})
	}
	return p
}

// TestFiguresOfOnesOwn: what a person chooses holds within the bounds of the
// flow, and what makes no sense is not taken for a choice.
func TestFiguresOfOnesOwn(t *testing.T) {
	for typed, want := range map[string]struct{ hold, check, gap time.Duration }{
		"10":   {10 * time.Minute, 5 * time.Minute, time.Hour},
		"5":    {5 * time.Minute, 150 * time.Second, time.Hour},
		"36":   {20 * time.Minute, 18 * time.Minute, 3*time.Hour + 36*time.Minute},
		"40":   {20 * time.Minute, 0, 4 * time.Hour}, // the check would be at the end
		"1000": {20 * time.Minute, 0, 100 * time.Hour},
		"0":    {20 * time.Minute, 0, time.Hour},
		"-3":   {20 * time.Minute, 0, time.Hour},
	} {
		p := typing(t, tiny(t, ownCold, ownColdTexts), typed)
		p.waits(5*24*time.Hour, nil)
		on, check, off := p.fired("cold-on"), p.fired("cold-check"), p.fired("cold-off")
		if len(on) < 2 || len(off) < 1 {
			t.Fatalf("%s: on %v, off %v", typed, on, off)
		}
		var looked time.Duration
		if len(check) > 0 {
			looked = check[0].Due.Sub(on[0].Due)
		}
		if hold, gap := off[0].Due.Sub(on[0].Due), on[1].Due.Sub(off[0].Due); hold != want.hold || looked != want.check || gap != want.gap {
			t.Errorf("%s: on for %v, checked after %v, again after %v; want %v", typed, hold, looked, gap, want)
		}
	}
}

// TestFigureChangedInARound: the round in progress ends as it was told, and
// what follows goes by the new figure.
func TestFigureChangedInARound(t *testing.T) {
	p := typing(t, tiny(t, ownCold, ownColdTexts), "10")
	p.waits(4*time.Minute, nil)
	p.does(flows.Text{Text: "40"})
	p.pressesOf("done")
	if got := p.Chat[len(p.Chat)-2].Text + p.Chat[len(p.Chat)-1].Text; !strings.Contains(got, "Off at ") || !strings.Contains(got, ">12:10<") {
		t.Errorf("the person is told %q", got)
	}
	p.waits(24*time.Hour, nil)
	on, check, off := p.fired("cold-on"), p.fired("cold-check"), p.fired("cold-off")
	if got := off[0].Due.Sub(on[0].Due); got != 10*time.Minute || len(check) != 1 {
		t.Errorf("the round in progress lasted %v with %d checks", got, len(check))
	}
	if gap, hold := on[1].Due.Sub(off[0].Due), off[1].Due.Sub(on[1].Due); gap != 4*time.Hour || hold != 20*time.Minute {
		t.Errorf("the next one came after %v and lasted %v", gap, hold)
	}
}

// TestEveryOfOnesOwn: a reminder comes as often as the person likes, and never
// more often than the flow allows.
func TestEveryOfOnesOwn(t *testing.T) {
	for typed, want := range map[string]time.Duration{"3": 3 * time.Hour, "0.1": time.Hour, "-1": time.Hour} {
		p := typing(t, tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: often, ask: number, least: -1, most: 9, wait: {timeout: 90d, next: over}}
  - {id: go_look, start: look}
  - {id: hub, ask: choice, choices: {ok: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  look: {every: in_hours(often), least_gap: 1h}
`, `
often: {text: "?", invalid: "!"}
hub: {text: "?", ok: OK}
look: {text: "look"}
`), typed)
		p.waits(24*time.Hour, nil)
		if came := p.fired("look"); len(came) < 2 || came[1].Due.Sub(came[0].Due) != want {
			t.Errorf("%s: it came at %v", typed, came)
		}
	}
}

// TestHourAndDaysOfOnesOwn: at an hour and on days of the person's choice. What
// is no hour is noon, and what is no day is none of them; without any it is all.
func TestHourAndDaysOfOnesOwn(t *testing.T) {
	c := tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: hour_of, ask: number, least: -99, most: 99, wait: {timeout: 90d, next: over}}
  - {id: days_of, ask: text, least: 0, most: 40, wait: {timeout: 90d, next: over}}
  - {id: walk_stop, stop: walk}
  - {id: walk_go, start: walk, next: hour_of}
  - {id: over, end: over}
reminders:
  walk: {at: hour_of, days: days_of}
`, `
hour_of: {text: "?", invalid: "!"}
days_of: {text: "?", invalid: "!"}
walk: {text: "walk"}
`)
	for answers, want := range map[[2]string]string{
		{"9.5", "mon thu"}:       "Thu 09:30, Mon 09:30, Thu 09:30",
		{"18", ""}:               "Mon 18:00, Tue 18:00, Wed 18:00",
		{"9", "wed gestern"}:     "Wed 09:00, Wed 09:00, Wed 09:00",
		{"30", "tue"}:            "Tue 12:00, Tue 12:00, Tue 12:00",
		{"-1", "never, someday"}: "Mon 12:00, Tue 12:00, Wed 12:00",
		{"24", "sat,sun"}:        "Mon 12:00, Tue 12:00, Wed 12:00",
		{"0", "sun"}:             "Sun 00:00, Sun 00:00, Sun 00:00",
	} {
		p := typing(t, c, answers[0], answers[1])
		p.waits(21*24*time.Hour, nil)
		if got := days(p.fired("walk")[:3]); got != want {
			t.Errorf("%q: it came at %s, want %s", answers, got, want)
		}
	}
	p := typing(t, c, "9", "thu")
	p.waits(time.Hour, nil)
	p.does(flows.Text{Text: "20"})
	p.does(flows.Text{Text: "tue"}) // the flow begins the reminder anew
	p.waits(9*24*time.Hour, nil)
	if got := days(p.fired("walk")); got != "Tue 20:00, Tue 20:00" {
		t.Errorf("after a change it came at %s", got)
	}
}

// days writes when reminders came.
func days(list []flows.Reminder) string {
	var out []string
	for _, r := range list {
		out = append(out, r.Due.Format("Mon 15:04"))
	}
	return strings.Join(out, ", ")
}

// TestWakingHoursOfOnesOwn: nobody is disturbed outside of the hours they told;
// before they tell any, those of the flow hold.
func TestWakingHoursOfOnesOwn(t *testing.T) {
	for answers, want := range map[[2]string]string{
		{"10", "20"}: "10:00",
		{"8", "8"}:   "08:00", // no hours at all: as if nothing had been told
		{"24", "9"}:  "06:01",
		{"22", "6"}:  "22:00",
	} {
		p := newPerson(t, tiny(t, `
flow: spasm
episode: true
commands: [spasm]
waking: {from: rises, to: rests}
steps:
  - {id: rises, ask: number, least: 0, most: 24, wait: {timeout: 90d, next: over}}
  - {id: rests, ask: number, least: 0, most: 24, wait: {timeout: 90d, next: over}}
  - {id: go_look, start: look}
  - {id: hub, ask: choice, choices: {ok: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  look: {every: 1h, hours: waking}
`, `
rises: {text: "?", invalid: "!"}
rests: {text: "?", invalid: "!"}
hub: {text: "?", ok: OK}
look: {text: "look"}
`))
		p.Now = p.Now.Add(-7*time.Hour + time.Minute) // a minute past five in the morning
		p.does(flows.Command{Name: "spasm"})
		p.does(flows.Text{Text: answers[0]})
		p.does(flows.Text{Text: answers[1]})
		p.waits(24*time.Hour, nil)
		came := p.fired("look")
		if got := came[1].Due.Format("15:04"); got != want {
			t.Errorf("%q: after the start they were disturbed at %s, want %s", answers, got, want)
		}
	}
}
