package ask

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/signs"
	"spasmbot/flows/typed"
)

// written is a step of a flow file, as far as a kind reads it.
type written struct {
	values map[string]any
	faults []string
}

func (w *written) Step() string { return "pain" }

func (w *written) Fault(key, what, remedy string) {
	w.faults = append(w.faults, key+": "+what+": "+remedy)
}

func (w *written) Whole(key string) (int, bool)      { v, ok := w.values[key].(int); return v, ok }
func (w *written) Number(key string) (float64, bool) { v, ok := w.values[key].(float64); return v, ok }

func (w *written) Name(key string) (string, bool) { v, ok := w.values[key].(string); return v, ok }

func (w *written) Pattern(key string) (*regexp.Regexp, bool) {
	v, ok := w.values[key].(*regexp.Regexp)
	return v, ok
}

func (w *written) Choices(key string) ([]string, bool) {
	v, ok := w.values[key].([]string)
	return v, ok
}

func (w *written) Truth(key string) (bool, bool)   { v, ok := w.values[key].(bool); return v, ok }
func (w *written) Gates(key string) ([]Gate, bool) { v, ok := w.values[key].([]Gate); return v, ok }

func (w *written) Names(key, _ string) ([]string, bool) { return w.Choices(key) }
func (w *written) List(key string) ([]string, bool)     { return w.Choices(key) }

// question is a question of a kind, with these values.
func question(t *testing.T, kind Kind, values map[string]any) Question {
	t.Helper()
	w := &written{values: values}
	q := kind.Read(w)
	if len(w.faults) > 0 {
		t.Fatalf("%s: %q", kind.Word(), w.faults)
	}
	return q
}

// reader is a person who reads English or German.
type reader struct{ languages []string }

func (reader) Text(key string) string              { return strings.ToUpper(key) }
func (r reader) Languages() []string               { return r.languages }
func (reader) LanguageName(language string) string { return "in " + language }
func (reader) Decimal() rune                       { return typed.Point }
func (reader) Shared(key string) string            { return "the " + key }
func (reader) Draft() flows.Value                  { return flows.Value{} }
func (reader) Kept(string) flows.Value             { return flows.BoolOf(true) }
func (reader) Language() string                    { return "en" }
func (reader) Phone() string                       { return "de-AT" }
func (reader) Home() string                        { return "" }
func (reader) Var(string) flows.Value              { return flows.TextOf("NZ") }

// Signs: of those of an emergency, fever concerns somebody else.
func (reader) Signs() []Sign {
	return []Sign{
		{"saddle", signs.Emergency, "nerves", "begin"},
		{"legs", signs.Emergency, "nerves", "begin"},
		{"crash", signs.Emergency, "injury", "evening"},
		{"fever", signs.Emergency, "illness", "begin"},
		{"cancer", signs.Today, "illness", "begin"},
	}
}

func (reader) Concerns(sign string) bool  { return sign != "fever" }
func (reader) SignText(key string) string { return "the " + key }

// Now is in the summer of New Zealand.
func (reader) Now() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }

var both = reader{[]string{"de", "en"}}

func ofEachKind(t *testing.T) map[string]Question {
	t.Helper()
	values := map[string]any{
		"choices": []string{"none", "some"}, "columns": 2, "measure": "pain", "least": 2.0, "most": 9.0,
		"pattern": regexp.MustCompile(`^(?:[a-z]+)$`),
	}
	ofTicks, ofCountry := maps.Clone(values), maps.Clone(values)
	ofTicks["choices"] = []string{"legs", "saddle"}
	ofCountry["choices"] = []string{"us", "at", "de"}
	values["class"] = "emergency"
	ofSigns, ofSign := maps.Clone(values), maps.Clone(values)
	ofSigns["choices"], ofSign["choices"] = []string{"none", "any", "unsure"}, []string{"unsure"}
	values["country"] = "country"
	all := make(map[string]Question)
	for _, k := range Kinds() {
		switch k.Word() {
		case "ticks":
			all["ticks"] = question(t, k, ofTicks)
		case "country":
			all["country"] = question(t, k, ofCountry)
		case "signs":
			all["signs"] = question(t, k, ofSigns)
		case "sign":
			all["sign"] = question(t, k, ofSign)
		default:
			all[k.Word()] = question(t, k, values)
		}
	}
	return all
}

