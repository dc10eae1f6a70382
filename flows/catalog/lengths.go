package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/typed"
)

// above are the system texts that may stand above a question, and hints those that do
// unless they have messages of their own.
var (
	above = []string{"nudge", "not_now", "updated", "back"}
	aside = []string{"unexpected", "use_buttons", "unknown_command"}
)

// checkLengths holds what people may read against what Telegram takes: a text with
// the most that fills its placeholders in, and with what may stand above it.
func (l *loader) checkLengths(c *lang.Catalog, t *textFile, wanted map[string]want) {
	for _, name := range keysOf(t.sections) {
		s := t.sections[name]
		for _, key := range keysOf(s.templates) {
			if spec, ok := wanted[name][key]; ok {
				r := reading{c: c, name: name + "." + key, spec: spec, text: s.templates[key]}
				if spec.asks {
					r.above, r.by = t.longestAbove(c, name)
				}
				if spec.line {
					r.answer = maxTick + len(" : ") + c.Longest(name)
				}
				if spec.beside {
					r.above, r.by = s.longestBeside(c, key, wanted[name]), "the other lines"
				}
				if s.nodes[spec.below] != nil {
					r.above, r.by = s.templates[spec.below].Longest(c.Longest), name+"."+spec.below
				}
				r.check(t.file, s.nodes[key])
			}
		}
	}
}

// longestBeside is how long the other texts are that may stand in one message with one.
func (s *section) longestBeside(c *lang.Catalog, key string, wanted want) (most int) {
	for other, text := range s.templates {
		if other != key && wanted[other].beside {
			most += text.Longest(c.Longest) + len("\n")
		}
	}
	return most
}

// longestAbove is the longest text that may stand above a question, and its name.
func (t *textFile) longestAbove(c *lang.Catalog, question string) (most int, by string) {
	look := func(section, key string) {
		if s := t.sections[section]; s != nil {
			if n := s.templates[key].Longest(c.Longest); n > most {
				most, by = n, section+"."+key
			}
		}
	}
	for _, key := range above {
		look(systemSection, key)
	}
	if buttons := t.sections[buttonsSection]; buttons == nil || buttons.nodes["question"] == nil {
		for _, key := range aside {
			look(systemSection, key)
		}
	}
	look(question, "invalid")
	return most, by
}

// reading is a text as people may come to read it.
type reading struct {
	c    *lang.Catalog
	name string
	spec key
	text lang.Template
	// above is the length of what may stand above it, or below, by the name of that.
	above int
	by    string
	// answer is the length of the answer behind it, with its mark.
	answer int
}

func (r *reading) check(f *file, n ast.Node) {
	itself := r.text.Longest(func(string) int { return 0 })
	most := r.text.Longest(r.c.Longest) + r.answer
	if r.above > 0 {
		most += r.above + len("\n\n")
	}
	switch {
	case most <= r.spec.most, r.spec.plain && itself <= r.spec.most:
	case r.spec.label:
		f.fault(n, fmt.Sprintf("the button %s is %d characters long", r.name, itself), fmt.Sprintf("use at most %d: a phone cuts the rest off", r.spec.most))
	case itself > r.spec.most:
		f.fault(n, fmt.Sprintf("the text %s is %d characters long", r.name, itself), fmt.Sprintf("use at most %d; shorten it, or split it into two", r.spec.most))
	default:
		f.fault(n, fmt.Sprintf("the text %s may become %d characters long: %s", r.name, most, r.parts(itself)),
			fmt.Sprintf(`use at most %d; shorten it, split it into two, or give a typed answer a smaller "most"`, r.spec.most))
	}
}

// parts says what a text may be made of.
func (r *reading) parts(itself int) string {
	list := []string{fmt.Sprintf("%d of its own", itself)}
	for _, name := range r.text.Placeholders() {
		list = append(list, fmt.Sprintf("up to %d of each {%s}", r.c.Longest(name), name))
	}
	if r.above > 0 {
		list = append(list, fmt.Sprintf("up to %d of %s beside it", r.above, r.by))
	}
	if r.answer > 0 {
		list = append(list, fmt.Sprintf("up to %d of its mark and the answer", r.answer))
	}
	return strings.Join(list, ", ")
}

