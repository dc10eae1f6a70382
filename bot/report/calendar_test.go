package report_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"spasmbot/bot/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s has changed; if that is right, run go test ./bot/report -update\ngot\n%s\nwant\n%s", path, got, want)
	}
}

// planned is a plan over a change of the clock.
func planned(t testing.TB, name string) report.Person {
	z := zone(t, name)
	p := report.Person{Now: time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC), Zone: z, Version: "v1.2.3"}
	p.Plan = []report.Appointment{
		{
			ID: "7-exercise", Title: "Exercises; hips, legs", Note: "Ten minutes.\nStop if it hurts: \\ rest. " + strings.Repeat("Ἀσκήσεις ", 12),
			At: time.Date(2026, 3, 21, 18, 0, 0, 0, z), Length: 20 * time.Minute,
			Days: []time.Weekday{time.Monday, time.Wednesday, time.Friday}, Until: time.Date(2026, 4, 30, 18, 0, 0, 0, z),
		},
		{ID: "7-look-1", Title: "How is your back?", At: time.Date(2026, 4, 20, 10, 0, 0, 0, z)},
		{ID: "7-look-12", Title: "How is your back?", At: time.Date(2027, 1, 20, 10, 0, 0, 0, z), Length: 5 * time.Minute},
	}
	return p
}

