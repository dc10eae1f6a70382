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

// View is what the question of a step sees of somebody of whom the state alone is
// known: nobody in particular, whom each warning sign concerns.
func (c *Catalog) View(s *flows.State, step *Step) ask.View {
	return view{catalog: c, person: s, section: step.ID, now: s.Heard}
}

// ViewIn is what the question of a step sees of a person at an instant, both of which
// the scope knows.
func (c *Catalog) ViewIn(scope Scope, s *flows.State, step *Step) ask.View {
	return view{catalog: c, person: s, section: step.ID, now: scope.Now(), scope: scope}
}

type view struct {
	catalog *Catalog
	person  *flows.State
	section string
	now     time.Time
	// scope judges whom signs concern; nil for nobody in particular.
	scope Scope
}

func (v view) Now() time.Time { return v.now }

func (v view) Language() string { return v.catalog.speaks(v.person.Lang) }

func (v view) Phone() string { return v.person.Lang }

func (v view) Home() string { return v.catalog.Operator.Country }

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

func (v view) Signs() []ask.Sign {
	if v.catalog.signs == nil {
		return nil
	}
	list := make([]ask.Sign, len(v.catalog.signs.Signs))
	for i := range list {
		list[i] = v.catalog.signs.Signs[i].Sign
	}
	return list
}

func (v view) Concerns(sign string) bool {
	s := v.catalog.Sign(sign)
	if s == nil || s.Of == nil || v.scope == nil {
		return s != nil
	}
	of, err := s.Of.Eval(v.scope)
	concerns, ok := of.(bool)
	return err == nil && ok && concerns
}

func (v view) SignText(key string) string {
	return v.catalog.Text(v.person.Lang, SignsSection, key).Plain()
}

// Step returns a step of any flow, nil if there is none of that id.
func (c *Catalog) Step(id string) *Step {
	for _, f := range c.order {
		if i := f.Step(id); i >= 0 {
			return &f.Steps[i]
		}
	}
	return nil
}
