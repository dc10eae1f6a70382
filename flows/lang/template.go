package lang

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"spasmbot/flows/markup"
)

// Template is a text with placeholders, ready to be filled in. In the source,
// *words* are bold, {name} is a placeholder, {name, plural, one {# glass} other
// {# glasses}} chooses by a number and {name, known, yes {…} no {…}} by whether there
// is anything to tell, a backslash takes the meaning from a *, {, }, # or \ behind it,
// and every other character stands for itself.
type Template struct {
	// Source is the text as it was written.
	Source string
	parts  []part
	plain  string
}

// part is literal HTML, a placeholder, or a choice by what one tells.
type part struct {
	html   string
	name   string
	plural *pluralForms
	known  *knownForms
}

// forms are the texts that a part chooses from.
func (p part) forms() []Template {
	var list []Template
	if p.plural != nil {
		for form := plural.Other; form <= plural.Many; form++ {
			list = append(list, p.plural.forms[form])
		}
	}
	if p.known != nil {
		list = append(list, p.known.yes, p.known.no)
	}
	return list
}

// marks are the characters that mean something in a text.
const marks = `\*{}#`

// TextFault is a mistake in a text, and what to do.
type TextFault struct {
	What, Remedy string
	// At is what stands at the mistake, on one line. The mistake begins behind
	// the first Into characters of it.
	At   string
	Into int
}

func (f *TextFault) Error() string { return f.What + ": " + f.Remedy }

func textFault(at, remedy, format string, args ...any) error {
	line, _, _ := strings.Cut(at, "\n")
	if r := []rune(line); len(r) > 20 {
		line = string(r[:20])
	}
	return &TextFault{What: fmt.Sprintf(format, args...), Remedy: remedy, At: line}
}

// ParseTemplate reads a text. Its error is a *[TextFault].
func ParseTemplate(src string) (Template, error) {
	t, err := parseText(src, false)
	if err != nil {
		return Template{}, err
	}
	t.Source = src
	for _, p := range t.parts {
		t.plain += markup.Plain(p.html)
	}
	return t, nil
}

// parseText reads a text, or the words of one form of a plural, in which # is the
// number.
func parseText(src string, form bool) (Template, error) {
	var t Template
	var lit strings.Builder
	add := func(p part) {
		t.parts = append(t.parts, part{html: lit.String()}, p)
		lit.Reset()
	}
	bold := -1 // where the bold text begins
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case escapes(src, i):
			i++
			lit.WriteByte(src[i])
		case c == '*' && bold < 0:
			lit.WriteString("<b>")
			bold = i
		case c == '*':
			lit.WriteString("</b>")
			bold = -1
		case c == '#' && form:
			add(part{name: numberSign})
		case c == '{':
			end := closing(src[i:])
			if end < 0 {
				return Template{}, textFault(src[i:], `write {name}; a brace that is meant is written \{`, "%q opens a placeholder and nothing closes it", clip(src[i:]))
			}
			p, err := parsePlaceholder(src[i+1 : i+end])
			if err != nil {
				return Template{}, err
			}
			add(p)
			i += end
		case c == '}':
			return Template{}, unopened(src[:i+1])
		default:
			lit.WriteString(markup.Escape(src[i : i+1]))
		}
	}
	if bold >= 0 {
		return Template{}, textFault(src[bold:], `write *words*; a star that is meant is written \*`, "%q opens bold text and nothing closes it", clip(src[bold:]))
	}
	t.parts = append(t.parts, part{html: lit.String()})
	return t, nil
}

// unopened is the fault of a text that ends with a brace too many.
func unopened(src string) error {
	line := []rune(src[strings.LastIndexByte(src, '\n')+1:])
	shown := string(line)
	if len(line) > 20 {
		shown = "…" + string(line[len(line)-20:])
	}
	return &TextFault{
		fmt.Sprintf("%q closes a placeholder that was never opened", shown),
		`write {name}; a brace that is meant is written \}`, string(line), len(line) - 1,
	}
}

// escapes reports whether a backslash at i takes the meaning from what follows.
func escapes(src string, i int) bool {
	return src[i] == '\\' && i+1 < len(src) && strings.IndexByte(marks, src[i+1]) >= 0
}

// clip is the beginning of a text, and of its first line.
func clip(s string) string {
	line, _, more := strings.Cut(s, "\n")
	r := []rune(line)
	if len(r) > 20 {
		r, more = r[:20], true
	}
	if more {
		return string(r) + "…"
	}
	return string(r)
}

// IsName reports whether s can name a step, a choice, a variable or a
// placeholder.
func IsName(s string) bool {
	if s == "" || len(s) > 40 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// Placeholders lists the names a template needs, each once.
func (t Template) Placeholders() []string {
	var names []string
	add := func(name string) {
		if name != "" && name != numberSign && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, p := range t.parts {
		add(p.name)
		for _, form := range p.forms() {
			for _, name := range form.Placeholders() {
				add(name)
			}
		}
	}
	return names
}

// Shows reports whether a person reads what a placeholder tells: its value, and not
// only words that hang on it.
func (t Template) Shows(name string) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool {
		return p.name == name && p.known == nil ||
			slices.ContainsFunc(p.forms(), func(form Template) bool { return form.Shows(name) })
	})
}

// HTML fills the placeholders in. The value of a placeholder is HTML.
func (t Template) HTML(value func(name string) string) string {
	if len(t.parts) == 1 {
		return t.parts[0].html
	}
	var b strings.Builder
	for _, p := range t.parts {
		switch {
		case p.name == "":
			b.WriteString(p.html)
		case p.plural != nil:
			b.WriteString(p.plural.html(value(p.name), value))
		case p.known != nil:
			b.WriteString(p.known.html(value(p.name), value))
		default:
			b.WriteString(value(p.name))
		}
	}
	return b.String()
}

// Reread reads the Source of a text that other flows had. It cannot fail: what
// was a text once and is none any more stands there as it was written.
func Reread(source, lang string) Template {
	t, err := ParseTemplate(source)
	if err != nil {
		t = Template{Source: source, parts: []part{{html: markup.Escape(source)}}, plain: source}
	}
	return t.in(language.Make(lang))
}

// Plain returns the text for a button, which knows no markup and fills in nothing.
func (t Template) Plain() string { return t.plain }

// Longest is how many UTF-16 units people read of the text at most, if of says it
// of what fills a placeholder in.
func (t Template) Longest(of func(name string) int) int {
	n := 0
	for _, p := range t.parts {
		switch {
		case p.name == "":
			n += markup.Length(p.html)
		case p.plural != nil, p.known != nil:
			longest := 0
			for _, form := range p.forms() {
				longest = max(longest, form.Longest(of))
			}
			n += longest
		default:
			n += of(p.name)
		}
	}
	return n
}
