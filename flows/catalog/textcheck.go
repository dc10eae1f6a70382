package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

// checkTexts holds a language against what the flows need.
func (l *loader) checkTexts(t *textFile, wanted map[string]want) {
	if !t.file.damaged {
		l.checkMissing(t, wanted)
		checkOperator(t)
	}
	l.checkSameWords(t, wanted)
	for _, name := range keysOf(t.sections) {
		s := t.sections[name]
		keys, known := wanted[name]
		if !known {
			if !l.damaged && !l.badNames[name] {
				t.file.fault(s.node, fmt.Sprintf("no step and no reminder is called %q", name), didYouMean(name, keysOf(wanted), "remove the section, or correct its name"))
			}
			continue
		}
		for _, key := range keysOf(s.templates) {
			spec, ok := keys[key]
			switch {
			case ok:
				if key == "text" && s.nodes["last"] != nil && spec.next == maybeNext {
					spec.next = sureNext // the last one has words of its own
				}
				l.checkText(t.file, s.nodes[key], name+"."+key, spec, s.templates[key])
				s.checkTogether(t.file, name, key, spec.with)
			case l.unsure[name], l.damaged && (name == menuSection || name == lang.WordsSection):
			default:
				t.file.fault(s.nodes[key], fmt.Sprintf("nothing shows the text %s.%s", name, key), useOrRemove(name, key, keys))
			}
		}
	}
}

// checkTogether finds a text without those that go with it. The first that is there
// tells.
func (s *section) checkTogether(f *file, name, key string, with []string) {
	var missing []string
	for _, other := range with {
		if s.nodes[other] == nil {
			missing = append(missing, name+"."+other)
		}
	}
	first := slices.IndexFunc(with, func(other string) bool { return s.nodes[other] != nil })
	if len(missing) > 0 && with[first] == key {
		f.fault(s.nodes[key], fmt.Sprintf("%s.%s stands without %s", name, key, strings.Join(missing, ", ")), "write all of them, or none")
	}
}

func useOrRemove(name, key string, keys want) string {
	if len(keys) == 0 {
		return "remove it"
	}
	return "remove it, or correct it: " + use(key, "the texts of "+name+" are", keysOf(keys))
}

// checkMissing names the texts that people would see and nobody has written.
func (l *loader) checkMissing(t *textFile, wanted map[string]want) {
	sections := meant(t.sections, wanted)
	for _, name := range keysOf(wanted) {
		s := t.sections[name]
		switch {
		case s != nil:
			t.missesTexts(name, s, wanted[name])
		case !sections[name]:
			l.missesSection(t, name, wanted[name].required())
		}
	}
}

// missesTexts names the texts that a section lacks.
func (t *textFile) missesTexts(name string, s *section, wanted want) {
	keys := meant(s.nodes, wanted)
	for _, key := range wanted.required() {
		if !keys[key] && s.nodes[key] == nil {
			t.file.fault(s.node, fmt.Sprintf("the text %s.%s is missing", name, key), "write it: people see it")
		}
	}
}

// missesSection names a section that is not there, where it can be added, with the
// place of what shows its texts.
func (l *loader) missesSection(t *textFile, name string, keys []string) {
	if len(keys) == 0 {
		return
	}
	shown := ""
	if p, ok := l.owners[cmp.Or(l.kinds[name], name)]; ok {
		shown = fmt.Sprintf(": %s:%d shows them", p.f.path, line(p.n))
	}
	t.file.faultAtEnd(fmt.Sprintf("the section %q is missing", name), fmt.Sprintf("add it, with %s%s", strings.Join(keys, ", "), shown))
}

// required lists the keys that cannot be left out.
func (w want) required() []string {
	return slices.DeleteFunc(keysOf(w), func(key string) bool { return !w[key].required })
}

// meant returns the wanted names that names which nobody wants seem to be
// meant for. Then these are the fault, and not that the others are missing.
func meant[A, B any](there map[string]A, wanted map[string]B) map[string]bool {
	known := keysOf(wanted)
	out := make(map[string]bool)
	for name := range there {
		if _, ok := wanted[name]; !ok {
			out[nearest(name, known)] = true
		}
	}
	return out
}

func (l *loader) checkText(f *file, n ast.Node, name string, spec key, text lang.Template) {
	if text.Plain() == "" && len(text.Placeholders()) == 0 {
		f.fault(n, fmt.Sprintf("the text %s is empty", name), "write it, or remove the key if it is optional")
	}
	if spec.phrases {
		_, bad := lang.Phrases(text.Plain())
		for _, line := range bad {
			f.fault(n, fmt.Sprintf("%q in %s is no words", clip(line), name), `write a phrase a line; a hyphen stands for any letters at the end of a word: "breath-"`)
		}
	}
	if spec.signs && l.table != nil && !slices.Contains(text.Placeholders(), lang.SignsPlaceholder) {
		f.fault(n, fmt.Sprintf("the text %s does not list the signs that it asks for", name), "write {signs} where they are to stand, a line each")
	}
	if spec.line {
		l.checkLine(f, n, strings.TrimSuffix(name, "."+lang.LineText), text)
	}
	for _, placeholder := range text.Placeholders() {
		l.checkPlaceholder(f, n, name, spec, placeholder)
		if typeName(l.vars[placeholder]) == "true/false" && text.Shows(placeholder) {
			f.fault(n, fmt.Sprintf("{%s} in %s is true or false, which nobody can read", placeholder, name), fmt.Sprintf("write words for each, as in {%s, known, yes {…} no {…}}, or two steps, each with a condition", placeholder))
		}
	}
}

