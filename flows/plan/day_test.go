package plan_test

import (
	"testing"
	"time"

	"spasmbot/flows/plan"
)

// Days are those of the calendar, whatever the clocks do in between.
func TestDaysBetween(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	// The clocks go on an hour on the 29th.
	from := time.Date(2026, 3, 28, 23, 30, 0, 0, berlin)
	for to, want := range map[time.Time]int{
		from:                                       0,
		from.Add(29 * time.Minute):                 0,
		from.Add(30 * time.Minute):                 1,
		from.Add(23 * time.Hour):                   1, // 23:30 on the 29th
		from.Add(24 * time.Hour):                   2, // 00:30 on the 30th
		from.Add(-24 * time.Hour):                  -1,
		time.Date(2027, 3, 28, 0, 0, 0, 0, berlin): 365,
	} {
		if got := plan.DaysBetween(berlin, from, to); got != want {
			t.Errorf("%v is %d days after %v, want %d", to, got, from, want)
		}
	}
}