// TestPresses: what is on a button is an answer, in that spelling and no other.
func TestPresses(t *testing.T) {
	answers := map[string]map[string]flows.Value{
		"choice":   {"none": flows.TextOf("none"), "some": flows.TextOf("some")},
		"scale":    {"0": flows.NumberOf(0), "7": flows.NumberOf(7), "10": flows.NumberOf(10)},
		"hour":     {"0": flows.NumberOf(0), "7": flows.NumberOf(7), "23": flows.NumberOf(23)},
		"number":   {},
		"text":     {},
		"language": {"de": flows.TextOf("de"), "en": flows.TextOf("en")},
		"ticks":    {"none": flows.TextOf("none")},
		"country":  {"us": flows.TextOf("US"), "at": flows.TextOf("AT"), "de": flows.TextOf("DE")},
		"signs":    {"none": flows.TextOf("none"), "any": flows.TextOf("any"), "unsure": flows.TextOf("unsure")},
		"sign":     {"saddle": flows.TextOf("saddle"), "crash": flows.TextOf("crash"), "unsure": flows.TextOf("unsure")},
		"city":     {"auckland": flows.TextOf("Pacific/Auckland"), "chatham": flows.TextOf("Pacific/Chatham")},
	}
	others := []string{
		"", "07", "7 ", "+7", "-1", "7.0", "1e1", "0x7", "11", "24", "NaN", "fr", "other", "None", "none ", "text", "invalid",
		"9223372036854775808", "٧", "EN", "done", "done-0", "done-1", "-1", "LEGS", "fever", "cancer",
	}
	for word, q := range ofEachKind(t) {
		for data, want := range answers[word] {
			choice := data
			if word == "city" { // which cities there are hangs on the person
				choice = ""
			}
			expected := Answer(choice, want)
			expected.Group = map[string]string{"saddle": "nerves", "crash": "injury"}[data]
			if got := Press(q, both, data); got != expected {
				t.Errorf("%s: %q comes to %+v", word, data, got)
			}
		}
		for _, data := range others {
			if word == "hour" && data == "11" {
				continue
			}
			if got := Press(q, both, data); got != NoAnswer() {
				t.Errorf("%s: %q comes to %+v", word, data, got)
			}
		}
	}
}

// TestButtons: they stand in rows, and each of a question has data of its own.
func TestButtons(t *testing.T) {
	want := map[string]string{
		"choice":   "NONE SOME",
		"scale":    "0 1 2 3/4 5 6 7/8 9 10",
		"hour":     "0:00 1:00 2:00 3:00/4:00 5:00 6:00 7:00/8:00 9:00 10:00 11:00/12:00 13:00 14:00 15:00/16:00 17:00 18:00 19:00/20:00 21:00 22:00 23:00",
		"number":   "",
		"text":     "",
		"language": "in de/in en",
		"ticks":    "LEGS SADDLE/NONE",
		"country":  "Austria United States/Germany",
		"signs":    "NONE ANY/UNSURE",
		"sign":     "the saddle_name the legs_name/the crash_name/UNSURE",
		"city":     "Auckland, 01:00 Chatham, 01:45",
	}
	for word, q := range ofEachKind(t) {
		var rows []string
		for _, row := range q.Buttons(both) {
			var labels []string
			for _, b := range row {
				labels = append(labels, b.Label)
				if len(b.Data) == 0 || len(b.Data) > 24 {
					t.Errorf("%s: a button with the data %q", word, b.Data)
				}
			}
			rows = append(rows, strings.Join(labels, " "))
		}
		if got := strings.Join(rows, "/"); got != want[word] {
			t.Errorf("%s shows %s", word, got)
		}
	}
}

// TestTyped: what is typed is held against the bounds.
func TestTyped(t *testing.T) {
	all := ofEachKind(t)
	for words, want := range map[string]Outcome{
		"2": Answer("", flows.NumberOf(2)), "9": Answer("", flows.NumberOf(9)), "2,5": Answer("", flows.NumberOf(2.5)),
		"1.9": NoAnswer(), "9.1": NoAnswer(), "NaN": NoAnswer(), "Inf": NoAnswer(), "": NoAnswer(), "two": NoAnswer(), "2,5,1": NoAnswer(),
	} {
		if got := all["number"].Typed(both, words); got != want {
			t.Errorf("number: %q comes to %+v", words, got)
		}
	}
	for words, ok := range map[string]bool{"ab": true, "abcdefghi": true, "a": false, "abcdefghij": false, "AB": false, "": false, "\xff\xfe": false} {
		want := NoAnswer()
		if ok {
			want = Answer("", flows.TextOf(words))
		}
		if got := all["text"].Typed(both, words); got != want {
			t.Errorf("text: %q comes to %+v", words, got)
		}
	}
	for _, words := range []string{"😀😀😀😀", "a😀"} { // 8 and 3 units
		if got := question(t, textKind{}, map[string]any{"least": 2.0, "most": 8.0}).Typed(both, words); got.Verdict != Answered {
			t.Errorf("text: %q comes to %+v", words, got)
		}
		if got := question(t, textKind{}, map[string]any{"least": 9.0, "most": 20.0}).Typed(both, words); got != NoAnswer() {
			t.Errorf("text: %q, which is too short, comes to %+v", words, got)
		}
	}
	for word, q := range all {
		if takes := q.TakesTyped(); takes != slices.Contains([]string{"number", "text", "country", "city"}, word) {
			t.Errorf("%s takes what is typed: %v", word, takes)
		}
	}
}

