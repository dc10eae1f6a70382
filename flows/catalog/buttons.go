package catalog

import (
	"fmt"
	"maps"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
)

const (
	// maxCopies leaves the answers in sight: they stand below what can be copied.
	maxCopies = 4
	// maxButtons is what Telegram shows under one message, by observation.
	maxButtons = 100
	// mostReading is as long as a button may seem not to work.
	mostReading = time.Minute
)

// copied is what a button puts on the clipboard.
var copied = key{required: true, most: markup.MaxCopied}

// styles are the colours of buttons.
var styles = []flows.Style{flows.Danger, flows.Primary, flows.Success}

func (f *file) style(n ast.Node) flows.Style { return pick(f, n, "style", styles) }

// readingTime reads how long a message stands before one of its buttons counts.
func (f *file) readingTime(n ast.Node) time.Duration {
	before := len(*f.faults)
	d := f.duration(n)
	if len(*f.faults) == before && (d < time.Second || d > mostReading) {
		f.fault(n, fmt.Sprintf("%s is no reading time", f.str(n)), "give 1s to 1m: dates of messages are known to the second, and nobody waits longer for a button")
		return 0
	}
	return d
}

// copies reads the buttons of a step that copy.
func (l *loader) copies(f *file, n ast.Node) []lang.Copy {
	var list []lang.Copy
	for _, e := range f.entries(n, "copies") {
		c := lang.Copy{ID: e.key}
		if !lang.IsName(e.key) {
			f.fault(e.keyNode, fmt.Sprintf("%q cannot be the name of a button", e.key), "use a-z, 0-9 and _, at most 40 characters; the words go into the texts")
			c.ID = ""
		}
		f.fields(e.value, "a button that copies", readers{
			"text":  func(v ast.Node) { c.Text = f.ident(v) },
			"style": func(v ast.Node) { c.Style = f.style(v) },
		})
		if !has(e.value, "text") && !f.misspelt(e.value, "text") {
			f.fault(e.keyNode, fmt.Sprintf("the button %q copies nothing", e.key), `name the text that it copies, such as "text: number", and write it into the texts of the step`)
		}
		list = append(list, c)
	}
	return list
}

// checkCopies finds buttons that copy where there are no others, too many of them,
// and those whose texts are something else as well.
func (l *loader) checkCopies(f *file, n ast.Node, s *lang.Step) {
	at := child(n, "copies")
	switch {
	case at == nil:
		return
	case s.Action != lang.ActAsk:
		f.fault(at, fmt.Sprintf("step %q has buttons that copy and asks nothing", s.ID), `only a step with "ask:" has buttons`)
		return
	case len(s.Copies) > maxCopies:
		f.fault(at, fmt.Sprintf("step %q has %d buttons that copy", s.ID, len(s.Copies)), fmt.Sprintf("offer at most %d: the answers stand below them", maxCopies))
	case len(s.Copies)+len(s.Choices) > maxButtons:
		f.fault(at, fmt.Sprintf("step %q has %d buttons with those that copy", s.ID, len(s.Copies)+len(s.Choices)), fmt.Sprintf("offer at most %d", maxButtons))
	}
	taken := map[string]bool{"text": true}
	if s.Question != nil {
		for _, text := range s.Question.Texts() {
			taken[text.Key] = !text.Shared
		}
	}
	claim := func(name string, n ast.Node) {
		if taken[name] && name != "" {
			f.fault(n, fmt.Sprintf("%q is more than one text of step %q", name, s.ID), "give the button and what it copies names of their own: the step has a text of this name already")
		}
		taken[name] = true
	}
	for _, c := range s.Copies {
		button := child(at, c.ID)
		claim(c.ID, button)
		claim(c.Text, child(button, "text"))
	}
}

// wantSystem are the system texts of flows: what is said to whoever presses too soon, or
// asks for a paper that cannot be made, cannot be left out if somebody can.
func (l *loader) wantSystem() want {
	keys := maps.Clone(systemTexts)
	for _, fl := range l.list {
		if fl.SignsFirst {
			keys[lang.SignsFirst] = message
		}
		for i := range fl.Steps {
			if fl.Steps[i].ReadFirst() {
				keys["read_first"] = toast
			}
		}
	}
	if len(l.handed) > 0 {
		keys[lang.PaperFailed] = message
	}
	return keys
}

// wantCopies adds the texts of the buttons that copy.
func wantCopies(s *lang.Step, keys want) {
	for _, c := range s.Copies {
		keys[c.ID], keys[c.Text] = label, copied
	}
	delete(keys, "") // of what has no name, which is the fault
}
