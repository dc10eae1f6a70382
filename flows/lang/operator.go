package lang

import (
	"strings"
	"time"

	"spasmbot/flows/markup"
)

// Operator is who runs the bot, as far as people are to know it. Where something is
// left out, texts say what their section "operator" has instead.
type Operator struct {
	Name  string // of a person, a practice or a clinic
	Phone string // where people reach them
	// UrgentLine is whom to call who needs a doctor today and no ambulance.
	UrgentLine string
	// Reads says who reads the chat, and when, as in "a nurse reads this on weekdays".
	Reads string
	// Country is where they are, by its code of ISO 3166, such as "DE": it is offered
	// before others.
	Country string
	// Keep is how long records are kept of what is over; 0 is for ever.
	Keep time.Duration
}

// MostOperator is how long each of an operator's words is at most, in UTF-16 units.
const MostOperator = 64

// OperatorSection is the section of the texts with what is said in the place of what
// the operator has not told, and how the names of placeholders that show either begin.
const OperatorSection = "operator"

// OperatorTexts are the keys of that section.
var OperatorTexts = []string{"name", "phone", "urgent_line", "reads"}

// OperatorKey is the text that a placeholder shows of the operator, "" if it shows none.
func OperatorKey(placeholder string) string {
	for _, key := range OperatorTexts {
		if placeholder == OperatorSection+"_"+key {
			return key
		}
	}
	return ""
}

// words is what the operator has told of a key.
func (o *Operator) words(key string) string {
	switch key {
	case "name":
		return o.Name
	case "phone":
		return o.Phone
	case "urgent_line":
		return o.UrgentLine
	case "reads":
		return o.Reads
	}
	return ""
}

// OperatorHTML is what a placeholder shows of the operator; ok is false if it shows
// none.
func (c *Catalog) OperatorHTML(language, placeholder string) (html string, ok bool) {
	key := OperatorKey(placeholder)
	if key == "" {
		return "", false
	}
	words := strings.TrimSpace(c.Operator.words(key))
	if words == "" {
		words = c.Text(language, OperatorSection, key).Plain()
	}
	return markup.Escape(markup.Clip(words, MostOperator)), true
}
