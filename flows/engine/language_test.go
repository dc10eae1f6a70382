package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
)

// TestTypedAnswers: numbers and words are taken within their bounds only.
func TestTypedAnswers(t *testing.T) {
	p := newPerson(t, tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: minutes, ask: number, least: 0.5, most: 90, wait: {timeout: 1h, next: over}}
  - {id: city, ask: text, least: 2, most: 10, pattern: "[A-Za-zß ]+", wait: {timeout: 1h, next: over}}
  - {id: hub, ask: choice, choices: {ok: {}}, wait: {timeout: 1h, next: over}}
  - {id: over, end: over}
`, `
minutes: {text: "How many?", invalid: "A number from 0.5 to 90."}
city: {text: "Where?", invalid: "Letters only."}
hub: {text: "{minutes} in {city}", ok: OK}
`))
	p.does(flows.Command{Name: "spasm"})
	for _, bad := range []string{"", "many", "0.4", "91", "NaN", "1e9", "-1", "+Inf"} {
		p.does(flows.Text{Text: bad})
		if at := p.state().At.Step; at != "minutes" {
			t.Fatalf("%q was taken; now at %q", bad, at)
		}
		if got := p.Chat[len(p.Chat)-1].Text; !strings.HasPrefix(got, "A number") {
			t.Fatalf("%q is answered with %q", bad, got)
		}
	}
	p.does(flows.Text{Text: " 12,5 "})
	for _, bad := range []string{"X", "Mannheim-Neckarau", "Köln 1", "\xff\xfe"} {
		p.does(flows.Text{Text: bad})
		if at := p.state().At.Step; at != "city" {
			t.Fatalf("%q was taken; now at %q", bad, at)
		}
	}
	p.does(flows.Text{Text: "Giessen"})
	if got := p.Chat[len(p.Chat)-1].Text; got != "12.5 in Giessen" {
		t.Fatalf("the answers read %q", got)
	}
}

const dailyFlow = `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_check, start: check_in}
  - {id: hub, ask: choice, choices: {ok: {}}, wait: {timeout: 4000d, next: over}}
  - {id: over, end: over}
reminders:
  check_in: {at: [%s]%s, late: deliver}
`

const dailyTexts = `
hub: {text: "?", ok: OK}
check-in: {text: "How is it?"}
`

// TestDailyThroughClockChanges: a daily reminder comes once on each local day,
// also on the days when the clocks change and its time is missing or comes
// twice.
func TestDailyThroughClockChanges(t *testing.T) {
	for _, test := range []struct{ zone, at string }{
		{"Europe/Berlin", "02:30"},
		{"America/New_York", "02:30"},
		{"Australia/Lord_Howe", "02:15"},
		{"America/Havana", "00:30"},
		{"Asia/Kolkata", "09:00"},
		{"Africa/Casablanca", "02:30"},
		{"Pacific/Apia", "12:00"},
		{"America/St_Johns", "02:01"},
		{"Antarctica/Troll", "01:30"},
	} {
		p := newPerson(t, tiny(t, fmt.Sprintf(dailyFlow, `"`+test.at+`"`, ""), dailyTexts))
		p.Now = time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
		s := p.state()
		s.Zone = test.zone
		p.store(s)
		p.does(flows.Command{Name: "spasm"})
		const days = 3 * 365
		p.waits(days*24*time.Hour, nil)
		fired := p.fired("check-in")
		seen := make(map[string]bool)
		zone := p.Catalog.Location(test.zone)
		for _, r := range fired {
			day := r.Due.In(zone).Format(time.DateOnly)
			if seen[day] {
				t.Errorf("%s: twice on %s", test.zone, day)
			}
			seen[day] = true
			if got := r.Due.In(zone).Format("15:04"); got != test.at && !strings.Contains("01 02 03 00", got[:2]) {
				t.Errorf("%s: at %s on %s, want %s", test.zone, got, day, test.at)
			}
		}
		if len(fired) < days-1 || len(fired) > days+1 {
			t.Errorf("%s: %d reminders in %d days", test.zone, len(fired), days)
		}
	}
}

// TestDaysOfTheWeek: times of day on chosen days only.
func TestDaysOfTheWeek(t *testing.T) {
	p := newPerson(t, tiny(t, fmt.Sprintf(dailyFlow, `"18:00", "08:30"`, ", days: [mon, fri]"), dailyTexts))
	p.does(flows.Command{Name: "spasm"}) // a Monday at noon
	p.waits(14*24*time.Hour, nil)
	var got []string
	for _, r := range p.fired("check-in") {
		got = append(got, r.Due.Format("Mon 15:04"))
	}
	want := "Mon 18:00 Fri 08:30 Fri 18:00 Mon 08:30 Mon 18:00 Fri 08:30 Fri 18:00 Mon 08:30"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

// TestMeasures: the first, the last and the trend of the pain are known to
// conditions.
func TestMeasures(t *testing.T) {
	p := newPerson(t, tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: pain, ask: scale, measure: pain, wait: {timeout: 1h, next: over}}
  - {id: pain_again, ask: scale, measure: pain, wait: {timeout: 1h, next: over}}
  - id: judge
    go:
      - {when: pain_trend < 0 and pain_now == 3 and pain_first == 7, to: better}
      - {to: over}
  - {id: better, end: better}
  - {id: over, end: over}
`, `
pain: {text: "?"}
pain_again: {text: "??"}
`))
	p.does(flows.Command{Name: "spasm"})
	p.presses("7")
	p.presses("3")
	if got := p.state().Episode.Outcome; got != "better" {
		t.Errorf("outcome %q, want better", got)
	}
}

// BenchmarkStep measures typical turns: a question answered, a reminder come
// due, a reminder acknowledged.
func BenchmarkStep(b *testing.B) {
	c := shipped(b)
	ready := newPerson(b, c)
	ready.toCare()
	ready.waits(2*time.Hour, nil)
	question := newPerson(b, c)
	question.does(flows.Command{Name: "spasm"})
	question.presses("adult")
	newest := func(p *person) flows.Key { return p.Chat[len(p.Chat)-1].Keyboard[0][0] }
	pending := ready.state().Pending
	starts := pending[slices.IndexFunc(pending, flows.Reminder.Starts)]
	for _, test := range []struct {
		name  string
		state flows.State
		event flows.Event
		now   time.Time
	}{
		{"answer", question.state(), flows.Button{Data: newest(question).Data, Message: 3}, question.Now},
		{"due", ready.state(), flows.Due{IDs: []uint64{starts.ID}}, starts.Due},
		{"done", ready.state(), flows.Button{Data: newest(ready).Data, Message: 9}, ready.Now},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, effects := engine.Step(c, test.state, test.event, test.now); len(effects) == 0 {
					b.Fatal("nothing happened")
				}
			}
		})
	}
}
