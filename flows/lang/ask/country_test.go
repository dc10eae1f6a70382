package ask

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// somewhere is a person with a phone, in a country, at an instant.
type somewhere struct {
	reader
	phone, country, home string
	now                  time.Time
}

func (s somewhere) Phone() string          { return s.phone }
func (s somewhere) Home() string           { return s.home }
func (s somewhere) Var(string) flows.Value { return flows.TextOf(s.country) }
func (s somewhere) Now() time.Time         { return s.now }

func labels(q Question, v View) string {
	var list []string
	for _, b := range slices.Concat(q.Buttons(v)...) {
		list = append(list, b.Label)
	}
	return strings.Join(list, "; ")
}

// The country of the phone's language comes first, once, and its answer is told
// apart from a button of the step.
func TestHomeComesFirst(t *testing.T) {
	q := question(t, countryKind{}, map[string]any{"choices": []string{"us", "gb"}})
	for phone, want := range map[string]string{
		"": "United States; United Kingdom", "tlh": "United States; United Kingdom", "en-GB": "United Kingdom; United States",
		"hi": "India; United States; United Kingdom",
	} {
		if got := labels(q, somewhere{phone: phone}); got != want {
			t.Errorf("on a phone in %q: %s", phone, got)
		}
	}
	if got := labels(q, somewhere{phone: "en-GB", home: "DE"}); got != "United Kingdom; Germany; United States" {
		t.Errorf("where the bot is run in Germany: %s", got)
	}
	indian := somewhere{phone: "hi"}
	if got := Press(q, indian, "in"); got != Answer("", flows.TextOf("IN")) {
		t.Errorf("the phone's own country comes to %+v", got)
	}
	if got := Type(q, indian, "भारत"); got != Answer("", flows.TextOf("IN")) {
		t.Errorf("a name in the phone's language comes to %+v", got)
	}
}

// What is no country is told when the flow is read.
func TestCountriesOfAStep(t *testing.T) {
	w := &written{values: map[string]any{"choices": []string{"de", "uk"}}}
	countryKind{}.Read(w)
	if want := `choices: "uk" is no country: write the code of ISO 3166 that it has, such as de or us`; !slices.Equal(w.faults, []string{want}) {
		t.Errorf("the faults are %q", w.faults)
	}
}

// The buttons show what the clocks show; which answers they are stays the same
// through summer and winter, half hours and the date line.
func TestCityClocks(t *testing.T) {
	q := question(t, cityKind{}, map[string]any{"country": "country"})
	for _, test := range []struct{ at, country, want string }{
		{"2026-11-30T11:41:00Z", "US", "New York, 06:41; Chicago, 05:41; Denver, 04:41; Phoenix, 04:41; Los Angeles, 03:41; Anchorage, 02:41; Adak, 01:41; Honolulu, 01:41"},
		{"2026-07-01T10:41:00Z", "US", "New York, 06:41; Chicago, 05:41; Denver, 04:41; Phoenix, 03:41; Los Angeles, 03:41; Anchorage, 02:41; Adak, 01:41; Honolulu, 00:41"},
		{"2026-11-30T11:41:00Z", "KI", "Tarawa, 23:41; Kanton, 00:41; Kiritimati, 01:41"},
		{"2026-11-30T11:41:00Z", "", ""},
	} {
		now, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		v := somewhere{country: test.country, now: now}
		if got := labels(q, v); got != test.want {
			t.Errorf("at %s in %s: %s", test.at, test.country, got)
		}
	}
	// Whoever types a city that has no button has told its own zone.
	v := somewhere{country: "US", now: time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}
	for words, want := range map[string]string{"indianapolis": "America/Indiana/Indianapolis", "NEW-YORK": "America/New_York", "America/Boise": "America/Boise"} {
		if got := Type(q, v, words); got != Answer("", flows.TextOf(want)) {
			t.Errorf("%q comes to %+v", words, got)
		}
	}
	if got := q.Label(v, flows.TextOf("Etc/GMT-2")); got != "Etc/GMT-2" {
		t.Errorf("another zone reads %q", got)
	}
}
