package places

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows/typed/fold"
)

var november = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func names(list []City) string {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// The cities of a country are those whose clocks differ, named by its own.
func TestCities(t *testing.T) {
	for country, want := range map[string]string{
		"US": "New York, Chicago, Denver, Phoenix, Los Angeles, Anchorage, Adak, Honolulu",
		"DE": "Berlin", "DK": "Copenhagen", "SE": "Stockholm", "IN": "Kolkata", "GB": "London", "NP": "Kathmandu", "IS": "Reykjavik",
		"AR": "Buenos Aires",
		"NZ": "Auckland, Chatham", "ES": "Madrid, Canary", "PT": "Lisbon, Azores",
		"AU": "Sydney, Brisbane, Adelaide, Perth, Darwin, Lord Howe, Eucla, Eyre Bird Observatory",
		"CA": "Toronto, Winnipeg, Regina, Edmonton, Whitehorse, Vancouver, Halifax, St Johns, Blanc-Sablon, Atikokan",
		"UA": "Kyiv, Simferopol",
		"BV": "", "": "", "XX": "", "us": "",
	} {
		if got := names(Cities(country, november)); got != want {
			t.Errorf("%s: %s, want %s", country, got, want)
		}
	}
}

// Every zone of either table is one of a city that its country offers, at any
// minute of three years, and every zone can be loaded.
func TestEveryZoneIsOffered(t *testing.T) {
	if n := len(Countries()); n < 240 {
		t.Fatalf("%d countries are too few to be all", n)
	}
	pairs := 0
	for _, row := range append(rows("zone.tab"), rows("zone1970.tab")...) {
		l := locations.Location(row[2])
		if l.String() != row[2] {
			t.Errorf("zone %s is not known", row[2])
		}
		for code := range strings.SplitSeq(row[0], ",") {
			pairs++
			offered := slices.ContainsFunc(Cities(code, november), func(c City) bool {
				other := locations.Location(c.Zone)
				for at := november; at.Sub(november) < ahead; at = at.Add(6 * time.Hour) {
					_, a := at.In(l).Zone()
					if _, b := at.In(other).Zone(); a != b {
						return false
					}
				}
				return true
			})
			if !offered {
				t.Errorf("nobody in %s can tell that they live by %s", code, row[2])
			}
		}
	}
	if pairs < 700 {
		t.Errorf("%d rows are too few to be all", pairs)
	}
}

// What tells the cities of a country apart fits a button, and no two have the same
// or read the same.
func TestCitiesAreToldApart(t *testing.T) {
	data := regexp.MustCompile(`^[a-z0-9_-]{1,24}$`)
	for _, code := range Countries() {
		seen := make(map[string]string)
		for _, c := range tables().zones[code] {
			if !data.MatchString(c.ID) {
				t.Errorf("%s: %q does not fit a button", c.Zone, c.ID)
			}
			for _, mark := range []string{c.ID, fold.Name(c.Name)} {
				if other := seen[mark]; other != "" && other != c.Zone {
					t.Errorf("%s: %s and %s are both %q", code, other, c.Zone, mark)
				}
				seen[mark] = c.Zone
			}
			if got, ok := CityOf(c.Name, code); !ok || got != c {
				t.Errorf("%s: typed %q is %v", code, c.Name, got)
			}
			if got, ok := CityOf(c.Zone, code); !ok || got != c {
				t.Errorf("%s: typed %q is %v", code, c.Zone, got)
			}
		}
	}
}

// Each country has a name in each of these languages by which it is found, and no
// other has the same.
func TestCountryNames(t *testing.T) {
	for _, lang := range []string{"", "en", "en-GB", "de", "fr", "es", "pt-BR", "hi", "ar", "ja", "zh-hans", "ru", "tr", "sw", "tlh", "?"} {
		for _, code := range Countries() {
			name := CountryName(code, lang)
			if name == "" || name == code {
				t.Errorf("%s has no name in %q", code, lang)
			}
			if got, ok := CountryOf(name, lang); !ok || got != code {
				t.Errorf("in %q, %q is %s and not %s", lang, name, got, code)
			}
		}
	}
	if got := CountryName("XX1", "en"); got != "XX1" {
		t.Errorf("no country is called %q", got)
	}
}

func TestCountryOf(t *testing.T) {
	for _, c := range []struct{ words, lang, want string }{
		{"Germany", "en", "DE"},
		{" gErmany ", "fr", "DE"},
		{"Deutschland", "de", "DE"},
		{"osterreich", "de", "AT"},
		{"Deutschland", "fr", ""},
		{"cote d'ivoire", "en", "CI"},
		{"ivory coast", "en", "CI"},
		{"uk", "en", "GB"},
		{"Scotland", "en", "GB"},
		{"USA", "en", "US"},
		{"u.s.a.", "en", "US"},
		{"the netherlands", "en", "NL"},
		{"भारत", "hi", "IN"},
		{"DE", "en", "DE"},
		{"new york", "en", "US"},
		{"Copenhagen", "en", "DK"},
		{"Kathmandu", "en", "NP"},
		// Whoever answers something else has named no country.
		{"no", "en", ""},
		{"it is", "en", ""},
		{"", "en", ""},
		{"…", "en", ""},
		{"Atlantis", "en", ""},
		{"BV", "en", ""},
	} {
		if got, ok := CountryOf(c.words, c.lang); got != c.want || ok != (c.want != "") {
			t.Errorf("%q in %q is %q, want %q", c.words, c.lang, got, c.want)
		}
	}
}

func TestHomeOf(t *testing.T) {
	for lang, want := range map[string]string{
		"de": "DE", "de-AT": "AT", "en": "US", "en-GB": "GB", "pt-br": "BR", "hi": "IN", "zh-hans": "CN", "": "", "?": "", "eo": "", "es-419": "",
	} {
		if got := HomeOf(lang); got != want {
			t.Errorf("a phone in %q is in %q, want %q", lang, got, want)
		}
	}
}

// A country with one time has its zone by that alone; none is an offset.
func TestZoneIn(t *testing.T) {
	for country, want := range map[string]string{"DE": "Europe/Berlin", "IN": "Asia/Kolkata", "US": "", "XX": "", "": ""} {
		if got := ZoneIn(country, november); got != want {
			t.Errorf("%s has %q, want %q", country, got, want)
		}
	}
	for _, code := range Countries() {
		for _, c := range tables().zones[code] {
			if strings.HasPrefix(c.Zone, "Etc/") || !strings.Contains(c.Zone, "/") {
				t.Errorf("%s: %s is no place", code, c.Zone)
			}
		}
	}
}

// The EU has one number, and only countries have one.
func TestEmergency(t *testing.T) {
	for country, want := range map[string]string{"DE": "112", "IE": "112", "US": "911", "GB": "999", "AU": "000", "IN": "", "": "", "de": ""} {
		if got := Emergency(country); got != want {
			t.Errorf("%q calls %q, want %q", country, got, want)
		}
	}
	number := regexp.MustCompile(`^[0-9]{3}$`)
	rows, eu := rows("emergency.tab"), 0
	for _, row := range rows {
		if !IsCountry(row[0]) || !number.MatchString(row[1]) {
			t.Errorf("%q is no country with a number", row)
		}
		if row[1] == "112" {
			eu++
		}
	}
	if eu != 27 || len(rows) != 37 {
		t.Errorf("%d countries have a number, %d that of the EU", len(rows), eu)
	}
}

// What is our own fits the tables of the time zone database.
func TestFirst(t *testing.T) {
	for _, row := range rows("first.tab") {
		for zone := range strings.SplitSeq(row[1], ",") {
			if !slices.ContainsFunc(rows("zone.tab"), func(r []string) bool { return r[0] == row[0] && r[2] == zone }) {
				t.Errorf("%s has no zone %s", row[0], zone)
			}
		}
		offered := Cities(row[0], november)
		for i, zone := range strings.Split(row[1], ",") {
			if i >= len(offered) || offered[i].Zone != zone {
				t.Errorf("%s: %s is not offered in its place: %v", row[0], zone, offered)
			}
		}
	}
}

func TestOtherNames(t *testing.T) {
	for _, row := range rows("names.tab") {
		if !IsCountry(row[0]) {
			t.Errorf("there is no country %s", row[0])
		}
		for name := range strings.SplitSeq(row[1], ",") {
			if got, _ := CountryOf(name, "en"); got != row[0] {
				t.Errorf("%q is %s and not %s", name, got, row[0])
			}
		}
	}
}
