package model

import (
	"math"

	"pgregory.net/rapid"
)

// someone is a person of a test: what each variable is, by its number. Texts and
// truths are whole numbers.
type someone map[int32]float64

// has reports whether somebody is in a cube.
func (c cube) has(p someone) bool {
	for _, h := range c.sets {
		if !h.has(int32(p[h.v])) {
			return false
		}
	}
	for _, b := range c.bounds {
		if !b.allows(p) {
			return false
		}
	}
	return true
}

// value is what a sum comes to.
func (s sum) value(p someone) float64 {
	n := s.plus
	for _, t := range s.terms {
		n += t.by * p[t.v]
	}
	return n
}

// exactly is how far a sum may be from 0 and be taken for it: it is what the
// rounding of figures may cost.
const exactly = 1e-5

func (b bound) allows(p someone) bool {
	n := b.value(p)
	if math.Abs(n) < exactly {
		return !b.below
	}
	return n < 0
}

func anyOf(list []cube, p someone) bool {
	for _, c := range list {
		if c.has(p) {
			return true
		}
	}
	return false
}

// The variables of the tests of cubes: two of texts, and two numbers.
const (
	textA int32 = iota + 1
	textB
	numX
	numY
)

// people lists everybody with one of a few values in each variable. One text is
// of none that sets name, since there are texts without end.
func people() []someone {
	var list []someone
	for a := firstText; a < firstText+4; a++ {
		for b := firstText; b < firstText+4; b++ {
			for x := -3.0; x <= 3; x++ {
				for y := -3.0; y <= 3; y++ {
					list = append(list, someone{textA: float64(a), textB: float64(b), numX: x, numY: y})
				}
			}
		}
	}
	return list
}

var everybody = people()

// anySet draws a set of the first three texts.
var anySet = rapid.Custom(func(t *rapid.T) set {
	s := set{but: rapid.Bool().Draw(t, "but")}
	for v := firstText; v < firstText+3; v++ {
		if rapid.Bool().Draw(t, "item") {
			s.items = append(s.items, v)
		}
	}
	return s
})

// anySum draws a sum of some variables.
func anySum(variables ...int32) *rapid.Generator[sum] {
	return rapid.Custom(func(t *rapid.T) sum {
		s := constant(float64(rapid.IntRange(-4, 4).Draw(t, "plus")))
		for _, v := range variables {
			s = s.add(variable(v).times(float64(rapid.IntRange(-1, 1).Draw(t, "by"))))
		}
		return s
	})
}

func anyBound(variables ...int32) *rapid.Generator[bound] {
	return rapid.Custom(func(t *rapid.T) bound {
		return atMost(anySum(variables...).Draw(t, "sum"), sum{}, rapid.Bool().Draw(t, "below"))
	})
}

// drawn is a cube, and the sets and bounds that it was made of.
type drawn struct {
	cube
	ok     bool
	sets   []held
	bounds []bound
}

// has reports whether somebody is in all that it was made of.
func (d drawn) has(p someone) bool { return cube{d.sets, d.bounds}.has(p) }

// anyDrawn draws a cube that may be of nobody.
var anyDrawn = rapid.Custom(func(t *rapid.T) drawn {
	d := drawn{ok: true}
	for _, v := range []int32{textA, textB} {
		if s := anySet.Draw(t, "set"); rapid.Bool().Draw(t, "said") {
			d.sets = append(d.sets, held{v, s})
			if d.ok {
				d.cube, d.ok = d.where(v, s)
			}
		}
	}
	d.bounds = rapid.SliceOfN(anyBound(numX, numY), 0, 4).Draw(t, "bounds")
	for _, b := range d.bounds {
		if d.ok {
			d.cube, d.ok = d.under(b)
		}
	}
	return d
})

// anyCube draws a cube in which somebody may be.
var anyCube = rapid.Custom(func(t *rapid.T) cube {
	return anyDrawn.Filter(func(d drawn) bool { return d.ok }).Draw(t, "cube").cube
})
