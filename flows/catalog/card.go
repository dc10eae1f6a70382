package catalog

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
)

// maxCardButtons is what stays in sight below a card.
const maxCardButtons = 8

// card reads what the card of an episode shows. The expressions are written into its
// lists when they are compiled, so each is made once.
func (l *loader) card(f *file, n ast.Node, fl *flowPlace) {
	c := &lang.Card{Section: lang.CardSection(fl.ID)}
	fl.Card = c
	names := make(map[string]bool)
	f.fields(n, "a card", readers{
		"values":  func(v ast.Node) { l.cardValues(f, v, c) },
		"lines":   func(v ast.Node) { l.cardLines(f, v, c, names) },
		"buttons": func(v ast.Node) { l.cardButtons(f, v, fl, names) },
	})
	if _, isMap := pairs(n); isMap && len(c.Lines) == 0 && !f.misspelt(n, "lines") {
		f.fault(n, fmt.Sprintf("the card of flow %q shows nothing", fl.ID), `add "lines:" with a name for each line, and write their words into the texts`)
	}
}

func (l *loader) cardValues(f *file, n ast.Node, c *lang.Card) {
	entries := f.entries(n, "values")
	c.Values = make([]lang.CardValue, len(entries))
	for i, e := range entries {
		c.Values[i].Name = f.ident(e.keyNode)
		l.expr(f, e.value, lang.NumberType, &c.Values[i].Value)
		l.checks = append(l.checks, func() {
			if _, isVar := l.vars[e.key]; isVar || lang.Reserved(e.key) || slices.Contains(lang.Placeholders, e.key) || slices.Contains(cardNames, e.key) {
				f.fault(e.keyNode, fmt.Sprintf("the value %q of a card is called as something else is that texts show", e.key), "choose another name")
			}
		})
	}
}

// cardNames are those that every line of a card fills in.
var cardNames = []string{lang.CardComing, lang.CardPainDays}

func (l *loader) cardLines(f *file, n ast.Node, c *lang.Card, names map[string]bool) {
	entries := f.entries(n, "lines")
	c.Lines = make([]lang.CardLine, len(entries))
	for i, e := range entries {
		line := &c.Lines[i]
		line.ID = cardName(f, e, "a line", names)
		f.fields(e.value, "a line of a card", readers{
			"when": func(v ast.Node) { l.expr(f, v, lang.BoolType, &line.When) },
			"of":   func(v ast.Node) { line.Of = f.ident(v); l.trackTarget(f, v, line.Of) },
		})
	}
}

func (l *loader) cardButtons(f *file, n ast.Node, fl *flowPlace, names map[string]bool) {
	entries := f.entries(n, "buttons")
	if len(entries) > maxCardButtons {
		f.fault(n, fmt.Sprintf("the card has %d buttons", len(entries)), fmt.Sprintf("offer at most %d, and the others in the flow behind one of them", maxCardButtons))
	}
	list := make([]lang.CardButton, len(entries))
	fl.Card.Buttons = list
	for i, e := range entries {
		b := &list[i]
		b.ID = cardName(f, e, "a button", names)
		f.fields(e.value, "a button of a card", readers{
			"flow":  func(v ast.Node) { b.Flow = l.flowTarget(f, v) },
			"when":  func(v ast.Node) { l.expr(f, v, lang.BoolType, &b.When) },
			"style": func(v ast.Node) { b.Style = f.style(v) },
		})
		if !has(e.value, "flow") && !f.misspelt(e.value, "flow") {
			f.fault(e.keyNode, fmt.Sprintf("the button %q of the card leads nowhere", e.key), `name the flow whose command it stands for: "flow: worse"`)
		}
		l.checks = append(l.checks, func() { l.checkCardButton(f, e, fl, b.Flow) })
	}
}

// checkCardButton: what a button of a card does, some command does as well. So nobody
// comes anywhere by a card but as by that.
func (l *loader) checkCardButton(f *file, e entry, fl *flowPlace, to string) {
	flow := l.find(to)
	if flow == nil || fl.ID == "" {
		return
	}
	if len(flow.Commands) == 0 || !flow.While.Holds(fl.ID) {
		f.fault(child(e.value, "flow"), fmt.Sprintf("flow %q has no command in episodes of %q", to, fl.ID), `give it one, with a "while" that allows it there: a button of a card does what that does`)
	}
}

