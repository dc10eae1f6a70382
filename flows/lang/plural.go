package lang

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// pluralForms are the forms of a text for different numbers, as in
// {count, plural, one {# glass} other {# glasses}}. Which form a number takes is
// the language's business.
type pluralForms struct {
	forms map[plural.Form]Template
	tag   language.Tag
}

// formNames are the plural categories of CLDR.
var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// numberSign stands for the number within a form. The name is none that a
// variable can have.
const numberSign = "#"

// closing finds the brace that closes the one at the beginning of s, -1 if
// none does.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case escapes(s, i):
			i++
		case s[i] == '{':
			depth++
		case s[i] == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// parsePlaceholder reads what stands between the braces.
func parsePlaceholder(src string) (part, error) {
	name, rest, choice := strings.Cut(src, ",")
	name = strings.TrimSpace(name)
	if !IsName(name) {
		return part{}, textFault("{"+src, `use a name of a-z, 0-9 and _; a brace that is meant is written \{`, "{%s} is not a placeholder", clip(src))
	}
	if !choice {
		return part{name: name}, nil
	}
	kind, forms, _ := strings.Cut(rest, ",")
	switch kind = strings.TrimSpace(kind); kind {
	case "plural":
		p, err := parsePlural(name, forms)
		return part{name: name, plural: p}, err
	case "known":
		k, err := parseKnown(name, forms)
		return part{name: name, known: k}, err
	default:
		remedy := fmt.Sprintf("choose by plural, as in {%[1]s, plural, one {# glass} other {# glasses}}, or by known, as in {%[1]s, known, yes {about {%[1]s}} no {not told yet}}", name)
		return part{}, textFault("{"+src, remedy, "{%s} chooses by %q", clip(src), clip(kind))
	}
}

// eachForm goes through the forms of a choice, each a word and other words in braces.
func eachForm(name, src, remedy string, read func(form, words string) error) error {
	for src = strings.TrimSpace(src); src != ""; src = strings.TrimSpace(src) {
		open := strings.IndexByte(src, '{')
		end := closing(src[max(0, open):]) + max(0, open)
		if open < 0 || end <= open {
			return textFault(src, remedy, "{%s} has a form without words at %q", name, clip(src))
		}
		if err := read(strings.TrimSpace(src[:open]), src[open+1:end]); err != nil {
			return err
		}
		src = src[end+1:]
	}
	return nil
}

func parsePlural(name, src string) (*pluralForms, error) {
	p := &pluralForms{forms: make(map[plural.Form]Template), tag: language.English}
	err := eachForm(name, src, "write one {# glass} other {# glasses}", func(category, words string) error {
		form, ok := formNames[category]
		if !ok {
			return textFault(category, "use zero, one, two, few, many or other", "%q is no plural form", clip(category))
		}
		t, err := parseText(words, true)
		p.forms[form] = t
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, ok := p.forms[plural.Other]; !ok {
		return nil, textFault("{"+name, "every language needs it", "the plural of {%s} lacks the form other", name)
	}
	return p, nil
}

// in returns the template for a language.
func (t Template) in(tag language.Tag) Template {
	parts := slices.Clone(t.parts)
	for i, p := range parts {
		if p.known != nil {
			parts[i].known = p.known.in(tag)
		}
		if p.plural == nil {
			continue
		}
		forms := make(map[plural.Form]Template, len(p.plural.forms))
		for form, text := range p.plural.forms {
			forms[form] = text.in(tag)
		}
		parts[i].plural = &pluralForms{forms, tag}
	}
	t.parts = parts
	return t
}

// mostWritten bounds the numbers that are written as the language does: the digits
// of a larger one fill no text.
const mostWritten = 1e15

// html writes the form for the number that value gives.
func (p *pluralForms) html(figure string, value func(string) string) string {
	n, err := strconv.ParseFloat(figure, 64)
	text, ok := p.forms[p.form(figure)]
	if err != nil || !ok {
		text = p.forms[plural.Other]
	}
	written := figure
	if err == nil && math.Abs(n) < mostWritten {
		written = message.NewPrinter(p.tag).Sprint(number.Decimal(n))
	}
	return text.HTML(func(name string) string {
		if name == numberSign {
			return written
		}
		return value(name)
	})
}

// form is the category of a number written with digits and a point.
func (p *pluralForms) form(figure string) plural.Form {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(figure, "-"), ".")
	short := strings.TrimRight(fraction, "0")
	i, _ := strconv.Atoi(whole)
	f, _ := strconv.Atoi(fraction)
	t, _ := strconv.Atoi(short)
	return plural.Cardinal.MatchPlural(p.tag, i, len(fraction), len(short), f, t)
}
