package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"spasmbot/bot/report"
)

func rows(t *testing.T, p report.Person) [][]string {
	t.Helper()
	b, err := report.CSV(p)
	if err != nil {
		t.Fatal(err)
	}
	body, ok := bytes.CutPrefix(b, []byte("\uFEFF"))
	if !ok {
		t.Error("there is no byte order mark")
	}
	list, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatalf("the table cannot be read: %v\n%s", err, b)
	}
	return list
}

func TestCSVGolden(t *testing.T) {
	b, err := report.CSV(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "timeline.csv", b)
}

// No cell is a formula, and every other text is as it was.
func TestCSVCells(t *testing.T) {
	for given, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'=1", "\n=1": "'\n=1",
		" =1": "' =1", "\u00a0@x": "'\u00a0@x", "＝1": "'＝1", "－1": "'－1", "\x00=1": "'=1", "\uFEFF=1": "'=1",
		"'=1": "'=1", "1-1": "1-1", "a=b": "a=b", "": "", "two\nlines": "two\nlines", `"so", he said`: `"so", he said`, "bad \xff": "bad \uFFFD",
	} {
		p := report.Person{Spasm: report.Spasm{Timeline: []report.Entry{{Value: given}}}}
		got := rows(t, p)[1][4]
		if got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}

func TestCSVValues(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for want, given := range map[string]any{
		"": nil, "2.5": 2.5, "'-3": -3.0, "yes": true, "no": false, "2026-03-01T14:00:00+02:00": at, "text": "text",
	} {
		p := report.Person{Zone: zone(t, "Europe/Athens"), Spasm: report.Spasm{Timeline: []report.Entry{{Value: given}}}}
		if got := rows(t, p)[1][4]; got != want {
			t.Errorf("%v becomes %q, want %q", given, got, want)
		}
	}
}

// TestCSVOrder: the table is in order of time.
func TestCSVOrder(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := report.Person{Spasm: report.Spasm{Timeline: []report.Entry{{At: at.Add(time.Hour), What: "second"}, {At: at, What: "first"}}}}
	if got := rows(t, p); got[1][2] != "first" || got[2][2] != "second" {
		t.Errorf("the order is %v", got[1:])
	}
	if p.Spasm.Timeline[0].What != "second" {
		t.Error("the account was changed")
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("=1+1", "two\r\nlines")
	f.Add("\"a\",\x00", " \t@x")
	f.Fuzz(func(t *testing.T, what, value string) {
		got := rows(t, report.Person{Spasm: report.Spasm{Timeline: []report.Entry{{What: what, Value: value}, {Kind: "next"}}}})
		if len(got) != 3 || len(got[1]) != 5 || got[2][1] != "next" {
			t.Fatalf("the rows are %q", got)
		}
		for _, cell := range got[1] {
			if strings.HasPrefix(cell, "'") || cell == "" {
				continue
			}
			if first, _ := utf8.DecodeRuneInString(strings.TrimSpace(cell)); strings.ContainsRune("=+-@\t\r\n", first) || strings.ContainsAny(cell[:1], "\t\r\n") {
				t.Errorf("the cell %q may be a formula", cell)
			}
			if !utf8.ValidString(cell) {
				t.Errorf("the cell %q is no text", cell)
			}
		}
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add("id", "Exercises", "a;b,c\\d\r\ne", "Europe/Athens", int64(1_774_000_000), uint8(42))
	f.Add("\x00", strings.Repeat("ü", 80), "BEGIN:VEVENT\nEND:VCALENDAR", "Asia/Kathmandu", int64(0), uint8(0))
	f.Fuzz(func(t *testing.T, id, title, note, zone string, at int64, days uint8) {
		z, err := time.LoadLocation(zone)
		if err != nil || at < -2e9 || at > 1e10 {
			return
		}
		a := report.Appointment{ID: id, Title: title, Note: note, At: time.Unix(at, 0), Length: time.Hour}
		for d := time.Sunday; d <= time.Saturday; d++ {
			if days>>d&1 == 1 {
				a.Days = append(a.Days, d)
			}
		}
		b, err := report.Calendar(report.Person{Zone: z, Plan: []report.Appointment{a}})
		if err != nil {
			if id != "" {
				t.Fatal(err)
			}
			return
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00") {
				t.Errorf("the line %q is wrong", line)
			}
		}
		cal, err := ics.ParseCalendar(bytes.NewReader(b))
		if err != nil || len(cal.Events()) != 1 {
			t.Fatalf("%v\n%s", err, b)
		}
	})
}
