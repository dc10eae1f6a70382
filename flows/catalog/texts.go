package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

const (
	// maxLabel keeps a label readable on a narrow phone.
	maxLabel = 40
	// maxText and maxCaption leave room within Telegram's 4096, and 1024
	// under a picture, for what placeholders and notes add.
	maxText, maxCaption = 3500, 900
	// maxToast and maxMenu are Telegram's own.
	maxToast, maxMenu = 200, 256
)

// want describes the keys of a text section.
type want map[string]key

type key struct {
	required bool
	label    bool // a button shows it
	most     int  // characters
	// track says that the round's {next} and {count} are known, hold that its
	// {off} is too.
	track, hold bool
}

var (
	label   = key{required: true, label: true, most: maxLabel}
	message = key{required: true, most: maxText}
	toast   = key{required: true, most: maxToast}
)

// Sections that belong to no step.
const (
	buttonsSection = "buttons"
	systemSection  = "system"
	menuSection    = "menu"
)

// The texts that every catalog has.
var (
	buttonTexts = want{"done": label, "skip": label, "worse": label, "stop": label, "private": label}
	systemTexts = want{
		"nudge": message, "stale": toast, "unexpected": message, "use_buttons": message,
		"unknown_command": message, "idle": message, "group": message, "updated": message,
		"language": {label: true, most: maxLabel}, "over": {most: maxToast}, "round_over": {most: maxToast},
		"back": {most: maxText},
	}
)

// wanted lists every section and its keys.
func (l *loader) wanted() map[string]want {
	w := map[string]want{buttonsSection: buttonTexts, systemSection: systemTexts, menuSection: {}}
	for _, fl := range l.list {
		if fl.Menu > 0 && fl.ID != "" {
			w[menuSection][fl.ID] = key{required: true, most: maxMenu}
		}
		for i := range fl.Steps {
			if s := &fl.Steps[i]; w[s.ID] == nil && !l.badNames[s.ID] {
				w[s.ID] = wantedOfStep(s)
			}
		}
		for i := range fl.Tracks {
			t := &fl.Tracks[i]
			for _, kind := range t.Kinds() {
				if w[kind] == nil && !l.badNames[t.Name] {
					w[kind] = wantedOfKind(t, kind)
				}
			}
		}
	}
	delete(w, "")
	return w
}

func wantedOfKind(t *lang.TrackSpec, kind string) want {
	if t.Run != "" {
		return want{} // the flow has the words
	}
	told := key{most: maxText, track: true, hold: t.Round()}
	must := told
	must.required = true
	keys := want{
		"text": must, "done": told, "skip": told,
		"done_label": {label: true, most: maxLabel}, "skip_label": {label: true, most: maxLabel},
	}
	if t.Done != "" {
		delete(keys, "done") // the flow has the words
	}
	if t.Round() && kind == t.Kind(flows.PhaseTakeOff) {
		// A round that is cut short is over: it has no {off} and no {next}.
		keys["cut"], keys["last"] = key{most: maxText}, told
	}
	return keys
}

func wantedOfStep(s *lang.Step) want {
	keys := want{"text": {required: s.Action == lang.ActSay || s.Action == lang.ActAsk, most: maxText}}
	if s.Picture != "" || s.Animation != "" {
		keys["text"] = key{required: true, most: maxCaption}
	}
	for _, c := range s.Choices {
		keys[c.ID] = label // of a question that is none of choices as well: that was told
	}
	if s.Question == nil {
		return keys
	}
	for _, text := range s.Question.Texts() {
		if text.Label {
			keys[text.Key] = label
		} else {
			keys[text.Key] = message
		}
	}
	return keys
}

// section is one section of a text file with the places of its keys.
type section struct {
	node      ast.Node
	templates map[string]lang.Template
	nodes     map[string]ast.Node
}

type textFile struct {
	file     *file
	lang     string
	root     ast.Node
	sections map[string]*section
}

func (l *loader) texts(fsys fs.FS) map[string]*lang.Texts {
	names, err := yamlFiles(fsys, "texts")
	if err != nil {
		names = nil // the folder is missing, and English with it
	}
	wanted := l.wanted()
	files := make(map[string]*textFile)
	for _, name := range names {
		lang := strings.TrimSuffix(path.Base(name), path.Ext(name))
		t := &textFile{file: l.file(name), lang: lang, sections: make(map[string]*section)}
		if other := files[t.lang]; other != nil {
			t.file.fault(nil, fmt.Sprintf("%s holds the same language", other.file.path), "keep one of the two files")
			continue
		}
		if !isLanguage.MatchString(t.lang) {
			t.file.fault(nil, fmt.Sprintf("%q is no language", t.lang), "name the file by the two letters of its language, such as de.yaml")
			continue
		}
		l.readTexts(fsys, t)
		files[t.lang] = t
		l.checkTexts(t, wanted)
	}
	english := files[lang.English]
	if english == nil {
		l.file("texts/"+lang.English+".yaml").fault(nil, "the file is missing", "put the English texts there; the other languages fall back to them")
	}
	out := make(map[string]*lang.Texts, len(files))
	for name, t := range files {
		if name != lang.English && english != nil {
			l.checkParity(english, t, wanted)
		}
		sections := make(map[string]map[string]lang.Template, len(t.sections))
		for section, s := range t.sections {
			sections[section] = s.templates
		}
		out[name] = lang.NewTexts(name, sections)
	}
	return out
}

// isLanguage matches what a text file may be called.
var isLanguage = regexp.MustCompile(`^[a-z]{2,3}$`)

func (l *loader) readTexts(fsys fs.FS, t *textFile) {
	if t.root = t.file.parse(fsys); t.root == nil {
		return
	}
	for _, e := range t.file.entries(t.root, "a text file") {
		s := &section{e.keyNode, make(map[string]lang.Template), make(map[string]ast.Node)}
		t.sections[e.key] = s
		for _, k := range t.file.entries(e.value, "a section of texts") {
			s.nodes[k.key] = k.keyNode
			src, ok := t.file.scalar(k.value)
			if !ok {
				continue
			}
			tmpl, err := lang.ParseTemplate(strings.TrimSpace(src))
			if err != nil {
				what, remedy := err.Error(), "see how *bold* and {placeholders} are written"
				if i := strings.LastIndex(what, ": "); i > 0 {
					what, remedy = what[:i], what[i+2:]
				}
				t.file.fault(k.keyNode, "the text cannot be read: "+what, remedy)
				continue
			}
			s.templates[k.key] = tmpl
		}
	}
}
