package model

import (
	"fmt"
	"testing"
	"time"

	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// TestMidnightBounds: what is known of a midnight holds wherever clocks are changed,
// as far as the time zone database knows.
func TestMidnightBounds(t *testing.T) {
	m := words()
	for _, name := range []string{"Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Antarctica/Troll", "Antarctica/Casey", "America/Caracas", "Asia/Pyongyang", "Pacific/Apia"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, days := range []int{-lang.MostMidnights, -700, -200, -31, -2, -1, 0, 1, 2, 31, 200, 700, lang.MostMidnights} {
			e, err := lang.CompileExpr(fmt.Sprintf("midnight(now, %d)", days), kinds, lang.InstantType)
			if err != nil {
				t.Fatal(err)
			}
			low, high, ok := reader{Model: m}.midnight(e.Syntax().Node())
			if !ok {
				t.Fatalf("nothing is known of %s", e.Source)
			}
			for at := time.Unix(int64(earliest), 0); at.Year() < 2029; at = at.Add(311 * time.Minute) {
				got := plan.Midnight(zone, at, days).Sub(at).Seconds()
				if got < low.plus || got > high.plus {
					t.Fatalf("%s in %s at %s is %vs away, outside of %v to %v", e.Source, name, at, got, low.plus, high.plus)
				}
			}
		}
	}
	for _, src := range []string{"midnight(onset, 0)", "midnight(now, few)", "midnight(now + 1h, 0)", "midnight(now, wet ? 1 : 2)"} {
		e, err := lang.CompileExpr(src, kinds, lang.InstantType)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, ok := (reader{Model: m}).midnight(e.Syntax().Node()); ok {
			t.Errorf("%s is taken to be known", src)
		}
	}
}
