package model

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// grid calls do with everybody whose numbers are small.
func grid(variables []int32, p someone, do func(someone)) {
	if len(variables) == 0 {
		do(p)
		return
	}
	for n := -4.0; n <= 4; n++ {
		p[variables[0]] = n
		grid(variables[1:], p, do)
	}
}

// room reports whether a variable can be given a number so that all bounds hold,
// with the others as they are: whether the highest of the lower limits is below
// the lowest of the upper ones.
func room(bounds []bound, v int32, p someone) bool {
	low, high := math.Inf(-1), math.Inf(1)
	lowOpen, highOpen := false, false
	p[v] = 0
	for _, b := range bounds {
		by := b.by(v)
		limit := -b.value(p) / by
		switch {
		case by == 0 && !b.allows(p):
			return false
		case by > 0 && (limit < high || limit == high && b.below):
			high, highOpen = limit, b.below
		case by < 0 && (limit > low || limit == low && b.below):
			low, lowOpen = limit, b.below
		}
	}
	return low < high || low == high && !lowOpen && !highOpen
}

// TestWithout: what is left of bounds without a variable holds for exactly those
// for whom the variable can be something.
func TestWithout(t *testing.T) {
	const v = textB // any number does
	rapid.Check(t, func(t *rapid.T) {
		bounds := rapid.SliceOfN(anyBound(textA, v, numX), 1, 6).Draw(t, "bounds")
		left := without(bounds, v)
		if slices.ContainsFunc(left, func(b bound) bool { return b.by(v) != 0 }) {
			t.Fatalf("%v still speak of the variable", left)
		}
		grid([]int32{textA, numX}, someone{}, func(p someone) {
			want := room(bounds, v, p)
			if got := (cube{bounds: left}).has(p); got != want {
				t.Fatalf("%v: without the variable they hold for %v: %t, and it can be something: %t", bounds, p, got, want)
			}
		})
	})
}

// TestTooManyBounds: bounds that would be too many are forgotten, so that they
// hold for more.
func TestTooManyBounds(t *testing.T) {
	var bounds []bound
	for n := range maxBounds {
		bounds = append(bounds,
			atMost(variable(textA), variable(numX).times(float64(n+1)), false),
			atMost(variable(numY).times(float64(n+1)), variable(textA), false))
	}
	if left := without(bounds, textA); len(left) != 0 {
		t.Errorf("%d bounds are left", len(left))
	}
}

// TestBounds holds what is told of two bounds at once against those for whom they
// hold.
func TestBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyBound(textA, numX).Draw(t, "a"), anyBound(textA, numX).Draw(t, "b")
		if rapid.Bool().Draw(t, "alike") {
			b = bound{a.sum.add(constant(float64(rapid.IntRange(-1, 1).Draw(t, "more")))), rapid.Bool().Draw(t, "below")}
		}
		if rapid.Bool().Draw(t, "opposite") {
			b = b.not().scaled()
		}
		grid([]int32{textA, numX}, someone{}, func(p someone) {
			mine, yours := a.allows(p), b.allows(p)
			if a.implies(b) && mine && !yours {
				t.Fatalf("%v implies %v, but not for %v", a, b, p)
			}
			if a.against(b) && mine && yours {
				t.Fatalf("%v is against %v, but both hold for %v", a, b, p)
			}
			if a.not().allows(p) == mine || a.scaled().allows(p) != mine {
				t.Fatalf("%v for %v: %t, its opposite %t, scaled %t", a, p, mine, a.not().allows(p), a.scaled().allows(p))
			}
		})
	})
}

// TestWith: a sum in the place of a variable comes to the same as the variable
// that has its value.
func TestWith(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, put := anySum(textA, numX).Draw(t, "s"), anySum(textA, numX, numY).Draw(t, "put")
		grid([]int32{textA, numX, numY}, someone{}, func(p someone) {
			changed := someone{textA: p[textA], numX: put.value(p), numY: p[numY]}
			if got, want := s.with(numX, put).value(p), s.value(changed); got != want {
				t.Fatalf("%v with %v is %v for %v, want %v", s, put, got, p, want)
			}
		})
	})
}

// TestUsual: the simpler bound says the same of every instant that there can be.
func TestUsual(t *testing.T) {
	instants := []float64{untold, -anciently, -anciently + 1, 0, anciently, earliest, earliest + 1, 1.8e9, latest}
	limits := append(slices.Clone(instants), untold-1, untold+1, -2*anciently, earliest-1, latest+1)
	clock := []float64{earliest + 1, 1.8e9, latest - 1}
	for _, v := range []int32{theClock, numX} {
		values := instants
		if v == theClock {
			values = clock
		}
		for _, limit := range limits {
			for _, below := range []bool{false, true} {
				for _, b := range []bound{atMost(variable(v), constant(limit), below), atMost(constant(limit), variable(v), below)} {
					for _, n := range values {
						p := someone{v: n}
						if was, is := b.allows(p), b.usual().allows(p); was != is {
							t.Errorf("%v of %v: %t, but %v: %t", b, n, was, b.usual(), is)
						}
					}
				}
			}
		}
	}
}
