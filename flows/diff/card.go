package diff

import (
	"slices"

	"spasmbot/flows/lang"
)

// compareCards tells what became of the card of a flow, and of its words.
func compareCards(was, is *lang.Catalog, old, now *lang.Flow) []Change {
	var list []Change
	what := "card of " + old.ID
	from, to := cardParts(old.Card), cardParts(now.Card)
	switch detail := fromTo(from, to); {
	case from == nil && to == nil:
		return nil
	case from == nil:
		return []Change{{Kind: Added, What: what, Detail: detail}}
	case to == nil:
		return []Change{{Kind: Removed, What: what}}
	case detail != "":
		list = append(list, Change{Kind: Changed, What: what, Detail: detail})
	case !slices.Equal(from, to):
		list = append(list, Change{Kind: Moved, What: what, Detail: "its parts stand in another order"})
	}
	if texts := changedTexts(was, is, now.Card.Section, cardKeys(old.Card, now.Card)); texts != "" {
		list = append(list, Change{Kind: Texts, What: what, Detail: texts})
	}
	return list
}

// cardParts describes what a card shows; nil if there is none.
func cardParts(c *lang.Card) []string {
	if c == nil {
		return nil
	}
	var parts []string
	condition := func(e *lang.Expr) string {
		if e == nil {
			return ""
		}
		return " when " + e.Source
	}
	for _, v := range c.Values {
		parts = append(parts, "value "+v.Name+" "+v.Value.Source)
	}
	for _, l := range c.Lines {
		part := "line " + l.ID + condition(l.When)
		if l.Of != "" {
			part += " of " + l.Of
		}
		parts = append(parts, part)
	}
	for _, b := range c.Buttons {
		part := "button " + b.ID + " runs " + b.Flow + condition(b.When)
		if b.Style != "" {
			part += " " + string(b.Style)
		}
		parts = append(parts, part)
	}
	return parts
}

// cardKeys are the texts that either version of a card has.
func cardKeys(versions ...*lang.Card) []string {
	keys := []string{lang.CardOver}
	add := func(key string) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, c := range versions {
		for _, l := range c.Lines {
			add(l.ID)
		}
		for _, b := range c.Buttons {
			add(b.ID)
		}
	}
	return keys
}
