package typed_test

import (
	"testing"

	"spasmbot/flows/typed"
)

func TestPhrases(t *testing.T) {
	for _, test := range []struct {
		phrase, text string
		found        bool
	}{
		{"chest pain", "Chest pain", true},
		{"chest pain", "I have CHEST, I mean a chest pain!", true},
		{"chest hurts", "my chest really badly hurts", true},
		{"chest hurts", "my chest is fine and my back hurts", false},
		{"chest hurts", "it hurts in the chest", false},
		{"chest", "chestnut", false},
		{"chest-", "chestnut", true},
		{"-schmerz", "Brustschmerz", true},
		{"-schmerz", "Schmerzen", false},
		{"-schmerz-", "Brustschmerzen", true},
		{"can't pee", "I cant pee", true},
		{"cant pee", "i CAN’T  pee", true},
		{"cant feel legs", "I can't feel my own legs", true},
		{"feel feel", "I feel", false},
		{"a b", "a a x x b", true}, // the second a
		{"9 1 1", "９ 1\u00A01", true},
		{"chest", "", false},
		{"took 10..99 pills", "I took about 20 pills", true},
		{"took 10..99 pills", "took ２０ pills", true},
		{"^10..99 pills", " 20 pills", true},
		{"^10..99 pills", "my 20 pills", false},
		{"^ pills", "pills, twenty", true},
		{"^pills", "the pills", false},
		{"took 10..99 pills", "took 10 pills, not 99 pills", true},
		{"took 10..99 pills", "took 99 pills", true},
		{"took 10..99 pills", "took 9 pills", false},
		{"took 10..99 pills", "took 100 pills", false},
		{"took 10..99 pills", "it took 20 minutes, then pills", false},
	} {
		p, ok := typed.ParsePhrase(test.phrase)
		if got := p.In(typed.Words(test.text)); !ok || got != test.found {
			t.Errorf("%q in %q: %v, want %v", test.phrase, test.text, got, test.found)
		}
	}
	for _, empty := range []string{"", " ", "-", "chest - pain", "'", "9..", "^", "^ ", "..9", "9..1 pills", "a..b", "1..2..3"} {
		if p, ok := typed.ParsePhrase(empty); ok {
			t.Errorf("%q is read as the phrase %+v", empty, p)
		}
	}
}
