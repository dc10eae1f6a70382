package places

import (
	"time"

	"spasmbot/flows/typed"
	"spasmbot/flows/typed/fold"
)

// City stands for a time zone of a country.
type City struct {
	// Zone is its IANA name: "America/New_York".
	Zone string
	// Name is the city: "New York".
	Name string
	// ID tells it apart from the others of its country: "new_york".
	ID string
}

// ahead is for how long two zones must keep the same time to count as one.
const ahead = 3 * 365 * 24 * time.Hour

// Cities are the cities of a country whose clocks differ, at now or within three
// years: of those that keep the same time there is one.
func Cities(country string, now time.Time) []City {
	var list []City
	for _, c := range tables().zones[country] {
		differs := true
		for _, known := range list {
			differs = differs && !sameTime(known.Zone, c.Zone, now)
		}
		if differs {
			list = append(list, c)
		}
	}
	return list
}

// sameTime reports whether the clocks of two zones show the same, at now and
// whenever one of them changes.
func sameTime(a, b string, now time.Time) bool {
	one, other := locations.Location(a), locations.Location(b)
	for at := now; ; {
		_, first := at.In(one).Zone()
		_, second := at.In(other).Zone()
		if first != second {
			return false
		}
		at = soonest(nextChange(one, at), nextChange(other, at))
		if at.IsZero() || at.Sub(now) > ahead {
			return true
		}
	}
}

// nextChange is when the clocks of a zone change next, zero for never.
func nextChange(zone *time.Location, at time.Time) time.Time {
	_, end := at.In(zone).ZoneBounds()
	return end
}

// soonest is the earlier of two instants of which zero is none.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// CityOf is the city of a country that typed words name: any that has a zone of
// its own, or the zone.
func CityOf(words, country string) (City, bool) {
	words = typed.Plain(words)
	name := fold.Name(words)
	for _, c := range tables().zones[country] {
		if c.Zone == words || fold.Name(c.Name) == name {
			return c, true
		}
	}
	return City{}, false
}

// ZoneIn is the zone of a country where all clocks show the same, "" if they do
// not.
func ZoneIn(country string, now time.Time) string {
	if cities := Cities(country, now); len(cities) == 1 {
		return cities[0].Zone
	}
	return ""
}

// Clock is what the clocks of a zone show: "06:41".
func Clock(zone string, now time.Time) string {
	return now.In(locations.Location(zone)).Format("15:04")
}
