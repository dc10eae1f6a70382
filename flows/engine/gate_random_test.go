package engine_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// edition is one of the flows that the catalog is edited to and fro between, with
// the figures by which the test judges it.
type edition struct {
	catalog *lang.Catalog
	tracks  map[string]figures
}

// figures are those of a track. Least is what may never be between two starts, or
// from a take-off to a start; usual is what mostly is.
type figures struct {
	least, usual time.Duration
	most         int
	waking       bool
}

func editions(t *testing.T) []edition {
	return []edition{
		{
			gated(t, "hold: 20m, most_hold: 40m, gap: 3h, least_gap: 1h, most_per_day: 4, hours: waking", "every: 2h, first: 90m, hours: waking"),
			map[string]figures{"cold": {time.Hour, 3 * time.Hour, 4, true}, "water": {2 * time.Hour, 2 * time.Hour, 99, true}},
		},
		{
			gated(t, "hold: 20m, gap: 6h, least_gap: 6h, most_per_day: 2", "every: 5h, least_gap: 3h, most_per_day: 2, late: drop"),
			map[string]figures{"cold": {6 * time.Hour, 6 * time.Hour, 2, false}, "water": {3 * time.Hour, 5 * time.Hour, 2, false}},
		},
		{
			gated(t, "hold: 10m, gap: 1h, most_per_day: 1, late: expire, grace: 30m", "every: 1h, most_per_day: 6, hours: waking"),
			map[string]figures{"cold": {0, time.Hour, 1, false}, "water": {time.Hour, time.Hour, 6, true}},
		},
	}
}

// lived is what a person has had of a track. Instants are in time that really
// passes, whatever the clock says.
type lived struct {
	on   bool
	last time.Time // the take-off, or the start of a recurrence
	day  string    // the latest that the clock has shown at a start
	many int
}

// gateWatch holds a person against the promises of the gate.
type gateWatch struct {
	*person
	r        *rapid.T
	editions []edition
	zones    []string
	now      int // the edition in force
	ahead    time.Duration
	lived    map[string]*lived
	// armed is the edition by which each start was armed, by its timer; -1 of one
	// that had been put off, to a morning say, before the clock was another.
	armed map[uint64]int
	moved bool
	// asked is when the person has last asked for what is to come at once.
	asked time.Time
}

// truly is what a clock would say that nobody had put back.
func (g *gateWatch) truly() time.Time { return g.Now.Add(g.ahead) }

func (g *gateWatch) local() time.Time { return g.Now.In(g.Catalog.Location(g.state().Zone)) }

// check judges the last event.
func (g *gateWatch) check() {
	g.r.Helper()
	for _, e := range g.Effects {
		record, ok := e.(flows.Record)
		if ok && record.Entry.Kind == flows.EntryAnswer && record.Entry.Choice == "later" {
			g.lived["cold"].on = false // nothing was, and it is no round of the day
			g.lived["cold"].many--
		}
		if ok && record.Entry.Kind == flows.EntryReminder {
			switch record.Entry.Step {
			case "cold-on":
				g.starts("cold")
				g.lived["cold"].on = true
			case "water":
				g.starts("water")
				g.lived["water"].last = g.truly()
			}
		}
	}
	s := g.state()
	for _, tr := range s.Tracks {
		if l := g.lived[tr.Name]; l != nil && l.on && tr.On.IsZero() {
			l.on, l.last = false, g.truly() // taken off, skipped or cut short
		}
		if s.Episode.Live() && !s.Inactive && tr.Running && tr.On.IsZero() {
			g.comes(&s, tr)
		}
	}
	g.moved, g.Effects = false, nil // no event is judged twice
}

// starts judges a start.
func (g *gateWatch) starts(track string) {
	g.r.Helper()
	l, f := g.lived[track], g.editions[g.now].tracks[track]
	if l.on {
		g.r.Fatalf("%s began while it was on", track)
	}
	if gap := g.truly().Sub(l.last); gap < f.least {
		g.r.Fatalf("%s came after %v, and the least is %v", track, gap, f.least)
	}
	if day := g.local().Format(time.DateOnly); day > l.day {
		l.day, l.many = day, 0
	}
	if l.many++; l.many > f.most {
		g.r.Fatalf("%s came for the %dth time on %s, of %d", track, l.many, l.day, f.most)
	}
	hour := func(late time.Duration) int { return g.local().Add(-late).Hour() }
	awake := func(hour int) bool { return 7 <= hour && hour < 22 }
	if f.waking && !awake(hour(0)) && !awake(hour(15*time.Minute)) && g.truly().Sub(g.asked) > 30*time.Minute {
		g.r.Fatalf("%s came at %s", track, g.local().Format("15:04"))
	}
}

