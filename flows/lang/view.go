package lang

import (
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/typed"
)

// View is what the question of a step sees of a person when they last did
// anything.
func (c *Catalog) View(s *flows.State, step *Step) ask.View { return c.ViewAt(s, step, s.Heard) }

// ViewAt is what the question of a step sees of a person at an instant.
func (c *Catalog) ViewAt(s *flows.State, step *Step, now time.Time) ask.View {
	return view{catalog: c, person: s, section: step.ID, now: now}
}

type view struct {
	catalog *Catalog
	person  *flows.State
	section string
	now     time.Time
}

func (v view) Now() time.Time { return v.now }

func (v view) Language() string { return v.catalog.speaks(v.person.Lang) }

func (v view) Phone() string { return v.person.Lang }

func (v view) Text(key string) string { return v.catalog.Text(v.person.Lang, v.section, key).Plain() }

func (v view) Shared(key string) string {
	return v.catalog.Text(v.person.Lang, "buttons", key).Plain()
}

func (v view) Languages() []string { return v.catalog.Languages() }

func (v view) LanguageName(language string) string { return v.catalog.LanguageName(language) }

// Decimal is as numbers are written in the language and the country that the
// person's messenger has named, whatever language the texts are in.
func (v view) Decimal() rune {
	tag, err := language.Parse(v.person.Lang)
	if err == nil && strings.ContainsRune(message.NewPrinter(tag).Sprint(number.Decimal(1.5)), typed.Comma) {
		return typed.Comma
	}
	return typed.Point
}

func (v view) Draft() flows.Value { return v.person.Draft }

func (v view) Kept(part string) flows.Value { return v.Var(v.section + "_" + part) }

func (v view) Var(name string) flows.Value { return v.person.Var(name) }

// Step returns a step of any flow, nil if there is none of that id.
func (c *Catalog) Step(id string) *Step {
	for _, f := range c.order {
		if i := f.Step(id); i >= 0 {
			return &f.Steps[i]
		}
	}
	return nil
}
