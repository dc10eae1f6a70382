package plan_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows/plan"
)

// changes are days near a change of the clocks, and far from any.
var changes = []struct{ zone, date string }{
	{"UTC", "2026-03-02"},
	{"Europe/Berlin", "2026-03-28"},
	{"Europe/Berlin", "2026-10-24"},
	{"America/New_York", "2026-03-07"},
	{"Australia/Lord_Howe", "2026-04-04"},
	{"Asia/Kolkata", "2026-06-01"},
	{"Pacific/Auckland", "2026-09-26"},
}

// born is a person with some things armed.
func born(t *rapid.T) *life {
	at := rapid.SampledFrom(changes).Draw(t, "where and when")
	zone, err := time.LoadLocation(at.zone)
	if err != nil {
		t.Fatal(err)
	}
	begins, err := time.ParseInLocation(time.DateOnly, at.date, zone)
	if err != nil {
		t.Fatal(err)
	}
	hours := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }
	l := &life{t: t, policy: usual(), zone: zone, things: map[string]*plan.Thing{}}
	l.policy.Invitations, l.policy.Rings = hours("invitations", 1, 9), hours("rings", 3, 30)
	l.waking = plan.Window{From: hours("wakes", 0, 23) * 60}
	l.waking.To = (l.waking.From + 60*hours("is awake for", 8, 20)) % (24 * 60)
	l.now = begins.Add(time.Duration(hours("minute", 0, 24*60-1)) * time.Minute).UTC()
	l.heard = l.now
	for _, kind := range []plan.Thing{
		{Name: "cold", Class: plan.ClassRound, Look: 10 * time.Minute, Rules: plan.Rules{Hold: 20 * time.Minute, Gap: 2 * time.Hour, Least: time.Hour, MostPerDay: 6}},
		{Name: "heat", Class: plan.ClassRound, Look: 8 * time.Minute, Rules: plan.Rules{Hold: 15 * time.Minute, Gap: 3 * time.Hour, Least: time.Hour, MostPerDay: 3}},
		{Name: "evening", Class: plan.ClassCheckIn, Rules: plan.Rules{Gap: time.Minute, Least: time.Minute, Times: []int{19 * 60}}},
		{Name: "pain", Class: plan.ClassCheckIn, Once: true},
		{Name: "exercise", Class: plan.ClassExercise, Rules: plan.Rules{Gap: time.Minute, Least: time.Minute, Times: []int{10 * 60, 17 * 60}, MostPerDay: 2}},
		{Name: "move", Class: plan.ClassMove, Rules: plan.Rules{Gap: 3 * time.Hour, Least: 2 * time.Hour, MostPerDay: 4}},
		{Name: "water", Class: plan.ClassWater, Silent: true, Rules: plan.Rules{Gap: 2 * time.Hour, Least: 2 * time.Hour, MostPerDay: 8}},
		{Name: "signs", Class: plan.ClassSafety, Rules: plan.Rules{Gap: 20 * time.Hour, Least: 10 * time.Hour}},
		{Name: "skin", Class: plan.ClassSafety, Once: true, Night: true},
	} {
		if rapid.Bool().Draw(t, kind.Name) {
			kind.Track.Running = true
			kind.Due = l.now.Add(time.Duration(hours(kind.Name+" is due", -300, 300)) * time.Minute)
			kind.Rules.Zone = zone
			l.things[kind.Name] = &kind
		}
	}
	return l
}

// TestLives: whoever lives by the plan, wherever, with whatever the person does and
// however long the bot is away, hears no two things in a quarter of an hour, nothing
// asleep, nothing that is kept apart, no more than the budgets, and every take-off to
// the second.
func TestLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := born(t)
		end := l.now.Add(3 * 24 * time.Hour)
		for l.now.Before(end) {
			l.until(l.now.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "minutes")) * time.Minute))
			l.happens()
		}
	})
}
