package lang

import (
	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
)

// View is what the question of a step sees of a person.
func (c *Catalog) View(s *flows.State, step *Step) ask.View {
	return view{catalog: c, person: s, section: step.ID}
}

type view struct {
	catalog *Catalog
	person  *flows.State
	section string
}

func (v view) Text(key string) string { return v.catalog.Text(v.person.Lang, v.section, key).Plain() }

func (v view) Shared(key string) string {
	return v.catalog.Text(v.person.Lang, "buttons", key).Plain()
}

func (v view) Languages() []string { return v.catalog.Languages() }

func (v view) LanguageName(language string) string { return v.catalog.LanguageName(language) }

func (v view) Draft() flows.Value { return v.person.Draft }

func (v view) Kept(part string) flows.Value { return v.person.Var(v.section + "_" + part) }

// Step returns a step of any flow, nil if there is none of that id.
func (c *Catalog) Step(id string) *Step {
	for _, f := range c.order {
		if i := f.Step(id); i >= 0 {
			return &f.Steps[i]
		}
	}
	return nil
}
