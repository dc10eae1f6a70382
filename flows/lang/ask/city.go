package ask

import (
	"spasmbot/flows"
	"spasmbot/flows/places"
)

// cityKind asks by which city's clock a person of a country lives.
type cityKind struct{}

func (cityKind) Word() string { return "city" }
func (cityKind) Doc() string  { return "buttons, or typed" }

func (cityKind) Parts() []Part {
	return []Part{{
		Keys:    []Key{{Name: "country", Type: NameKey, Asks: countryKind{}.Word(), Doc: `The step that asks for the country ("ask: country").`}},
		Astray:  Fault{"has a country and does not ask for a city", "country belongs to {all}"},
		Lacking: Fault{"does not say of which country", `add "country:" with the name of the step that asks for it`},
	}}
}

func (cityKind) Read(r Reader) Question {
	country, _ := r.Name("country")
	return city{country: country}
}

// city is answered by an IANA zone, such as "America/New_York".
type city struct {
	ForEverybody
	Unmeasured
	OneText
	// country is the variable that has the country.
	country string
}

func (city) TakesTyped() bool { return true }
func (city) Caption() string  { return "city" }
func (city) Values() []string { return nil }
func (city) Texts() []Text    { return []Text{{Key: "invalid"}} }

func (c city) of(v View) string { return Plain(v.Var(c.country)) }

// Buttons show the time that it is in each city. Which button is which does not
// hang on it.
func (c city) Buttons(v View) [][]Button {
	var list []Button
	for _, of := range places.Cities(c.of(v), v.Now()) {
		label := of.Name + ", " + places.Clock(of.Zone, v.Now())
		list = append(list, Button{label, of.ID, Answer("", flows.TextOf(of.Zone))})
	}
	return Rows(list, 2)
}

func (c city) Typed(v View, words string) Outcome {
	of, ok := places.CityOf(words, c.of(v))
	if !ok {
		return NoAnswer()
	}
	return Answer("", flows.TextOf(of.Zone))
}

func (city) Keep(_ View, s *flows.State, step string, answer flows.Value) { s.SetVar(step, answer) }

func (c city) Label(v View, answer flows.Value) string {
	of, ok := places.CityOf(Plain(answer), c.of(v))
	if !ok {
		return Plain(answer)
	}
	return of.Name
}

func (city) Longest(View) int { return LongestCity }

// LongestCity is how long the name of a city or of a zone can read, in UTF-16
// units.
const LongestCity = 40

// Samples are the first city, and another one to be typed.
func (c city) Samples(v View, _ Notable) Samples {
	list := Samples{Typed: []string{"hello"}}
	for i, of := range places.Cities(c.of(v), v.Now()) {
		switch i {
		case 0:
			list.Presses = []string{of.ID}
		case 1:
			list.Typed = append(list.Typed, of.Name)
		}
	}
	return list
}

// Possible is any zone: of which country is not known before.
func (city) Possible(_ View, step string) []Possible { return []Possible{AnyText(step)} }
