package plan_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// TestSpread: from when the first is due, as many rounds as may come are spread over a
// day, as far apart as one another, and one is called in the evening.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.SampledFrom(changes).Draw(t, "where and when")
		zone, err := time.LoadLocation(at.zone)
		if err != nil {
			t.Fatal(err)
		}
		date, err := time.ParseInLocation(time.DateOnly, at.date, zone)
		if err != nil {
			t.Fatal(err)
		}
		minutes := func(name string, from, to int) time.Duration {
			return time.Duration(rapid.IntRange(from, to).Draw(t, name)) * time.Minute
		}
		wakes := rapid.IntRange(4, 10).Draw(t, "wakes")
		waking := plan.Window{From: wakes * 60, To: (wakes + rapid.IntRange(8, 13).Draw(t, "is awake for")) * 60}
		now := plan.TimeOfDay(zone, date.Add(12*time.Hour), 0, waking.From).Add(minutes("into the day", 0, 4*60))
		cold := plan.Thing{
			Name: "cold", Class: plan.ClassRound, Due: now, Look: 10 * time.Minute, Track: flows.Track{Running: true, Last: now.Add(-minutes("the last was", 9*60, 30*60))},
			Rules: plan.Rules{
				Hold: minutes("hold", 12, 20), Gap: minutes("gap", 60, 200), Least: time.Hour,
				MostPerDay: rapid.IntRange(1, 6).Draw(t, "most"), Waking: waking,
			},
		}
		p := usual()
		p.Invitations = rapid.IntRange(1, 6).Draw(t, "invitations")
		var calls []time.Time
		for _, e := range p.Plan(plan.Situation{Now: now, Zone: zone, Waking: waking, Heard: now}, []plan.Thing{cold}) {
			if e.Phase == flows.PhaseCall && e.Left == plan.Comes {
				calls = append(calls, e.At)
			}
		}
		evening := plan.TimeOfDay(zone, now, 0, waking.To).Add(-p.Evening)
		apart := cold.Rules.Hold + cold.Rules.Gap
		may := min(cold.Rules.MostPerDay, p.Invitations)
		want := max(1, min(may, 1+int(evening.Sub(now)/apart)))
		if next := now.Add(apart); want == 1 && may > 1 && next.Before(evening.Add(p.Evening-cold.Rules.Hold)) {
			want, evening = 2, next // behind the first there is room for one later in the evening
		}
		if len(calls) != want || !calls[0].Equal(now) {
			t.Fatalf("from %v to %v, at least %v apart: %v, want %d", now, evening, apart, calls, want)
		}
		if last := calls[len(calls)-1]; len(calls) > 1 && evening.Sub(last).Abs() > 6*time.Minute {
			t.Fatalf("the last comes at %v, and not in the evening at %v", last, evening)
		}
		var steps []time.Duration
		for i, at := range calls[min(1, len(calls)):] {
			steps = append(steps, at.Sub(calls[i]))
		}
		if len(steps) > 0 && slices.Max(steps)-slices.Min(steps) > 6*time.Minute {
			t.Fatalf("they are %v apart", steps)
		}
	})
}
