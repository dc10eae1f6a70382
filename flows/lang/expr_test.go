package lang_test

import (
	"testing"
	"time"

	"spasmbot/flows/lang"
)

// TestNumbersOfOneType: a number that is written is like one that a variable
// holds, and what is said to be a duration is one.
func TestNumbersOfOneType(t *testing.T) {
	vars := map[string]any{"n": 0.0}
	scope := fixed{"n": 4.0}
	year, month, day := scope.Local().Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, scope.Local().Location()).UTC()
	for src, want := range map[string]any{
		`n == 0 ? 2 : n`:               4.0,
		`n < 5 ? 2 : n`:                2.0,
		`in_minutes(20)`:               20 * time.Minute,
		`in_minutes(n * 2.5)`:          10 * time.Minute,
		`in_hours(n) + 30m`:            270 * time.Minute,
		`2 * in_minutes(n)`:            8 * time.Minute,
		`int(n) * 1h`:                  4 * time.Hour,
		`rounds_today("cold") * 10m`:   30 * time.Minute,
		`min(in_hours(n), 90m)`:        90 * time.Minute,
		`in_minutes(0 - n)`:            time.Duration(0),
		`in_hours(1 / 0)`:              time.Duration(0),
		`n > 3 ? 20m : in_minutes(n)`:  20 * time.Minute,
		`int(n) % 3 == 1`:              true,
		`rounds_total("cold") == 9`:    true,
		`episodes_in(60d) > 1`:         true,
		`why_not("cold") == "gap"`:     true,
		`hours_since(last_heard) == 3`: true,
		`now + 2 * 24h`:                scope.Now().Add(48 * time.Hour),
		`earliest("cold")`:             scope.Now().Add(time.Hour),
		`midnight(now, 0)`:             today,
		`midnight(now, -1)`:            today.Add(-24 * time.Hour),
		`midnight(now + 3d, n)`:        today.Add(7 * 24 * time.Hour),
		`midnight(now, n + 0.9)`:       today.Add(4 * 24 * time.Hour),
		`midnight(now, 0 / 0)`:         scope.Now(),
		`midnight(now, -1 / 0)`:        today.Add(-lang.MostMidnights * 24 * time.Hour),
	} {
		e, err := lang.CompileExpr(src, vars, lang.AnyType)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if got, err := e.Eval(scope); err != nil || got != want {
			t.Errorf("%s gives %v (%T), %v; want %v", src, got, got, err, want)
		}
	}
	for _, src := range []string{`n * 1h`, `1h * n`, `2.5 * 1h`, `1h * (1 + 1)`, `-1 * 1h`, `in_minutes("5")`, `in_hours(1h)`, `episodes_in(60)`, `midnight(now)`, `midnight(now, 1.5)`, `midnight(now, -2901)`, `midnight(1, now)`, `midnight(now, 1d)`} {
		if e, err := lang.CompileExpr(src, vars, lang.AnyType); err == nil {
			v, err := e.Eval(scope)
			t.Errorf("%s is taken, and gives %v (%T), %v", src, v, v, err)
		}
	}
}