// checkSameWords finds buttons of one message that read the same: nobody can tell
// them apart, and typing what stands on one would answer with the other.
func (l *loader) checkSameWords(t *textFile, wanted map[string]want) {
	for _, name := range keysOf(t.sections) {
		s, seen := t.sections[name], make(labels)
		if _, isReminder := wanted[name]["done_label"]; isReminder {
			t.reminderLabels(name, seen)
		}
		l.sharedLabels(t, name, seen)
		for _, key := range s.inOrder() {
			if spec, ok := wanted[name][key]; ok && spec.label && key != "private" {
				seen.add(t.file, s.nodes[key], name+"."+key, s.templates[key])
			}
		}
	}
}

// inOrder lists the texts of a section as they stand in the file.
func (s *section) inOrder() []string {
	keys := keysOf(s.templates)
	slices.SortStableFunc(keys, func(a, b string) int {
		lineA, columnA := position(s.nodes[a])
		lineB, columnB := position(s.nodes[b])
		return cmp.Or(lineA-lineB, columnA-columnB)
	})
	return keys
}

// reminderLabels notes the common buttons that a kind of reminder has no words of
// its own for.
func (t *textFile) reminderLabels(kind string, seen labels) {
	for _, action := range []string{"done", "skip", "worse", "stop"} {
		if _, own := t.sections[kind].templates[action+"_label"]; !own && t.sections[buttonsSection] != nil {
			seen[said(t.sections[buttonsSection].templates[action])] = buttonsSection + "." + action
		}
	}
}

// sharedLabels notes the common buttons that stand below a question.
func (l *loader) sharedLabels(t *textFile, step string, seen labels) {
	buttons := t.sections[buttonsSection]
	for _, fl := range l.list {
		i := fl.Step(step)
		if i < 0 || fl.Steps[i].Question == nil || buttons == nil {
			continue
		}
		for _, text := range fl.Steps[i].Question.Texts() {
			if text.Shared {
				seen[said(buttons.templates[text.Key])] = buttonsSection + "." + text.Key
			}
		}
		if fl.Steps[i].Back != nil {
			seen[said(buttons.templates[lang.BackChoice])] = buttonsSection + "." + lang.BackChoice
		}
		l.signLabels(t, &fl.Steps[i], seen)
	}
}

// signLabels notes the buttons of the signs that a step may ask for.
func (l *loader) signLabels(t *textFile, s *lang.Step, seen labels) {
	table := t.sections[lang.SignsSection]
	if q, about := s.Question.(ask.AboutSigns); !about || q.Lists() || l.table == nil || table == nil {
		return
	}
	for i := range l.table.Signs {
		name := ask.SignKey(l.table.Signs[i].ID, ask.NamePart)
		seen[said(table.templates[name])] = lang.SignsSection + "." + name
	}
}

// checkLanguageNames finds languages that call themselves the same.
func checkLanguageNames(files []*textFile) {
	seen := make(labels)
	for _, t := range files {
		if s := t.sections[systemSection]; s != nil && s.nodes["language"] != nil {
			seen.add(t.file, s.nodes["language"], t.file.path+": system.language", s.templates["language"])
		}
	}
}

// labels are the names of buttons by what stands on them.
type labels map[string]string

func (seen labels) add(f *file, n ast.Node, name string, label lang.Template) {
	text := said(label)
	if other, ok := seen[text]; ok && text != "" {
		f.fault(n, fmt.Sprintf("the buttons %s and %s read the same", other, name), "give each words of its own")
		return
	}
	seen[text] = name
}

// said is what counts of a label where somebody types it: capitals do not.
func said(label lang.Template) string { return strings.ToLower(typed.Plain(label.Plain())) }
