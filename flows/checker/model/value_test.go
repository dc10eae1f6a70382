package model

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a span and a number in it. Bounds are few, so that they meet.
func drawn(t *rapid.T, name string) (Span, float64) {
	bound := rapid.SampledFrom([]float64{-inf, -3, -1, 0, 1, 2.5, 4, inf})
	a, b := bound.Draw(t, name+" from"), bound.Draw(t, name+" to")
	if a > b {
		a, b = b, a
	}
	s := Span{a, b, rapid.Bool().Draw(t, name+" open below"), rapid.Bool().Draw(t, name+" open above")}
	if a == b {
		s.openLo, s.openHi = false, false
	}
	s = s.sound()
	if a == b && (a == inf || a == -inf) {
		s = everything
	}
	var within []float64
	for _, n := range []float64{-1e9, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 2.5, 3, 4, 1e9} {
		if holds(s, n) {
			within = append(within, n)
		}
	}
	return s, rapid.SampledFrom(within).Draw(t, name)
}

func holds(s Span, n float64) bool {
	return (n > s.lo || n == s.lo && !s.openLo) && (n < s.hi || n == s.hi && !s.openHi)
}

// TestSpans: whatever numbers are in spans, what is made of them is in what is
// made of the spans, and how they compare is among what the spans can.
func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, x := drawn(t, "a")
		b, y := drawn(t, "b")
		by := rapid.SampledFrom([]float64{-2, -1, 0, 0.5, 3}).Draw(t, "by")
		cuts := slices.Sorted(slices.Values(rapid.SliceOfN(rapid.SampledFrom([]float64{-3, -1, 0, 1, 2.5, 7}), 0, 4).Draw(t, "cuts")))
		cuts = slices.Compact(cuts)
		switch {
		case !holds(a.add(b), x+y):
			t.Errorf("%v + %v is not in %v", x, y, a.add(b))
		case !holds(a.neg(), -x):
			t.Errorf("-%v is not in %v", x, a.neg())
		case !holds(a.scale(by), x*by):
			t.Errorf("%v * %v is not in %v", x, by, a.scale(by))
		case !holds(a.over(4), x/4):
			t.Errorf("%v / 4 is not in %v", x, a.over(4))
		case !holds(a.hull(b), x) || !holds(a.hull(b), y):
			t.Errorf("%v or %v is not in %v", x, y, a.hull(b))
		case !a.less(b).May(x < y):
			t.Errorf("%v < %v is %t, not %v", x, y, x < y, a.less(b))
		case !a.equal(b).May(x == y):
			t.Errorf("%v == %v is %t, not %v", x, y, x == y, a.equal(b))
		}
		parts := 0
		for _, part := range a.split(cuts) {
			if holds(part, x) {
				parts++
			}
			for _, cut := range cuts {
				if holds(part, cut) && part != exactly(cut) {
					t.Errorf("%v lies within %v", cut, part)
				}
			}
		}
		if parts != 1 {
			t.Errorf("%v is in %d parts of %v cut at %v", x, parts, a, cuts)
		}
	})
}

// TestTruths: what is true of each of some truths is true of all of them.
func TestTruths(t *testing.T) {
	for _, a := range []Truth{False, True, Unknown} {
		for _, b := range []Truth{False, True, Unknown} {
			for _, x := range []bool{false, true} {
				for _, y := range []bool{false, true} {
					if !a.May(x) || !b.May(y) {
						continue
					}
					if !a.and(b).May(x && y) || !a.or(b).May(x || y) || !a.not().May(!x) {
						t.Errorf("%v and %v: and %v, or %v, not %v", a, b, a.and(b), a.or(b), a.not())
					}
				}
			}
			if (a == False || b == False) && a.and(b) != False || (a == True || b == True) && a.or(b) != True {
				t.Errorf("%v and %v: and %v, or %v", a, b, a.and(b), a.or(b))
			}
		}
	}
}
