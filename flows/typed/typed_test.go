package typed_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"spasmbot/flows/typed"
)

// zeros are those of scripts that people type numbers in.
var zeros = map[string]rune{
	"Latin": '0', "full-width": '０', "Arabic": '٠', "Persian": '۰', "N'Ko": '߀', "Devanagari": '०', "Bengali": '০',
	"Gurmukhi": '੦', "Gujarati": '૦', "Odia": '୦', "Tamil": '௦', "Telugu": '౦', "Kannada": '೦', "Malayalam": '൦',
	"Sinhala": '෦', "Thai": '๐', "Lao": '໐', "Tibetan": '༠', "Burmese": '၀', "Khmer": '០', "Mongolian": '᠐',
	"Javanese": '꧐', "Adlam": '𞥐', "bold": '𝟎', "double-struck": '𝟘',
}

// in writes digits in another script.
func in(zero rune, digits string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, digits)
}

// TestDigitsOfEveryScript: a number is the same number in each script.
func TestDigitsOfEveryScript(t *testing.T) {
	for script, zero := range zeros {
		words := in(zero, "9876543210")
		if got := typed.Plain(words); got != "9876543210" {
			t.Errorf("%s: %q is read as %q", script, words, got)
		}
		words = in(zero, "12,5")
		if got, ok := typed.Number(words, typed.Comma); !ok || got != 12.5 {
			t.Errorf("%s: %q is %v, %v", script, words, got, ok)
		}
	}
	for _, of := range unicode.Nd.R16 {
		checkRun(t, rune(of.Lo), rune(of.Hi), rune(of.Stride))
	}
	for _, of := range unicode.Nd.R32 {
		checkRun(t, rune(of.Lo), rune(of.Hi), rune(of.Stride))
	}
}