// TestTypedLabels: whoever types what stands on a button has pressed it. The name of
// a choice, which nobody sees, is no answer.
func TestTypedLabels(t *testing.T) {
	all := ofEachKind(t)
	named := ofEachKind(t)["choice"]
	for _, tt := range []struct{ word, typed, data string }{
		{"scale", "5", "5"},
		{"scale", " 10 ", "10"},
		{"scale", "11", ""},
		{"scale", "five", ""},
		{"scale", "", ""},
		{"hour", "7", "7"},
		{"hour", "07", "7"},
		{"hour", "07:00", "7"},
		{"hour", "23:00", "23"},
		{"hour", "24", ""},
		{"hour", "7:30", ""},
		{"hour", "+7", ""},
		{"hour", "007", ""},
		{"hour", ":00", ""},
		{"choice", "None", "none"},
		{"choice", "some ", "some"},
		{"choice", "other", ""},
		{"signs", "any", "any"},
		{"sign", "The crash_name", "crash"},
		{"sign", "The fever_name", ""},
		{"ticks", "Legs", "legs"},
		{"ticks", "legs, saddle", ""},
		{"country", "germany", "de"},
		{"country", "ÖSTERREICH", "at"},
		{"country", "Atlantis", ""},
		{"city", "auckland", "auckland"},
		{"city", "Auckland, 01:00", "auckland"},
		{"city", "London", ""},
		{"language", "In  DE", "de"},
		{"language", "de", ""},
		{"number", "2.5", "2.5"},
		{"text", " abc\n", "abc"},
	} {
		want := Press(all[tt.word], both, tt.data)
		switch {
		case tt.word == "number":
			want = Answer("", flows.NumberOf(2.5))
		case tt.word == "text":
			want = Answer("", flows.TextOf("abc"))
		}
		if got := Type(all[tt.word], both, tt.typed); got != want {
			t.Errorf("%s: %q comes to %+v, want %+v", tt.word, tt.typed, got, want)
		}
	}
	if got := Type(named, spoken{}, "none"); got != NoAnswer() {
		t.Errorf("the name of a choice comes to %+v", got)
	}
	if got := Type(named, spoken{}, "the word  NONE"); got != Press(named, spoken{}, "none") {
		t.Errorf("what stands on the button comes to %+v", got)
	}
}

// spoken is a person whose buttons read otherwise than they are called.
type spoken struct{ reader }

func (spoken) Text(key string) string { return "The word " + key }

// TestLongest: no answer reads longer than the question says.
func TestLongest(t *testing.T) {
	for _, v := range []View{both, spoken{both}} {
		longestIn(t, v)
	}
}

func longestIn(t *testing.T, v View) {
	t.Helper()
	for word, q := range ofEachKind(t) {
		if OnCard(q) {
			continue // it has no answer
		}
		most := q.Longest(v)
		answers := []flows.Value{
			flows.NumberOf(-math.MaxFloat64), flows.NumberOf(-math.SmallestNonzeroFloat64), flows.NumberOf(-1.2345678901234567e-300),
		}
		if q.Vars("step")[0].Kind == flows.TextValue {
			answers = nil
			for _, p := range q.Possible(v, "step") {
				answers = append(answers, p.Sets[0].Value)
			}
		}
		switch word {
		case "text":
			answers = []flows.Value{flows.TextOf("abcdefghi")}
		case "country":
			answers = append(answers, flows.TextOf("GS"))
		case "city":
			answers = []flows.Value{flows.TextOf(strings.Repeat("a", LongestCity))}
		}
		longest := 0
		for _, a := range answers {
			longest = max(longest, len(q.Label(v, a)))
		}
		if longest > most || longest == 0 || longest < most-1 {
			t.Errorf("%s: the longest label has %d units, at most %d are said to be", word, longest, most)
		}
	}
}

