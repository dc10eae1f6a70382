package ask

import (
	"slices"

	"spasmbot/flows"
)

// languageKind asks in which language a person wants to read, and makes it
// theirs. Where there is one only, nobody is asked.
type languageKind struct{}

func (languageKind) Word() string         { return "language" }
func (languageKind) Doc() string          { return "" }
func (languageKind) Parts() []Part        { return nil }
func (languageKind) Read(Reader) Question { return language{} }

type language struct {
	ByButtons
	Unmeasured
	OneText
}

func (language) Caption() string     { return "language" }
func (language) Values() []string    { return nil }
func (language) Texts() []Text       { return nil }
func (language) Optional() bool      { return true }
func (language) LeftOut(v View) bool { return len(v.Languages()) < 2 }
func (language) Unasked() Outcome    { return NoAnswer() }

func (language) Buttons(v View) [][]Button {
	var list []Button
	for _, l := range v.Languages() {
		list = append(list, Button{v.LanguageName(l), l, Answer(l, flows.TextOf(l))})
	}
	return Rows(list, 1)
}

func (language) Keep(_ View, s *flows.State, step string, answer flows.Value) {
	s.SetVar(step, answer)
	s.Lang = answer.Str
}

func (language) Label(v View, answer flows.Value) string {
	if !slices.Contains(v.Languages(), answer.Str) {
		return Plain(answer)
	}
	return v.LanguageName(answer.Str)
}

func (language) Longest(v View) int {
	labels := v.Languages()
	for _, l := range v.Languages() {
		labels = append(labels, v.LanguageName(l))
	}
	return longestOf(labels)
}

func (language) Samples(v View, _ Notable) Samples { return Samples{Presses: v.Languages()} }

func (l language) Possible(v View, step string) []Possible { return OfButtons(l, v, step) }
