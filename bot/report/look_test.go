package report_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"spasmbot/bot/report"
)

var out = flag.String("out", "", "a folder to write the papers of the tests into, to be looked at")

// TestLook writes papers for an eye to judge.
func TestLook(t *testing.T) {
	if *out == "" {
		t.Skip("only with -out DIR: writes the papers there, to be looked at")
	}
	short := sample(t)
	short.Now = short.Spasm.Onset.To.Add(5 * 3600e9)
	none := sample(t)
	none.Spasm.Pain, none.Spasm.Done = nil, nil
	for name, p := range map[string]report.Person{"sample": sample(t), "long": long(t), "short": short, "none": none} {
		for look, l := range map[string]report.Look{"light": report.Light(), "dark": report.Dark()} {
			b, err := report.Chart(p, l)
			write(t, name+"-"+look+".png", b, err)
		}
	}
}

func write(t *testing.T, name string, b []byte, err error) {
	t.Helper()
	if err == nil {
		err = os.WriteFile(filepath.Join(*out, name), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestLookAtPages writes pages for an eye to judge.
func TestLookAtPages(t *testing.T) {
	if *out == "" {
		t.Skip("only with -out DIR: writes the papers there, to be looked at")
	}
	letter := sample(t)
	letter.Country, letter.Name = "us", ""
	russian := long(t)
	russian.Name = "Наталья Щербакова 李 😀"
	for name, p := range map[string]report.Person{"a4": sample(t), "letter": letter, "long": russian, "nothing": {Now: letter.Now}} {
		b, err := report.Report(p)
		write(t, name+".pdf", b, err)
	}
}

// TestLookAtMuch is a page on which there is far too much.
func TestLookAtMuch(t *testing.T) {
	if *out == "" {
		t.Skip("only with -out DIR: writes the papers there, to be looked at")
	}
	write(t, "full.pdf", page(t, full(t)), nil)
	write(t, "ended.pdf", page(t, ended(t)), nil)
}
