package ask

import (
	"slices"
	"strings"

	"spasmbot/flows/signs"
)

// Sign is a warning sign, as far as questions go by it.
type Sign struct {
	ID    string
	Class signs.Class
	// Group is what else is told of it in common with others.
	Group string
	// Asked is the moment at which it is asked.
	Asked string
}

// Selection is the warning signs that a question is about, whoever is asked: those
// of a class that are asked at some moments.
type Selection struct {
	Class signs.Class
	// Asked are the moments; none is all of them.
	Asked []string
	// But is the step of a question for a sign, whose answer is left out; "" leaves
	// nothing out.
	But string
}

// AboutSigns is a question about warning signs.
type AboutSigns interface {
	Question
	// About are the signs that it is about.
	About() Selection
	// Lists says that it lists them, and leaves itself out if there are none for the
	// person. Otherwise it has a button for each.
	Lists() bool
}

// Of lists the signs of the selection in a table.
func (s Selection) Of(table []Sign) []Sign {
	var list []Sign
	for _, sign := range table {
		if sign.Class == s.Class && s.At(sign.Asked) {
			list = append(list, sign)
		}
	}
	return list
}

// At reports whether the selection has the signs of a moment.
func (s Selection) At(moment string) bool {
	return len(s.Asked) == 0 || slices.Contains(s.Asked, moment)
}

// For lists the signs of the selection that concern a person.
func (s Selection) For(v View) []Sign {
	left := ""
	if s.But != "" {
		left = Plain(v.Var(s.But))
	}
	return slices.DeleteFunc(s.Of(v.Signs()), func(sign Sign) bool { return sign.ID == left || !v.Concerns(sign.ID) })
}

// caption says what the selection is.
func (s Selection) caption() string {
	words := string(s.Class)
	if len(s.Asked) > 0 {
		words += " asked at " + strings.Join(s.Asked, between)
	}
	if s.But != "" {
		words += " but " + s.But
	}
	return words
}

// ClassOf is the part of the kinds that are about warning signs of a class.
func ClassOf() Part {
	return Part{
		Keys:    []Key{{Name: "class", Type: ClassKey, Doc: "The class of the warning signs that are asked about."}},
		Astray:  Fault{"has a class and does not ask about signs", "class belongs to {all}"},
		Lacking: Fault{"does not say of which class", `add "class: emergency", "class: today" or "class: days"`},
	}
}

// AskedAt is the part of the kinds that are about warning signs of some moments.
func AskedAt() Part {
	return Part{
		Keys:   []Key{{Name: "asked", Type: NamesKey, Doc: "The moment, or the moments, whose warning signs are asked about; all if left out."}},
		Astray: Fault{"has moments and does not ask about signs", "asked belongs to {all}"},
	}
}

// readSelection reads both parts.
func readSelection(r Reader) Selection {
	class, _ := r.Name("class")
	asked, _ := r.List("asked")
	return Selection{Class: signs.Class(class), Asked: asked}
}
