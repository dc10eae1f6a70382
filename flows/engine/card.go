package engine

import (
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/typed"
)

// card is the message that tells the person where they stand. It comes last in a turn:
// what the turn has changed shows on it. Nothing of it stands on the timeline, and
// nothing that it does is a way of its own: its buttons do what commands do.
type card struct {
	p        *person
	timers   *timers
	messages *messages
	texts    texts
	screen   *screen
	// stale says that it may show something else than it was told to.
	stale bool
}

// mostBelow is how many messages may stand below the card before it is put at the end of
// the chat anew.
const mostBelow = 20

// settle shows on the card what is so at the end of the turn.
func (k *card) settle() {
	s := k.p.s
	if s.Inactive {
		k.disarm()
		return
	}
	spec := k.spec()
	if s.Card.Message != 0 && (spec == nil || s.Card.Episode != s.Episode.Number) {
		k.close()
	}
	if spec == nil || s.Card.Message == 0 && !k.screen.cardWanted && !k.screen.cardHome {
		return
	}
	text, keyboard := k.render(spec)
	shows := standsFor(text, keyboard)
	switch {
	case s.Card.Message == 0 || k.screen.cardWanted || k.follows() && (k.atRest() && k.farUp() || k.fades()):
		k.put(text, keyboard)
	case s.Card.Shows != shows || k.stale:
		k.change(flows.Message{Text: text, Keyboard: keyboard})
	}
	s.Card.Shows = shows
	if s.Card.Below == 0 && k.wokeUp() {
		s.Card.Day = k.day() // it stands at the end of the chat
	}
	k.arm(spec)
}

// spec is what the card of the live episode shows, nil if there is none.
func (k *card) spec() *lang.Card {
	if f := k.p.catalog.Flow(k.p.Episode()); f != nil {
		return f.Card
	}
	return nil
}

// atRest reports whether nothing is asked that would stand above the card.
func (k *card) atRest() bool {
	f, i := k.screen.question()
	return f == nil || f.Steps[i].OnCard()
}

// farUp reports whether the card is to be put at the end of the chat by itself: it has
// much below it, or anything and the person has woken up to another day.
func (k *card) farUp() bool {
	below := k.p.s.Card.Below
	return below >= mostBelow || below > 0 && k.wokeUp()
}

// put puts the card at the end of the chat, and takes the one before away.
func (k *card) put(text string, keyboard [][]flows.Key) {
	s := k.p.s
	old := s.Card
	if lead := k.screen.cardLead; lead != "" {
		text = lead + "\n\n" + text
	}
	s.Card = flows.Card{Episode: s.Episode.Number, Flow: s.Episode.Flow, Put: k.p.now, Day: max(s.Card.Day, k.day()), Timer: s.Card.Timer}
	k.messages.post(flows.Message{
		Text: text, Keyboard: keyboard, Class: k.messages.class, Silent: true, Subject: s.Card.Flow + cardPut, Instead: true,
	}, button.Card)
	s.Card.Message, s.Card.Below = s.Messages, 0
	k.takeAway(&old)
	k.post(flows.Message{Of: s.Card.Message, Pin: true})
}

// takeAway takes the card away that is to stand elsewhere. One that is too old to be
// deleted stays without its buttons.
func (k *card) takeAway(c *flows.Card) {
	switch {
	case c.Message == 0:
	case k.p.now.Sub(c.Put) < deletable:
		k.post(flows.Message{Of: c.Message, Delete: true})
	default:
		k.post(flows.Message{Of: c.Message})
		k.post(flows.Message{Of: c.Message, Unpin: true})
	}
}

// What the messages of a card tell of, behind the name of the flow. No step is called so.
const (
	cardPut    = "-card"
	cardChange = "-card-change"
)

// change changes the card where it stands.
func (k *card) change(m flows.Message) {
	m.Of, m.Subject, m.Instead = k.p.s.Card.Message, k.p.s.Card.Flow+cardChange, true
	k.post(m)
}

// post posts what changes a card.
func (k *card) post(m flows.Message) {
	m.Class, m.Silent = flows.Tidy, true
	k.messages.post(m, button.Card)
}

// close leaves of the card what is so when its episode is over: its last line.
func (k *card) close() {
	s := k.p.s
	var last flows.Message
	if f := k.p.catalog.Flow(s.Card.Flow); f != nil && f.Card != nil {
		last.Text = k.line(f.Card, nil, lang.CardOver)
	}
	k.change(last)
	k.post(flows.Message{Of: s.Card.Message, Unpin: true})
	k.disarm()
	s.Card = flows.Card{}
}

