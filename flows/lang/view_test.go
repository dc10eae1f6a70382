package lang_test

import (
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/typed"
)

// TestDecimal: what stands before a fraction is what the person's language has
// there, be there texts in it or not.
func TestDecimal(t *testing.T) {
	for tongue, want := range map[string]rune{
		"": typed.Point, "en": typed.Point, "en-GB": typed.Point, "de": typed.Comma, "de-CH": typed.Point, "fr": typed.Comma,
		"pt-BR": typed.Comma, "es-MX": typed.Point, "ru": typed.Comma, "hi": typed.Point, "th": typed.Point, "bn": typed.Point,
		"ar": typed.Point, "no language": typed.Point,
	} {
		view := new(lang.Catalog).View(&flows.State{Lang: tongue}, &lang.Step{})
		if got := view.Decimal(); got != want {
			t.Errorf("in %q it is %q, want %q", tongue, got, want)
		}
	}
}
