package catalog

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

// note notes a hint: the flows may be meant as they are.
func (l *loader) note(f *file, n ast.Node, what, remedy string) {
	line, column := position(n)
	l.notes = append(l.notes, lang.Fault{File: f.path, Line: line, Column: column, What: what, Remedy: remedy})
}

// byClock notes that something goes by the person's time of day.
func (l *loader) byClock(f *file, n ast.Node) {
	if l.clock == nil {
		l.clock = &place{f, n}
	}
}

// hints looks for what seems to be forgotten in flows without a fault.
func (l *loader) hints(c *lang.Catalog, texts []*textFile) {
	if l.clock != nil && !l.assigned["zone"] {
		l.note(l.clock.f, l.clock.n, "this goes by the time of day, and no step sets the zone of the person", `set it, as in "set: {zone: zone_in(country)}" behind "ask: country"; otherwise everybody lives in the zone of --zone`)
	}
	if first := l.list[0]; c.ForCommand(lang.StartCommand, "") == nil {
		l.note(first.f, first.n, "no flow answers to /start", `it is what Telegram sends for people who come for the first time: add "commands: [start]" to the flow that greets them`)
	}
	l.shownNames(c, texts)
}

// shownNames looks for texts that show a name which is for the flows.
func (l *loader) shownNames(c *lang.Catalog, texts []*textFile) {
	raw := l.rawNames(c)
	for _, t := range texts {
		for section, s := range t.sections {
			for key, text := range s.templates {
				for _, name := range text.Placeholders() {
					if from := raw[name]; from != "" {
						l.note(t.file, s.nodes[key], fmt.Sprintf("{%s} in %s.%s is set to %s: people read a name that is for the flows", name, section, key, from), insteadOf(c, from))
					}
				}
			}
		}
	}
}

func insteadOf(c *lang.Catalog, from string) string {
	if len(answers(c, from)) > 0 {
		return fmt.Sprintf("show {%s}, which reads as its button does", from)
	}
	return "show the question itself, which reads as its button does, or write a step with words for each"
}

// rawNames finds the variables that hold a name of the flows, that of a choice, a
// day or a flow, each with what it is set to.
func (l *loader) rawNames(c *lang.Catalog) map[string]string {
	raw := make(map[string]string)
	for found := true; found; {
		found = false
		for _, p := range l.pending {
			from, ok := p.syntax.Name()
			if p.assign == "" || !ok || raw[p.assign] != "" || len(answers(c, p.assign)) > 0 {
				continue
			}
			if slices.Contains([]string{"choice", "local_day", "episode"}, from) || raw[from] != "" || len(answers(c, from)) > 0 {
				raw[p.assign], found = from, true
			}
		}
	}
	return raw
}

// answers are the names that the answer to a question can be.
func answers(c *lang.Catalog, name string) []string {
	if s := c.Step(name); s != nil && s.Question != nil {
		return s.Question.Values()
	}
	return nil
}
