package checker

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// conditions draws a condition on some truths.
func conditions(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		part := func() string { return conditions(depth-1).Draw(t, "part") }
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		switch {
		case depth == 0 || kind == 0:
			return rapid.SampledFrom([]string{"wet", "cold", "dark", `said == "a"`, "few > 1", "wet == cold"}).Draw(t, "name")
		case kind == 1:
			return "not (" + part() + ")"
		case kind <= 3:
			return "(" + part() + " and " + part() + ")"
		}
		return "(" + part() + " or " + part() + ")"
	})
}

// TestClauses: a condition is what it is wanted to be exactly if each of its
// clauses is, whoever it is about.
func TestClauses(t *testing.T) {
	vars := map[string]any{"wet": false, "cold": false, "dark": false, "said": "", "few": 0.0}
	c := &lang.Catalog{Vars: vars}
	m := &subject{c: c}
	most := 0
	rapid.Check(t, func(t *rapid.T) {
		e, err := lang.CompileExpr(conditions(4).Draw(t, "condition"), vars, lang.BoolType)
		if err != nil {
			t.Fatal(err)
		}
		want := rapid.Bool().Draw(t, "want")
		list := clauses(e, want, vars)
		most = max(most, len(list))
		if len(list) == 0 || len(list) > maxClauses {
			t.Fatalf("%s has %d clauses", e.Source, len(list))
		}
		for n := range 1 << 5 {
			w := m.stranger(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
			for i, name := range []string{"wet", "cold", "dark"} {
				w.s.SetVar(name, flows.BoolOf(n>>i&1 == 1))
			}
			w.s.SetVar("said", flows.TextOf([]string{"a", "b"}[n>>3&1]))
			w.s.SetVar("few", flows.NumberOf(float64(n>>4&1)*2))
			s := w.scope(c)
			all, sources := true, []string(nil)
			for _, clause := range list {
				all = all && s.holds(clause) == want
				sources = append(sources, clause.Source)
			}
			if whole := s.holds(e) == want; whole != all {
				t.Fatalf("%s is %t: %t; but all of %s are: %t", e.Source, want, whole, strings.Join(sources, ", "), all)
			}
		}
	})
	if most < 3 {
		t.Errorf("no condition had more than %d clauses", most)
	}
}

// TestManyClauses: what would have too many is left whole.
func TestManyClauses(t *testing.T) {
	vars := map[string]any{"wet": false, "cold": false}
	src := strings.Repeat("(wet and cold) or ", 5) + "wet"
	e, err := lang.CompileExpr(src, vars, lang.BoolType)
	if err != nil {
		t.Fatal(err)
	}
	if list := clauses(e, true, vars); len(list) != 1 || list[0] != e {
		t.Errorf("%d clauses", len(list))
	}
	if list := clauses(e, false, vars); len(list) != 6 {
		t.Errorf("its opposite has %d clauses", len(list))
	}
}
