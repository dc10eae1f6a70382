package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/markup"
)

const (
	// maxLabel keeps a label readable on a narrow phone. All other bounds but
	// maxTick are Telegram's own.
	maxLabel = 40
	// maxPaperWords leaves most of a caption to what a paper says of itself.
	maxPaperWords = 400
	// maxTick is a mark and no word.
	maxTick = 4
	// mostWords bounds a list of words: all of it is looked for in each text.
	mostWords = 20_000
)

// want describes the keys of a text section.
type want map[string]key

type key struct {
	required bool
	label    bool // a button shows it
	plain    bool // nothing is filled in
	phrases  bool // nobody reads it: it is looked for in what people type
	asks     bool // it is a question, above which other texts may stand
	signs    bool // it lists warning signs
	line     bool // it is left of a question, with the answer behind it
	most     int  // UTF-16 units
	// track says that {count} is known, hold that the round is on, which has an
	// {off}, called that it may be on since its call, and next whether there is a {next}.
	track, hold, called bool
	next                nextOne
	// below is the text of the section that may stand below it, and with those of
	// which there are all or none.
	below string
	with  []string
	// own are names that are filled in here alone. Beside says that the others of the
	// section which say so may stand beside it, in one message.
	own    []string
	beside bool
}

// nextOne says whether a text can tell when the next of its kind comes.
type nextOne uint8

const (
	noNext    nextOne = iota // there is none yet, or none any more
	maybeNext                // there is none behind the last one
	sureNext
)

var (
	label   = key{required: true, label: true, plain: true, most: maxLabel}
	message = key{required: true, most: markup.MaxText}
	toast   = key{required: true, plain: true, most: markup.MaxToast}
)

// Sections that belong to no step.
const (
	buttonsSection = "buttons"
	systemSection  = "system"
	menuSection    = "menu"
	profileSection = "profile"
)

// The texts that every catalog has.
var (
	buttonTexts = want{"done": label, "skip": label, "worse": label, "stop": label, "private": label, "tick": {label: true, plain: true, most: maxTick}, "help_now": optional(label), "question": optional(label), lang.BackChoice: optional(label)}
	systemTexts = want{
		"nudge": message, "stale": toast, "unexpected": message, "use_buttons": message,
		"unknown_command": message, "idle": message, "group": {required: true, plain: true, most: markup.MaxText}, "updated": message,
		"language": optional(label), "over": optional(toast), "round_over": optional(toast), "read_first": optional(toast),
		"back": optional(message), "not_now": optional(message), "use_buttons_bare": optional(message), lang.PaperFailed: optional(message),
		lang.SignsFirst: optional(message),
	}
)

// profileTexts are what the messenger shows before anything is said.
var profileTexts = want{
	"description": {plain: true, most: markup.MaxDescription}, "about": {plain: true, most: markup.MaxAbout},
}

// optional is a key that may be left out.
func optional(k key) key {
	k.required = false
	return k
}

// wantedButtons are the buttons that belong to no step.
func (l *loader) wantedButtons() want {
	w := maps.Clone(buttonTexts)
	if slices.ContainsFunc(l.list, func(fl *flowPlace) bool { return fl.Help }) {
		w["help_now"], w["question"] = label, label
	} else if !l.damaged {
		delete(w, "help_now")
	}
	if slices.ContainsFunc(l.list, leadsBack) {
		w[lang.BackChoice] = label
	} else if !l.damaged {
		delete(w, lang.BackChoice)
	}
	return w
}

// leadsBack reports whether a question of a flow has the button that leads back.
func leadsBack(fl *flowPlace) bool {
	return slices.ContainsFunc(fl.Steps, func(s lang.Step) bool { return s.Back != nil })
}