// checkRun holds Unicode's table against what reading it rests on: digits stand
// in whole tens.
func checkRun(t *testing.T, lo, hi, stride rune) {
	t.Helper()
	if stride != 1 || (hi-lo+1)%10 != 0 {
		t.Errorf("the digits from %U to %U, each %d, are not in tens", lo, hi, stride)
	}
	for r := lo; r <= hi; r++ {
		if got, want := typed.Plain(string(r)), string('0'+(r-lo)%10); got != want {
			t.Errorf("%U is read as %q, want %q", r, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	for words, want := range map[string]string{
		"":                       "",
		" \u00a0\u3000\t\n":      "",
		"\u200b\u200f\ufeff":     "",
		"  yes ,  please ":       "yes , please",
		"\u00a0yes\u00a0please":  "yes please",
		"\u200e5\u200f":          "5",
		"\u2066\u202b7\u2069":    "7",
		"Ｙｅｓ！　Ｎｏ":                "Yes! No",
		"soft\u00adhyphen":       "softhyphen",
		"I\u2019m fine":          "I'm fine",
		"\u201cfine\u201d":       `"fine"`,
		"3\u20135":               "3-5",
		"\u22127":                "-7",
		"\uff0d7\uff05":          "-7%",
		"7\u066a":                "7%",
		"37\u00ba 37\u02da":      "37° 37°",
		"７\u2215１０ 7\u204410":    "7/10 7/10",
		"07\uff1a00 07\u223600":  "07:00 07:00",
		"\uff0fspasm":            "/spasm",
		"❤\ufe0f":                "❤",
		"Straße Ελλάδα Москва ٣": "Straße Ελλάδα Москва 3",
	} {
		if got := typed.Plain(words); got != want {
			t.Errorf("%q is read as %q, want %q", words, got, want)
		}
	}
}

// TestTrim: what is kept as it was typed loses what cannot be seen around it, and
// nothing within.
func TestTrim(t *testing.T) {
	for words, want := range map[string]string{
		"\u200f\u00a0می\u200cروم ۳ \u200b":                              "می\u200cروم ۳",
		"\u3000ｆｕｌｌ　width\n":                                            "ｆｕｌｌ　width",
		"🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F": "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
		"\u2068": "",
	} {
		if got := typed.Trim(words); got != want {
			t.Errorf("%q became %q, want %q", words, got, want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"No, none of these", "no,  NONE of\u00a0these", true},
		{"I'm fine", "i\u2019m fine", true},
		{"2 days", "२ DAYS", true},
		{"Да", "\u200eда", true},
		{"2 days", "3 days", false},
		{"-7", "7", false},
		{"no", "on", false},
	} {
		if got := typed.Same(c.a, c.b); got != c.want {
			t.Errorf("%q and %q read the same: %v", c.a, c.b, got)
		}
	}
}

func TestNumber(t *testing.T) {
	no := math.NaN()
	for _, c := range []struct {
		words        string
		point, comma float64 // where people write a point, and where a comma
	}{
		{"7", 7, 7},
		{"007", 7, 7},
		{" +7 ", 7, 7},
		{"\u22127", -7, -7},
		{"- 7", -7, -7},
		{"7 %", 7, 7},
		{"\u200f٧٪", 7, 7},
		{"37.5°", 37.5, 37.5},
		{"３７．５", 37.5, 37.5},
		{"12,5", 12.5, 12.5},
		{"12.5", 12.5, 12.5},
		{"1,5", 1.5, 1.5},
		{".5", 0.5, 0.5},
		{",5", 0.5, 0.5},
		{"5.", 5, 5},
		{"0,125", 0.125, 0.125},
		{"0.125", 0.125, 0.125},
		{"1,234", 1234, 1.234},
		{"1.234", 1.234, 1234},
		{"1,234.5", 1234.5, 1234.5},
		{"1.234,5", 1234.5, 1234.5},
		{"1.234.567", 1234567, 1234567},
		{"1,234,567.25", 1234567.25, 1234567.25},
		{"12,34,567", 1234567, 1234567},
		{"1\u202f234", 1234, 1234},
		{"1 234,5", 1234.5, 1234.5},
		{"1’234.5", 1234.5, 1234.5},
		{"١٬٢٣٤٫٥", 1234.5, 1234.5},
		{"१२.५", 12.5, 12.5},
		{"๑๒,๕", 12.5, 12.5},

		{"", no, no},
		{".", no, no},
		{"-", no, no},
		{"--7", no, no},
		{"7 7", no, no},
		{"1,23,4", no, no},
		{"12345,678.9", no, no},
		{"1.2.3", no, no},
		{"1,2,3", no, no},
		{"1.234 567", no, no},
		{"1..5", no, no},
		{"1e9", no, no},
		{"0x7", no, no},
		{"7_0", no, no},
		{"NaN", no, no},
		{"+Inf", no, no},
		{"7%%", no, no},
		{"seven", no, no},
		{"7 days", no, no},
		{strings.Repeat("9", 400), no, no},
	} {
		for decimal, want := range map[rune]float64{typed.Point: c.point, typed.Comma: c.comma} {
			got, ok := typed.Number(c.words, decimal)
			if ok == math.IsNaN(want) || ok && got != want {
				t.Errorf("with %q before a fraction, %q is %v, %v; want %v", decimal, c.words, got, ok, want)
			}
		}
	}
}

// TestWritten: what is written is read as the same number everywhere.
func TestWritten(t *testing.T) {
	for _, n := range []float64{0, 1, -1, 0.5, 1.234, -1.234, 12.5, 1e6, 123456.789, 1e21, 1e-7, 999.999} {
		for _, decimal := range []rune{typed.Point, typed.Comma} {
			if got, ok := typed.Number(typed.Written(n), decimal); !ok || got != n {
				t.Errorf("%v is written as %q and read as %v, %v", n, typed.Written(n), got, ok)
			}
		}
	}
}

// FuzzPlain: what is read plainly stays so, is no longer in letters than what was
// typed, and reads as the same number.
func FuzzPlain(f *testing.F) {
	for _, zero := range zeros {
		f.Add(in(zero, "1.234,5"))
	}
	for _, words := range []string{"\u200e ７\u2215１０ \u00a0", "I\u2019m\u00ad fine", "\xff\xfe7", "\uff0fspasm", "٪٧"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		got := typed.Plain(words)
		if again := typed.Plain(got); again != got {
			t.Errorf("%q is read as %q, and that as %q", words, got, again)
		}
		if utf8.RuneCountInString(got) > utf8.RuneCountInString(words) {
			t.Errorf("%q has grown to %q", words, got)
		}
		if !typed.Same(words, got) {
			t.Errorf("%q does not read like %q", words, got)
		}
		for _, decimal := range []rune{typed.Point, typed.Comma} {
			n, ok := typed.Number(words, decimal)
			m, okToo := typed.Number(got, decimal)
			if n != m || ok != okToo || math.IsNaN(n) || math.IsInf(n, 0) {
				t.Errorf("%q is the number %v, and read plainly %v", words, n, m)
			}
		}
		if trimmed := typed.Trim(words); !strings.Contains(words, trimmed) || typed.Plain(trimmed) != got {
			t.Errorf("%q was trimmed to %q", words, trimmed)
		}
		if slices.ContainsFunc([]rune(got), func(r rune) bool { return unicode.IsSpace(r) && r != ' ' }) {
			t.Errorf("%q has other spaces", got)
		}
	})
}
