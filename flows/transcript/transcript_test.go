package transcript_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

func shipped(t *testing.T) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPlayedAgainIsTheSame: a transcript is a fixed point, whatever stood
// below its inputs before.
func TestPlayedAgainIsTheSame(t *testing.T) {
	c := shipped(t)
	src := "# The first question.\nnonsense\n> /spasm\r\n> wait next\n> press adult\n> text hello\n> sends photo\n> down 1h\n> blocks\n> unblocks\n> data s1.none\n> speaks de\n> /help me"
	first, err := transcript.Play(c, src)
	if err != nil {
		t.Fatal(err)
	}
	second, err := transcript.Play(c, first)
	if err != nil || second != first {
		t.Fatalf("played again: %v\n%s", err, transcript.Difference(first, second))
	}
	for _, want := range []string{"# The first question.\n\n> /spasm\n", "0:10  says      I am still here.", "*Since this began, is any of these true?*", "[None of these]"} {
		if !strings.Contains(first, want) {
			t.Errorf("the transcript lacks %q:\n%s", want, first)
		}
	}
	if strings.Contains(first, "nonsense") {
		t.Error("a line that is no input was kept")
	}
}

// TestWordsBelowPictures: what is written below what the person sends, and an edit of
// it, reach the engine.
func TestWordsBelowPictures(t *testing.T) {
	for src, asks := range map[string]bool{
		"> /spasm\n> sends video note: chest pain":                          true,
		"> /spasm\n> sends photo: look\n> edit chest pain":                  true,
		"> /spasm\n> sends photo: look\n> edit adult":                       false,
		"> /spasm\n> text hello\n> sends photo\n> edit chest pain":          true, // of the text
		"> /spasm\n> sends photo: look\n> text hello\n> edit I am an adult": false,
	} {
		p := transcript.New(shipped(t))
		if _, err := p.Play(src); err != nil {
			t.Fatal(err)
		}
		if at := p.State().At.Step; (at == "danger_body_ask") != asks {
			t.Errorf("%q leads to %q", src, at)
		}
	}
}

// TestFaultyInputs: each says its line and what to do.
func TestFaultyInputs(t *testing.T) {
	c := shipped(t)
	for src, want := range map[string]string{
		"> press none":               "line 1: > press none: no message has a button: begin with a command",
		"# x\n> /spasm\n> press any": `line 3: > press any: no message has a button "any": press one of adult (Yes, I am 18 to 64), older`,
		"> wait long":                `line 1: > wait long: "long" is not a duration: write a number and a unit`,
		"> down -5m":                 `"-5m" is not a duration`,
		"> wait next":                "no timer is armed",
		"> dance":                    `"dance" is no input: write a /command, press,`,
		">":                          `"" is no input`,
		"> zone Atlantis":            `time zone "Atlantis": unknown time zone Atlantis: use an IANA name`,
		"> at 25:00":                 `"25:00" is no time: write a day and an hour, such as 2026-03-01 22:30, or an hour, such as 22:30`,
		"> at 2026-03-01":            `"2026-03-01" is no time`,
		"> /spasm\n> at 22:30":       `"at" comes too late: write it above all that the person does`,
		"> wait 1h\n> zone UTC":      `"zone" comes too late`,
	} {
		_, err := transcript.Play(c, src)
		fault, ok := errors.AsType[*transcript.Error](err)
		if !ok || !strings.Contains(err.Error(), want) || fault.Line != strings.Count(src, "\n")+1 {
			t.Errorf("%q: %v, want %q", src, err, want)
		}
	}
}

// TestBegin: a conversation begins where and when it says, and is stamped from
// there.
func TestBegin(t *testing.T) {
	for _, test := range []struct{ head, now, arm string }{
		{"", "2026-03-02T12:00:00Z", "  0:00  arm       #1 nudge at Mon 12:10"},
		{"> zone Asia/Kathmandu\n", "2026-03-02T12:00:00Z", "  0:00  arm       #1 nudge at Mon 17:55"},
		{"> at 9:05\n", "2026-03-02T09:05:00Z", "  0:00  arm       #1 nudge at Mon 09:15"},
		{"> zone Asia/Kathmandu\n> at 2026-03-01 22:30\n", "2026-03-01T16:45:00Z", "  0:00  arm       #1 nudge at Sun 22:40"},
		{"> zone Pacific/Auckland\n> at 22:30\n", "2026-03-02T09:30:00Z", "  0:00  arm       #1 nudge at Mon 22:40"},
	} {
		c := shipped(t)
		p := transcript.New(c)
		played, err := p.Play(test.head + "> /spasm\n")
		if err != nil {
			t.Fatal(err)
		}
		if now := p.Now.Format(time.RFC3339); now != test.now {
			t.Errorf("%q: it begins at %s, want %s", test.head, now, test.now)
		}
		if !strings.Contains(played, test.arm+"\n") {
			t.Errorf("%q: the transcript lacks %q:\n%s", test.head, test.arm, played)
		}
		if c.DefaultZone != "UTC" || c.Location("").String() != "UTC" {
			t.Error("the catalog of others has another zone now")
		}
	}
}

// TestCatalogCanChange: a flow may be edited in the middle of a conversation.
func TestCatalogCanChange(t *testing.T) {
	p := transcript.New(shipped(t))
	if _, err := p.Play("> /spasm"); err != nil {
		t.Fatal(err)
	}
	p.Catalog = shipped(t)
	if _, err := p.Play("> press adult"); err != nil {
		t.Fatal(err)
	}
	if at := p.State().At.Step; at != "emergency_signs" {
		t.Fatalf("after the change the person is at %q", at)
	}
}

func TestDifference(t *testing.T) {
	for _, test := range []struct{ was, is, want string }{
		{"a\nb", "a\nb", ""},
		{"a\nb\n", "a\nc\n", "line 2:\n  was b\n  is  c"},
		{"a", "a\nb", "one ends after 1 lines, the other after 2"},
	} {
		if got := transcript.Difference(test.was, test.is); got != test.want {
			t.Errorf("%q and %q differ by %q, want %q", test.was, test.is, got, test.want)
		}
	}
}