// render is what the card shows now.
func (k *card) render(spec *lang.Card) (text string, keyboard [][]flows.Key) {
	var lines []string
	for _, l := range spec.Lines {
		if l.When != nil && !k.p.holds(l.When) {
			continue
		}
		if line := k.line(spec, k.p.track(l.Of), l.ID); line != "" {
			lines = append(lines, line)
		}
	}
	var row []flows.Key
	for _, b := range k.buttons(spec) {
		if row = append(row, flows.Key{Label: k.label(spec, b), Data: b.ID, Style: b.Style}); len(row) == 2 {
			keyboard, row = append(keyboard, row), nil
		}
	}
	if row != nil {
		keyboard = append(keyboard, row)
	}
	return strings.Join(lines, "\n"), keyboard
}

// line is a line of the card; "" if it names what there is not.
func (k *card) line(spec *lang.Card, tr *flows.Track, key string) string {
	tmpl := k.p.catalog.Text(k.p.s.Lang, spec.Section, key)
	// As long as nobody has answered a call, nobody knows whether the round is on.
	names := tmpl.Placeholders()
	called := slices.Contains(names, "called")
	missing := tr != nil && (called || slices.Contains(names, "off")) && called != tr.Called
	line := tmpl.HTML(func(name string) string {
		v := k.value(spec, tr, name)
		missing = missing || !lang.Known(v)
		return v
	})
	if missing {
		return ""
	}
	return line
}

// value is what a line shows by a name.
func (k *card) value(spec *lang.Card, tr *flows.Track, name string) string {
	switch name {
	case lang.CardComing:
		return k.texts.coming()
	case lang.CardPainDays:
		return k.painDays()
	}
	if e := spec.Value(name); e != nil {
		if n, ok := k.p.number(e); ok {
			return strconv.FormatFloat(n, 'g', -1, 64)
		}
		return lang.Nothing
	}
	return k.texts.value(name, tr)
}

// painDays is the last pain of each of the last days.
func (k *card) painDays() string {
	var figures []string
	for _, m := range k.p.s.Measures {
		for _, day := range m.Days {
			if m.Name == lang.FigureOf("pain_now") && day.Day != "" {
				figures = append(figures, strconv.FormatFloat(day.Value, 'g', -1, 64))
			}
		}
	}
	slices.Reverse(figures)
	return strings.Join(figures, ", ")
}

// buttons are those that the card has now.
func (k *card) buttons(spec *lang.Card) []lang.CardButton {
	return slices.DeleteFunc(slices.Clone(spec.Buttons), func(b lang.CardButton) bool { return !k.offers(&b) })
}

// offers reports whether a button stands on the card now.
func (k *card) offers(b *lang.CardButton) bool {
	return (b.When == nil || k.p.holds(b.When)) && k.command(b) != ""
}

// command is what a button stands for.
func (k *card) command(b *lang.CardButton) string {
	return k.p.catalog.CommandOf(b.Flow, k.p.Episode())
}

func (k *card) label(spec *lang.Card, b lang.CardButton) string {
	return k.p.catalog.Text(k.p.s.Lang, spec.Section, b.ID).Plain()
}

// pressed is the command that a press stands for. Whatever the card showed that was
// pressed, the press is judged by what it would show now. Ok is false if that has no such
// button.
func (k *card) pressed(choice string) (command string, ok bool) {
	spec := k.spec()
	if spec == nil {
		return "", false
	}
	b := spec.Button(choice)
	if b == nil || !k.offers(b) {
		k.stale = true
		return "", false
	}
	return k.command(b), true
}

// typed is the command that words stand for which stand on a button of the card. Ok is
// false if they do not.
func (k *card) typed(words string) (command string, ok bool) {
	spec := k.spec()
	if spec == nil || k.p.s.Card.Message == 0 {
		return "", false
	}
	for _, b := range k.buttons(spec) {
		if typed.Same(k.label(spec, b), words) {
			return k.command(&b), true
		}
	}
	return "", false
}

// standsFor is another number for another text, or other buttons.
func standsFor(text string, keyboard [][]flows.Key) uint64 {
	h := fnv.New64a()
	write := func(s string) { _, _ = io.WriteString(h, strconv.Quote(s)) }
	write(text)
	for _, row := range keyboard {
		write("")
		for _, key := range row {
			write(key.Label)
			write(key.Data)
			write(string(key.Style))
		}
	}
	return h.Sum64()
}
