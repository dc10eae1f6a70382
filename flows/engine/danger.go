package engine

import "spasmbot/flows"

// danger looks in what was typed for the words that lead to a flow at any time,
// whatever was asked, and leads there. It reports whether there were any. The words
// themselves are kept nowhere, and no edit takes back that they were there.
func (a *answers) danger(ev flows.Event) bool {
	words, message := wordsIn(ev)
	f := a.p.catalog.Heard(a.p.s.Lang, words)
	if words == "" || f == nil {
		return false
	}
	a.command(flows.Command{Name: f.Commands[0], Message: message})
	a.typed = typing{message: message, other: true}
	return true
}

// wordsIn is what a person has typed, be it behind a command or below a picture.
func wordsIn(ev flows.Event) (words string, message int64) {
	switch ev := ev.(type) {
	case flows.Command:
		return ev.Args, ev.Message
	case flows.Text:
		return ev.Text, ev.Message
	case flows.Unsupported:
		return ev.Caption, ev.Message
	case flows.Edit:
		return wordsIn(ev.To)
	}
	return "", 0
}
