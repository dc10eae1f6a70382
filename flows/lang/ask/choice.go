package ask

import (
	"fmt"
	"slices"

	"spasmbot/flows"
)

const (
	// maxButtons is what Telegram shows under one message, by observation.
	maxButtons = 100
	// maxColumns keeps the labels readable on a narrow phone.
	maxColumns = 8
)

// choiceKind asks for one of some named choices. What a choice leads to and
// sets is the step's affair.
type choiceKind struct{}

func (choiceKind) Word() string { return "choice" }
func (choiceKind) Doc() string  { return "buttons" }

func (choiceKind) Parts() []Part { return []Part{Choices(), Columns()} }

// Choices is the part of the kinds that offer named choices.
func Choices() Part {
	return Part{
		Keys:    []Key{{Name: "choices", Type: ChoicesKey, Doc: `The buttons of "ask: choice", "ask: ticks" and "ask: country", in their order.`}},
		Astray:  Fault{"has choices but does not ask for one", "add {one}, or remove the choices"},
		Lacking: Fault{"asks for a choice and offers none", `add "choices:"`},
	}
}

// Columns is the part of the kinds whose choices can stand side by side.
func Columns() Part {
	return Part{
		Keys:   []Key{{Name: "columns", Type: WholeKey, Least: 1, Most: maxColumns, Doc: "How many buttons stand side by side; 1 if left out."}},
		Astray: Fault{"has columns but no choices", "columns belong to {all}"},
	}
}

func (choiceKind) Read(r Reader) Question {
	ids, sound := r.Choices("choices")
	offered(r, ids, sound, maxButtons, `"name: {next: step}" or "name: {}"`)
	return choice{ids: ids, columns: readColumns(r)}
}

// offered tells if choices are too many, or none.
func offered(r Reader, ids []string, sound bool, most int, example string) {
	switch {
	case len(ids) > most:
		r.Fault("choices", fmt.Sprintf("step %q has %d choices", r.Step(), len(ids)), fmt.Sprintf("offer at most %d", most))
	case sound && len(ids) == 0:
		r.Fault("choices", fmt.Sprintf("step %q offers no choice", r.Step()), "write one as "+example)
	}
}

// readColumns reads how many choices stand side by side.
func readColumns(r Reader) int {
	columns, sound := r.Whole("columns")
	switch {
	case !sound:
		return 1
	case columns < 1 || columns > maxColumns:
		r.Fault("columns", fmt.Sprintf("%d buttons side by side do not fit", columns), fmt.Sprintf("use 1 to %d columns", maxColumns))
	}
	return columns
}

type choice struct {
	ByButtons
	ForEverybody
	Unmeasured
	OneText
	ids     []string
	columns int
}

func (choice) Caption() string    { return "choice" }
func (c choice) Values() []string { return c.ids }

func (c choice) Texts() []Text {
	list := make([]Text, len(c.ids))
	for i, id := range c.ids {
		list[i] = Text{Key: id, Label: true}
	}
	return list
}

func (c choice) Buttons(v View) [][]Button {
	list := make([]Button, len(c.ids))
	for i, id := range c.ids {
		list[i] = Button{v.Text(id), id, Answer(id, flows.TextOf(id))}
	}
	return Rows(list, c.columns)
}

func (choice) Keep(_ View, s *flows.State, step string, answer flows.Value) { s.SetVar(step, answer) }

// Label of an answer that a later edition of the flow no longer offers is its
// name.
func (c choice) Label(v View, answer flows.Value) string {
	if !slices.Contains(c.ids, answer.Str) {
		return Plain(answer)
	}
	return v.Text(answer.Str)
}

func (c choice) Longest(v View) int {
	labels := slices.Clone(c.ids)
	for _, id := range c.ids {
		labels = append(labels, v.Text(id))
	}
	return longestOf(labels)
}

func (c choice) Samples(View, Notable) Samples { return Samples{Presses: c.ids} }

func (c choice) Possible(v View, step string) []Possible { return OfButtons(c, v, step) }
