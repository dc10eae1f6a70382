package engine

import (
	"strings"
	"unicode"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/typed"
)

// argument is what was typed behind a command: "7" of "/pain 7". The first question
// of the command's flow is answered by it, if it is an answer, as if the person had
// been asked and had typed it.
type argument struct {
	words string
	// depth is how many places there are to return to within the flow. With fewer it
	// has returned, and what asks then is another.
	depth int
	// answer is what the words came to, and button says that they stand on one.
	answer flows.Value
	button bool
}

// take is what the words come to at the question that is asked first. They count for
// no other, and not where something is to be read before it is answered.
func (g *argument) take(p *person, s *lang.Step) (got ask.Outcome, ok bool) {
	words := g.words
	g.words = ""
	if words == "" {
		return got, false
	}
	got = ask.Type(s.Question, p.view(s), words)
	if got.Verdict != ask.Answered || s.Choice(got.Choice).After > 0 {
		return got, false
	}
	g.answer, g.button = got.Value, isPress(s.Question, got)
	return got, true
}

// returned forgets the words once the flow that they were for has returned.
func (g *argument) returned(depth int) {
	if depth < g.depth {
		g.words = ""
	}
}

// isPress reports whether typed words are the press of the button that they stand on.
func isPress(q ask.Question, got ask.Outcome) bool {
	return !q.TakesTyped() && got.Value.Kind != flows.NumberValue
}

// bare is the command that was typed without its slash: its name is all that was
// typed, or what stands behind it is an answer to what it asks. Ok is false if it is
// none: "move me" is a sentence.
func (a *answers) bare(ev flows.Text) (command flows.Command, ok bool) {
	if name := nameOf(ev.Text); a.p.catalog.HasCommand(name) {
		return flows.Command{Name: name, Message: ev.Message}, true
	}
	words := typed.Trim(ev.Text)
	space := strings.IndexFunc(words, unicode.IsSpace)
	if space < 0 {
		return command, false
	}
	command = flows.Command{Name: nameOf(words[:space]), Args: typed.Trim(words[space:]), Message: ev.Message}
	ok = a.p.catalog.HasCommand(command.Name) && a.try(command).answer != flows.Value{}
	return command, ok
}

func nameOf(words string) string { return strings.ToLower(typed.Plain(words)) }

// try is what a command would come to, if it were sent now.
func (a *answers) try(ev flows.Command) typing {
	t := newTurn(a.p.catalog, *a.p.s, a.p.now)
	t.answers.command(ev)
	return t.answers.typed
}
