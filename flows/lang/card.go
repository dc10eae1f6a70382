package lang

import (
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
)

// Card is what the card of an episode shows: a message that tells the person where
// they stand, and is changed as that changes. Nothing about it is a step: its buttons
// do what commands do.
type Card struct {
	// Section is that of its texts.
	Section string
	// Values are numbers that its texts show by a name.
	Values []CardValue
	// Lines are shown in their order. One that names what there is not is left out.
	Lines   []CardLine
	Buttons []CardButton
}

// CardValue is a number that is reckoned when the card is shown.
type CardValue struct {
	Name  string
	Value *Expr
}

// CardLine is a line of a card.
type CardLine struct {
	ID string
	// When leaves the line out if it is false; nil is always true.
	When *Expr
	// Of is the round or reminder that the line tells of, "" for none.
	Of string
}

// CardButton is a button of a card. It does what the first command of its flow does that
// applies in the episode.
type CardButton struct {
	ID, Flow string
	// When takes the button away if it is false; nil is always true.
	When  *Expr
	Style flows.Style
}

// The texts of a card besides those of its lines and buttons.
const (
	// CardOver is the line that stays when the episode is over.
	CardOver = "over"
	// cardSuffix makes the name of a card's section of that of its flow.
	cardSuffix = "-card"
)

// CardSection is the section of the texts of a flow's card.
func CardSection(flow string) string { return flow + cardSuffix }

// The names that a card's lines fill in besides variables: what comes next, and the last
// values of pain of the last days.
const (
	CardComing   = "coming"
	CardPainDays = "pain_days"
)

// ComingText is the text of a reminder's kind that says on a card that it comes next.
const ComingText = "coming"

// Button returns a button of the card, nil if there is none of that name.
func (c *Card) Button(id string) *CardButton {
	for i := range c.Buttons {
		if c.Buttons[i].ID == id {
			return &c.Buttons[i]
		}
	}
	return nil
}

// Value returns what is shown by a name, nil if that is none of the card's.
func (c *Card) Value(name string) *Expr {
	for _, v := range c.Values {
		if v.Name == name {
			return v.Value
		}
	}
	return nil
}

// Expressions are those of the card: its values, and the conditions of its lines and buttons.
func (c *Card) Expressions() []*Expr {
	var list []*Expr
	for _, v := range c.Values {
		list = append(list, v.Value)
	}
	for _, l := range c.Lines {
		list = append(list, l.When)
	}
	for _, b := range c.Buttons {
		list = append(list, b.When)
	}
	return slices.DeleteFunc(list, func(e *Expr) bool { return e == nil })
}

// CommandOf is the first command of a flow that starts it in an episode of another, "" if
// none does.
func (c *Catalog) CommandOf(flow, episode string) string {
	f := c.Flow(flow)
	if f == nil {
		return ""
	}
	for _, name := range f.Commands {
		if c.ForCommand(name, episode) == f {
			return name
		}
	}
	return ""
}

// OnCard reports whether a step asks nothing and has the card stand for it.
func (s *Step) OnCard() bool { return s.Question != nil && ask.OnCard(s.Question) }
