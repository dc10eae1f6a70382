package lang

import (
	"math"

	"github.com/expr-lang/expr/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/markup"
)

// What fills a placeholder has a bound, so that no text can grow longer than
// Telegram takes. All are in UTF-16 units.
const (
	// MostHeld is how much of a text a variable holds: whatever is set beyond it is
	// cut off.
	MostHeld = ask.MaxTyped
	// longestCount is a number as a language writes it, with its own digits.
	longestCount = 48
	// longestInstant is a time with its day and date.
	longestInstant = 40
	// longestName is the name of a flow, a choice or a time zone.
	longestName = 40
)

// Longest is how many units fill a placeholder in at most. More are not shown.
func (c *Catalog) Longest(name string) int { return c.longest()[name] }

// measure finds the bound of each placeholder.
func (c *Catalog) measure() map[string]int {
	most := map[string]int{numberSign: longestCount}
	for _, name := range Placeholders {
		most[name] = longestInstant
	}
	for _, name := range []string{"count", EntriesSoFar, EpisodesSoFar, KeepDays} {
		most[name] = ask.LongestNumber
	}
	for _, key := range OperatorTexts {
		most[OperatorSection+"_"+key] = MostOperator
	}
	for name, v := range c.Vars {
		switch v.(type) {
		case float64:
			most[name] = ask.LongestNumber
		case string:
			most[name] = 0
		default:
			most[name] = longestInstant
		}
	}
	most["zone"] = longestName
	c.measureSigns(most)
	var sets []Assignment
	for _, f := range c.order {
		for i := range f.Steps {
			s := &f.Steps[i]
			c.measureAnswer(s, most)
			sets = append(sets, s.Sets()...)
		}
	}
	c.measureSets(sets, most)
	c.measureCards(most)
	c.measureWhy(most)
	return most
}

// measureCards notes how long that reads which cards alone fill in.
func (c *Catalog) measureCards(most map[string]int) {
	for _, f := range c.order {
		if f.Card == nil {
			continue
		}
		for _, v := range f.Card.Values {
			most[v.Name] = ask.LongestNumber
		}
		most[CardPainDays] = len(flows.Measure{}.Days) * (ask.LongestNumber + len(", "))
	}
	for _, t := range c.tracks {
		for _, language := range c.Languages() {
			text := c.Text(language, t.Kind(t.Start()), ComingText)
			most[CardComing] = max(most[CardComing], text.Longest(func(name string) int { return most[name] }))
		}
	}
}

// measureAnswer notes how long an answer reads, in any language.
func (c *Catalog) measureAnswer(s *Step, most map[string]int) {
	if s.Question == nil {
		return
	}
	for _, language := range c.Languages() {
		n := s.Question.Longest(c.View(&flows.State{Lang: language}, s))
		for _, v := range s.Question.Vars(s.ID) {
			if v.Name == s.ID || v.Kind == flows.TextValue {
				most[v.Name] = max(most[v.Name], n)
			}
		}
	}
}

// measureSets follows the texts that variables are set to, from one to the next. A
// variable that is set from itself, and longer each time, is as long as it can be.
func (c *Catalog) measureSets(sets []Assignment, most map[string]int) {
	for round, grown := 0, true; grown; round++ {
		grown = false
		for _, a := range sets {
			if _, isText := c.Vars[a.Var].(string); !isText || a.Var == "zone" {
				continue
			}
			n := min(longestText(a.Value.Syntax().Node(), most), MostHeld)
			if n <= most[a.Var] {
				continue
			}
			if round > len(sets) {
				n = MostHeld
			}
			most[a.Var], grown = n, true
		}
	}
}

// longestText is how long the text is at most that an expression gives.
func longestText(n ast.Node, most map[string]int) int {
	switch n := n.(type) {
	case nil:
		return 0 // it could not be read, which is the fault
	case *ast.StringNode:
		return markup.Units(n.Value)
	case *ast.IdentifierNode:
		if functions[n.Value] != nil || n.Value == "choice" {
			return longestName
		}
		return most[n.Value]
	case *ast.BinaryNode:
		if n.Operator == "+" {
			return min(longestText(n.Left, most)+longestText(n.Right, most), math.MaxInt16)
		}
	case *ast.ConditionalNode:
		return max(longestText(n.Exp1, most), longestText(n.Exp2, most))
	case *ast.BuiltinNode:
		if n.Name == "upper" || n.Name == "lower" || n.Name == "trim" {
			return longestText(n.Arguments[0], most)
		}
	case *ast.CallNode:
		return longestName // why_not, number_in, zone_in
	}
	return MostHeld
}
