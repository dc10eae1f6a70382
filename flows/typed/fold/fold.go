// Package fold compares names, of places say, that people type: the same name is
// the same however it is typed. It is apart from package typed, which brings along
// nothing that is not of the standard library.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"spasmbot/flows/typed"
)

// letters are those that do not come apart into a plain letter and an accent, as
// people without them on the keyboard write them.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ŋ': "n", 'ə': "e",
}

// Name is what is left of a name when it does not matter how it was typed: its
// letters and digits. Case, accents, spaces and signs do not count.
func Name(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(typed.Plain(name)) {
		r = unicode.ToLower(r)
		switch plain, ok := letters[r]; {
		case ok:
			b.WriteString(plain)
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mc, r):
			b.WriteRune(r)
		}
	}
	return b.String()
}
