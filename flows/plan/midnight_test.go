package plan_test

import (
	"testing"
	"time"

	"spasmbot/flows/plan"
)

// zoneNamed loads a zone.
func zoneNamed(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Midnight is that of the calendar: a day may have 23, 24 1/2 or 25 hours, begin at
// one o'clock, or twice.
func TestMidnight(t *testing.T) {
	for _, test := range []struct {
		zone, at string
		days     int
		want     string
	}{
		{"Europe/Berlin", "2026-03-29T12:00:00+02:00", 0, "2026-03-29T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-30T01:00:00+02:00", -1, "2026-03-29T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-28T23:59:59+01:00", 2, "2026-03-30T00:00:00+02:00"},
		{"Europe/Berlin", "2026-10-25T02:30:00+01:00", 0, "2026-10-25T00:00:00+02:00"},
		{"Europe/Berlin", "2026-10-26T00:00:00+01:00", -1, "2026-10-25T00:00:00+02:00"},
		{"Europe/Berlin", "2026-10-26T00:00:00+01:00", 0, "2026-10-26T00:00:00+01:00"},
		{"Europe/Berlin", "2026-01-01T00:30:00+01:00", -1, "2025-12-31T00:00:00+01:00"},
		{"Australia/Lord_Howe", "2026-04-05T12:00:00+10:30", 0, "2026-04-05T00:00:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-06T12:00:00+10:30", -1, "2026-04-05T00:00:00+11:00"},
		{"Australia/Lord_Howe", "2026-10-04T03:00:00+11:00", 0, "2026-10-04T00:00:00+10:30"},
		{"Australia/Lord_Howe", "2026-10-04T03:00:00+11:00", 1, "2026-10-05T00:00:00+11:00"},
		// The clocks leave midnight out, and pass it twice.
		{"Africa/Cairo", "2026-04-24T12:00:00+03:00", 0, "2026-04-24T01:00:00+03:00"},
		{"America/Havana", "2026-11-01T12:00:00-05:00", 0, "2026-11-01T00:00:00-04:00"},
		{"America/Havana", "2026-11-01T00:30:00-04:00", 0, "2026-11-01T00:00:00-04:00"},
	} {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, test.want)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Midnight(zoneNamed(t, test.zone), at, test.days); !got.Equal(want) {
			t.Errorf("%s, %d days from %s: %s, want %s", test.zone, test.days, test.at, got.In(want.Location()).Format(time.RFC3339), test.want)
		}
	}
}

// Midnight is never behind the day whose beginning it is, and the day before ends with
// it, whatever the clocks do.
func TestMidnightBeginsTheDay(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Atlantic/Azores", "America/Santiago", "Antarctica/Troll", "Antarctica/Casey", "Pacific/Apia", "Asia/Beirut"} {
		zone := zoneNamed(t, name)
		for at := time.Date(2012, 9, 1, 0, 7, 0, 0, time.UTC); at.Year() < 2027; at = at.Add(167 * time.Minute) {
			got := plan.Midnight(zone, at, 0)
			if got.After(at) || plan.Day(zone, got) != plan.Day(zone, at) || plan.Day(zone, got.Add(-time.Second)) >= plan.Day(zone, at) {
				t.Fatalf("%s: the day of %s begins at %s", name, at.In(zone), got.In(zone))
			}
		}
	}
}