func calendar(t testing.TB, p report.Person) string {
	t.Helper()
	b, err := report.Calendar(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCalendarGolden(t *testing.T) {
	golden(t, "athens.ics", []byte(calendar(t, planned(t, "Europe/Athens"))))
}

// Lines end with CR LF, have 75 bytes at most, and are cut between letters.
func TestCalendarLines(t *testing.T) {
	p := planned(t, "Europe/Athens")
	p.Plan[1].Title = strings.Repeat("x", 300)
	for line := range strings.SplitSeq(strings.TrimSuffix(calendar(t, p), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ToValidUTF8(line, "") != line || strings.ContainsAny(line, "\r\n") || line == "" {
			t.Errorf("the line %q has %d bytes", line, len(line))
		}
	}
}

// What another program reads is what was planned.
func TestCalendarIsRead(t *testing.T) {
	p := planned(t, "Europe/Athens")
	cal, err := ics.ParseCalendar(strings.NewReader(calendar(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	events := cal.Events()
	if len(events) != len(p.Plan) {
		t.Fatalf("%d events were read", len(events))
	}
	e := events[0]
	if got := ics.FromText(e.GetProperty(ics.ComponentPropertyDescription).Value); got != p.Plan[0].Note {
		t.Errorf("the note that is read is %q, want %q", got, p.Plan[0].Note)
	}
	if got := ics.FromText(e.GetProperty(ics.ComponentPropertySummary).Value); got != p.Plan[0].Title {
		t.Errorf("the title that is read is %q", got)
	}
	// The plan says Saturday; the first of its days is Monday.
	at, err := e.GetStartAt()
	if want := time.Date(2026, 3, 23, 18, 0, 0, 0, p.Zone); err != nil || !at.Equal(want) {
		t.Errorf("it begins at %v, %v, want %v", at, err, want)
	}
	if got := e.GetProperty(ics.ComponentPropertyRrule).Value; got != "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20260430T150000Z" {
		t.Errorf("it comes again by %q", got)
	}
	ids := make(map[string]bool)
	for _, e := range events {
		ids[e.Id()] = true
	}
	if len(ids) != len(events) {
		t.Errorf("two events have one id: %v", ids)
	}
}

// The id of an appointment stays when the calendar is made anew and the rest of it
// changes.
func TestCalendarKeepsItsIDs(t *testing.T) {
	ids := func(p report.Person) (list []string) {
		cal, err := ics.ParseCalendar(strings.NewReader(calendar(t, p)))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range cal.Events() {
			list = append(list, e.Id())
		}
		return list
	}
	p := planned(t, "Europe/Athens")
	before := ids(p)
	p.Now, p.Version = p.Now.Add(time.Hour), "v2"
	p.Plan[0].Title, p.Plan[0].At = "Legs", p.Plan[0].At.Add(time.Hour)
	if after := ids(p); !slices.Equal(before, after) {
		t.Errorf("the ids were %v and are %v", before, after)
	}
}

// The description of the zone says for every instant of the plan what the zone itself
// says.
func TestCalendarZones(t *testing.T) {
	for _, name := range []string{
		"Europe/Athens", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia",
		"Europe/Dublin", "America/Sao_Paulo", "Etc/GMT+12", "Africa/Monrovia",
	} {
		t.Run(name, func(t *testing.T) {
			p := planned(t, name)
			// To the end of the last, and of what comes again.
			p.Plan[0].Until = p.Plan[2].At
			weekly := p
			weekly.Plan = p.Plan[:1]
			if a, b := zoneChanges(t, calendar(t, weekly)), zoneChanges(t, calendar(t, p)); !slices.Equal(a, b) {
				t.Errorf("what comes again has %v, and with one at its end %v", a, b)
			}
			p.Plan[0].Until = p.Plan[0].At.AddDate(0, 0, 7)
			changes := zoneChanges(t, calendar(t, p))
			monday := p.Plan[0].At.AddDate(0, 0, 2) // the first of its days
			for at := monday; at.Before(p.Plan[2].At); at = at.Add(6 * time.Hour) {
				_, want := at.Zone()
				got, found := 0, false
				for _, c := range changes {
					if !c.at.After(at) {
						got, found = c.offset, true
					}
				}
				if !found || got != want {
					t.Fatalf("at %v the offset is %d (%t), want %d", at, got, found, want)
				}
			}
		})
	}
}

type change struct {
	at     time.Time
	offset int
}

// zoneChanges reads when a VTIMEZONE changes the clock, and to what, in order.
func zoneChanges(t *testing.T, cal string) (list []change) {
	t.Helper()
	seconds := func(s string) int {
		at, err := time.Parse("-0700", s)
		if err != nil {
			t.Fatal(err)
		}
		_, offset := at.Zone()
		return offset
	}
	var start string
	var from int
	for line := range strings.SplitSeq(cal, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "DTSTART":
			start = value
		case "TZOFFSETFROM":
			from = seconds(value)
		case "TZOFFSETTO":
			at, err := time.Parse("20060102T150405", start)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, change{at.Add(-time.Duration(from) * time.Second), seconds(value)})
		}
	}
	return list
}

func TestCalendarFaults(t *testing.T) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	_, err := report.Calendar(report.Person{Plan: []report.Appointment{
		{At: at}, {ID: "a"}, {ID: "b", At: at, Length: -time.Minute}, {ID: "b", At: at},
	}})
	if err == nil {
		t.Fatal("no fault")
	}
	for _, want := range []string{
		"appointment 1 has no ID", `appointment "a" has no time`, `appointment "b" takes -1m0s`, `appointment 4 has the ID of another, "b"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the fault does not say %q: %v", want, err)
		}
	}
}

// What is over before it comes is left out, and an empty calendar is one.
func TestCalendarOfNothing(t *testing.T) {
	p := planned(t, "UTC")
	p.Plan = p.Plan[:1]
	p.Plan[0].Until = p.Plan[0].At
	got := calendar(t, p)
	if strings.Contains(got, "VEVENT") || strings.Contains(got, "VTIMEZONE") || !strings.HasSuffix(got, "END:VCALENDAR\r\n") {
		t.Errorf("the calendar is\n%s", got)
	}
}

// TestCalendarInPython lets another library read the calendars and work out, from the
// file's own description of the zone, when each appointment is.
func TestCalendarInPython(t *testing.T) {
	const python = "/usr/bin/python3" // the system's, which has the system's modules
	if out, err := exec.Command(python, "-c", "import icalendar, dateutil").CombinedOutput(); err != nil {
		lacking(t, "python3-icalendar and python3-dateutil (apt)", out)
	}
	for _, name := range []string{"Europe/Athens", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"} {
		p := planned(t, name)
		var want []string
		for at := p.Plan[0].At; !at.After(p.Plan[0].Until); at = at.AddDate(0, 0, 1) {
			if slices.Contains(p.Plan[0].Days, at.Weekday()) {
				want = append(want, at.UTC().Format(time.RFC3339))
			}
		}
		for _, a := range p.Plan[1:] {
			want = append(want, a.At.UTC().Format(time.RFC3339))
		}
		cmd := exec.Command(python, "testdata/instants.py")
		cmd.Stdin = strings.NewReader(calendar(t, p))
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if got := strings.Fields(string(out)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v\n%s\ngot  %v\nwant %v", name, err, stderr.Bytes(), got, want)
		}
	}
}

// lacking skips a test for want of a program, or fails where all have to be there.
func lacking(t *testing.T, what string, out []byte) {
	t.Helper()
	if os.Getenv("SPASMBOT_REQUIRE_PAPERS") != "" {
		t.Fatalf("this needs %s, and SPASMBOT_REQUIRE_PAPERS is set: %s", what, out)
	}
	t.Skipf("this needs %s: %s", what, out)
}
