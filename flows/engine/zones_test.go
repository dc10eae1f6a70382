package engine_test

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
)

// zoneNames lists every zone of the time zone database that Go carries, links
// included, in groups that keep the same time.
func zoneNames(t *testing.T) (groups [][]string) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(out)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	alike := make(map[[32]byte][]string)
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		alike[sum] = append(alike[sum], f.Name)
	}
	for _, names := range alike {
		groups = append(groups, names)
	}
	return groups
}

// allZones lists every zone, in order.
func allZones(t *testing.T) []string {
	t.Helper()
	zones := slices.Concat(zoneNames(t)...)
	slices.Sort(zones)
	return zones
}

var (
	firstDay = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	lastDay  = time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
)

// changes lists when the clocks of a zone change.
func changes(zone *time.Location) (at []time.Time) {
	for now := firstDay; ; {
		_, end := now.In(zone).ZoneBounds()
		if end.IsZero() || !end.Before(lastDay) {
			return at
		}
		at, now = append(at, end.UTC()), end
	}
}

// valid is the first instant of a local day whose wall clock shows a minute of
// the day or a later one, found by walking: on every other day, the minute
// itself.
func valid(zone *time.Location, noon time.Time, minute int) time.Time {
	day := noon.In(zone).Format(time.DateOnly)
	at := noon.Add(-16 * time.Hour)
	for {
		local := at.In(zone)
		switch got := local.Format(time.DateOnly); {
		case got > day, got == day && local.Hour()*60+local.Minute() >= minute:
			return at
		}
		at = at.Add(time.Minute)
	}
}

// nightly are the times of day around which the clocks of the world change.
func nightly() (times []string) {
	for minute := 0; minute <= 4*60; minute += 15 {
		times = append(times, fmt.Sprintf("%02d:%02d", minute/60, minute%60))
	}
	for minute := 21*60 + 45; minute < 24*60; minute += 15 {
		times = append(times, fmt.Sprintf("%02d:%02d", minute/60, minute%60))
	}
	return append(times, "02:01", "02:59", "09:00", "23:59")
}

// TestDailyInEveryZone: whenever the clocks change anywhere in seven years, a
// daily reminder comes once on the local day before, of and after; at the first
// valid minute if the clocks jump over its time, and once if they pass it twice.
func TestDailyInEveryZone(t *testing.T) {
	times := nightly()
	steps, reminders, texts := "", "", "hub: {text: \"?\", ok: OK}\n"
	for i, at := range times {
		steps += fmt.Sprintf("  - {id: go_%d, start: look_%d}\n", i, i)
		reminders += fmt.Sprintf("  look_%d: {at: [%q], late: deliver}\n", i, at)
		texts += fmt.Sprintf("look-%d: {text: \"%d\"}\n", i, i)
	}
	c := tiny(t, "flow: spasm\nepisode: true\ncommands: [spasm]\nsteps:\n"+steps+`
  - {id: hub, ask: choice, choices: {ok: {}}, wait: {timeout: 4000d, next: over}}
  - {id: over, end: over}
reminders:
`+reminders, texts)
	zones, transitions, moved := 0, 0, 0
	tried := make(map[string]bool)
	for _, group := range zoneNames(t) {
		zones += len(group)
		zone := c.Location(group[0])
		if zone.String() != group[0] {
			t.Fatalf("zone %s is not known", group[0])
		}
		for _, change := range changes(zone) {
			_, before := change.Add(-time.Second).In(zone).Zone()
			_, after := change.In(zone).Zone()
			if before == after {
				continue // it is called another name
			}
			transitions++
			// Neighbours often change alike.
			if like := fmt.Sprint(change, before, after); tried[like] {
				continue
			} else {
				tried[like] = true
			}
			local := change.In(zone)
			noon := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, zone)
			p := newPerson(t, c)
			p.Now = noon.AddDate(0, 0, -2).UTC()
			s := p.state()
			s.Zone = group[0]
			p.store(s)
			p.does(flows.Command{Name: "spasm"})
			p.waits(noon.AddDate(0, 0, 2).Sub(p.Now), nil)
			came := make(map[string][]time.Time)
			for _, r := range p.Armed {
				if p.Ended[r.ID] == flows.Fired {
					came[r.Kind] = append(came[r.Kind], r.Due)
				}
			}
			for i, at := range times {
				clock, _ := time.Parse("15:04", at)
				minute := clock.Hour()*60 + clock.Minute()
				first, last := valid(zone, noon.AddDate(0, 0, -1), minute), valid(zone, noon.AddDate(0, 0, 1), minute)
				got := slices.DeleteFunc(came[fmt.Sprintf("look-%d", i)], func(d time.Time) bool { return d.Before(first) || d.After(last) })
				want := []time.Time{first, valid(zone, noon, minute), last}
				ok := slices.EqualFunc(got, want, func(got, want time.Time) bool {
					shown := want.In(zone).Format("15:04")
					if shown != at {
						moved++
					}
					// The second time that the clock shows it serves as well.
					return got.Equal(want) || shown == at && got.In(zone).Format("2006-01-02 15:04") == want.In(zone).Format("2006-01-02 15:04")
				})
				if !ok {
					t.Errorf("%s: around %s, %s came at %v, want %v", group[0], change, at, got, want)
				}
			}
		}
	}
	t.Logf("%d zones, %d changes of their clocks, of which %d differ; %d reminders at another minute", zones, transitions, len(tried), moved)
	if zones < 590 || len(tried) < 200 || moved < 100 {
		t.Error("that is too few to be all")
	}
}

