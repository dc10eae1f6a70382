package lang_test

import (
	"slices"
	"testing"
	"time"

	"spasmbot/flows/lang"
)

func parsed(t *testing.T, src string) lang.Syntax {
	t.Helper()
	s, err := lang.Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return s
}

func TestConjuncts(t *testing.T) {
	for src, want := range map[string][]string{
		`a`:                           {`a`},
		`a and b`:                     {`a`, `b`},
		`(a && (b and c))`:            {`a`, `b`, `c`},
		`a or b and c`:                {`a or (b and c)`},
		`a and (b or c) and d`:        {`a`, `b or c`, `d`},
		`a == "x and y" and b`:        {`a == "x and y"`, `b`},
		`(a or b) and (c or d)`:       {`a or b`, `c or d`},
		`f(a, b and c) > 1 and not d`: {`f(a, b and c) > 1`, `not d`},
		`a ? b and c : d`:             {`a ? b and c : d`},
	} {
		var got []string
		for _, part := range parsed(t, src).Conjuncts() {
			got = append(got, part.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s splits into %q, want %q", src, got, want)
		}
	}
}

// TestPromise: a dot names an answer, but not within a text.
func TestPromise(t *testing.T) {
	isPart := func(name string) bool { return name == "numb_legs" }
	for src, want := range map[string]string{
		`emergency.none`:                     `emergency == "none"`,
		`note == "see e.g"`:                  `note == "see e.g"`,
		`note == 'a.b' and flag.no`:          `note == "a.b" and flag == "no"`,
		`not (a.b or c.d)`:                   `not (a == "b" or c == "d")`,
		`numb.none or not numb.legs`:         `numb == "none" or not numb_legs`,
		`hours_since(onset) < 1.5 and a.yes`: `hours_since(onset) < 1.5 and a == "yes"`,
	} {
		got, err := lang.ParsePromise(src, isPart)
		if err != nil || got.String() != want {
			t.Errorf("%s is read as %s (%v), want %s", src, got, err, want)
		}
	}
	if s, err := lang.Parse(`emergency.none`); err == nil {
		t.Errorf("a dot outside of a promise is read as %s", s)
	}
	for _, src := range []string{`a.b.c`, `a[1]`, `f(x).y`, `a?.b`} {
		if s, err := lang.ParsePromise(src, isPart); err == nil {
			t.Errorf("%s is read as %s", src, s)
		}
	}
}

// TestDurations: what looks like a duration is one, unless it is within a text,
// a name or a comment.
func TestDurations(t *testing.T) {
	vars := map[string]any{"note": "", "h72h": 0.0}
	for src, want := range map[string]any{
		`72h`:                       72 * time.Hour,
		`3d`:                        72 * time.Hour,
		`1h30m`:                     90 * time.Minute,
		`1.5h`:                      90 * time.Minute,
		`now + 1h30m`:               fixed{}.Now().Add(90 * time.Minute),
		`note == "72h"`:             true,
		"note == `72h`":             true,
		`note == '72h'`:             true,
		`"\"72h" == note`:           false,
		`h72h == 5`:                 true,
		`2 /* not 72h */ + 3 // 2h`: 5.0,
	} {
		e, err := lang.CompileExpr(src, vars, lang.AnyType)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if got, err := e.Eval(fixed{"note": "72h", "h72h": 5.0}); err != nil || got != want {
			t.Errorf("%s gives %v (%T), %v; want %v", src, got, got, err, want)
		}
	}
	for _, src := range []string{`72x`, `12h30`, `3dd`} {
		if s, err := lang.Parse(src); err == nil {
			t.Errorf("%s is read as %s", src, s)
		}
	}
}

// TestParts: names, numbers and texts are those that the editor wrote; what a
// duration is made of is none.
func TestParts(t *testing.T) {
	s := parsed(t, `hours_since(onset) > 72 and (note in ["a", "b"] or score - 2.5 < -3) and now > onset + 90m`)
	if got, want := s.Names(), []string{"hours_since", "onset", "note", "score", "now"}; !slices.Equal(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
	if got, want := s.Numbers(), []float64{72, 2.5, -3}; !slices.Equal(got, want) {
		t.Errorf("numbers %v, want %v", got, want)
	}
	if got, want := s.Texts(), []string{"a", "b"}; !slices.Equal(got, want) {
		t.Errorf("texts %q, want %q", got, want)
	}
	if calls := s.Calls("hours_since"); len(calls) != 1 || len(calls[0]) != 1 || calls[0][0].String() != "onset" {
		t.Errorf("calls %v", calls)
	}
	if list := s.Comparisons(); len(list) != 4 || list[1].Operator != "in" || list[1].Left.String() != "note" {
		t.Errorf("comparisons %v", list)
	}
}

// TestWord: a name is not looked for within a text, nor a text in names.
func TestWord(t *testing.T) {
	for src, want := range map[string][2]int{
		`note == "cold" and cold > 1`: {19, 9},
		`cold == 'x'`:                 {0, 0},
		`note == "a cold day"`:        {-1, -1},
		`cold_wanted or (cold)`:       {16, 16},
	} {
		if got := [2]int{lang.Word(src, "cold", false), lang.Word(src, "cold", true)}; got != want {
			t.Errorf("%s: %v, want %v", src, got, want)
		}
	}
}
