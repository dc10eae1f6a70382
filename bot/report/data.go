package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// dataFormat rises when what is in the data changes its meaning.
const dataFormat = 1

// document is the data as JSON; docs/mydata.schema.json describes it. What is not known
// is left out.
type document struct {
	Format  int           `json:"format"`
	Made    time.Time     `json:"made"`
	Bot     string        `json:"bot"`
	Zone    string        `json:"zone"`
	Country string        `json:"country,omitzero"`
	Lang    string        `json:"lang,omitzero"`
	Name    string        `json:"name,omitzero"`
	Sleep   *hours        `json:"sleep,omitzero"`
	Age     string        `json:"age,omitzero"`
	Facts   []string      `json:"facts"`
	Spasm   Spasm         `json:"spasm"`
	Earlier []Earlier     `json:"earlier"`
	Plan    []appointment `json:"plan"`
	// Records are the others that are kept of the person.
	Records []json.RawMessage `json:"records"`
}

type hours struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type appointment struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Note    string    `json:"note,omitzero"`
	At      time.Time `json:"at"`
	Minutes float64   `json:"minutes,omitzero"`
	Days    []string  `json:"days,omitzero"`
	Until   time.Time `json:"until,omitzero"`
}

// JSON is everything that is in p, for other programs. Times are in RFC 3339, by the
// person's clock where they are of the papers.
func JSON(p Person) ([]byte, error) {
	d := document{
		Format: dataFormat, Made: p.local(p.Now), Bot: strings.TrimSpace("Spasmbot " + p.Version), Zone: "UTC",
		Country: p.Country, Lang: p.Lang, Name: p.Name, Age: p.Age, Facts: orEmpty(p.Facts),
		Spasm: p.Spasm, Earlier: orEmpty(p.Earlier), Plan: make([]appointment, len(p.Plan)), Records: orEmpty(p.Records),
	}
	if p.Zone != nil {
		d.Zone = p.Zone.String()
	}
	if p.Sleep.From != p.Sleep.To {
		d.Sleep = &hours{timeOfDay(p.Sleep.From), timeOfDay(p.Sleep.To)}
	}
	for i, a := range p.Plan {
		days := make([]string, len(a.Days))
		for i, day := range a.Days {
			days[i] = strings.ToLower(day.String())
		}
		d.Plan[i] = appointment{a.ID, a.Title, a.Note, a.At, a.Length.Minutes(), days, a.Until}
	}
	out, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the data: %w", err)
	}
	return append(out, '\n'), nil
}

// orEmpty is a list that is written as empty, and not as null, if there is nothing.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// MarshalText spells the kind.
func (k Kind) MarshalText() ([]byte, error) {
	names := [kinds]string{"cold", "warmth", "moves", "exercise", "medicine"}
	if int(k) >= kinds {
		return nil, fmt.Errorf("there is no kind %d of what people do", k)
	}
	return []byte(names[k]), nil
}

// MarshalText spells the answer.
func (a Answer) MarshalText() ([]byte, error) {
	names := [...]string{No: "no", Unsure: "unsure", Yes: "yes"}
	if int(a) >= len(names) {
		return nil, fmt.Errorf("there is no answer %d to a warning sign", a)
	}
	return []byte(names[a]), nil
}
