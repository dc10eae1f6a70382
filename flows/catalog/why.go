package catalog

import (
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
)

// wantWhy are the texts of a step that says why the reminder came that came last.
func wantWhy(most int) want {
	keys := want{
		"text":          {required: true, most: most, own: []string{lang.WhyCame, lang.WhyMoved, lang.CardComing}},
		lang.WhyNothing: {required: true, most: most, own: []string{lang.CardComing}},
	}
	for name, own := range lang.WhyTexts() {
		told := key{required: true, most: markup.MaxText}
		if own != "" {
			told.own = []string{own}
		}
		keys[name] = told
	}
	return keys
}
