package lang_test

import (
	"strings"
	"testing"

	"spasmbot/flows/lang"
)

func TestTemplates(t *testing.T) {
	values := map[string]string{"count": "1", "many": "5", "half": "1.5", "big": "1234567", "who": "you"}
	for _, test := range []struct{ lang, src, want string }{
		{"en", "plain", "plain"},
		{"en", "a < b & *bold*", "a &lt; b &amp; <b>bold</b>"},
		{"en", "{who} and {who}", "you and you"},
		{"en", "{count, plural, one {# glass} other {# glasses}}", "1 glass"},
		{"en", "{many, plural, one {# glass} other {# *glasses*}} left", "5 <b>glasses</b> left"},
		{"en", "{half, plural, one {# hour} other {# hours}}", "1.5 hours"},
		{"en", "{big, plural, other {# steps for {who}}}", "1,234,567 steps for you"},
		{"de", "{big, plural, other {#}}", "1.234.567"},
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
		"{name":                                 "does not close it",
		"name}":                                 "never opened",
		"{Name}":                                "not a placeholder",
		"{n, plural, one {#}}":                  "lacks the form other",
		"{n, plural, some {#} other {#}}":       "no plural form",
		"{n, choice, one {#} other {#}}":        "only plural",
		"{n, plural, one # other {#}}":          "no plural form",
		"{n, plural, other}":                    "without words",
		"{n, plural, one {*a} other {# b}}":     "nothing closes it",
		"{n, plural, one {{bad name}} other{}}": "not a placeholder",
	} {
		if _, err := lang.ParseTemplate(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", src, err, want)
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
