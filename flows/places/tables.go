package places

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"spasmbot/flows/typed/fold"
)

//go:embed tables/*.tab
var files embed.FS

// world is what the tables say.
type world struct {
	// codes are the countries that have a zone, sorted.
	codes []string
	// zones are those of a country, in the order in which they are offered.
	zones map[string][]City
	// names are what a country is called, besides its name in CLDR, as
	// fold.Name leaves it.
	names map[string]string
	// emergency are the numbers that were checked.
	emergency map[string]string
}

var tables = sync.OnceValue(readTables)

func readTables() *world {
	w := &world{zones: make(map[string][]City), names: make(map[string]string), emergency: make(map[string]string)}
	for _, row := range rows("first.tab") {
		for zone := range strings.SplitSeq(row[1], ",") {
			w.add(row[0], zone, cityName(zone))
		}
	}
	for _, row := range rows("zone.tab") {
		w.add(row[0], row[2], cityName(row[2]))
	}
	for _, row := range rows("zone1970.tab") {
		codes := strings.Split(row[0], ",")
		for _, code := range codes {
			name := cityName(row[2])
			if code != codes[0] && len(row) > 3 {
				name = row[3] // the city is a neighbour's, the comment is on the place
			}
			w.add(code, row[2], name)
		}
	}
	for code := range w.zones {
		w.codes = append(w.codes, code)
	}
	slices.Sort(w.codes)
	// The names of countries go before those of cities.
	for _, row := range rows("zone.tab") {
		w.names[fold.Name(cityName(row[2]))] = row[0]
	}
	for _, row := range append(rows("iso3166.tab"), rows("names.tab")...) {
		for name := range strings.SplitSeq(row[1], ",") {
			if w.zones[row[0]] != nil {
				w.names[fold.Name(name)] = row[0]
			}
		}
	}
	for _, row := range rows("emergency.tab") {
		w.emergency[row[0]] = row[1]
	}
	return w
}

// add notes a zone, unless it is known or reads as one that is.
func (w *world) add(code, zone, name string) {
	same := func(c City) bool { return c.Zone == zone || fold.Name(c.Name) == fold.Name(name) }
	if !slices.ContainsFunc(w.zones[code], same) {
		w.zones[code] = append(w.zones[code], City{zone, name, cityID(zone)})
	}
}

// rows are the rows of a table, of at least two columns.
func rows(table string) (list [][]string) {
	text, err := files.ReadFile("tables/" + table)
	if err != nil {
		panic(err) // it is in the program
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			list = append(list, strings.Split(line, "\t"))
		}
	}
	return list
}

// cityName is the city that a zone is named by.
func cityName(zone string) string { return strings.ReplaceAll(lastOf(zone), "_", " ") }

func cityID(zone string) string { return strings.ToLower(lastOf(zone)) }

func lastOf(zone string) string { return zone[strings.LastIndexByte(zone, '/')+1:] }