// comes demands that a running track is to start, and no later than it may: soon
// if the day has not had its number.
func (g *gateWatch) comes(s *flows.State, tr flows.Track) {
	g.r.Helper()
	var next []flows.Reminder
	for _, r := range s.Pending {
		if r.Track == tr.Name {
			next = append(next, r)
		}
	}
	if len(next) != 1 {
		g.r.Fatalf("of %s, which runs, are armed %v", tr.Name, next)
	}
	if _, known := g.armed[next[0].ID]; !known {
		g.armed[next[0].ID] = g.now
		if g.moved {
			g.armed[next[0].ID] = -1
		}
	}
	f, ok := g.editions[g.now].tracks[tr.Name]
	if !ok || g.armed[next[0].ID] != g.now {
		return // at times of the day, or by figures of before an edit
	}
	latest := g.Now.Add(f.usual + 20*time.Minute)
	if scope := g.scope(); scope.RoundsToday(tr.Name) >= f.most {
		latest = g.Now.Add(72 * time.Hour)
	}
	if local := latest.In(g.Catalog.Location(s.Zone)); f.waking && (local.Hour() < 7 || local.Hour() >= 21) {
		latest = latest.Add(11 * time.Hour)
	}
	if next[0].Due.After(latest) {
		g.r.Fatalf("at %v %s is to come at %v, and could at %v", g.Now, tr.Name, next[0].Due, latest)
	}
}

// acts does something at random.
func (g *gateWatch) acts() {
	choices := []string{"more", "pause", "resume", "anew", "over", "clock", "again", "Skip", "Stop", "on", "on", "later", "since"}
	switch rapid.IntRange(0, 11).Draw(g.r, "event") {
	case 0, 1, 2, 3:
		g.waits(time.Duration(rapid.IntRange(0, 10*60).Draw(g.r, "minutes"))*time.Minute, g.check)
	case 4:
		g.sleeps(time.Duration(rapid.IntRange(0, 20*60).Draw(g.r, "minutes down")) * time.Minute)
	case 5:
		g.now = rapid.IntRange(0, len(g.editions)-1).Draw(g.r, "edition")
		g.Catalog = g.editions[g.now].catalog
		return
	case 6: // a date that is days ahead counts for nothing
		left := int((20*time.Hour - g.ahead) / time.Minute)
		back := time.Duration(rapid.IntRange(0, left).Draw(g.r, "minutes back")) * time.Minute
		g.ahead += back
		g.must(g.SetBack(back))
		g.moved = true
	case 7: // too early, and for timers that are no more
		ids := []uint64{1, 2, 999}
		for _, r := range g.state().Pending {
			ids = append(ids, r.ID)
		}
		slices.Reverse(ids)
		g.does(flows.Due{IDs: ids})
	case 8:
		g.asked = g.truly()
		g.does(rapid.SampledFrom([]flows.Event{flows.Blocked{}, flows.Unblocked{}, flows.Command{Name: "spasm"}, flows.Command{Name: "stop"}}).Draw(g.r, "event of a person"))
	default:
		g.press(rapid.SampledFrom(choices).Draw(g.r, "choice"))
	}
	g.check()
}

// press presses a button, if there is one, and tells a zone if that is asked.
func (g *gateWatch) press(choice string) {
	if g.Press(choice) != nil {
		return
	}
	g.asked = g.truly()
	if g.state().At.Step == "place" {
		g.check()
		g.does(flows.Text{Text: rapid.SampledFrom(g.zones).Draw(g.r, "zone")})
		g.moved = true
	}
}

// TestGateRandom: whatever a person does, whatever becomes of the clock and of the
// flows, no round begins within its least gap of the last take-off and no reminder
// within it of the last, never more than the day's number, nobody is woken, and
// what runs is to come.
func TestGateRandom(t *testing.T) {
	all, zones := editions(t), allZones(t)
	rapid.Check(t, func(r *rapid.T) {
		g := &gateWatch{
			person: newPerson(t, all[0].catalog), r: r, editions: all, zones: zones,
			lived: map[string]*lived{"cold": {}, "water": {}}, armed: make(map[uint64]int),
		}
		g.asked = g.truly()
		g.does(flows.Command{Name: "spasm"})
		g.check()
		for range rapid.IntRange(1, 40).Draw(r, "events") {
			g.acts()
		}
	})
}
