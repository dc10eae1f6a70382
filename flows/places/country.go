package places

import (
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"spasmbot/flows/typed"
	"spasmbot/flows/typed/fold"
)

// Countries lists the countries by their codes in ISO 3166, such as "DE": those
// in which people have a time of day.
func Countries() []string { return tables().codes }

// IsCountry reports whether there is a country of this code.
func IsCountry(code string) bool { return tables().zones[code] != nil }

// Emergency is the number to call for an ambulance in a country, "" if it was not
// checked.
func Emergency(country string) string { return tables().emergency[country] }

// CountryName is what a country is called in a language, in English where CLDR
// does not know it in that language, and its code if there is no such country.
func CountryName(code, lang string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	for _, tag := range []language.Tag{language.Make(lang), language.English} {
		if names := display.Regions(tag); names != nil {
			if name := names.Name(region); name != "" {
				return name
			}
		}
	}
	return code
}

// HomeOf is the country that the language of a phone speaks of: the one that it
// names, or else the one where most people speak it; "" for none.
func HomeOf(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return ""
	}
	if region, _ := tag.Region(); IsCountry(region.String()) {
		return region.String()
	}
	return ""
}

// CountryOf is the country that typed words name, in one of some languages or in
// English: by its name, by a city that has a zone of its own there, or by its code
// in capitals.
func CountryOf(words string, langs ...string) (code string, ok bool) {
	if words = typed.Plain(words); IsCountry(words) {
		return words, true
	}
	name := fold.Name(words)
	if name == "" {
		return "", false
	}
	for _, lang := range slices.Compact(append(slices.Clone(langs), "en")) {
		i := slices.IndexFunc(Countries(), func(code string) bool { return fold.Name(CountryName(code, lang)) == name })
		if i >= 0 {
			return Countries()[i], true
		}
	}
	code, ok = tables().names[name]
	return code, ok
}
