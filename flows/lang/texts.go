package lang

import (
	"strings"

	"golang.org/x/text/language"
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

// Shown is whatever fills in some text of some language.
func (c *Catalog) Shown() map[string]bool {
	shown := make(map[string]bool)
	for _, t := range c.texts {
		for _, section := range t.sections {
			for _, text := range section {
				for _, name := range text.Placeholders() {
					shown[name] = true
					if r, ok := c.SignReading(name); ok {
						shown[r.Step] = true
					}
				}
			}
		}
	}
	return shown
}

// Text returns a text in the person's language, in English if the language
// lacks it, and the zero Template if nobody has it.
func (c *Catalog) Text(lang, section, key string) Template {
	if t, ok := c.texts[c.speaks(lang)]; ok {
		if text, ok := t.Lookup(section, key); ok {
			return text
		}
	}
	if t, ok := c.texts[English]; ok {
		text, _ := t.Lookup(section, key)
		return text
	}
	return Template{}
}

// speaks is the language of the texts that a person reads.
func (c *Catalog) speaks(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	if base = strings.ToLower(base); c.texts[base] != nil {
		return base
	}
	return English
}

// English is the language that every catalog has and others fall back to.
const English = "en"

// Placeholders are the names that the engine fills in besides the variables.
var Placeholders = []string{
	"clock",        // the person's time of day, now
	"weekday",      // the person's day of the week, now
	"called",       // when the round in progress was called, as long as it may be on since then
	"off",          // when the round in progress ends
	"next",         // when the next reminder of the same round or recurrence comes
	"count",        // how many rounds began today
	"next_message", // when the next reminder of any kind comes
	EntriesSoFar,   // how much was noted of the person
	EpisodesSoFar,  // how many episodes they have begun
	KeepDays,       // after how many days what is over is deleted
}

// What counts the notes on a person, and their episodes.
const (
	EntriesSoFar  = "entries_so_far"
	EpisodesSoFar = "episodes_so_far"
)

// KeepDays is after how many days what is over is deleted, nothing if that is never.
const KeepDays = "keep_days"
