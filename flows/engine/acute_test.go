package engine_test

import (
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
)

// fired lists the timers of a kind that were delivered.
func (p *person) fired(kind string) []flows.Reminder {
	var list []flows.Reminder
	for _, r := range p.Armed {
		if r.Kind == kind && p.Ended[r.ID] == flows.Fired {
			list = append(list, r)
		}
	}
	return list
}

// answersEverything presses "Done" on each reminder, and what leads on at each
// question, as it comes.
func (p *person) answersEverything() {
	for _, last := range p.Chat[max(0, len(p.Chat)-4):] {
		for _, key := range slices.Concat(last.Keyboard...) {
			switch key.Label {
			case "It is on", "Skin is fine", "It is off", "Done", "Answer now", "6", "The same", "Not now",
				"None of these", "No, not so", "None of that, go on", "None of that. It is on, 15 min":
				p.does(flows.Button{Data: key.Data, Message: last.ID})
				p.answersEverything()
				return
			}
		}
	}
}

// settles answers the whole intake as it comes: of a day some time ago the clock is
// asked first.
func (p *person) settles(onset, country string) {
	p.does(flows.Command{Name: "spasm"})
	answers := map[string]string{
		"first_agree": "adult", "emergency_signs": "none", "rest": "lying", "facts": "none", "today_signs": "none", "onset_time": onset,
		"onset_part": "morning", "cold_ready": "m15", "heat_ready": "m15", "pain": "6", "number_known": "unknown", "clock_right": "right",
		"trigger": "lifting", "doctor_soon": "none",
	}
	for range 2 * len(answers) {
		switch at := p.state().At.Step; at {
		case "care":
			return
		case "in_country", "in_city":
			p.tells(country)
		default:
			p.presses(answers[at])
		}
	}
	p.isAtHome()
}

// TestAcutePhase lives through the first week of pains that began at different
// times, in different zones, by day and by night.
func TestAcutePhase(t *testing.T) {
	for _, start := range []time.Duration{0, 5 * time.Hour, 9*time.Hour + 30*time.Minute, 14 * time.Hour} {
		for _, onset := range []string{"now", "hours", "one_day", "two_days", "three_days", "earlier"} {
			for _, country := range []string{"Fiji", "Peru", "Iceland", "Nepal"} {
				p := newPerson(t, shipped(t))
				p.Now = p.Now.Add(start)
				p.settles(onset, country)
				p.waits(8*24*time.Hour, p.answersEverything)
				p.checkAcutePhase(t, onset+" in "+country)
				if t.Failed() {
					return
				}
			}
		}
	}
}

func (p *person) checkAcutePhase(t *testing.T, name string) {
	s := p.state()
	zone := p.Catalog.Location(s.Zone)
	for _, kind := range []string{"cold", "heat"} {
		ons, offs := p.fired(kind+"-on"), p.fired(kind+"-off")
		if len(ons) != len(offs) {
			t.Errorf("%s: %d rounds of %s began, %d ended", name, len(ons), kind, len(offs))
			return
		}
		today := make(map[string]int)
		for i := range ons {
			if got := offs[i].Due.Sub(ons[i].Due); got != 15*time.Minute {
				t.Errorf("%s: %s was on for %v", name, kind, got)
			}
			if i > 0 && ons[i].Due.Sub(offs[i-1].Due) < time.Hour {
				t.Errorf("%s: %s after only %v", name, kind, ons[i].Due.Sub(offs[i-1].Due))
			}
			local := ons[i].Due.In(zone)
			if i > 0 && (local.Hour() < 8 || local.Hour() >= 22) {
				t.Errorf("%s: %s at %s in the night", name, kind, local.Format("15:04"))
			}
			today[local.Format(time.DateOnly)]++
			earliest, latest := ons[i].Due.Sub(time.Unix(int64(s.Var("onset_earliest").Num), 0)), ons[i].Due.Sub(s.Episode.Onset)
			if kind == "cold" && earliest+15*time.Minute > 72*time.Hour || kind == "heat" && latest < 72*time.Hour {
				t.Errorf("%s: %s %v after the earliest onset, %v after the latest", name, kind, earliest, latest)
			}
		}
		most := map[string]int{"cold": 6, "heat": 3}[kind]
		for day, n := range today {
			if n > most {
				t.Errorf("%s: %d rounds of %s on %s", name, n, kind, day)
			}
		}
	}
	if len(p.fired("heat-on")) == 0 {
		t.Errorf("%s: no heat at all; %v\n%v", name, p, p.Timeline)
	}
	if !s.Episode.Live() || s.At.Step != "care" {
		t.Errorf("%s: after eight days %v, and the episode is %+v", name, p, s.Episode)
	}
}

// TestSkippedRoundEnds: a start that is skipped takes its take-off with it.
func TestSkippedRoundEnds(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	p.waits(time.Minute, nil)
	p.presses("skip")
	p.waits(30*time.Minute, nil)
	if got := p.fired("cold-off"); len(got) != 0 {
		t.Fatalf("told to take off a pack that was never on: %v", got)
	}
	for _, choice := range rested { // the next is called behind these questions
		p.presses(choice)
	}
	p.waits(150*time.Minute, nil)
	if got := p.fired("cold-on"); len(got) != 2 {
		t.Fatalf("%d rounds began, want the skipped one and the next", len(got))
	}
}

// TestWorseAlwaysWorks: "Worse" on a reminder of long ago still leads to the
// warning signs.
func TestWorseAlwaysWorks(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	p.waits(time.Minute, nil)
	old := slices.Concat(p.Chat[len(p.Chat)-1].Keyboard...)[2] // below what ends the round

	p.waits(30*time.Minute, nil)
	for _, choice := range rested {
		p.presses(choice)
	}
	p.waits(60*time.Hour, nil)
	p.does(flows.Button{Data: old.Data})
	if at := p.state().At.Step; at != "emergency_signs" {
		t.Fatalf("an old %q led to %q", old.Label, at)
	}
}

// TestStaleTimerIsDropped: a timer whose question has been answered does
// nothing, even if it comes due in the same moment.
func TestStaleTimerIsDropped(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.does(flows.Command{Name: "spasm"})
	nudge := p.Armed[0]
	p.presses("adult")
	p.Now = nudge.Due
	s := p.state()
	s.Pending = append(s.Pending, nudge) // as if the settling had been lost
	after, effects := engine.Step(p.Catalog, s, flows.Due{IDs: []uint64{nudge.ID}}, p.Now)
	if len(effects) != 1 || effects[0] != (flows.Settle{ID: nudge.ID, State: flows.Dropped}) {
		t.Fatalf("a stale timer caused %v", effects)
	}
	if after.At != s.At || after.Rev != s.Rev {
		t.Fatal("a stale timer moved the person")
	}
}

// TestSixWeeksShowTheChart: the acute phase that ends after six weeks shows how far the
// person has come, as one that ends before does.
func TestSixWeeksShowTheChart(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	var charts, ends int
	for range 24 {
		p.waits(48*time.Hour, func() {
			for _, e := range p.Effects {
				say, ok := e.(flows.Say)
				switch {
				case ok && say.Message.Paper == flows.TimelinePaper:
					charts++
				case ok && say.Message.Subject == "six_weeks":
					ends++
					if charts != 1 {
						t.Errorf("the end comes behind %d charts", charts)
					}
				}
			}
		})
		p.does(flows.Command{Name: "pain", Args: "5"})
	}
	if ends != 1 {
		t.Errorf("the acute phase has ended %d times: %v", ends, p)
	}
}
