package trace_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/trace"
)

// calling are small flows with a round that is called.
func calling(t *testing.T) *lang.Catalog {
	t.Helper()
	return smallWith(t, strings.NewReplacer(
		"  - {id: sip_starts, start: sip}", "  - {id: pack_starts, start: pack}\n  - {id: sip_starts, start: sip}",
		"reminders:\n  sip:", "rounds:\n  pack: {hold: 15m, most_hold: 20m, check: 10m, gap: 2h, first: 10m, rests_after: 1}\nreminders:\n  sip:",
		"sip: {text: \"A sip.\"}", `sip: {text: "A sip."}
pack-on: {text: "On till {off}.", when: "Since {called}?", just_now: Now, since: Then, later: "At {next}.", later_label: Later}
pack-check: {text: "Look."}
pack-off: {text: "Off."}`,
	))
}

// at finds the entry of a kind, step and choice.
func at(t *testing.T, list []record, kind, step, choice string) record {
	t.Helper()
	for _, r := range list {
		if r["record"] == "entry" && r["kind"] == kind && r["step"] == step && r["choice"] == choice {
			return r
		}
	}
	t.Fatalf("no %s %s %s in %v", kind, step, choice, list)
	return nil
}

// TestCalls: whatever is said to a call, and when, is accepted; what follows it at
// another time is not.
func TestCalls(t *testing.T) {
	c := calling(t)
	for name, test := range map[string]struct{ does, kind, step, choice string }{
		"a press":       {"> wait 4m\n> press on\n> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"a look":        {"> wait 4m\n> press on\n> wait 20m\n", flows.EntryReminder, "pack-check", ""},
		"no press":      {"> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"a late one":    {"> wait 6m\n> press on\n> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"since then":    {"> wait 6m\n> press on\n> wait 1m\n> press since\n> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"just now":      {"> wait 6m\n> press on\n> wait 3m\n> press Now\n> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"put off twice": {"> press later\n> wait 11m\n> press later\n> wait 11m\n> press on\n> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"not now":       {"> press skip\n> wait 3h\n", flows.EntryReminder, "pack-off", ""},
		"a rest":        {"> wait 9h\n> text hello\n> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"a quiet word":  {"> wait 9h\n> press a\n> wait 20m\n", flows.EntryReminder, "pack-off", ""},
		"the end":       {"> wait 5m\n> /stop\n", flows.EntryEnd, "", "stopped"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDiary(c)
			d.play(t, "> /care\n> wait 10m\n"+test.does)
			accepts(t, c, d.export())
			if test.kind == flows.EntryEnd {
				return
			}
			list := d.export()
			moved := at(t, list, test.kind, test.step, test.choice)
			moved["at"] = moved["at"].(time.Time).Add(-time.Minute)
			if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
				t.Errorf("a minute too early it is %s", got.Verdict)
			}
		})
	}
}

// TestTamperedPress: a press that would have led to another take-off, or to a question,
// is refused.
func TestTamperedPress(t *testing.T) {
	c := calling(t)
	d := newDiary(c)
	d.play(t, "> /care\n> wait 10m\n> wait 4m\n> press on\n> wait 30m\n> data old\n")
	for name, tamper := range map[string]func(press record){
		"too late": func(press record) { press["at"] = press["at"].(time.Time).Add(2 * time.Minute) },
		"since":    func(press record) { press["choice"] = "since" },
		"when":     func(press record) { press["choice"] = "when" },
		"later":    func(press record) { press["choice"] = "later" },
		"skip":     func(press record) { press["choice"] = "skip" },
	} {
		list := d.export()
		tamper(at(t, list, flows.EntryAnswer, "pack-on", "on"))
		if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
			t.Errorf("%s: %s", name, got.Verdict)
		}
	}
}
