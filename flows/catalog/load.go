package catalog

import (
	"embed"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

//go:embed shipped
var embedded embed.FS

// Shipped returns the flows and texts that come with the program.
func Shipped() fs.FS {
	sub, err := fs.Sub(embedded, "shipped")
	if err != nil {
		panic(err) // the name is a valid path: cannot happen
	}
	return sub
}

// Option changes what flows may say.
type Option func(*settings)

type settings struct{ questions []ask.Kind }

// Questions makes these the kinds of questions that flows can ask, in place of
// [ask.Kinds].
func Questions(kinds ...ask.Kind) Option {
	return func(s *settings) { s.questions = kinds }
}

func settingsOf(opts []Option) settings {
	s := settings{questions: ask.Kinds()}
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// Load reads and checks the flows in the *.yaml files of fsys and their texts
// in texts/*.yaml, one file a language. defaultZone is the IANA zone of people
// who have not told theirs. The error holds every fault found, as
// lang.Faults.
func Load(fsys fs.FS, defaultZone string, opts ...Option) (*lang.Catalog, error) {
	if err := lang.CheckZone(defaultZone); err != nil {
		return nil, err
	}
	l := &loader{
		settings: settingsOf(opts),
		vars:     map[string]any{"onset": time.Time{}, "zone": ""}, owners: make(map[string]place),
		assigned: make(map[string]bool), measured: make(map[string]bool), badNames: make(map[string]bool), unsure: make(map[string]bool), kinds: make(map[string]string), parts: make(map[string]string), asked: make(map[string][]*lang.Step),
		lasts: make(map[string]string), gated: gated{gates: make(map[string]*lang.Step), parts: make(map[string]*lang.Step)},
	}
	l.flows(fsys)
	l.compile()
	l.compileSigns()
	l.checkFlows()
	media := l.loadMedia(fsys)
	wanted := l.wanted()
	texts := l.texts(fsys, wanted)
	c := l.catalog(texts, defaultZone)
	c.Media = media
	for _, t := range texts {
		l.checkLengths(c, t, wanted)
	}
	if len(l.faults) > 0 {
		return nil, l.faults.Sort()
	}
	l.hints(c, texts)
	for _, n := range l.notes.Sort() {
		c.Notes = append(c.Notes, lang.Note{Where: n.Place(), What: n.What + ": " + n.Remedy})
	}
	return c, nil
}

// catalog is what was read, faults and all.
func (l *loader) catalog(files []*textFile, defaultZone string) *lang.Catalog {
	list := make([]*lang.Flow, len(l.list))
	for i, fl := range l.list {
		list[i] = fl.Flow
	}
	texts := make(map[string]*lang.Texts, len(files))
	for _, t := range files {
		texts[t.lang] = t.read()
	}
	c := lang.NewCatalog(list, texts, defaultZone)
	c.Vars = l.vars
	c.Fingerprint = l.fingerprint(len(texts))
	for _, f := range list {
		for i := range f.Steps {
			f.Steps[i].Asks = asks(c, &f.Steps[i])
		}
	}
	return c
}

// asks is the same for two steps that ask the same in the same words. English
// stands for all languages: they say the same.
func asks(c *lang.Catalog, s *lang.Step) uint64 {
	if s.Question == nil {
		return 0
	}
	h := fnv.New64a()
	tell := func(key string) { fmt.Fprintf(h, "%s:%q,", key, c.Text(lang.English, s.ID, key).Source) }
	fmt.Fprintf(h, "%q,", s.Question.Caption())
	tell("text")
	for _, text := range s.Question.Texts() {
		tell(text.Key)
	}
	if q, about := s.Question.(ask.AboutSigns); about {
		for _, sign := range q.About().Of(c.View(&flows.State{}, s).Signs()) {
			for _, key := range lang.SignTexts(sign.ID) {
				fmt.Fprintf(h, "%s:%q,", key, c.Text(lang.English, lang.SignsSection, key).Source)
			}
		}
	}
	return h.Sum64()
}

// loader gathers everything before it judges anything: names may be used
// before they are declared.
type loader struct {
	settings
	faults lang.Faults
	// notes are hints, told if there is no fault.
	notes lang.Faults
	list  []*flowPlace
	// owners tells which file and node declared a step or track name.
	owners map[string]place
	// kinds tells which round or reminder sends a kind of reminder.
	kinds map[string]string
	// asked holds the steps that ask a question of a kind.
	asked map[string][]*lang.Step
	// lasts holds the flows that lasting choices lead to.
	lasts map[string]string
	// parts tells which step has an answer with the part that a variable is.
	parts map[string]string
	gated gated
	// vars maps each variable to a value of its type.
	vars map[string]any
	// assigned and measured hold the names that some step sets or measures.
	assigned, measured map[string]bool
	// clock is the first place that goes by the person's time of day, nil if none
	// does.
	clock *place
	// pending are the expressions, compiled once all variables are known.
	pending []*pendingExpr
	// media are the pictures and animations that steps show.
	media []mediaPlace
	// checks run when every flow has been read.
	checks []func()
	// table is that of the warning signs, nil if the flows have none.
	table *signPlace
	// papersAt is where the papers are told of, nil if they are not.
	papersAt *place
	// handed are the steps that hand papers over.
	handed []handed
	// damaged says that a part of the flows could not be read. What seems to
	// be missing may stand there, so nobody is told that it is missing.
	damaged bool
	// badNames holds what stood where a name belongs, and unsure the names of
	// steps that were not read in full, so that a text that fits them is not
	// told as well.
	badNames, unsure map[string]bool
}

type place struct {
	f *file
	n ast.Node
}

// flowPlace is a flow and where its parts were read.
type flowPlace struct {
	*lang.Flow
	place
	// steps are the nodes of the steps.
	steps []ast.Node
	// lost says that a way leads nowhere. Where it should lead is not told
	// to be out of reach as well.
	lost bool
}

// Step hides the method of a finished flow, whose index is not there yet.
func (fl *flowPlace) Step(id string) int {
	for i := range fl.Steps {
		if fl.Steps[i].ID == id && id != "" {
			return i
		}
	}
	return -1
}

// The folders beside the flows.
const (
	textsFolder = "texts"
	mediaFolder = "media"
)

// yamlFiles lists the flows or texts of a folder. What begins with a point is left
// there by editors and systems, and is none.
func yamlFiles(fsys fs.FS, dir string) ([]string, error) {
	list, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range list {
		if ext := strings.ToLower(path.Ext(e.Name())); !hidden(e) && !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
			names = append(names, path.Join(dir, e.Name()))
		}
	}
	return names, nil
}

func hidden(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }

// maxAstray bounds the files of one folder that are told to be astray.
const maxAstray = 5

// astray tells of flows and texts in folders that nobody reads.
func (l *loader) astray(fsys fs.FS) {
	folders := []string{mediaFolder}
	for _, dir := range []string{".", textsFolder, mediaFolder} {
		list, _ := fs.ReadDir(fsys, dir) // one that cannot be read is told where it is read
		for _, e := range list {
			if sub := path.Join(dir, e.Name()); e.IsDir() && !hidden(e) && sub != textsFolder && sub != mediaFolder {
				folders = append(folders, sub)
			}
		}
	}
	for _, dir := range folders {
		names, _ := yamlFiles(fsys, dir)
		for _, name := range names[:min(len(names), maxAstray)] {
			l.file(name).fault(nil, fmt.Sprintf("nobody reads a file in %s", dir), `put flows into the folder itself and texts into "texts"; what is to be left out goes elsewhere, or into a folder whose name begins with a point`)
			l.damaged = true
		}
	}
}

func (l *loader) flows(fsys fs.FS) {
	l.astray(fsys)
	names, err := yamlFiles(fsys, ".")
	folder := l.file(".")
	if err != nil {
		folder.fault(nil, fmt.Sprintf("the folder of the flows cannot be read: %v", err), "name a folder that exists")
		l.damaged = true
		return
	}
	if len(names) == 0 {
		folder.fault(nil, "there is no flow here", "put each flow into a .yaml file of its own in this folder")
		l.damaged = true
		return
	}
	for _, name := range names {
		f := l.file(name)
		root := f.parse(fsys)
		l.damaged = l.damaged || f.damaged
		if root != nil {
			l.flow(f, root)
		}
	}
	for _, check := range l.checks {
		check()
	}
	l.checkSigns()
}

// reservedNames are names that the engine or the text files use themselves.
var reservedNames = map[string]bool{
	"buttons": true, "system": true, "menu": true, // sections of texts
	"nudge": true, "timeout": true, "screen": true, // timers of the engine
	lang.AllTracks: true, lang.AnyReminder: true,
}

// own claims a name that must be unique in the whole catalog: step and track
// names are the keys of the timeline, the variables and the texts.
func (l *loader) own(f *file, n ast.Node, name string) {
	if name == "" {
		l.badNames[n.GetToken().Value] = true
		return
	}
	if reservedNames[name] || lang.Reserved(name) {
		f.fault(n, fmt.Sprintf("the name %q belongs to the language", name), "choose another")
		l.badNames[name] = true
		return
	}
	if p, ok := l.owners[name]; ok {
		f.fault(n, fmt.Sprintf("the name %q is taken in %s:%d", name, p.f.path, line(p.n)),
			"choose another: steps, rounds and reminders share one set of names")
		l.unsure[name] = true
		return
	}
	l.owners[name] = place{f, n}
}

// find returns the flow of an id, nil if there is none.
func (l *loader) find(id string) *flowPlace {
	for _, fl := range l.list {
		if fl.ID == id {
			return fl
		}
	}
	return nil
}
