package engine_test

import (
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// clockChanges are nights in which the clocks change, one forward and one back in each
// place: by half an hour in the third.
var clockChanges = []struct{ zone, date string }{
	{"Europe/Berlin", "2026-03-29"},
	{"Europe/Berlin", "2026-10-25"},
	{"America/New_York", "2026-03-08"},
	{"America/New_York", "2026-11-01"},
	{"Australia/Lord_Howe", "2026-10-04"},
	{"Australia/Lord_Howe", "2026-04-05"},
	{"Pacific/Auckland", "2026-09-27"},
	{"Pacific/Auckland", "2026-04-05"},
}

// TestSummerUnderAPlan: where the clocks change under a plan, the days on both sides are
// planned as any: nothing rings asleep or within a quarter of an hour, gaps and budgets
// are kept, the first round comes as the person wakes up and the evening has its look.
func TestSummerUnderAPlan(t *testing.T) {
	c := planned(t, "{invitations: 6, rings: 24}", "")
	for _, change := range clockChanges {
		zone := c.Location(change.zone)
		night, err := time.ParseInLocation(time.DateOnly, change.date, zone)
		if err != nil {
			t.Fatal(err)
		}
		d := &dayWatch{told: &told{person: newPerson(t, c)}, r: t, rings: 24, invitations: 6, last: make(map[string]time.Time)}
		d.Now = plan.TimeOfDay(zone, night, -2, 12*60)
		s := d.state()
		s.Zone = change.zone
		d.store(s)
		d.acted = d.Now
		d.does(flows.Command{Name: "spasm"})
		d.check()
		d.person.waits(31*time.Minute, d.check)
		d.press("no_sign", nil)
		begun := len(d.rang)
		d.person.waits(plan.TimeOfDay(zone, night, 2, 0).Sub(d.Now), d.check)
		for day := -1; day <= 1; day++ {
			wakes, ends := plan.TimeOfDay(zone, night, day, 8*60), plan.TimeOfDay(zone, night, day, 22*60)
			first, rounds := time.Time{}, 0
			for _, r := range d.rang[begun:] {
				if first.IsZero() && !r.at.Before(wakes) {
					first = r.at
				}
			}
			for _, r := range d.fired("cold-on") {
				if !r.Due.Before(wakes) && r.Due.Before(ends) {
					rounds++
				}
			}
			if !first.Equal(wakes) || rounds < 3 {
				t.Errorf("%s, %d days from %s: the first ring at %s, %d rounds", change.zone, day, change.date, first.In(zone).Format("15:04"), rounds)
			}
			looks := 0
			for _, r := range d.fired("evening") {
				at := r.Due.In(zone)
				if at.Format(time.DateOnly) == wakes.In(zone).Format(time.DateOnly) {
					looks++
					if minute := at.Hour()*60 + at.Minute(); minute < 19*60+15 || minute > 20*60+30 {
						t.Errorf("%s, %s: the evening's look at %s", change.zone, change.date, at.Format("15:04"))
					}
				}
			}
			if looks != 1 {
				t.Errorf("%s, %d days from %s: %d looks", change.zone, day, change.date, looks)
			}
		}
	}
}

// TestSummerInASpasm: in the shipped flows the looks of the day come at nine and at
// seven where the person is, or up to a ride away from that, before the clocks change
// and behind it; rounds keep their gaps, their number and the night.
func TestSummerInASpasm(t *testing.T) {
	cities := map[string]string{"Europe/Berlin": "Germany", "America/New_York": "New York", "Australia/Lord_Howe": "Lord Howe", "Pacific/Auckland": "Auckland"}
	c := shipped(t)
	for _, change := range clockChanges {
		p := newPerson(t, c)
		zone := p.Catalog.Location(change.zone)
		night, err := time.ParseInLocation(time.DateOnly, change.date, zone)
		if err != nil {
			t.Fatal(err)
		}
		p.Now = plan.TimeOfDay(zone, night, -1, 10*60)
		p.settles("now", cities[change.zone])
		if got := p.state().Zone; got != change.zone {
			t.Fatalf("in %s the zone is %q", cities[change.zone], got)
		}
		p.waits(plan.TimeOfDay(zone, night, 2, 22*60).Sub(p.Now), p.answersEverything)
		looks := make(map[string]int)
		for _, r := range p.fired("check-in") {
			at := r.Due.In(zone)
			looks[at.Format(time.DateOnly)]++
			morning, evening := at.Hour()*60+at.Minute()-9*60, at.Hour()*60+at.Minute()-19*60
			if (morning < -15 || morning > 90) && (evening < -15 || evening > 90) {
				t.Errorf("%s, %s: a look at %s", change.zone, change.date, at.Format("Mon 15:04"))
			}
		}
		for day := range 3 {
			date := plan.Day(zone, plan.TimeOfDay(zone, night, day, 12*60))
			if looks[date] != 2 {
				t.Errorf("%s: %d looks on %s", change.zone, looks[date], date)
			}
		}
		ons, offs, today := p.fired("cold-on"), p.fired("cold-off"), make(map[string]int)
		for i, r := range ons {
			at := r.Due.In(zone)
			if today[at.Format(time.DateOnly)]++; today[at.Format(time.DateOnly)] > 6 {
				t.Errorf("%s: a seventh round on %s", change.zone, at.Format(time.DateOnly))
			}
			if i > 0 && (r.Due.Sub(offs[i-1].Due) < time.Hour || at.Hour() < 8 || at.Hour() >= 22) {
				t.Errorf("%s: a round at %s, the last ended %s", change.zone, at.Format("Mon 15:04"), offs[i-1].Due.In(zone).Format("Mon 15:04"))
			}
		}
		if len(ons) < 8 {
			t.Errorf("%s, %s: only %d rounds", change.zone, change.date, len(ons))
		}
	}
}
