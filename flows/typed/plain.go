package typed

import (
	"strings"
	"unicode"
)

// Plain is how typed words are read: digits of every script as 0 to 9, full-width
// letters and signs as the ordinary ones, the signs that keyboards put in the place
// of others as those, each space as one, none around the words, and nothing that
// cannot be seen.
func Plain(words string) string {
	return strings.Join(strings.Fields(strings.Map(plain, words)), " ")
}

// Trim takes off what is around words and cannot be seen, and leaves the words as
// they were typed.
func Trim(words string) string {
	return strings.TrimFunc(words, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
}

// Same reports whether words read the same: capitals do not count.
func Same(a, b string) bool { return strings.EqualFold(Plain(a), Plain(b)) }

// plain is what a letter or sign is read as, -1 for nothing.
func plain(r rune) rune {
	switch {
	case r < unicode.MaxASCII:
		return r
	case invisible(r):
		return -1
	case r >= fullWidth && r <= lastFullWidth:
		r -= fullWidth - '!'
	}
	if n, ok := digit(r); ok {
		return '0' + n
	}
	if sign, ok := signs[r]; ok {
		return sign
	}
	return r
}

// The full-width forms of '!' to '~', as keyboards of East Asia have them.
const (
	fullWidth     = '\uFF01'
	lastFullWidth = '\uFF5E'
)

// signs are those that keyboards write, by themselves or on a key of their own, in
// the place of an ordinary one.
var signs = map[rune]rune{
	'\u2010': '-', '\u2011': '-', '\u2012': '-', '\u2013': '-', '\u2014': '-', '\u2212': '-', '\uFE63': '-',
	'\uFE62': '+',
	'\u066A': '%', '\uFE6A': '%',
	'\u00BA': '°', '\u02DA': '°',
	'\u2044': '/', '\u2215': '/',
	'\u2236': ':', '\uFE55': ':',
	'\u2018': '\'', '\u2019': '\'', '\u02BC': '\'',
	'\u201C': '"', '\u201D': '"',
}

// invisible reports whether a mark tells programs how to set letters, and people
// nothing: of no width, of the direction, for a break or against one.
func invisible(r rune) bool {
	switch {
	case r == '\u00AD', r == '\u061C', r == '\u180E', r == '\uFE0E', r == '\uFE0F', r == '\uFEFF':
		return true
	}
	return r >= '\u200B' && r <= '\u200F' || r >= '\u202A' && r <= '\u202E' || r >= '\u2060' && r <= '\u206F'
}

// digit is what a decimal digit of any script counts. Unicode has the ten of each
// script side by side, in their order.
func digit(r rune) (n rune, ok bool) {
	for _, of := range unicode.Nd.R16 {
		if lo, hi := rune(of.Lo), rune(of.Hi); r >= lo && r <= hi {
			return (r - lo) % 10, true
		}
	}
	for _, of := range unicode.Nd.R32 {
		if lo, hi := rune(of.Lo), rune(of.Hi); r >= lo && r <= hi {
			return (r - lo) % 10, true
		}
	}
	return 0, false
}
