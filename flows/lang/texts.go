package lang

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"spasmbot/flows/markup"
)

// Texts holds the words of one language: by section (a step, a reminder kind,
// "buttons", "system") and key ("text", a choice, …).
type Texts struct {
	Lang     string
	sections map[string]map[string]Template
}

// NewTexts makes Texts from sections of templates. The language chooses among
// plural forms and writes numbers.
func NewTexts(lang string, sections map[string]map[string]Template) *Texts {
	tag := language.Make(lang)
	out := make(map[string]map[string]Template, len(sections))
	for name, section := range sections {
		out[name] = make(map[string]Template, len(section))
		for key, t := range section {
			out[name][key] = t.in(tag)
		}
	}
	return &Texts{lang, out}
}

// Lookup returns a text; ok is false if the language has none.
func (t *Texts) Lookup(section, key string) (text Template, ok bool) {
	text, ok = t.sections[section][key]
	return text, ok
}

// Template is a text with placeholders, ready to be filled in. In the source,
// *words* are bold, {name} is a placeholder, {name, plural, one {# glass}
// other {# glasses}} chooses by a number, and every other character stands for
// itself.
type Template struct {
	// Source is the text as it was written.
	Source string
	parts  []part
}

// part is literal HTML, a placeholder, or a choice by the number of one.
type part struct {
	html   string
	name   string
	plural *pluralForms
}

// ParseTemplate reads a text. Its errors say what to do.
func ParseTemplate(src string) (Template, error) {
	t := Template{Source: src}
	var lit strings.Builder
	bold := false
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '*':
			if bold {
				lit.WriteString("</b>")
			} else {
				lit.WriteString("<b>")
			}
			bold = !bold
		case '{':
			end := closing(src[i:])
			if end < 0 {
				return Template{}, fmt.Errorf("%q opens a placeholder and does not close it: write {name}", clip(src[i:]))
			}
			p, err := parsePlaceholder(src[i+1 : i+end])
			if err != nil {
				return Template{}, err
			}
			t.parts = append(t.parts, part{html: lit.String()}, p)
			lit.Reset()
			i += end
		case '}':
			return Template{}, fmt.Errorf("%q closes a placeholder that was never opened: write {name}", clip(src[:i+1]))
		default:
			lit.WriteString(markup.Escape(src[i : i+1]))
		}
	}
	if bold {
		return Template{}, fmt.Errorf("a * opens bold text and nothing closes it: write *words*")
	}
	t.parts = append(t.parts, part{html: lit.String()})
	return t, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
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
		if p.plural != nil {
			for form := plural.Other; form <= plural.Many; form++ {
				for _, name := range p.plural.forms[form].Placeholders() {
					add(name)
				}
			}
		}
	}
	return names
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
		default:
			b.WriteString(value(p.name))
		}
	}
	return b.String()
}

// Plain returns the text for a button, which knows no markup.
func (t Template) Plain() string { return strings.ReplaceAll(t.Source, "*", "") }

// Text returns a text in the person's language, in English if the language
// lacks it, and the zero Template if nobody has it.
func (c *Catalog) Text(lang, section, key string) Template {
	if base, _, _ := strings.Cut(lang, "-"); base != "" {
		if t, ok := c.texts[strings.ToLower(base)]; ok {
			if text, ok := t.Lookup(section, key); ok {
				return text
			}
		}
	}
	if t, ok := c.texts[English]; ok {
		text, _ := t.Lookup(section, key)
		return text
	}
	return Template{}
}

// English is the language that every catalog has and others fall back to.
const English = "en"

// Placeholders are the names that the engine fills in besides the variables.
var Placeholders = []string{
	"clock",        // the person's time of day, now
	"off",          // when the round in progress ends
	"next",         // when the next reminder of the same round or recurrence comes
	"count",        // how many rounds began today
	"next_message", // when the next reminder of any kind comes
}