// TestSamplesAreAnswers: what the checker tries are buttons that are there, or
// words that are taken; of typed words some are not.
func TestSamplesAreAnswers(t *testing.T) {
	notable := Notable{Numbers: []float64{6, 7, 8, 4.5, 99, math.Inf(1)}, Texts: []string{"secret", "legs"}, Hours: []int{8, 22}}
	want := map[string]string{
		"choice": "none some", "scale": "0 10 6 7 8", "hour": "0 12 21 22 23 6 7 8", "language": "de en", "ticks": "legs none saddle",
		"signs": "any none unsure", "sign": "crash legs saddle unsure",
		"country": "IN MX | hello", "city": "Chatham | hello",
		"number": "2 4.5 6 7 8 9 | +Inf 1 10 99 hello", "text": "aa legs secret |  xxxxxxxxxx",
	}
	for word, q := range ofEachKind(t) {
		s := q.Samples(both, notable)
		for _, data := range s.Presses {
			if got := Press(q, both, data).Verdict; got == Refused || got == Drafted && word != "ticks" {
				t.Errorf("%s: %q is no button", word, data)
			}
		}
		var taken, refused []string
		for _, words := range s.Typed {
			if q.Typed(both, words).Verdict == Answered {
				taken = append(taken, words)
			} else {
				refused = append(refused, words)
			}
		}
		slices.Sort(taken)
		slices.Sort(refused)
		slices.Sort(s.Presses)
		got := strings.Join(s.Presses, " ")
		if q.TakesTyped() {
			got = strings.Join(taken, " ") + " | " + strings.Join(refused, " ")
		}
		if got != want[word] {
			t.Errorf("%s samples %q, want %q", word, got, want[word])
		}
	}
}

// TestKeep: an answer goes into the variables that the question says, each of
// the type it says, and what else it changes is changed.
func TestKeep(t *testing.T) {
	answers := map[string]flows.Value{
		"choice": flows.TextOf("some"), "scale": flows.NumberOf(7), "hour": flows.NumberOf(6), "number": flows.NumberOf(2.5),
		"text": flows.TextOf("ab"), "language": flows.TextOf("de"), "ticks": flows.TextOf("some"),
		"country": flows.TextOf("US"), "city": flows.TextOf("Pacific/Chatham"),
		"signs": flows.TextOf("any"), "sign": flows.TextOf("crash"),
	}
	labels := map[string]string{
		"choice": "SOME", "scale": "7", "hour": "6:00", "number": "2.5", "text": "ab", "language": "in de", "ticks": "LEGS, SADDLE",
		"country": "United States", "city": "Chatham", "signs": "ANY", "sign": "the crash_name",
	}
	for word, q := range ofEachKind(t) {
		s := flows.State{Lang: "en"}
		if word == "ticks" { // its answer says what is ticked, and the variable whether anything is
			q.Keep(both, &s, "step", flows.TextOf("saddle"))
		} else {
			q.Keep(both, &s, "step", answers[word])
		}
		for _, v := range q.Vars("step") {
			if got := s.Var(v.Name); got.Kind != v.Kind {
				t.Errorf("%s: %s is a %q, said to be a %q", word, v.Name, got.Kind, v.Kind)
			}
		}
		if got := s.Var("step"); got != answers[word] {
			t.Errorf("%s keeps %+v", word, got)
		}
		if got := q.Label(both, answers[word]); got != labels[word] {
			t.Errorf("%s reads %q", word, got)
		}
		if measures := q.Measures() == "pain"; measures != (len(s.Measures) == 1 && s.Measures[0].Last == answers[word].Num) || measures != (word == "scale" || word == "number") {
			t.Errorf("%s measures %q: %+v", word, q.Measures(), s.Measures)
		}
		if changed := s.Lang == "de"; changed != (word == "language") {
			t.Errorf("%s: the language is %q", word, s.Lang)
		}
		if out := q.LeftOut(reader{[]string{"en"}}); out != (word == "language") || out != q.Optional() && word != "signs" || q.LeftOut(both) {
			t.Errorf("%s is left out: %v", word, out)
		}
	}
	if got := ofEachKind(t)["ticks"].Label(both, flows.TextOf("none")); got != "NONE" {
		t.Errorf("no tick reads %q", got)
	}
	gone := ofEachKind(t)
	if got := gone["choice"].Label(both, flows.TextOf("gone")); got != "gone" {
		t.Errorf("a choice that is no longer offered reads %q", got)
	}
	if got := gone["language"].Label(both, flows.TextOf("fr")); got != "fr" {
		t.Errorf("a language without texts reads %q", got)
	}
}

