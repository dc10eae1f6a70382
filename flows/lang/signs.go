package lang

import (
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/markup"
)

// SignTable is the warning signs of a set of flows.
type SignTable struct {
	// Version is kept with each answer to a question about signs.
	Version int
	Signs   []Sign
}

// Sign is a warning sign of the table.
type Sign struct {
	ask.Sign
	// Of says whom it concerns; nil is everybody.
	Of *Expr
	// Source is where it is from, and SignedBy the clinicians who have looked at its
	// class; "" is nobody.
	Source, SignedBy string
}

// Where the words of signs stand, and how a text shows the list of them.
const (
	SignsSection     = "signs"
	SignsPlaceholder = "signs"
)

// SignTexts are the keys of the words of a sign: its line, its button, and what makes it
// clearer.
func SignTexts(sign string) []string {
	return []string{sign, ask.SignKey(sign, ask.NamePart), ask.SignKey(sign, ask.MorePart)}
}

// SignTable returns the table of warning signs, nil if the flows have none.
func (c *Catalog) SignTable() *SignTable { return c.signs }

// Sign returns a warning sign, nil if there is none of that id.
func (c *Catalog) Sign(id string) *Sign {
	if c.signs == nil {
		return nil
	}
	for i := range c.signs.Signs {
		if s := &c.signs.Signs[i]; s.ID == id {
			return s
		}
	}
	return nil
}

// SignsVersion is the version of the table that an answer at a step goes by, 0 if it
// is not about signs.
func (c *Catalog) SignsVersion(s *Step) int {
	if _, about := s.Question.(ask.AboutSigns); !about || c.signs == nil {
		return 0
	}
	return c.signs.Version
}

// Concerning are the conditions that say whom the signs of a question concern; none if
// it is not about signs.
func (c *Catalog) Concerning(s *Step) []*Expr {
	q, about := s.Question.(ask.AboutSigns)
	if !about || c.signs == nil {
		return nil
	}
	var list []*Expr
	for i := range c.signs.Signs {
		if sign := &c.signs.Signs[i]; sign.Of != nil && sign.Class == q.About().Class && q.About().At(sign.Asked) {
			list = append(list, sign.Of)
		}
	}
	return list
}

// SignReading is a name by which a text shows a sign that was told: which_line of
// the step which.
type SignReading struct {
	Step string
	Part string // ask.LinePart or ask.MorePart
}

// SignReading returns what a name shows of a sign; ok is false if it shows none.
func (c *Catalog) SignReading(name string) (r SignReading, ok bool) {
	r, ok = c.readings[name]
	return r, ok
}

// SignReadings are the names by which texts show the sign that a step asks for; none
// if it asks for no sign.
func SignReadings(s *Step) map[string]SignReading {
	if q, about := s.Question.(ask.AboutSigns); !about || q.Lists() {
		return nil
	}
	return map[string]SignReading{
		s.ID + "_" + ask.LinePart: {s.ID, ask.LinePart},
		s.ID + "_" + ask.MorePart: {s.ID, ask.MorePart},
	}
}

// findSigns finds the table, and the names by which texts show signs.
func (c *Catalog) findSigns() {
	c.readings = make(map[string]SignReading)
	for _, f := range c.order {
		if f.Signs != nil {
			c.signs = f.Signs
		}
		for i := range f.Steps {
			for name, r := range SignReadings(&f.Steps[i]) {
				c.readings[name] = r
			}
		}
	}
}

// SignText is what a text shows of a sign, as HTML; "" if nobody has told one.
func (c *Catalog) SignText(lang, sign, part string) string {
	if c.Sign(sign) == nil {
		return ""
	}
	return c.Text(lang, SignsSection, ask.SignKey(sign, part)).HTML(func(string) string { return "" })
}

// SignLines is a list of signs as a text shows it, as HTML.
func (c *Catalog) SignLines(lang string, list []ask.Sign) string {
	lines := make([]string, len(list))
	for i, s := range list {
		lines[i] = "• " + c.SignText(lang, s.ID, ask.LinePart)
	}
	return strings.Join(lines, "\n")
}

// measureSigns notes how long signs read, in any language: all of them, since each may
// be moved to where a text lists it.
func (c *Catalog) measureSigns(most map[string]int) {
	if c.signs == nil {
		return
	}
	all := c.View(&flows.State{}, &Step{}).Signs()
	for _, language := range c.Languages() {
		most[SignsPlaceholder] = max(most[SignsPlaceholder], markup.Length(c.SignLines(language, all)))
		for name, r := range c.readings {
			for _, s := range all {
				most[name] = max(most[name], markup.Length(c.SignText(language, s.ID, r.Part)))
			}
		}
	}
}
