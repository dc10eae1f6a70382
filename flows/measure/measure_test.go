package measure

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// The words around every small flow of these tests. A reminder's four buttons are
// four words.
const common = `
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: Private}
system: {nudge: Still there?, stale: s, unexpected: u, use_buttons: Please press, unknown_command: c, idle: i, group: g, updated: u, over: o}
menu: {}
`

// small loads flows: spasm, which is written without its head, and others by name.
func small(t *testing.T, spasm, texts string, others ...string) *lang.Catalog {
	t.Helper()
	files := fstest.MapFS{
		"spasm.yaml":      {Data: []byte("flow: spasm\nversion: 1\nepisode: true\ncommands: [spasm]\n" + spasm)},
		"texts/en.yaml":   {Data: []byte(common + texts)},
		"media/towel.png": {Data: []byte("\x89PNG\r\n\x1a\n")},
	}
	for i := 0; i < len(others); i += 2 {
		files[others[i]+".yaml"] = &fstest.MapFile{Data: []byte("flow: " + others[i] + "\nversion: 1\n" + others[i+1])}
	}
	c, err := catalog.Load(files, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// one is the report of one person, whose script is written without the name.
func one(t *testing.T, c *lang.Catalog, script string) Report {
	t.Helper()
	people, err := ReadPeople([]byte(people(script)))
	if err != nil {
		t.Fatal(err)
	}
	reports, err := Measure(c, people)
	if err != nil {
		t.Fatal(err)
	}
	return reports[0]
}

// people is a file of one person: lines without a space in front are shared.
func people(script string) string {
	shared, own := "", "people:\n  - person: mia\n"
	for line := range strings.Lines(script) {
		if strings.HasPrefix(line, "~") {
			shared += line[1:]
		} else {
			own += "    " + line
		}
	}
	return shared + own + "\n"
}

// want demands these figures, and 0 of all others that are sums.
func (f Figures) want(t *testing.T, what string, want Figures) {
	t.Helper()
	all := none()
	maps.Copy(all, want)
	for _, name := range AllFigures {
		if got, counted := f[name]; counted && got != all[name] {
			t.Errorf("%s: %d %s, want %d", what, got, name, all[name])
		}
	}
}

const asks = `
steps:
  - id: hello
    ask: choice
    choices: {yes: {}, no: {}}
    wait: {timeout: 9d, next: over}
  - id: towel
    ask: choice
    picture: towel
    choices: {ready: {}}
    wait: {timeout: 9d, next: over}
  - id: care
    ask: choice
    choices: {better: {next: over}}
    wait: {timeout: 9d, next: over}
  - {id: over, end: over}
`

const asksTexts = `
hello: {text: "*One* two & three.", yes: "Yes", no: "No • thanks"}
towel: {text: "Four five.", ready: "Ready"}
care: {text: "Six", better: "All well"}
`

// TestQuestions: the first screen is 3 + 1 + 2 words; the picture, of 2 + 1, cannot take its
// place, nor the last one, of 1 + 2, that of the picture. Each that was answered goes, which
// is no edit. None of them makes a sound: they answer.
func TestQuestions(t *testing.T) {
	r := one(t, small(t, asks, asksTexts), `
days: 2
sends: [{text: /spasm}]
otherwise: ["yes", ready]
leaves: [care]
marks:
  - {mark: picture, shows: towel}
  - {mark: answer, answers: towel}
  - {mark: other, answers: towel.elsewhere}
  - {mark: home, shows: care}
`)
	r.Days[0].want(t, "day 1", Figures{Pressed: 2, Typed: 1, Words: 6 + 3 + 3, Screens: 3, Silent: 3, Standing: 1, Keyboards: 1})
	r.Days[1].want(t, "day 2", Figures{Standing: 1, Keyboards: 1})
	for i, want := range []Reached{
		{"picture", "20s", Figures{Pressed: 1, Typed: 1, Words: 6 + 3, Screens: 2, Silent: 2}},
		// What is read after the answer is not counted with it.
		{"answer", "40s", Figures{Pressed: 2, Typed: 1, Words: 6 + 3, Screens: 2, Silent: 2}},
		{"other", "", nil},
		{"home", "40s", Figures{Pressed: 2, Typed: 1, Words: 6 + 3 + 3, Screens: 3, Silent: 3}},
	} {
		got := r.Marks[i]
		if got.Mark != want.Mark || got.After != want.After || (got.Figures == nil) != (want.Figures == nil) {
			t.Errorf("mark %d is %+v, want %+v", i, got, want)
		}
		got.Figures.want(t, "until "+want.Mark, want.Figures)
	}
}

// TestKeep: a picture that stays loses its buttons, which is an edit, and stands: one line
// without buttons is no picture.
func TestKeep(t *testing.T) {
	files := strings.Replace(asks, "picture: towel", "picture: towel\n    keep: true", 1)
	r := one(t, small(t, files, asksTexts), "days: 1\nsends: [{text: /spasm}]\notherwise: [\"yes\", ready]\nleaves: [care]\n")
	r.Days[0].want(t, "day 1", Figures{Pressed: 2, Typed: 1, Words: 6 + 3 + 3, Screens: 3, Silent: 3, Edits: 1, Standing: 2, Keyboards: 1})
}

// TestBack: the button that leads back is read like another, and is no answer: neither a
// mark, nor what somebody wants who wants nothing else that is offered.
func TestBack(t *testing.T) {
	texts := strings.Replace(common, "private: Private", "private: Private, back: Go back", 1) + asksTexts
	files := strings.Replace(asks, "choices: {better: {next: over}}", "choices: {better: {next: over}}\n    back: towel", 1)
	c, err := catalog.Load(fstest.MapFS{
		"spasm.yaml":      {Data: []byte("flow: spasm\nversion: 1\nepisode: true\ncommands: [spasm]\n" + files)},
		"texts/en.yaml":   {Data: []byte(texts)},
		"media/towel.png": {Data: []byte("\x89PNG\r\n\x1a\n")},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	const script = `
days: 1
sends: [{text: /spasm}]
otherwise: ["yes", ready]
~avoids: [better]
marks:
  - {mark: cared, answers: care}
  - {mark: back, answers: care.back}
`
	r := one(t, c, script)
	r.Days[0].want(t, "who stays", Figures{Pressed: 2, Typed: 1, Words: 6 + 3 + 3 + 2, Screens: 3, Silent: 3, Standing: 1, Keyboards: 1})
	if r.Marks[0].Figures != nil || r.Marks[1].Figures != nil {
		t.Errorf("nothing was answered: %+v", r.Marks)
	}
	r = one(t, c, script+"answers: {care: back}\nreads: 1h\n")
	if r.Marks[0].Figures != nil || r.Marks[1].Figures == nil {
		t.Errorf("the way back is told as %+v", r.Marks)
	}
}

// TestLines: a question that has become one line is an edit, and stands no more; what
// comes behind it is a message of its own.
func TestLines(t *testing.T) {
	texts := strings.Replace(asksTexts, `"No • thanks"`, `"No • thanks", line: "Well"`, 1)
	r := one(t, small(t, asks, texts), "days: 1\nsends: [{text: /spasm}]\notherwise: [\"yes\"]\nleaves: [towel]\n")
	r.Days[0].want(t, "day 1", Figures{Pressed: 1, Typed: 1, Words: 6 + 2 + 3, Screens: 3, Silent: 2, Edits: 1, Standing: 1, Keyboards: 1})
}

// TestHints: whoever types at a button is told in silence, with the question once more. It
// stands once.
func TestHints(t *testing.T) {
	r := one(t, small(t, asks, asksTexts), `
days: 1
sends: [{text: /spasm}, {after: 1m, text: what}]
leaves: [hello]
`)
	r.Days[0].want(t, "day 1", Figures{Typed: 2, Words: 6 + 2 + 6, Screens: 2, Silent: 2, Standing: 1, Keyboards: 1})
}

func TestWordsOf(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "one": 1, "<b>One</b> two": 2, "a & b": 2, "• a\n\n• b, c": 3, "7 or 8": 3, "— …": 0, "it's 8:00": 2,
		`until <tg-time unix="1" format="t">8:15 am</tg-time>`: 3,
	} {
		if got := wordsOf(text); got != want {
			t.Errorf("%q has %d words, want %d", text, got, want)
		}
	}
}
