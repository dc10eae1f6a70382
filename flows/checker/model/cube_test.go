package model

import (
	"testing"

	"pgregory.net/rapid"
)

// TestCubes: a cube has exactly those who are in all that it was made of.
func TestCubes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDrawn.Draw(t, "d")
		for _, p := range everybody {
			if got := d.ok && d.cube.has(p); got != d.has(p) {
				t.Fatalf("%v has %v: %t, want %t", d.cube, p, got, d.has(p))
			}
		}
	})
}

// TestTwoCubes holds what is told of two cubes against everybody.
func TestTwoCubes(t *testing.T) {
	joined := 0
	rapid.Check(t, func(t *rapid.T) {
		c, d := anyCube.Draw(t, "c"), anyCube.Draw(t, "d")
		if rapid.Bool().Draw(t, "alike") { // so that there is something to join
			d = c.free(textA)
			if s := anySet.Draw(t, "other"); !s.empty() {
				d, _ = d.where(textA, s)
			}
		}
		both, some := c.and(d)
		all, ok := c.join(d)
		if ok {
			joined++
		}
		for _, p := range everybody {
			mine, yours := c.has(p), d.has(p)
			if got := some && both.has(p); got != (mine && yours) {
				t.Fatalf("both %v and %v have %v: %t, want %t", c, d, p, got, mine && yours)
			}
			if ok && all.has(p) != (mine || yours) {
				t.Fatalf("%v, joined of %v and %v, has %v: %t", all, c, d, p, all.has(p))
			}
			if yours && !mine && c.holds(d) {
				t.Fatalf("%v holds %v, but not %v", c, d, p)
			}
			if mine != yours && c.key() == d.key() {
				t.Fatalf("%v and %v have one key", c, d)
			}
		}
		if !c.holds(c) {
			t.Fatalf("%v does not hold itself", c)
		}
	})
	if joined == 0 {
		t.Error("none were joined")
	}
}

// TestJoinBounds: of two bounds that leave out nothing between them, nothing
// remains.
func TestJoinBounds(t *testing.T) {
	below, above := atMost(variable(numX), constant(2), true), atMost(constant(2), variable(numX), false)
	c, _ := cube{}.under(below)
	d, _ := cube{}.under(above)
	if all, ok := c.join(d); !ok || len(all.bounds) != 0 {
		t.Errorf("%v and %v are joined: %t, as %v", c, d, ok, all)
	}
	e, _ := cube{}.under(atMost(constant(3), variable(numX), false))
	if all, ok := c.join(e); ok {
		t.Errorf("%v and %v leave out a 2.5, but are joined as %v", c, e, all)
	}
}

// TestPut: before a variable was given a sum there were exactly those who are in
// the cube once it has its value; a variable that may be anything lets in those
// for whom it can be something.
func TestPut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, s := anyCube.Draw(t, "c"), anySum(numX, numY).Draw(t, "s")
		put, some := c.put(numX, s)
		loose, rest := c.loose(numX)
		free := c.free(textA)
		for _, p := range everybody {
			after := someone{textA: p[textA], textB: p[textB], numX: s.value(p), numY: p[numY]}
			if got := some && put.has(p); got != c.has(after) {
				t.Fatalf("%v before %v has %v: %t, want %t", c, s, p, got, !got)
			}
			want := cube{sets: c.sets}.has(p) && room(c.bounds, numX, someone{numY: p[numY]})
			if got := rest && loose.has(p); got != want {
				t.Fatalf("%v whatever the variable is has %v: %t, want %t", c, p, got, want)
			}
			want = false
			for v := firstText; v < firstText+4; v++ {
				want = want || c.has(someone{textA: float64(v), textB: p[textB], numX: p[numX], numY: p[numY]})
			}
			if free.has(p) != want {
				t.Fatalf("%v without the text has %v: %t, want %t", c, p, free.has(p), want)
			}
		}
	})
}

// TestLists: what is in one of each, and in one of either, as long as there is
// room; beyond, nothing is left out.
func TestLists(t *testing.T) {
	lists := rapid.SliceOfN(anyCube, 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		a, b := lists.Draw(t, "a"), lists.Draw(t, "b")
		and, or := both(a, b), either(a, b)
		for _, p := range everybody {
			x, y := anyOf(a, p), anyOf(b, p)
			if anyOf(and, p) != (x && y) || anyOf(or, p) != (x || y) {
				t.Fatalf("%v and %v have %v: %t and %t; both: %t, either: %t", a, b, p, x, y, anyOf(and, p), anyOf(or, p))
			}
		}
	})
	var many []cube
	for n := range maxAlternatives + 1 {
		c, _ := cube{}.under(atMost(constant(float64(3*n)), variable(numX), false))
		c, _ = c.under(atMost(variable(numX), constant(float64(3*n+1)), false))
		many = either(many, []cube{c})
	}
	if !anyOf(many, someone{numX: -1}) {
		t.Errorf("%d cubes are too many, and leave somebody out", len(many))
	}
}

// TestNever: of an instant that was never told the rest is known.
func TestNever(t *testing.T) {
	never := atMost(variable(numX), constant(untold), false)
	later := atMost(variable(numX), variable(numY), false)
	for _, order := range [][]bound{{never, later}, {later, never}} {
		c, ok := cube{}.bounded(order)
		if !ok {
			t.Fatalf("nobody is left by %v", order)
		}
		if len(c.bounds) != 1 {
			t.Errorf("%v, which say no more than the one, are kept as %v", order, c.bounds)
		}
		for _, p := range []someone{{numX: untold, numY: 1.8e9}, {numX: untold, numY: untold}, {numX: 1.7e9, numY: 1.8e9}} {
			if want := (cube{bounds: order}).has(p); c.has(p) != want {
				t.Errorf("%v of %v has %v: %t, want %t", c, order, p, c.has(p), want)
			}
		}
	}
}
