package app_test

import (
	"testing"
	"time"

	"spasmbot/bot/app"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
)

// TestCalendarBeginsToday: what the plan of the day lets come a little later than its hour
// comes on that day all the same, and the calendar has it there.
func TestCalendarBeginsToday(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	noon, evening := minute(4*60), minute(11*60) // 12:00 and 19:00
	e := flows.Episode{Number: 1, Flow: "spasm", Started: accountStart, Onset: accountStart}
	for _, moved := range []time.Duration{0, 20 * time.Minute} {
		p := app.Account(c, app.Kept{Episodes: []flows.Episode{e}, State: flows.State{
			User: 7, Episode: e,
			Tracks:  []flows.Track{{Name: "check_in", Running: true, Due: evening}},
			Pending: []flows.Reminder{{ID: 1, Track: "check_in", Phase: flows.PhaseTick, Due: evening.Add(moved)}},
		}}, "v1", noon)
		if len(p.Plan) != 2 || !p.Plan[1].At.Equal(evening) || !p.Plan[0].At.Equal(evening.Add(14*time.Hour)) {
			t.Errorf("moved by %v the calendar has %+v", moved, p.Plan)
		}
	}
}