// wanted lists every section and its keys.
func (l *loader) wanted() map[string]want {
	w := map[string]want{buttonsSection: l.wantedButtons(), systemSection: l.wantSystem(), profileSection: profileTexts, lang.OperatorSection: operatorTexts(), menuSection: {}, lang.WordsSection: {}}
	if l.table != nil {
		w[lang.SignsSection] = l.table.wantSigns()
	}
	for _, fl := range l.list {
		if fl.Menu > 0 && fl.ID != "" {
			w[menuSection][fl.ID] = key{required: true, plain: true, most: markup.MaxMenu}
		}
		if fl.Words > 0 && fl.ID != "" {
			w[lang.WordsSection][fl.ID] = key{required: true, plain: true, phrases: true, most: mostWords}
		}
		if fl.Card != nil && fl.ID != "" {
			w[fl.Card.Section] = l.wantCard(fl.Card)
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
		return wantComing(want{}, t, kind) // the flow has the words
	}
	told := key{most: markup.MaxText, track: true}
	keys := want{"done_label": optional(label), "skip_label": optional(label)}
	switch {
	case !t.Round():
		if told.next = sureNext; t.Once {
			told.next = noNext
		} else if t.Until != nil {
			told.next = maybeNext
		}
		keys["text"], keys["done"], keys["skip"], keys["did"], keys["did_label"] = told, told, told, told, optional(label)
		if !t.Once {
			told.next = sureNext
			keys["later"], keys["later_label"] = told, optional(label)
		}
		keys.together("did", "did_label")
		keys.together("later", "later_label")
	case kind == t.Kind(flows.PhaseTakeOff):
		keys["last"], keys["cut"], keys["unsure"] = told, key{most: markup.MaxText}, told
		keys[lang.LineText] = key{most: markup.MaxText, track: true, hold: true, called: true, next: maybeNext, line: true}
		told.next = maybeNext
		keys["text"], keys["done"], keys["skip"] = told, told, told
	default:
		// The next one is armed when this one is taken off. A start that is
		// skipped is over with that, a look is not.
		on, over := told, told
		on.hold, over.next = true, maybeNext
		keys["text"], keys["done"], keys["skip"] = on, on, on
		if kind == t.Kind(flows.PhaseCall) {
			keys["skip"] = over
			wantOfCall(keys, on)
		} else if t.Wrong != "" {
			keys["wrong_label"] = label
		}
	}
	text := keys["text"]
	text.required = true
	keys["text"] = text
	if t.Done != "" {
		delete(keys, "done") // the flow has the words
	}
	return wantComing(keys, t, kind)
}

// wantOfCall adds the texts of a call. On is a text of a round that is on.
func wantOfCall(keys want, on key) {
	when, later := on, on
	when.called = true
	later.hold, later.next = false, sureNext
	keys["begun"], keys["first"], keys["when"], keys["later"] = on, on, when, later
	for _, name := range []string{"begun_label", "later_label", "just_now", "since"} {
		keys[name] = optional(label)
	}
	for _, name := range []string{"text", "begun", "done"} {
		told := keys[name]
		told.below = "first"
		keys[name] = told
	}
	keys.together("when", "just_now", "since")
	keys.together("later", "later_label")
}

// together says that all of some keys are there or none; it passes over those that
// nobody wants.
func (w want) together(names ...string) {
	for _, name := range names {
		if one, ok := w[name]; ok {
			one.with = names
			w[name] = one
		}
	}
}

func wantedOfStep(s *lang.Step) want {
	if s.OnCard() {
		return want{}
	}
	asks := s.Action == lang.ActAsk
	text := key{required: asks || s.Action == lang.ActSay, asks: asks, most: markup.MaxText}
	if s.Picture != "" || s.Animation != "" {
		text.required, text.most = true, markup.MaxCaption
	}
	if s.Action == lang.ActPaper {
		text.required, text.most = true, maxPaperWords
	}
	if s.Tells() {
		return wantWhy(text.most)
	}
	keys := want{"text": text}
	for _, c := range s.Choices {
		if c.Group {
			continue // no button is called so
		}
		keys[c.ID] = label // of a question that is none of choices as well: that was told
	}
	if s.Question == nil {
		return keys
	}
	wantCopies(s, keys)
	if q, about := s.Question.(ask.AboutSigns); about && q.Lists() {
		text.signs = true
		keys["text"] = text
	}
	if !s.Says(lang.LineText) {
		keys[lang.LineText] = key{most: text.most, line: true}
	}
	for _, text := range s.Question.Texts() {
		switch {
		case text.Shared:
		case text.Label:
			keys[text.Key] = label
		default:
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
	sections map[string]*section
}

// texts reads the texts of all languages.
func (l *loader) texts(fsys fs.FS, wanted map[string]want) []*textFile {
	names, err := yamlFiles(fsys, textsFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.file(textsFolder).fault(nil, fmt.Sprintf("the folder of the texts cannot be read: %v", err), "make it a plain folder that the program may read")
		return nil
	}
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
		l.file(path.Join(textsFolder, lang.English+".yaml")).fault(nil, "the file is missing", "put the English texts there; the other languages fall back to them")
	}
	list := make([]*textFile, 0, len(files))
	for _, name := range keysOf(files) {
		list = append(list, files[name])
		if name != lang.English && english != nil {
			l.checkParity(english, files[name], wanted)
		}
	}
	checkLanguageNames(list)
	return list
}

// read is the words of the file.
func (t *textFile) read() *lang.Texts {
	sections := make(map[string]map[string]lang.Template, len(t.sections))
	for section, s := range t.sections {
		sections[section] = s.templates
	}
	return lang.NewTexts(t.lang, sections)
}

// isLanguage matches what a text file may be called.
var isLanguage = regexp.MustCompile(`^[a-z]{2,3}$`)

func (l *loader) readTexts(fsys fs.FS, t *textFile) {
	root := t.file.parse(fsys)
	if root == nil {
		return
	}
	for _, e := range t.file.entries(root, "a text file") {
		s := &section{e.keyNode, make(map[string]lang.Template), make(map[string]ast.Node)}
		t.sections[e.key] = s
		for _, k := range t.file.entries(e.value, "a section of texts") {
			s.nodes[k.key] = k.keyNode
			src, ok := t.file.scalar(k.value)
			if !ok {
				continue
			}
			tmpl, err := lang.ParseTemplate(strings.TrimSpace(src))
			if fault, ok := errors.AsType[*lang.TextFault](err); ok {
				t.file.textFault(k, fault)
				continue
			}
			s.templates[k.key] = tmpl
		}
	}
}
