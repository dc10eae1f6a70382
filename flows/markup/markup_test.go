package markup_test

import (
	"testing"

	"spasmbot/flows/markup"
)

func TestLength(t *testing.T) {
	for html, want := range map[string]struct {
		plain  string
		length int
	}{
		"":                        {"", 0},
		"plain":                   {"plain", 5},
		"a &lt; b &amp; <b>c</b>": {"a < b & c", 9},
		"&amp;lt;":                {"&lt;", 4},
		"Größe – 😀":               {"Größe – 😀", 10},
		"at <tg-time unix=\"1\" format=\"t\">08:30</tg-time>.": {"at 08:30.", 9},
	} {
		if got := markup.Plain(html); got != want.plain {
			t.Errorf("%q reads %q, want %q", html, got, want.plain)
		}
		if got := markup.Length(html); got != want.length {
			t.Errorf("%q is %d units long, want %d", html, got, want.length)
		}
	}
	if got := markup.Units("a\xff"); got != 2 {
		t.Errorf("a broken byte makes %d units, want 2", got)
	}
	if got := markup.Plain(markup.Escape("<b>a & b</b>")); got != "<b>a & b</b>" {
		t.Errorf("what was escaped reads %q", got)
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"ääääää", 6, "ääääää"},
		{"ääääää", 5, "ääää…"},
		{"😀😀😀", 6, "😀😀😀"},
		{"😀😀😀", 5, "😀😀…"},
		{"😀😀😀", 4, "😀…"},
	} {
		got := markup.Clip(test.text, test.most)
		if got != test.want || markup.Units(got) > test.most {
			t.Errorf("%q within %d becomes %q, want %q", test.text, test.most, got, test.want)
		}
	}
}
