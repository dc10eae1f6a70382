package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
)

const (
	// maxButtons is what Telegram shows under one message, by observation.
	maxButtons = 100
	// maxLabel keeps a label readable on a narrow phone.
	maxLabel = 40
	// maxText leaves room within Telegram's 4096 for what placeholders and
	// notes add.
	maxText = 3500
)

// want describes the keys of a text section.
type want map[string]key

type key struct {
	required bool
	label    bool // a button shows it
}

var (
	label    = key{required: true, label: true}
	message  = key{required: true}
	optional = key{}
)

// Sections that belong to no step.
const (
	buttonsSection = "buttons"
	systemSection  = "system"
	menuSection    = "menu"
)

// wanted lists every section and its keys.
func (l *loader) wanted() map[string]want {
	w := map[string]want{
		buttonsSection: {"done": label, "skip": label, "worse": label, "stop": label, "private": label},
		systemSection: {
			"nudge": message, "stale": message, "unexpected": message, "use_buttons": message,
			"unknown_command": message, "idle": message, "group": message,
			"updated": message,
		},
		menuSection: {},
	}
	for _, fl := range l.list {
		if fl.Menu > 0 {
			w[menuSection][fl.ID] = message
		}
		for i := range fl.Steps {
			s := &fl.Steps[i]
			keys := want{"text": {required: s.Action == flows.ActSay || s.Action == flows.ActAsk}}
			for _, c := range s.Choices {
				keys[c.ID] = label
			}
			if s.Ask == flows.AskNumber || s.Ask == flows.AskText {
				keys["invalid"] = message
			}
			w[s.ID] = keys
		}
		for i := range fl.Tracks {
			for _, kind := range fl.Tracks[i].Kinds() {
				w[kind] = want{
					"text": message, "done": optional, "skip": optional,
					"done_label": {label: true}, "skip_label": {label: true},
				}
			}
		}
	}
	return w
}

// section is one section of a text file with the places of its keys.
type section struct {
	node      ast.Node
	templates map[string]flows.Template
	nodes     map[string]ast.Node
}

type textFile struct {
	file     *file
	lang     string
	root     ast.Node
	sections map[string]*section
}

func (l *loader) texts(fsys fs.FS) (map[string]*flows.Texts, error) {
	names, err := yamlFiles(fsys, "texts")
	if err != nil {
		return nil, fmt.Errorf("read the texts: %w: put them into the folder texts, one file a language, such as texts/en.yaml", err)
	}
	wanted := l.wanted()
	var files []*textFile
	for _, name := range names {
		if t := l.textFile(fsys, name); t != nil {
			files = append(files, t)
			l.checkTexts(t, wanted)
		}
	}
	english := slices.IndexFunc(files, func(t *textFile) bool { return t.lang == flows.English })
	if english < 0 {
		return nil, fmt.Errorf("there is no texts/%s.yaml: other languages fall back to it; write it first", flows.English)
	}
	out := make(map[string]*flows.Texts, len(files))
	for _, t := range files {
		if t.lang != flows.English {
			l.checkParity(files[english], t)
		}
		sections := make(map[string]map[string]flows.Template, len(t.sections))
		for name, s := range t.sections {
			sections[name] = s.templates
		}
		out[t.lang] = flows.NewTexts(t.lang, sections)
	}
	return out, nil
}

func (l *loader) textFile(fsys fs.FS, name string) *textFile {
	t := &textFile{
		file: &file{name, &l.faults}, lang: strings.TrimSuffix(path.Base(name), path.Ext(name)),
		sections: make(map[string]*section),
	}
	if t.root = t.file.parse(fsys); t.root == nil {
		return nil
	}
	for _, e := range t.file.entries(t.root, "a text file") {
		s := &section{e.keyNode, make(map[string]flows.Template), make(map[string]ast.Node)}
		for _, k := range t.file.entries(e.value, "a section of texts") {
			tmpl, err := flows.ParseTemplate(strings.TrimSpace(t.file.str(k.value)))
			if err != nil {
				t.file.fault(k.value, "the text cannot be read", err.Error())
				continue
			}
			s.templates[k.key] = tmpl
			s.nodes[k.key] = k.keyNode
		}
		t.sections[e.key] = s
	}
	return t
}

// checkTexts holds a language against what the flows need.
func (l *loader) checkTexts(t *textFile, wanted map[string]want) {
	for _, name := range sortedKeys(wanted) {
		s := t.sections[name]
		for _, key := range sortedKeys(wanted[name]) {
			if !wanted[name][key].required || s != nil && s.nodes[key] != nil {
				continue
			}
			at := t.root
			if s != nil {
				at = s.node
			}
			t.file.fault(at, fmt.Sprintf("the text %s.%s is missing", name, key), "write it: people see it")
		}
	}
	for _, name := range sortedKeys(t.sections) {
		s := t.sections[name]
		keys, known := wanted[name]
		if !known {
			t.file.fault(s.node, fmt.Sprintf("no step and no reminder is called %q", name), "remove the section, or correct its name")
			continue
		}
		for _, key := range sortedKeys(s.templates) {
			spec, ok := keys[key]
			if !ok {
				t.file.fault(s.nodes[key], fmt.Sprintf("nothing shows the text %s.%s", name, key), "remove it; "+name+" has "+oneOf(keys))
				continue
			}
			l.checkText(t.file, s.nodes[key], name+"."+key, spec, s.templates[key])
		}
	}
}

func (l *loader) checkText(f *file, n ast.Node, name string, spec key, text flows.Template) {
	length := len(utf16.Encode([]rune(text.Source)))
	switch {
	case length == 0:
		f.fault(n, fmt.Sprintf("the text %s is empty", name), "write it, or remove the key if it is optional")
	case spec.label && length > maxLabel:
		f.fault(n, fmt.Sprintf("the button %s is %d characters long", name, length), fmt.Sprintf("use at most %d: a phone cuts the rest off", maxLabel))
	case length > maxText:
		f.fault(n, fmt.Sprintf("the text %s is %d characters long", name, length), fmt.Sprintf("use at most %d; split the step into two", maxText))
	}
	for _, placeholder := range text.Placeholders() {
		if spec.label {
			f.fault(n, fmt.Sprintf("the button %s has a placeholder", name), "write plain words on buttons")
		} else if _, ok := l.vars[placeholder]; !ok && !slices.Contains(flows.Placeholders, placeholder) {
			f.fault(n, fmt.Sprintf("nothing fills in {%s}", placeholder), "use a variable of the flows, or one of "+strings.Join(flows.Placeholders, ", "))
		}
	}
}

// checkParity holds a language against English.
func (l *loader) checkParity(en, t *textFile) {
	for _, name := range sortedKeys(en.sections) {
		s, ok := t.sections[name]
		if !ok {
			continue // checkTexts has named what is missing
		}
		for _, key := range sortedKeys(en.sections[name].templates) {
			text, ok := s.templates[key]
			if !ok {
				continue
			}
			a, b := en.sections[name].templates[key].Placeholders(), text.Placeholders()
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.file.fault(s.nodes[key], fmt.Sprintf("%s.%s has the placeholders %v, in English %v", name, key, b, a), "use the same ones")
			}
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
