package model

import (
	"testing"

	"pgregory.net/rapid"
)

// TestSets holds what sets do against their values, one by one. The last is of no
// set by name.
func TestSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anySet.Draw(t, "a"), anySet.Draw(t, "b")
		and, or, not := a.and(b), a.or(b), a.not()
		none, within := true, true
		for v := firstText; v < firstText+4; v++ {
			if and.has(v) != (a.has(v) && b.has(v)) || or.has(v) != (a.has(v) || b.has(v)) || not.has(v) == a.has(v) {
				t.Fatalf("of %v and %v, both have %d: %t, one has: %t; the first has not: %t", a, b, v, and.has(v), or.has(v), not.has(v))
			}
			none, within = none && !a.has(v), within && (!a.has(v) || b.has(v))
		}
		if a.empty() != none || a.not().whole() != none {
			t.Fatalf("%v is empty: %t, and its opposite is all: %t; it has no value: %t", a, a.empty(), a.not().whole(), none)
		}
		if a.within(b) != within {
			t.Fatalf("%v is within %v: %t, want %t", a, b, a.within(b), within)
		}
		if same := within && b.within(a); same != (string(a.key(nil)) == string(b.key(nil))) {
			t.Fatalf("%v and %v are the same: %t, but their keys are not so", a, b, same)
		}
	})
}

// TestTruths: there is nothing besides yes and no.
func TestTruths(t *testing.T) {
	both := only(yes).or(only(no))
	if !both.whole() || both.empty() || only(yes).whole() || !both.has(yes) || !both.has(no) {
		t.Errorf("%v is all: %t; yes alone is: %t", both, both.whole(), only(yes).whole())
	}
	if !only(yes).and(only(no)).empty() || !both.and(only(no)).within(only(no)) {
		t.Error("something is yes and no")
	}
}
