package lang_test

import (
	"errors"
	"strings"
	"testing"

	"spasmbot/flows/lang"
)

func TestTemplates(t *testing.T) {
	values := map[string]string{"count": "1", "many": "5", "half": "1.5", "big": "1234567", "huge": "1e+300", "who": "you", "dash": lang.Nothing}
	for _, test := range []struct{ lang, src, want string }{
		{"en", "plain", "plain"},
		{"en", "a < b & *bold*", "a &lt; b &amp; <b>bold</b>"},
		{"en", "{who} and {who}", "you and you"},
		{"en", `5 \* 3 = \{15\}, \\ and \n are \# *\**`, `5 * 3 = {15}, \ and \n are # <b>*</b>`},
		{"en", `{count, plural, one {\#\{#\}} other {#}} {who}`, "#{1} you"},
		{"en", `{count, plural, one {# \} \{} other {#}}`, "1 } {"},
		{"en", "{many, plural, other {*# of {who}*}}", "<b>5 of you</b>"},
		{"en", "{huge, plural, other {#}}", "1e+300"},
		{"en", "{count, plural, one {# glass} other {# glasses}}", "1 glass"},
		{"en", "{many, plural, one {# glass} other {# *glasses*}} left", "5 <b>glasses</b> left"},
		{"en", "{half, plural, one {# hour} other {# hours}}", "1.5 hours"},
		{"en", "{big, plural, other {# steps for {who}}}", "1,234,567 steps for you"},
		{"de", "{big, plural, other {#}}", "1.234.567"},
		{"en", "{who, known, yes {I know *{who}*.} no {Who?}} {none, known, yes {I know {none}.} no {Not *told*.}}", "I know <b>you</b>. Not <b>told</b>."},
		{"en", "{dash, known, yes {at {dash}} no {{many, plural, one {#} other {# times}}}}", "5 times"},
		{"de", "{dash, known, yes {} no {{big, plural, other {#}}}}", "1.234.567"},
		{"pl", "{many, plural, one {#} few {#few} many {#many} other {#other}}", "5many"},
		{"ru", "{count, plural, one {# стакан} few {# стакана} many {# стаканов} other {# стакана}}", "1 стакан"},
	} {
		tmpl, err := lang.ParseTemplate(test.src)
		if err != nil {
			t.Errorf("%q: %v", test.src, err)
			continue
		}
		texts := lang.NewTexts(test.lang, map[string]map[string]lang.Template{"s": {"k": tmpl}})
		tmpl, _ = texts.Lookup("s", "k")
		if got := tmpl.HTML(func(name string) string { return values[name] }); got != test.want {
			t.Errorf("%s %q gives %q, want %q", test.lang, test.src, got, test.want)
		}
	}
}

func TestTemplateFaults(t *testing.T) {
	for src, want := range map[string]string{
		"*bold":                                 "nothing closes it",
		"{name":                                 "nothing closes it",
		"name}":                                 "never opened",
		"{Name}":                                "not a placeholder",
		"{n, plural, one {#}}":                  "lacks the form other",
		"{n, plural, some {#} other {#}}":       "no plural form",
		"{n, choice, one {#} other {#}}":        "choose by plural",
		"{n, plural, one # other {#}}":          "no plural form",
		"{n, plural, other}":                    "without words",
		"{n, plural, one {*a} other {# b}}":     "nothing closes it",
		"{n, plural, one {{bad name}} other{}}": "not a placeholder",
		"{n, known, yes {#}}":                   "lacks the form no",
		"{n, known, other {a}}":                 "neither yes nor no",
		"{n, known, yes {*a} no {b*}}":          "nothing closes it",
	} {
		if _, err := lang.ParseTemplate(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", src, err, want)
		}
	}
}

// TestPlain: what is read on a button has no marks in it.
func TestPlain(t *testing.T) {
	for src, want := range map[string]string{
		"*Done* & out": "Done & out", `2 \* 2 \{a\} <b>`: "2 * 2 {a} <b>", `\\*a*`: `\a`, "": "",
	} {
		tmpl, err := lang.ParseTemplate(src)
		if got := tmpl.Plain(); err != nil || got != want {
			t.Errorf("%q reads %q, %v, want %q", src, got, err, want)
		}
	}
}

func TestLongest(t *testing.T) {
	for src, want := range map[string]int{
		"*Off* at &":      8,
		"{who} and {who}": 25,
		"😀":               2,
		"{n, plural, one {# glass} other {# glasses for {who}}}.": 5 + 13 + 10 + 1,
		"{who, known, yes {It is {who}} no {Not told}}":           6 + 10,
		"{who, known, yes {} no {Not told}}":                      8,
	} {
		tmpl, err := lang.ParseTemplate(src)
		if err != nil {
			t.Fatal(err)
		}
		got := tmpl.Longest(func(name string) int { return map[string]int{"who": 10, "#": 5, "n": 100}[name] })
		if got != want {
			t.Errorf("%q is %d long at most, want %d", src, got, want)
		}
	}
}

// TestAFaultQuotesItsLine: what is not closed goes on to the end of the text, which
// is no place to look for it.
func TestAFaultQuotesItsLine(t *testing.T) {
	for src, at := range map[string]string{
		"first\nDear {name\nlast":     "{name",
		"first\n*Dear you\nlast":      "*Dear you",
		"first\nDear name} you\nlast": "Dear name}",
		"a {n, plural, other {# *b}}": "*b",
	} {
		_, err := lang.ParseTemplate(src)
		fault, ok := errors.AsType[*lang.TextFault](err)
		if !ok || fault.At != at || strings.Contains(fault.What, "last") {
			t.Errorf("%q: %+v, want it at %q", src, fault, at)
		}
	}
}

func TestPlaceholdersOfPlurals(t *testing.T) {
	tmpl, err := lang.ParseTemplate("{n, plural, one {# for {who}} other {# for {all}}} {n}")
	if err != nil {
		t.Fatal(err)
	}
	got := tmpl.Placeholders()
	if len(got) != 3 {
		t.Errorf("placeholders %v, want n, who and all", got)
	}
}

// TestShows: what only decides between words is not read.
func TestShows(t *testing.T) {
	tmpl, err := lang.ParseTemplate("{a, known, yes {{b}} no {{c, known, yes {c} no {-}}}} {d, plural, other {#}}")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a": false, "b": true, "c": false, "d": true} {
		if got := tmpl.Shows(name); got != want {
			t.Errorf("{%s} is read: %t, want %t", name, got, want)
		}
	}
	if got := tmpl.Placeholders(); len(got) != 4 {
		t.Errorf("placeholders %v, want all four", got)
	}
}
