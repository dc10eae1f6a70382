package catalog_test

import (
	"cmp"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// Whoever reads these texts lies on the floor, in pain, with a phone held
// overhead. Grade 6 is what the American Medical Association asks of texts for
// patients (Weiss 2003); the bound on every single sentence is our own.
const (
	mostGrade = 6.0
	// mostWords bounds every sentence of every text.
	mostWords = 15
	// gradedFrom is the number of words from which a grade means something.
	// In a shorter text one word moves it by whole years ("Yesterday" alone
	// has grade 20), so there the words are judged: none has more than
	// mostSyllables, and one in four has three or more. One in all may
	// have, however short the text.
	gradedFrom    = 12
	mostSyllables = 4
)

// hardToRead lists texts that may be harder, each with the reason why it
// cannot be said more simply. An entry that is not needed is a fault.
var hardToRead = map[string]string{
	"signs.procedure_name": "a button of two words, and a doctor has to know them",
}

// passage is a text as it is read: without markup, with {names} for
// placeholders.
type passage struct{ key, text string }

func TestReadingLevel(t *testing.T) {
	texts := passages(t, catalog.Shipped())
	if len(texts) < 100 {
		t.Fatalf("%d texts, want more: does the walk still find them all?", len(texts))
	}
	for _, fault := range judged(texts, hardToRead) {
		t.Error(fault)
	}
}

// passages walks every English text. A text file has no key that nothing
// shows, and lacks none that people see: Load has made sure of both.
func passages(t *testing.T, fsys fs.FS) []passage {
	t.Helper()
	c, err := catalog.Load(fsys, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	sections := keysOfTexts(t, fsys)
	var out []passage
	delete(sections, lang.WordsSection) // which nobody reads
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		for _, key := range slices.Sorted(maps.Keys(sections[section])) {
			text := c.Text(lang.English, section, key)
			if text.Source == "" {
				t.Errorf("%s.%s is in the file and not in the catalog", section, key)
			}
			out = append(out, passage{section + "." + key, asRead(text)})
		}
	}
	return out
}

const englishFile = "texts/" + lang.English + ".yaml"

// keysOfTexts reads the sections and keys of the English texts. The catalog
// answers for a key and does not list them.
func keysOfTexts(t *testing.T, fsys fs.FS) map[string]map[string]any {
	t.Helper()
	data, err := fs.ReadFile(fsys, englishFile)
	if err != nil {
		t.Fatal(err)
	}
	var sections map[string]map[string]any
	if err := yaml.Unmarshal(data, &sections); err != nil {
		t.Fatal(err)
	}
	return sections
}

var noMarkup = strings.NewReplacer("<b>", "", "</b>", "")

// asRead fills placeholders in with their names. What is not a number takes
// the form "other" of a plural. Words for what is not known stand below those for
// what is.
func asRead(t lang.Template) string {
	filled := t.HTML(func(name string) string { return "{" + name + "}" })
	if strings.Contains(t.Source, ", known, ") {
		filled += "\n\n" + t.HTML(func(string) string { return "" })
	}
	return html.UnescapeString(noMarkup.Replace(filled))
}

// judged returns what is wrong with the texts, and with the list of those that
// may be harder.
func judged(texts []passage, allowed map[string]string) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	seen := make(map[string]bool)
	for _, p := range texts {
		seen[p.key] = true
		for _, words := range promisesIn(p.text) {
			fault("%s: says %q: promise nothing, name no dose, frighten nobody", p.key, words)
		}
		hard := hardIn(p.text)
		reason, listed := allowed[p.key]
		switch {
		case !listed:
			for _, h := range hard {
				fault("%s: %s", p.key, h)
			}
		case len(hard) == 0:
			fault("%s: is easy to read by now: take it off hardToRead", p.key)
		case reason == "":
			fault("%s: is on hardToRead without a reason", p.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(allowed)) {
		if !seen[key] {
			fault("%s: is on hardToRead, and there is no such text", key)
		}
	}
	return faults
}

// hardIn says what makes a text hard to read, so that it can be mended.
func hardIn(text string) []string {
	var faults []string
	var words, long []string
	syllables, longest := 0, ""
	sentences := sentencesOf(text)
	for _, s := range sentences {
		in := wordsOf(s)
		if len(in) > mostWords {
			faults = append(faults, fmt.Sprintf("a sentence of %d words, at most %d: %q", len(in), mostWords, s))
		}
		if len(in) > len(wordsOf(longest)) {
			longest = s
		}
		words = append(words, in...)
	}
	for _, w := range words {
		syllables += syllablesOf(w)
		if first, _ := utf8.DecodeRuneInString(w); syllablesOf(w) > 2 && unicode.IsLetter(first) {
			long = append(long, w)
		}
	}
	slices.SortStableFunc(long, func(a, b string) int { return cmp.Compare(syllablesOf(b), syllablesOf(a)) })
	worst := make([]string, len(long))
	for i, w := range long {
		worst[i] = fmt.Sprintf("%s (%d)", w, syllablesOf(w))
	}
	if len(words) < gradedFrom {
		if len(long) > 0 && syllablesOf(long[0]) > mostSyllables || len(long) > max(1, len(words)/4) {
			faults = append(faults, fmt.Sprintf("too many long words for a short text: %s: of four words one may have three syllables or more, and none more than %d", strings.Join(worst, ", "), mostSyllables))
		}
		return faults
	}
	if g := grade(len(words), len(sentences), syllables); g > mostGrade {
		faults = append(faults, fmt.Sprintf("grade %.1f, at most %g: %d words, %d sentences, %d syllables; longest words %s; longest sentence (%d words) %q",
			g, mostGrade, len(words), len(sentences), syllables, strings.Join(worst[:min(8, len(worst))], ", "), len(wordsOf(longest)), longest))
	}
	return faults
}

// grade is the Flesch-Kincaid grade level (Kincaid et al. 1975).
func grade(words, sentences, syllables int) float64 {
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
}

var (
	listMark = regexp.MustCompile(`^\s*(?:•\s*|(?:[–—-]|\d+[.)])\s+|\d\x{FE0F}?\x{20E3}\s*)`)
	endMark  = regexp.MustCompile(`[.?!…]+["”’)]*\s+`)
	aWord    = regexp.MustCompile(`\{[^{}]*\}|/\w+|[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+|[.,:]\d+)*`)
)

// sentencesOf splits a text. A line is at least one sentence, and so is an item
// of a list. A mark before a small letter ends none, as in "8 a.m. or later".
func sentencesOf(text string) []string {
	var out []string
	add := func(s string) {
		if len(wordsOf(s)) > 0 {
			out = append(out, strings.TrimSpace(s))
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(listMark.ReplaceAllString(line, ""))
		begin := 0
		for _, end := range endMark.FindAllStringIndex(line, -1) {
			if next, _ := utf8.DecodeRuneInString(line[end[1]:]); !unicode.IsLower(next) {
				add(line[begin:end[1]])
				begin = end[1]
			}
		}
		add(line[begin:])
	}
	return out
}

// wordsOf lists the words of a sentence. A placeholder, a command, a number and
// a word with hyphens are one each; signs and emoji are none.
func wordsOf(sentence string) []string { return aWord.FindAllString(sentence, -1) }

// neverSaid is what no text may say, whatever it is about: what promises more
// than a bot can keep, what frightens, and doses. "Weak" and "safe" are no such
// words: a leg can get weaker, and somebody may not feel safe on their feet.
var neverSaid = regexp.MustCompile(`(?i)\b(?:` + strings.Join([]string{
	`cur(?:e|es|ed|ing)`, `fix(?:es|ed|ing)?`, `guarante(?:e|es|ed|eing)`,
	`vulnerable`, `damag(?:e|es|ed|ing)`, `weak back`,
	`(?:is|are|it's|it’s) (?:(?:very|quite|always|all|perfectly|completely|totally|entirely) )?safe`, `safe for you`,
	`\d[\d.,]* ?(?:mg|mcg|µg|ml|milligrams?|millilitres?)`, `mg`,
	`(?:\d+|one|two|three|four|half an?) (?:\w+ )?(?:tablets?|pills?|capsules?|doses?)`,
	`(?:tablets?|pills?|capsules?) (?:a|per|once|twice|\d+)`,
}, "|") + `)(?:\b|$)`)

// promisesIn returns the words of a text that no text may say.
func promisesIn(text string) []string {
	return neverSaid.FindAllString(strings.Join(strings.Fields(text), " "), -1)
}

// TestReadingFaults plants faults and reads what the writer is told.
func TestReadingFaults(t *testing.T) {
	const easy = "Lie down now. Bend your knees. Put a pillow under them. Breathe in, then out."
	for _, tt := range []struct {
		name, text string
		want       string // of the one fault; empty for none
	}{
		{"easy", easy, ""},
		{"a sentence too long", easy + " Then roll on to your side and push up with your arms until you sit on the bed.", `a sentence of 18 words, at most 15: "Then roll`},
		{"fifteen words", easy + " Then roll on to your side and push up with your arms until you sit.", ""},
		{"a long item of a list", easy + "\n\n• You cannot stand or walk at all or the pain keeps getting worse at night time\n• A fall", "a sentence of 16 words"},
		{"a list is no sentence", easy + "\n• You cannot stand or walk at all\n• The pain keeps getting worse at night time\n• A fall", ""},
		{"long words", "Immediately discontinue cryotherapy if irritation develops. Reposition carefully afterwards, avoiding unnecessary rotation.", "longest words Immediately (5), cryotherapy (5), unnecessary (5), discontinue (4)"},
		{"an unknown long word", "Superficial cryotherapy", "too many long words for a short text: cryotherapy (5), Superficial (4)"},
		{"one word of five syllables", "Immediately", "Immediately (5)"},
		{"a number is no long word", "Call 112 in an emergency", ""},
		{"one long word", "Close this episode", ""},
		{"two long words in four", "Another episode of pain", "Another (3), episode (3)"},
		{"a promise", easy + " This is completely safe.", `says "is completely safe"`},
		{"a promise to mend", "We fix your back.", `says "fix"`},
		{"a fright over two lines", "You have a weak\nback.", `says "weak back"`},
		{"a dose", "Take 400 mg with food.", `says "400 mg"`},
		{"a dose in words", "Take two small tablets.", `says "two small tablets"`},
		{"a dose a day", "Take tablets twice a day.", `says "tablets twice"`},
		{"what only looks forbidden", "Sit on a secure chair. You take steroid tablets every day. A leg gets weak. Not safe on your feet? In a fixture.", ""},
	} {
		faults := judged([]passage{{"k.text", tt.text}}, nil)
		if got := strings.Join(faults, "\n"); tt.want == "" && got != "" || len(faults) > 1 || !strings.Contains(got, tt.want) {
			t.Errorf("%s:\n%s\nwant %q", tt.name, got, tt.want)
		}
	}
}

// TestReadingExcuses: the list excuses what it names, nothing else, and no
// longer than needed.
func TestReadingExcuses(t *testing.T) {
	easy, hard := passage{"easy.text", "Lie down."}, passage{"hard.text", "Physiotherapist"}
	for _, tt := range []struct {
		name    string
		texts   []passage
		allowed map[string]string
		want    string
	}{
		{"a text is excused", []passage{easy, hard}, map[string]string{"hard.text": "a name"}, ""},
		{"no reason", []passage{hard}, map[string]string{"hard.text": ""}, "hard.text: is on hardToRead without a reason"},
		{"a text needs no excuse", []passage{easy}, map[string]string{"easy.text": "a name"}, "easy.text: is easy to read by now"},
		{"a text is gone", []passage{easy}, map[string]string{"hard.text": "a name"}, "hard.text: is on hardToRead, and there is no such text"},
		{"no excuse for a promise", []passage{{"hard.text", "Cured by physiotherapist"}}, map[string]string{"hard.text": "a name"}, `hard.text: says "Cured"`},
	} {
		faults := judged(tt.texts, tt.allowed)
		if got := strings.Join(faults, "\n"); tt.want == "" && got != "" || len(faults) > 1 || !strings.Contains(got, tt.want) {
			t.Errorf("%s:\n%s\nwant %q", tt.name, got, tt.want)
		}
	}
}

// TestReadingWalk puts a forbidden word in the place of every text and looks
// whether each one that the flows show is told.
func TestReadingWalk(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{"buttons.worse", "system.nudge", "system.stale"}
	for _, f := range c.Flows() {
		if f.Menu > 0 {
			shown = append(shown, "menu."+f.ID)
		}
		for i := range f.Steps {
			s := &f.Steps[i]
			if s.Action == lang.ActSay || s.Action == lang.ActAsk && !s.OnCard() {
				shown = append(shown, s.ID+".text")
			}
			for _, choice := range s.Choices {
				if !choice.Group { // its signs have the words
					shown = append(shown, s.ID+"."+choice.ID)
				}
			}
		}
		if f.Card != nil {
			shown = append(shown, f.Card.Section+"."+lang.CardOver, f.Card.Section+"."+f.Card.Lines[0].ID, f.Card.Section+"."+f.Card.Buttons[0].ID)
		}
		for i := range f.Tracks {
			if f.Tracks[i].Run != "" {
				continue // the flow has the words
			}
			for _, kind := range f.Tracks[i].Kinds() {
				shown = append(shown, kind+".text")
			}
		}
	}
	for _, sign := range c.SignTable().Signs {
		for _, part := range []string{ask.LinePart, ask.NamePart, ask.MorePart} {
			shown = append(shown, "signs."+ask.SignKey(sign.ID, part))
		}
	}
	told := strings.Join(judged(passages(t, cured(t)), nil), "\n") + "\n"
	for _, key := range shown {
		if !strings.Contains("\n"+told, "\n"+key+`: says "cure"`) {
			t.Errorf("nobody reads %s", key)
		}
	}
}

// cured is the shipped catalog in which every English text is "cure", with
// its key, since no two buttons may read the same.
func cured(t *testing.T) fs.FS {
	t.Helper()
	shipped, out := catalog.Shipped(), make(fstest.MapFS)
	err := fs.WalkDir(shipped, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Dir(name) == "texts" {
			return err
		}
		data, err := fs.ReadFile(shipped, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sections := keysOfTexts(t, shipped)
	for _, section := range sections {
		for key, text := range section {
			section[key] = "cure " + key
			if strings.Contains(fmt.Sprint(text), "{signs}") {
				section[key] = "cure " + key + "\n\n{signs}" // or the text does not load
			}
		}
	}
	data, err := yaml.Marshal(sections)
	if err != nil {
		t.Fatal(err)
	}
	out[englishFile] = &fstest.MapFile{Data: data}
	return out
}

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"Stop. Lie down! All right? Good", []string{"Stop.", "Lie down!", "All right?", "Good"}},
		{"Is any true?\n\n• A fall\n• Fever or chills\n", []string{"Is any true?", "A fall", "Fever or chills"}},
		{"Do this:\n1. Lie down.\n2. Rest.", []string{"Do this:", "Lie down.", "Rest."}},
		{"At 8 a.m. or later. About 1.5 hours.", []string{"At 8 a.m. or later.", "About 1.5 hours."}},
		{"✓ Cold is on. 👍", []string{"✓ Cold is on."}},
		{"1.5 hours. 1️⃣ Rest", []string{"1.5 hours.", "1️⃣ Rest"}},
		{"1️⃣ Rest\n– Walk", []string{"Rest", "Walk"}},
		{"Off at {off}. Then rest.", []string{"Off at {off}.", "Then rest."}},
		{"Not yet (or never). Go on…", []string{"Not yet (or never).", "Go on…"}},
	} {
		if got := sentencesOf(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
	tmpl, err := lang.ParseTemplate("*Well done:* {count, plural, one {# glass} other {# big glasses}} & <1> self-care at {clock}, 20 to 30. Send /spasm ✓")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("Well done {count} big glasses 1 self-care at {clock} 20 to 30 Send /spasm")
	if got := wordsOf(asRead(tmpl)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
