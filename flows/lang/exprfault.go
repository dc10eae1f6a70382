package lang

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"
)

// ExprFault is a mistake in an expression.
type ExprFault struct {
	What string
	// Remedy says what to do, if that is known.
	Remedy string
	// Rune is where the mistake is, counted in characters from 0.
	Rune int
}

func (f *ExprFault) Error() string { return f.What }

// exprFault says what the expression library found wrong, in the words of the flow
// language. Of the message its first line is kept; the rest is a picture of the
// rewritten source, which the editor has never seen.
func exprFault(src string, err error) error {
	if at, mark := singleEqual(src); at >= 0 {
		return &ExprFault{fmt.Sprintf("%q compares nothing", mark), "write ==, which asks whether two values are the same", utf8.RuneCountInString(src[:at])}
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	line = strings.TrimSpace(exprPosition.ReplaceAllString(line, ""))
	what, remedy := plainWords(line)
	f := &ExprFault{What: what, Remedy: remedy}
	if e, ok := errors.AsType[*file.Error](err); ok {
		f.Rune = placeIn(src, e.From)
	}
	return f
}

var exprPosition = regexp.MustCompile(` \(\d+:\d+\)$`)

// singleEqual finds signs that look like a comparison and are none, -1 for none.
func singleEqual(src string) (at int, mark string) {
	for i := 0; i < len(src); {
		end, _ := lexeme(src, i)
		if strings.IndexByte("=!<>", src[i]) < 0 {
			i = end
			continue
		}
		for end < len(src) && src[end] == '=' {
			end++
		}
		if mark := src[i:end]; mark == "=" || len(mark) > 2 {
			return i, mark
		}
		i = end
	}
	return -1, ""
}

// placeIn is where something stands in an expression that stands elsewhere in what
// the library reads: durations are longer there. Both count characters.
func placeIn(src string, read int) int {
	at := 0
	for i := 0; i < len(src); {
		end, isNumber := lexeme(src, i)
		n := utf8.RuneCountInString(src[i:end])
		length := n
		if isNumber {
			length = utf8.RuneCountInString(expandDurations(src[i:end]))
		}
		if read < length {
			if length == n {
				at += read
			}
			return at
		}
		read -= length
		at += n
		i = end
	}
	return at
}

// libraryMessages are those that an editor may well bring about, in the library's
// words.
var libraryMessages = struct{ mismatch, argument, member, end *regexp.Regexp }{
	regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (\S+) and (\S+)\)$`),
	regexp.MustCompile(`^cannot use (\S+) as argument \(type (\S+)\) to call (\w+)`),
	regexp.MustCompile(`^cannot use (\S+) as type (\S+) in array`),
	regexp.MustCompile(`^unexpected token EOF`),
}

// plainWords says a message of the library in the words of the flow language. The
// remedy is "" if there is none in particular.
func plainWords(message string) (what, remedy string) {
	m := libraryMessages
	if found := m.mismatch.FindStringSubmatch(message); found != nil {
		a, b := typeWord(found[2]), typeWord(found[3])
		return fmt.Sprintf("%q stands between %s and %s", found[1], a, b), remedyBetween(a, b)
	}
	if found := m.argument.FindStringSubmatch(message); found != nil {
		return fmt.Sprintf("%s() takes %s and not %s", found[3], typeWord(found[2]), typeWord(found[1])), ""
	}
	if found := m.member.FindStringSubmatch(message); found != nil {
		a, b := typeWord(found[1]), typeWord(found[2])
		return fmt.Sprintf("%s is looked for among values that are each %s", a, b), remedyBetween(a, b)
	}
	if m.end.MatchString(message) {
		return "it ends too early", ""
	}
	return message, ""
}

// remedyBetween says what to do about two values of different types.
func remedyBetween(a, b string) string {
	is := func(x, y string) bool { return a == x && b == y || a == y && b == x }
	text, number, instant, duration := typeWords[TextType], typeWords[NumberType], typeWords[InstantType], typeWords[DurationType]
	switch {
	case is(text, number):
		return `hold a text against a text, in quotes, and a number against a number, without: the answer to a choice is a text, to a scale a number`
	case is(instant, number):
		return "a number of hours is a duration with its unit, as in onset + 72h; how long ago an instant was is a number, as in hours_since(onset) < 72"
	case is(instant, duration):
		return "hold an instant against an instant, as in now > onset + 72h"
	case is(duration, number):
		return "make a duration of the number, as in in_minutes(cold_minutes) or in_hours(2)"
	}
	return ""
}
