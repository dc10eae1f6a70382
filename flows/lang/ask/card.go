package ask

import "spasmbot/flows"

// cardKind asks nothing: whoever is there has a card that tells them where they
// stand, and goes on by commands, by what is called, or when the wait is over.
type cardKind struct{}

func (cardKind) Word() string         { return "card" }
func (cardKind) Doc() string          { return "nothing is asked: the card of the episode stands there" }
func (cardKind) Parts() []Part        { return nil }
func (cardKind) Read(Reader) Question { return card{} }

// OnCard reports whether a question is shown by the card alone: it has no words, no
// buttons and no answer.
func OnCard(q Question) bool {
	_, is := q.(card)
	return is
}

type card struct {
	ByButtons
	ForEverybody
	Unmeasured
}

func (card) Caption() string                              { return "card" }
func (card) Vars(string) []flows.Var                      { return nil }
func (card) Gates() []Gate                                { return nil }
func (card) Values() []string                             { return nil }
func (card) Texts() []Text                                { return nil }
func (card) Buttons(View) [][]Button                      { return nil }
func (card) Keep(View, *flows.State, string, flows.Value) {}
func (card) Label(View, flows.Value) string               { return "" }
func (card) Longest(View) int                             { return 0 }
func (card) Samples(View, Notable) Samples                { return Samples{} }
func (card) Possible(View, string) []Possible             { return nil }
