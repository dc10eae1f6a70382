package ask

import (
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows"
)

// The answers to a list of signs.
const (
	NoSign     = "none"
	AnySign    = "any"
	UnsureSign = "unsure"
)

// signsKind asks whether somebody has any of the warning signs of a class. Its words
// list those that concern them; whom none concerns has answered "none".
type signsKind struct{}

func (signsKind) Word() string { return "signs" }
func (signsKind) Doc() string  { return "none, any or unsure of a list of warning signs" }

func (signsKind) Parts() []Part {
	return []Part{Choices(), Columns(), ClassOf(), AskedAt(), {
		Keys:   []Key{{Name: "but", Type: NameKey, Asks: signKind{}.Word(), Doc: `The step of "ask: sign" whose answer is left out of the list.`}},
		Astray: Fault{"leaves a sign out and lists none", "but belongs to {all}"},
	}}
}

func (signsKind) Read(r Reader) Question {
	ids, sound := r.Choices("choices")
	if sorted := slices.Sorted(slices.Values(ids)); sound && !slices.Equal(sorted, []string{AnySign, NoSign, UnsureSign}) {
		r.Fault("choices", fmt.Sprintf("step %q lists signs and offers %s", r.Step(), strings.Join(ids, between)), "offer none, any and unsure, and nothing else")
	}
	about := readSelection(r)
	about.But, _ = r.Name("but")
	return list{choice{ids: ids, columns: readColumns(r)}, about}
}

// list is a choice below a list of signs.
type list struct {
	choice
	about Selection
}

func (l list) Caption() string     { return "signs " + l.about.caption() }
func (l list) About() Selection    { return l.about }
func (list) Lists() bool           { return true }
func (list) Optional() bool        { return true }
func (l list) LeftOut(v View) bool { return len(l.about.For(v)) == 0 }
func (list) Unasked() Outcome      { return Answer(NoSign, flows.TextOf(NoSign)) }

// Possible are the buttons, whoever is asked.
func (l list) Possible(v View, step string) []Possible { return OfButtons(l, v, step) }
