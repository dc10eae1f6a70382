package diff

import (
	"fmt"

	"spasmbot/flows/lang"
)

// compareSigns lists what changed in the table of warning signs: the class first, since
// that is what clinicians change.
func compareSigns(was, is *lang.Catalog) []Change {
	var list []Change
	old, now := tableOf(was), tableOf(is)
	if old.Version != now.Version {
		list = append(list, Change{Kind: Changed, What: "signs", Detail: fmt.Sprintf("version %d → %d", old.Version, now.Version)})
	}
	for i := range old.Signs {
		a := &old.Signs[i]
		what := "sign " + a.ID
		b := is.Sign(a.ID)
		if b == nil {
			list = append(list, Change{Kind: Removed, What: what})
			continue
		}
		if a.Class != b.Class {
			list = append(list, Change{Kind: Changed, What: what, Detail: fmt.Sprintf("%s → %s", a.Class, b.Class)})
		}
		if rest := fromTo(describe(a), describe(b)); rest != "" {
			list = append(list, Change{Kind: Changed, What: what, Detail: rest})
		}
		if texts := changedTexts(was, is, lang.SignsSection, lang.SignTexts(a.ID)); texts != "" {
			list = append(list, Change{Kind: Texts, What: what, Detail: texts})
		}
	}
	for i := range now.Signs {
		if s := &now.Signs[i]; was.Sign(s.ID) == nil {
			list = append(list, Change{Kind: Added, What: "sign " + s.ID, Detail: string(s.Class)})
		}
	}
	return list
}

// tableOf is the table of a catalog, an empty one if it has none.
func tableOf(c *lang.Catalog) *lang.SignTable {
	if t := c.SignTable(); t != nil {
		return t
	}
	return new(lang.SignTable)
}

// describe is a sign but for its class.
func describe(s *lang.Sign) []string {
	of := ""
	if s.Of != nil {
		of = s.Of.Source
	}
	return []string{"group " + s.Group, "asked " + s.Asked, "of " + of, "source " + s.Source, "signed_by " + s.SignedBy}
}
