package plan_test

import (
	"testing"
	"time"

	"spasmbot/flows/plan"
)

// TestLast: an instant outside of a window goes back to the window's last minute.
func TestLast(t *testing.T) {
	zone := time.FixedZone("", 3600)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, zone) }
	for _, c := range []struct {
		window   plan.Window
		at, want time.Time
	}{
		{plan.Window{From: 7 * 60, To: 22 * 60}, at(2, 12, 0), at(2, 12, 0)},
		{plan.Window{From: 7 * 60, To: 22 * 60}, at(2, 23, 0), at(2, 21, 59)},
		{plan.Window{From: 7 * 60, To: 22 * 60}, at(2, 5, 0), at(1, 21, 59)},
		{plan.Window{From: 9 * 60, To: 60}, at(2, 5, 0), at(2, 0, 59)},
		{plan.Window{From: 9 * 60, To: 60}, at(2, 0, 30), at(2, 0, 30)},
		{plan.AllDay, at(2, 5, 0), at(2, 5, 0)},
	} {
		if got := c.window.Last(zone, c.at); !got.Equal(c.want) {
			t.Errorf("the last of %v up to %v is %v, want %v", c.window, c.at, got.In(zone), c.want)
		}
	}
}

func TestWindow(t *testing.T) {
	day, night := plan.Window{From: 8 * 60, To: 22 * 60}, plan.Window{From: 22 * 60, To: 6 * 60}
	for _, test := range []struct {
		window plan.Window
		at     string
		next   string
	}{
		{day, "Mon 07:59", "Mon 08:00"},
		{day, "Mon 08:00", "Mon 08:00"},
		{day, "Mon 21:59", "Mon 21:59"},
		{day, "Mon 22:00", "Tue 08:00"},
		{night, "Mon 05:59", "Mon 05:59"},
		{night, "Mon 06:00", "Mon 22:00"},
		{night, "Mon 23:00", "Mon 23:00"},
		{plan.AllDay, "Mon 00:00", "Mon 00:00"},
		{plan.AllDay, "Mon 23:59", "Mon 23:59"},
	} {
		at, next := monday(t, test.at), monday(t, test.next)
		if got := test.window.Next(time.UTC, at); !got.Equal(next) || test.window.Open(time.UTC, at) != at.Equal(next) {
			t.Errorf("from %s on %+v is open at %s, want %s", test.at, test.window, got.Format("Mon 15:04"), test.next)
		}
	}
}

// monday is a time of the first week of the tests: "Wed 15:04".
func monday(t testing.TB, at string) time.Time {
	t.Helper()
	day, clock := at[:3], at[4:]
	got, err := time.ParseInLocation("15:04", clock, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for n := 2; n < 9; n++ { // the 2nd of March 2026 is a Monday
		date := time.Date(2026, 3, n, got.Hour(), got.Minute(), 0, 0, time.UTC)
		if date.Format("Mon") == day {
			return date
		}
	}
	t.Fatalf("no day %q", day)
	return time.Time{}
}

// TestTimeOfDay: where the clocks jump over a minute, it is the first one after
// the jump, and where they pass it twice, one of the two.
func TestTimeOfDay(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		at           time.Time
		days, minute int
		want         string
	}{
		{time.Date(2026, 3, 28, 12, 0, 0, 0, zone), 1, 2*60 + 30, "2026-03-29 03:00"},
		{time.Date(2026, 3, 28, 12, 0, 0, 0, zone), 0, 2*60 + 30, "2026-03-28 02:30"},
		{time.Date(2026, 10, 24, 12, 0, 0, 0, zone), 1, 2*60 + 30, "2026-10-25 02:30"},
		{time.Date(2026, 12, 31, 23, 0, 0, 0, zone), 1, 0, "2027-01-01 00:00"},
	} {
		if got := plan.TimeOfDay(zone, test.at, test.days, test.minute).In(zone).Format("2006-01-02 15:04"); got != test.want {
			t.Errorf("minute %d, %d days behind %v, is %s, want %s", test.minute, test.days, test.at, got, test.want)
		}
	}
}