// TestTravel: whoever tells another zone again and again gets a daily reminder
// once on each date that their clock shows, one that comes twice a day no third time, no round more than the day's number
// until their clock shows a later date than ever, no round inside the gap, and
// each take-off on time.
func TestTravel(t *testing.T) {
	c := tiny(t, `
flow: spasm
episode: true
commands: [spasm]
waking: {from: "07:00", to: "22:00"}
steps:
  - {id: go_walk, start: walk}
  - {id: go_look, start: look}
  - {id: go_cold, start: cold}
  - {id: place, ask: text, least: 1, most: 40, set: {zone: place}, next: place, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, gap: 2h, most_per_day: 4, hours: waking}
reminders:
  walk: {at: ["18:00"]}
  look: {at: ["09:00", "19:00"]}
`, `
place: {text: "?", invalid: "!"}
walk: {text: walk}
look: {text: look}
cold-on: {text: "on"}
cold-off: {text: "off"}
`)
	zones := allZones(t)
	rapid.Check(t, func(r *rapid.T) {
		p := newPerson(t, c)
		p.does(flows.Command{Name: "spasm"})
		walks, looks, colds, days := make(map[string]int), make(map[string]int), make(map[string]int), make(map[string]bool)
		var on, off time.Time
		seen, counted := 0, "" // the latest date so far
		note := func() {
			s := p.state()
			date := p.Now.In(c.Location(s.Zone)).Format(time.DateOnly)
			days[date] = true
			for _, m := range p.Chat[seen:] {
				switch m.Text {
				case "walk":
					if walks[date]++; walks[date] > 1 {
						r.Fatalf("a second walk on %s", date)
					}
				case "look":
					if looks[date]++; looks[date] > 2 {
						r.Fatalf("a third look on %s", date)
					}
				case "on":
					counted = max(counted, date)
					if colds[counted]++; colds[counted] > 4 {
						r.Fatalf("%d rounds on %s", colds[counted], counted)
					}
					if p.Now.Sub(off) < 2*time.Hour {
						r.Fatalf("a round %v after the last", p.Now.Sub(off))
					}
					on = p.Now
				case "off":
					if off = p.Now; off.Sub(on) != 20*time.Minute {
						r.Fatalf("a round of %v", off.Sub(on))
					}
				}
			}
			seen = len(p.Chat)
		}
		begun := p.Now
		for range rapid.IntRange(1, 12).Draw(r, "journeys") {
			p.waits(time.Duration(rapid.IntRange(0, 40*60).Draw(r, "minutes"))*time.Minute, note)
			p.tells(rapid.SampledFrom(zones).Draw(r, "zone"))
			note()
		}
		p.waits(72*time.Hour, note)
		// Dates go forward, and nobody is forgotten for longer than a date that the
		// clock showed twice.
		dates := int(p.Now.Sub(begun).Hours() / 24)
		if len(walks) < dates-2*12-1 || len(walks) < 2 || len(looks) < dates-2*12-1 || len(looks) < 2 {
			r.Fatalf("walks %v, looks %v in %d days, of %v", walks, looks, dates, days)
		}
		if last := slices.Max(append(keysOf(walks), "")); p.state().Pending == nil || last == "" {
			r.Fatal("nothing is armed any more")
		}
	})
}

func keysOf(m map[string]int) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}
