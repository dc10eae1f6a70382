package report_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"spasmbot/bot/report"
)

func page(t testing.TB, p report.Person) []byte {
	t.Helper()
	b, err := report.Report(p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ended is a spasm that is over.
func ended(t testing.TB) report.Person {
	p := sample(t)
	p.Spasm.Ended, p.Spasm.Outcome = p.Now.Add(-time.Hour), "well again"
	p.Spasm.Onset.From = p.Spasm.Onset.To.Add(-20 * time.Hour)
	p.Name, p.Country, p.Sleep.Told = "", "us", false
	return p
}

// full is far too much for a page.
func full(t testing.TB) report.Person {
	p := long(t)
	endless := strings.Repeat("words without end ", 100) + strings.Repeat("W", 600)
	p.Name, p.Spasm.Cause, p.Spasm.Place = endless, endless, endless
	p.Facts, p.Earlier, p.Spasm.Function, p.Spasm.Exercise = nil, nil, nil, nil
	for i := range 36 {
		n := fmt.Sprint(i, " ")
		at := p.Now.Add(-time.Duration(i) * time.Hour)
		p.Facts = append(p.Facts, n+endless)
		p.Earlier = append(p.Earlier, report.Earlier{Onset: at, Cause: n + endless})
		p.Spasm.Seen = append(p.Spasm.Seen, report.Seen{By: n + endless, Found: endless, At: at})
		p.Spasm.Signs = append(
			p.Spasm.Signs,
			report.Sign{Text: n + endless, At: at, Answer: report.Answer(i % 3)},
			report.Sign{Text: n + endless, At: at.Add(-48 * time.Hour), Answer: report.Answer(i % 3)},
		)
		p.Spasm.Function = append(p.Spasm.Function, report.Measure{Name: n + endless, Unit: endless, Figures: p.Spasm.Pain})
		p.Spasm.Done = append(
			p.Spasm.Done,
			report.Deed{Kind: report.Medicine, At: at, Note: n + endless},
			report.Deed{Kind: report.Cold, At: at, Note: n + endless},
		)
		p.Spasm.Exercise = append(p.Spasm.Exercise, n+endless)
	}
	return p
}

// The words of a page can be selected, and are these.
func TestReportGolden(t *testing.T) {
	russian := sample(t)
	russian.Name, russian.Lang = "Наталья Щербакова 李 e\u0301 😀\U0001F3FD", "ru"
	none := report.Person{Now: sample(t).Now, Age: "under 65", Facts: []string{}, Spasm: report.Spasm{Seen: []report.Seen{}}}
	for name, p := range map[string]report.Person{
		"page-none": none, "page": sample(t), "page-ended": ended(t), "page-nothing": {Now: sample(t).Now}, "page-russian": russian,
	} {
		t.Run(name, func(t *testing.T) { golden(t, name+".txt", []byte(words(t, page(t, p)))) })
	}
}

// words are those of a page, in the order in which they stand on it.
func words(t *testing.T, pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		lacking(t, "pdftotext (poppler-utils)", nil)
	}
	cmd := exec.Command("pdftotext", "-raw", "-nopgbrk", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	// Where words stand is for the eye to judge.
	var b strings.Builder
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 0 {
			b.WriteString(strings.Join(f, " ") + "\n")
		}
	}
	return b.String()
}

// One page, however much there is, and the page says what was left out.
func TestReportIsOnePage(t *testing.T) {
	for name, p := range map[string]report.Person{"sample": sample(t), "long": long(t), "full": full(t)} {
		if got := bytes.Count(page(t, p), []byte("/Type /Page\n")); got != 1 {
			t.Errorf("%s has %d pages", name, got)
		}
	}
	if got := words(t, page(t, full(t))); !regexp.MustCompile(`and \d+ more, in the data`).MatchString(got) {
		t.Errorf("nobody is told that something was left out:\n%s", got)
	} else if n := len(regexp.MustCompile(`(?m)^(YES|NOT SURE) `).FindAllString(got, -1)); n != 26 {
		t.Errorf("%d of 26 warning signs are told:\n%s", n, got)
	}
}

// Nothing stands below the foot of the page or beside it.
func TestReportStaysOnThePaper(t *testing.T) {
	for name, p := range map[string]report.Person{"sample": sample(t), "long": long(t), "full": full(t), "ended": ended(t)} {
		if _, err := exec.LookPath("pdftotext"); err != nil {
			lacking(t, "pdftotext (poppler-utils)", nil)
		}
		cmd := exec.Command("pdftotext", "-bbox", "-", "-")
		cmd.Stdin = bytes.NewReader(page(t, p))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var wide, high float64
		fmt.Sscanf(string(regexp.MustCompile(`<page .*>`).Find(out)), `<page width="%f" height="%f">`, &wide, &high)
		boxes := regexp.MustCompile(`<word xMin="(.*)" yMin="(.*)" xMax="(.*)" yMax="(.*)">(.*)</word>`).FindAllSubmatch(out, -1)
		if wide == 0 || len(boxes) < 100 {
			t.Fatalf("%s: %d words on %v x %v", name, len(boxes), wide, high)
		}
		for _, b := range boxes {
			var box [4]float64
			for i := range box {
				fmt.Sscan(string(b[i+1]), &box[i])
			}
			if box[0] < 40 || box[2] > wide-38 || box[1] < 20 || box[3] > high-20 {
				t.Errorf("%s: %q is at %v, on paper of %v x %v", name, b[5], box, wide, high)
			}
		}
	}
}

// The document says what it is, in which language, and brings its fonts.
func TestReportStructure(t *testing.T) {
	p := sample(t)
	p.Lang = "el-GR"
	got := page(t, p)
	title := "FEFF"
	for _, u := range utf16.Encode([]rune(report.English().Title)) {
		title += fmt.Sprintf("%04X", u)
	}
	raw, err := hex.DecodeString(title)
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{
		"language": "/Lang (el-GR)", "title": "/Title (" + string(raw), "font": "/FontFile2", "paper": "/MediaBox [0 0 595.28 841.89]",
		"map to Unicode": "/ToUnicode", "time": "/CreationDate (D:20261027",
	} {
		if !bytes.Contains(got, []byte(want)) {
			t.Errorf("the %s is missing", what)
		}
	}
	if n := bytes.Count(got, []byte("/Subtype /Image")); n != 0 {
		t.Errorf("%d pictures stand on the page: the chart is to be drawn", n)
	}
	p.Country, p.Lang = "ca", "en) /Evil (x"
	letter := page(t, p)
	if !bytes.Contains(letter, []byte("/MediaBox [0 0 612.00 792.00]")) || !bytes.Contains(letter, []byte("/Lang (enEvilx)")) {
		t.Error("in Canada the paper is not Letter, or the language is no tag")
	}
}

// The same account is the same page.
func TestReportIsTheSame(t *testing.T) {
	if !bytes.Equal(page(t, sample(t)), page(t, sample(t))) {
		t.Error("two pages of one account differ")
	}
}

// Whatever a person has written, there is a page.
func TestReportOfAnything(t *testing.T) {
	for _, text := range []string{
		"", " ", "\x00\x01", "\xff\xfe", "😀", "👨‍👩‍👧", "שלום עולם", "مرحبا", "漢字", "\U0010FFFF", "(\\)", "a\nb\r\nc\td", "\u202Eabc", strings.Repeat("x", 5000),
		"e\u0301\u0302\u0303", "\uFFFE\uFFFF", "%PDF", "ﬁ",
	} {
		p := sample(t)
		p.Name, p.Version, p.Lang, p.Country = text, text, text, text
		p.Facts = []string{text}
		p.Spasm.Cause, p.Spasm.Place, p.Spasm.Outcome = text, text, text
		p.Spasm.Signs = []report.Sign{{Text: text, Class: text}, {Text: text, Answer: report.Yes}}
		p.Spasm.Done = []report.Deed{{Kind: report.Medicine, Note: text}, {Kind: report.Cold, Note: text}}
		p.Spasm.Function = []report.Measure{{Name: text, Unit: text}}
		w := report.English()
		w.Title, w.Now, w.Months[9], w.Kinds[0] = text, text, text, text
		p.Words = w
		if got := page(t, p); !bytes.HasSuffix(bytes.TrimSpace(got), []byte("%%EOF")) {
			t.Errorf("%q makes no document", text)
		}
		picture(t, p, report.Light())
	}
}

// Of all words there are some in English.
func TestEnglishIsWhole(t *testing.T) {
	var look func(path string, v reflect.Value)
	look = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Array:
			for i := range v.Len() {
				look(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.String:
			if v.String() == "" {
				t.Errorf("%s is empty", path)
			}
		}
	}
	v := reflect.ValueOf(report.English()).Elem()
	for i := range v.NumField() {
		look(v.Type().Field(i).Name, v.Field(i))
	}
}
