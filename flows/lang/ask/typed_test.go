package ask

import (
	"regexp"
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/typed"
)

// writer is a person in whose language a comma stands before a fraction.
type writer struct{ reader }

func (writer) Decimal() rune      { return typed.Comma }
func (writer) Text(string) string { return "I'm fine, 2 days" }

// TestTypedInEveryScript: every kind of question takes what is typed on the
// keyboard of any script, with what keyboards add to it.
func TestTypedInEveryScript(t *testing.T) {
	all := ofEachKind(t)
	all["large"] = question(t, numberKind{}, map[string]any{"least": -10.0, "most": 5000.0})
	all["phone"] = question(t, textKind{}, map[string]any{"least": 2.0, "most": 15.0, "pattern": regexp.MustCompile(`^(?:\+?[0-9][0-9 ]*)$`)})
	all["note"] = question(t, textKind{}, map[string]any{"least": 1.0, "most": 30.0})
	number := func(n float64) Outcome { return Answer("", flows.NumberOf(n)) }
	whole := func(data string, n float64) Outcome { return Answer(data, flows.NumberOf(n)) }
	text := func(s string) Outcome { return Answer("", flows.TextOf(s)) }
	for _, c := range []struct {
		kind, words string
		want        Outcome
	}{
		{"number", "٧", number(7)},
		{"number", "\u200f٢٫٥\u00a0", number(2.5)},
		{"number", "७", number(7)},
		{"number", "๗", number(7)},
		{"number", "২,৫", number(2.5)},
		{"number", "７．５", number(7.5)},
		{"number", "+7 %", number(7)},
		{"number", "\u22127", NoAnswer()},
		{"large", "\u22127", number(-7)},
		{"large", "1.234", number(1234)}, // a German's
		{"large", "1,234", number(1.234)},

		{"scale", "٧", whole("7", 7)},
		{"scale", "७/१०", whole("7", 7)},
		{"scale", "๗ / ๑๐", whole("7", 7)},
		{"scale", "১০", whole("10", 10)},
		{"scale", "７／１０", whole("7", 7)},
		{"scale", "\u2068+7\u2069", whole("7", 7)},
		{"scale", "7.0", whole("7", 7)},
		{"scale", "7,5", NoAnswer()},
		{"scale", "\u22127", NoAnswer()},
		{"scale", "10/10", whole("10", 10)},
		{"scale", "11/10", NoAnswer()},
		{"scale", "7/5", NoAnswer()},
		{"scale", "/10", NoAnswer()},

		{"hour", "٢٢", whole("22", 22)},
		{"hour", "०७:००", whole("7", 7)},
		{"hour", "๒๒.๐๐", whole("22", 22)},
		{"hour", "৭", whole("7", 7)},
		{"hour", "０７：００", whole("7", 7)},
		{"hour", "\u00a07h\u200e", whole("7", 7)},
		{"hour", "7 H", whole("7", 7)},
		{"hour", "07h00", whole("7", 7)},
		{"hour", "٢٤", NoAnswer()},
		{"hour", "7:30", NoAnswer()},

		{"choice", "\u200fI\u2019m  fine,　２ DAYS\u00a0", Press(all["choice"], writer{}, "none")},
		{"ticks", "I’m fine, २ days", Press(all["ticks"], writer{}, "legs")},

		{"phone", "١١٢", text("112")},
		{"phone", "＋４９　１１２", text("+49 112")},
		{"phone", "๑๙๑\u200b", text("191")},
		{"phone", "doctor", NoAnswer()},
		// Words that need no pattern are kept as they are.
		{"note", "\u200f\u00a0أخذت ٢ حبة\u200b\n", text("أخذت ٢ حبة")},
		{"note", "\u200b\u3000", NoAnswer()},
		{"note", "２　ｐｉｌｌｓ", text("２　ｐｉｌｌｓ")},
	} {
		if got := Type(all[c.kind], writer{}, c.words); got != c.want {
			t.Errorf("%s: %q comes to %+v, want %+v", c.kind, c.words, got, c.want)
		}
	}
}
