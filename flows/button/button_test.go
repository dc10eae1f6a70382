package button_test

import (
	"math"
	"strings"
	"testing"

	"spasmbot/flows/button"
)

func TestOneSpelling(t *testing.T) {
	for _, d := range []button.Data{
		{Kind: button.Screen},
		{Kind: button.Screen, Seal: 7, Message: 36, Choice: "none"},
		{Kind: button.Reminder, Seal: math.MaxUint32, Message: math.MaxUint64, Choice: strings.Repeat("x", button.MaxChoice)},
		{Kind: button.Reminder, Message: 1, Choice: "en.de"},
		{Kind: button.Screen, Seal: math.MaxUint32, Message: math.MaxUint64, Choice: strings.Repeat("x", button.MaxChoice), Lasting: true},
	} {
		s := d.String()
		if got, ok := button.Parse(s); !ok || got != d || len(s) > 64 {
			t.Errorf("%q of %d bytes reads as %+v, %v; want %+v", s, len(s), got, ok, d)
		}
	}
	for _, s := range []string{
		"", "s", "s1", "s1.", "s1.2", ".", "..", "s..none", "s1..none", "s.1.none", "x1.2.none", "s01.2.none", "s1.02.none", "s-1.2.none",
		"s+1.2.none", "s1.-2.none", "s1.2A.none", "S1.2.none", "s1z141z4.1.none", "s1.3w5e11264sgsg.none", "1.2.none", "s1 .2.none", "\x00\xff",
	} {
		if d, ok := button.Parse(s); ok {
			t.Errorf("%q is taken for %+v", s, d)
		}
	}
}

// FuzzParse: whatever is read is spelled as it was.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"s0.1.none", "r1z141z3.2a.done", "s1.2.", "s1.2.a.b", "r..", "s1.2.hurts!", "s1.2.!!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := button.Parse(s); ok && d.String() != s {
			t.Errorf("%q reads as %+v, which is spelled %q", s, d, d)
		}
	})
}
