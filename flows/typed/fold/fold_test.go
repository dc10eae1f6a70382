package fold_test

import (
	"testing"

	"spasmbot/flows/typed/fold"
)

// Names are the same however they are typed, and different names are not.
func TestName(t *testing.T) {
	for _, same := range [][]string{
		{"Côte d’Ivoire", "cote d'ivoire", "COTE DIVOIRE", " Co\u0302te  d\u2018Ivoire\u200e "},
		{"São Tomé", "sao tome", "Sa\u0303o-Tome\u0301"},
		{"Österreich", "osterreich", "O\u0308STERREICH"},
		{"Færøerne", "faeroerne"},
		{"İstanbul", "istanbul", "ISTANBUL", "ıstanbul"},
		{"Łódź", "lodz"},
		{"ＪＡＰＡＮ", "japan"},
		{"Port-au-Prince", "port au prince", "PortauPrince"},
		{"日本", "日 本"},
	} {
		for _, other := range same[1:] {
			if fold.Name(same[0]) != fold.Name(other) {
				t.Errorf("%q is %q, and %q is %q", same[0], fold.Name(same[0]), other, fold.Name(other))
			}
		}
	}
	for _, pair := range [][2]string{{"Niger", "Nigeria"}, {"Iran", "Iraq"}, {"भारत", "भूटान"}, {"ايران", "العراق"}, {"Guinea 1", "Guinea 2"}} {
		if fold.Name(pair[0]) == fold.Name(pair[1]) || fold.Name(pair[0]) == "" {
			t.Errorf("%q and %q are both %q", pair[0], pair[1], fold.Name(pair[0]))
		}
	}
	if got := fold.Name(" –'’… "); got != "" {
		t.Errorf("signs alone are %q", got)
	}
}
