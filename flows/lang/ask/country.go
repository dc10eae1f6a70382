package ask

import (
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/places"
)

// countryKind asks in which country a person is. The one that their phone's
// language speaks of comes first, then the one that the bot is run in, then those of
// the step; every other is typed.
type countryKind struct{}

func (countryKind) Word() string  { return "country" }
func (countryKind) Doc() string   { return "buttons, or typed" }
func (countryKind) Parts() []Part { return []Part{Choices(), Columns()} }

func (countryKind) Read(r Reader) Question {
	ids, sound := r.Names("choices", "")
	offered(r, ids, sound, maxButtons-1, `"de: {}"`)
	for _, id := range ids {
		if !places.IsCountry(strings.ToUpper(id)) {
			r.Fault("choices", fmt.Sprintf("%q is no country", id), "write the code of ISO 3166 that it has, such as de or us")
		}
	}
	return country{ids: ids, columns: readColumns(r)}
}

// country is answered by a code of ISO 3166, such as "DE".
type country struct {
	ForEverybody
	Unmeasured
	OneText
	ids     []string
	columns int
}

func (country) TakesTyped() bool { return true }
func (country) Caption() string  { return "country" }
func (country) Values() []string { return places.Countries() }
func (country) Texts() []Text    { return []Text{{Key: "invalid"}} }

func (c country) Buttons(v View) [][]Button {
	ids := slices.Clone(c.ids)
	for _, first := range []string{v.Home(), places.HomeOf(v.Phone())} {
		if id := strings.ToLower(first); id != "" {
			ids = slices.DeleteFunc(ids, func(other string) bool { return other == id })
			ids = slices.Insert(ids, 0, id)
		}
	}
	list := make([]Button, len(ids))
	for i, id := range ids {
		code := strings.ToUpper(id)
		list[i] = Button{places.CountryName(code, v.Language()), id, c.answer(code)}
	}
	return Rows(list, c.columns)
}

// answer has a choice only if the step offers the country: whose button comes
// first hangs on the phone.
func (c country) answer(code string) Outcome {
	id := strings.ToLower(code)
	if !slices.Contains(c.ids, id) {
		id = ""
	}
	return Answer(id, flows.TextOf(code))
}

func (c country) Typed(v View, words string) Outcome {
	code, ok := places.CountryOf(words, v.Language(), v.Phone())
	if !ok {
		return NoAnswer()
	}
	return c.answer(code)
}

func (country) Keep(_ View, s *flows.State, step string, answer flows.Value) { s.SetVar(step, answer) }

func (country) Label(v View, answer flows.Value) string {
	return places.CountryName(Plain(answer), v.Language())
}

func (country) Longest(v View) int {
	var labels []string
	for _, code := range places.Countries() {
		labels = append(labels, places.CountryName(code, v.Language()))
	}
	return longestOf(labels)
}

// Samples are a button; typed, a country of one clock and one of several; and those
// that conditions speak of.
func (c country) Samples(_ View, n Notable) Samples {
	list := Samples{Presses: c.ids[:min(1, len(c.ids))], Typed: []string{"IN", "MX", "hello"}}
	for _, code := range n.Texts {
		if places.IsCountry(code) && !slices.Contains(list.Typed, code) {
			list.Typed = append(list.Typed, code)
		}
	}
	return list
}

func (c country) Possible(_ View, step string) []Possible {
	list := make([]Possible, 0, len(c.ids)+1)
	for _, id := range c.ids {
		list = append(list, Possible{Choice: id, Sets: []Setting{known(step, flows.TextOf(strings.ToUpper(id)))}})
	}
	return append(list, AnyText(step))
}
