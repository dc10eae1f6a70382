package typed

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The signs before a fraction.
const (
	Point = '.'
	Comma = ','
)

// Those of Arabic script mean one thing in every language.
const (
	arabicDecimal = '\u066B'
	arabicGroup   = '\u066C'
)

// Number reads a number, with a sign before it or a percent or degree sign behind.
// Decimal is what stands before a fraction in the language of the person, [Point] or
// [Comma]. The other one sets off groups of three digits, as spaces and apostrophes
// do. A number that cannot be meant so, such as 12,5 where people write a point, is
// read as it must be meant.
func Number(words string, decimal rune) (n float64, ok bool) {
	words = Plain(words)
	negative := strings.HasPrefix(words, "-")
	if negative || strings.HasPrefix(words, "+") {
		words = words[1:]
	}
	if short, found := strings.CutSuffix(words, "%"); found {
		words = short
	} else {
		words = strings.TrimSuffix(words, "°")
	}
	figures, ok := figures(strings.TrimSpace(words), decimal)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(figures, 64)
	if negative {
		n = -n
	}
	return n, err == nil
}

// Written is a number as [Number] reads it in every language.
func Written(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	if _, fraction, ok := strings.Cut(s, "."); ok && len(fraction) == group {
		s += "0" // three digits could be a group of a large number
	}
	return s
}

// group is how many digits are set off in a large number. There may be two but for
// the last group: so people write in India.
const group = 3

// figures writes a number with digits and a point alone.
func figures(words string, decimal rune) (s string, ok bool) {
	parts, signs, ok := cut(words)
	if !ok {
		return "", false
	}
	whole, fraction := parts, ""
	if last := len(signs) - 1; last >= 0 && isDecimal(parts, signs, decimal) {
		whole, fraction, signs = parts[:last+1], parts[last+1], signs[:last]
	}
	if !grouped(whole, signs) || whole[0]+fraction == "" {
		return "", false
	}
	return strings.Join(whole, "") + "." + fraction, true
}

// cut cuts a number into its digits and the signs between them.
func cut(words string) (parts []string, signs []rune, ok bool) {
	from := 0
	for i, r := range words {
		switch r {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			continue
		case Point, Comma, '\'', ' ', arabicDecimal, arabicGroup:
			parts, signs = append(parts, words[from:i]), append(signs, r)
			from = i + utf8.RuneLen(r)
		default:
			return nil, nil, false
		}
	}
	return append(parts, words[from:]), signs, true
}

// isDecimal reports whether the last of the signs stands before a fraction.
func isDecimal(parts []string, signs []rune, decimal rune) bool {
	last := signs[len(signs)-1]
	switch {
	case last == arabicDecimal:
		return true
	case last != Point && last != Comma:
		return false
	case len(signs) > 1:
		return !slices.Contains(signs[:len(signs)-1], last)
	}
	return last == decimal || strings.HasPrefix(parts[0], "0") || !grouped(parts, signs)
}

// grouped reports whether digits are set off in groups as those of a large number
// are, by one kind of sign; or not at all.
func grouped(parts []string, signs []rune) bool {
	if len(parts) == 1 {
		return true
	}
	end := len(parts) - 1
	if n := len(parts[0]); n < 1 || n > group || len(parts[end]) != group {
		return false
	}
	for _, part := range parts[1:end] {
		if len(part) != group && len(part) != group-1 {
			return false
		}
	}
	return !slices.ContainsFunc(signs, func(sign rune) bool { return sign != signs[0] })
}