// TestKindsFitTogether: each has a word of its own, and a key is the same key in
// every kind that has it.
func TestKindsFitTogether(t *testing.T) {
	words, keys := make(map[string]bool), make(map[string]string)
	for _, k := range Kinds() {
		if words[k.Word()] || k.Word() == "" {
			t.Errorf("the word %q is taken", k.Word())
		}
		words[k.Word()] = true
		for _, p := range k.Parts() {
			if p.Astray.What == "" || p.Astray.Remedy == "" || (p.Lacking.What == "") != (p.Lacking.Remedy == "") {
				t.Errorf("%s: half a fault: %+v", k.Word(), p)
			}
			whole := fmt.Sprintf("%+v", p)
			for _, key := range p.Keys {
				if known, ok := keys[key.Name]; ok && known != whole || key.Doc == "" {
					t.Errorf("%s has another %q: %s", k.Word(), key.Name, whole)
				}
				keys[key.Name] = whole
			}
		}
		// A step whose values cannot be read is a question all the same.
		if q := k.Read(&written{}); q == nil || q.Caption() == "" {
			t.Errorf("%s makes no question of an empty step", k.Word())
		}
	}
}

// drafting is a reader who has put something together.
type drafting struct {
	reader
	draft flows.Value
}

func (d drafting) Draft() flows.Value { return d.draft }

// TestTicksOfOldScreens: a press of a button that an earlier screen had sets and
// takes no other tick than it said, and answers nothing that was not seen there.
func TestTicksOfOldScreens(t *testing.T) {
	q := ofEachKind(t)["ticks"]
	with := func(names string) View { return drafting{both, flows.TextOf(names)} }
	for _, test := range []struct {
		now, data string
		want      Outcome
	}{
		{"", "legs", Draft("legs", flows.TextOf("legs"))},
		{"saddle", "legs", Draft("legs", flows.TextOf("legs, saddle"))},
		{"legs", "legs", NoAnswer()},
		{"legs", "-1", Draft("legs", flows.TextOf(""))},
		{"saddle, legs", "-1", Draft("legs", flows.TextOf("saddle"))},
		{"saddle", "-1", NoAnswer()},
		{"legs", "none", NoAnswer()},
		{"legs", "done-1", Answer("some", flows.TextOf("legs"))},
		{"legs, saddle", "done-3", Answer("some", flows.TextOf("legs, saddle"))},
		{"legs, saddle", "done-1", NoAnswer()},
		{"saddle", "done-1", NoAnswer()},
		{"", "done-1", NoAnswer()},
		{"", "none", Answer("none", flows.TextOf("none"))},
		// What is ticked no longer, since the choice is gone, does not count.
		{"foot, saddle", "done-2", Answer("some", flows.TextOf("saddle"))},
		{"foot", "none", Answer("none", flows.TextOf("none"))},
	} {
		if got := Press(q, with(test.now), test.data); got != test.want {
			t.Errorf("with %q ticked, %q comes to %+v", test.now, test.data, got)
		}
	}
	rows := q.Buttons(with("saddle"))
	if legs, saddle, done := rows[0][0].Label, rows[0][1].Label, rows[1][0].Label; legs != "LEGS" || saddle != "the tick SADDLE" || done != "the done" {
		t.Errorf("the buttons are %q, %q and %q", legs, saddle, done)
	}
}

// TestTicksFit: as many as there may be have data that fit, each its own.
func TestTicksFit(t *testing.T) {
	ids := make([]string, maxTicks)
	for i := range ids {
		ids[i] = fmt.Sprintf("%024d", i)
	}
	q := question(t, ticksKind{}, map[string]any{"choices": ids})
	for _, names := range []string{"", strings.Join(ids, between)} {
		seen := make(map[string]bool)
		for _, row := range q.Buttons(drafting{both, flows.TextOf(names)}) {
			for _, b := range row {
				if seen[b.Data] || len(b.Data) == 0 || len(b.Data) > 24 {
					t.Errorf("a button with the data %q", b.Data)
				}
				seen[b.Data] = true
			}
		}
		if len(seen) != maxTicks+1 {
			t.Errorf("%d buttons", len(seen))
		}
	}
	all := strings.Join(ids, between)
	if last := q.Buttons(drafting{both, flows.TextOf(all)})[maxTicks][0]; last.Does.Value.Str != all {
		t.Errorf("all ticked come to %+v", last)
	}
}