// checkLine finds a line that is more than one, and one of a question that stays as it
// is.
func (l *loader) checkLine(f *file, n ast.Node, step string, text lang.Template) {
	if strings.Contains(text.Plain(), "\n") {
		f.fault(n, fmt.Sprintf("the text %s.line has several lines", step), "write it in one: it is all that is left in the chat")
	}
	for _, fl := range l.list {
		if i := fl.Step(step); i >= 0 && fl.Steps[i].Keep {
			f.fault(n, fmt.Sprintf("question %q stays as it is, by \"keep\", and becomes one line", step), `remove "keep: true" from the step, or the text`)
		}
	}
}

func (l *loader) checkPlaceholder(f *file, n ast.Node, name string, spec key, placeholder string) {
	_, isVar := l.vars[placeholder]
	isOwn := slices.Contains(lang.Placeholders, placeholder)
	if placeholder == "clock" || placeholder == "weekday" {
		l.byClock(f, n)
	}
	switch {
	case slices.Contains(spec.own, placeholder):
	case spec.label:
		f.fault(n, fmt.Sprintf("the button %s has a placeholder", name), "write plain words on buttons")
	case spec.plain:
		f.fault(n, fmt.Sprintf("nothing fills in {%s} in %s", placeholder, name), "write plain words: this text is the same for everybody")
	case placeholder == "off" && !spec.hold:
		f.fault(n, fmt.Sprintf("%s knows no {off}", name), `only the texts of a round that is on know when it is taken off: those of its start, unless it is skipped, of its check, and the "line" of its take-off`)
	case placeholder == "called" && !spec.called:
		f.fault(n, fmt.Sprintf("%s knows no {called}", name), `only the text "when" of a round's start does, behind which the round is on since then or is not, and the "line" of its take-off`)
	case (placeholder == "next" || placeholder == "count") && !spec.track:
		f.fault(n, fmt.Sprintf("%s knows no {%s}", name, placeholder), "only the texts of a round or a reminder know it")
	case placeholder == "next" && spec.next == noNext:
		f.fault(n, fmt.Sprintf("there is no next one yet, or none any more, for the {next} in %s", name), "the next round is known when this one is taken off, and behind what comes once or for the last time comes none: leave it out")
	case placeholder == "next" && spec.next == maybeNext:
		l.note(f, n, fmt.Sprintf(`{next} in %s reads "–" behind the last one`, name), `leave it out, or let it stand in the "text" of a take-off that has a "last" too`)
	case placeholder == lang.SignsPlaceholder && l.table != nil:
		if !spec.signs {
			f.fault(n, fmt.Sprintf("%s knows no {signs}", name), `only the text of a step with "ask: signs" lists them`)
		}
	case l.readings()[placeholder], lang.OperatorKey(placeholder) != "":
	case !isVar && !isOwn && !l.damaged && !l.assigned[placeholder] && !l.badNames[placeholder]:
		f.fault(n, fmt.Sprintf("nothing fills in {%s} in %s", placeholder, name), didYouMean(placeholder, append(keysOf(l.vars), lang.Placeholders...), "use the name of a question or of a variable that a step sets"))
	}
}

// checkParity holds a language against English.
func (l *loader) checkParity(en, t *textFile, wanted map[string]want) {
	for _, name := range keysOf(en.sections) {
		s, keys := t.sections[name], en.sections[name]
		for _, key := range keysOf(keys.templates) {
			if spec, known := wanted[name][key]; known && !spec.required && s != nil && s.nodes[key] == nil && !t.file.damaged {
				t.file.fault(s.node, fmt.Sprintf("%s.%s is in English and not here", name, key), "write it in this language too")
			}
			if s != nil {
				l.samePlaceholders(t.file, s, name, key, keys.templates[key])
			}
		}
	}
	for _, name := range keysOf(t.sections) {
		for _, key := range keysOf(t.sections[name].templates) {
			spec, known := wanted[name][key]
			if known && !spec.required && !en.file.damaged && (en.sections[name] == nil || en.sections[name].nodes[key] == nil) {
				t.file.fault(t.sections[name].nodes[key], fmt.Sprintf("%s.%s is here and not in English", name, key), "write it in English too, or remove it")
			}
		}
	}
}

func (l *loader) samePlaceholders(f *file, s *section, name, key string, english lang.Template) {
	text, ok := s.templates[key]
	if !ok {
		return
	}
	a, b := english.Placeholders(), text.Placeholders()
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		f.fault(s.nodes[key], fmt.Sprintf("%s.%s has the placeholders %v, in English %v", name, key, b, a), "use the same ones")
	}
}