// cardName reads the name of a line or a button of a card, which both have texts.
func cardName(f *file, e entry, what string, names map[string]bool) string {
	switch {
	case !lang.IsName(e.key) || len(e.key) > button.MaxChoice:
		f.fault(e.keyNode, fmt.Sprintf("%q cannot be the name of %s of a card", e.key, what), fmt.Sprintf("use a-z, 0-9 and _, at most %d characters; the words go into the texts", button.MaxChoice))
		return ""
	case e.key == lang.CardOver:
		f.fault(e.keyNode, fmt.Sprintf("%s of a card cannot be called %q", what, e.key), "choose another name: this text is what the card says when the episode is over")
	case names[e.key]:
		f.fault(e.keyNode, fmt.Sprintf("a line and a button of the card are both called %q", e.key), "rename one of them: each has a text")
	}
	names[e.key] = true
	return e.key
}

// checkCard holds a flow against the card that it has, or has not.
func (l *loader) checkCard(f *file, root ast.Node, fl *flowPlace) {
	if n := child(root, "card"); n != nil && !fl.Episode && !f.misspelt(root, "episode") {
		f.fault(n, fmt.Sprintf("flow %q is no episode and has a card", fl.ID), "move it to the flow that begins the episode")
	}
	for i := range fl.Steps {
		l.checkCardStep(f, fl, i)
	}
}

// checkCardStep holds a step that shows the card against what it can do besides.
func (l *loader) checkCardStep(f *file, fl *flowPlace, i int) {
	s, n := &fl.Steps[i], fl.steps[i]
	if s.Action == lang.ActShow && s.Target == lang.TheCard {
		l.checks = append(l.checks, func() {
			if !l.damaged && !slices.ContainsFunc(l.list, func(fl *flowPlace) bool { return fl.Card != nil }) {
				f.fault(child(n, "show"), "no episode has a card", `add "card:" to the flow of the episode`)
			}
		})
	}
	if !s.OnCard() {
		return
	}
	if fl.Card == nil {
		f.fault(child(n, "ask"), fmt.Sprintf("flow %q has no card, and step %q stands on it", fl.ID, s.ID), `add "card:" to the flow, or ask something else`)
	}
	for _, key := range []string{"next", "set", "keep", "back", "copies", "picture", "animation"} {
		if at := child(n, key); at != nil {
			f.fault(at, fmt.Sprintf("step %q has %q, and nobody answers it", s.ID, key), `remove it: it only waits, and goes on as its "wait" says`)
		}
	}
	if s.Wait != nil && s.Wait.Nudge > 0 {
		f.fault(child(n, "ask"), fmt.Sprintf("step %q would be repeated, and shows nothing", s.ID), `give it a "wait" of its own, without a "nudge"`)
	}
}

// wantCard are the texts of a card.
func (l *loader) wantCard(c *lang.Card) want {
	own := slices.Clone(cardNames)
	for _, v := range c.Values {
		own = append(own, v.Name)
	}
	keys := want{lang.CardOver: {required: true, most: markup.MaxText, own: own}}
	for _, b := range c.Buttons {
		keys[b.ID] = label
	}
	for _, line := range c.Lines {
		told := key{required: true, most: markup.MaxText, own: own, beside: true}
		if t := l.spec(line.Of); t != nil {
			told.track, told.next, told.hold, told.called = true, sureNext, t.Round(), t.Round()
		}
		keys[line.ID] = told
	}
	delete(keys, "")
	return keys
}

// spec is a round or a reminder, nil if there is none of that name.
func (l *loader) spec(name string) *lang.TrackSpec {
	for _, fl := range l.list {
		for i := range fl.Tracks {
			if t := &fl.Tracks[i]; t.Name == name {
				return t
			}
		}
	}
	return nil
}

// wantComing adds what a card says of a reminder that comes next, and what is said of one
// that has come last.
func wantComing(keys want, t *lang.TrackSpec, kind string) want {
	keys[lang.CameText] = key{most: markup.MaxText, own: []string{lang.CameAt}}
	if kind == t.Kind(t.Start()) {
		keys[lang.ComingText] = key{most: markup.MaxText, track: true, next: sureNext}
	}
	return keys
}
