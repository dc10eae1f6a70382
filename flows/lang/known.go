package lang

import (
	"fmt"

	"golang.org/x/text/language"
)

// Nothing stands where a placeholder has nothing to tell.
const Nothing = "–"

// Truth is the value of a placeholder that is true; one that is false has none.
const Truth = "true"

// Known reports whether the value of a placeholder tells anything.
func Known(value string) bool { return value != "" && value != Nothing }

// knownForms are the words for what is known and for what is not, as in
// {city, known, yes {You are in {city}.} no {I do not know your city.}}.
type knownForms struct{ yes, no Template }

func parseKnown(name, src string) (*knownForms, error) {
	remedy := fmt.Sprintf("write both, as in {%[1]s, known, yes {about {%[1]s}} no {not told yet}}", name)
	forms := make(map[string]Template, 2)
	err := eachForm(name, src, remedy, func(form, words string) error {
		if form != "yes" && form != "no" {
			return textFault(form, remedy, "%q is neither yes nor no", clip(form))
		}
		t, err := parseText(words, false)
		forms[form] = t
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, form := range []string{"yes", "no"} {
		if _, ok := forms[form]; !ok {
			return nil, textFault("{"+name, remedy, "what {%s} says if known lacks the form %s", name, form)
		}
	}
	return &knownForms{forms["yes"], forms["no"]}, nil
}

func (k *knownForms) html(of string, value func(string) string) string {
	if Known(of) {
		return k.yes.HTML(value)
	}
	return k.no.HTML(value)
}

func (k *knownForms) in(tag language.Tag) *knownForms {
	return &knownForms{k.yes.in(tag), k.no.in(tag)}
}
