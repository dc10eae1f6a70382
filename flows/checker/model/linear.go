package model

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// sum is a constant and multiples of variables, in order: numbers as they are,
// instants and durations in seconds.
type sum struct {
	terms []term
	plus  float64
}

type term struct {
	v  int32
	by float64
}

func constant(n float64) sum { return sum{plus: n} }

func variable(v int32) sum { return sum{terms: []term{{v, 1}}} }

func (s sum) by(v int32) float64 {
	for _, t := range s.terms {
		if t.v == v {
			return t.by
		}
	}
	return 0
}

func (s sum) times(n float64) sum {
	if n == 0 {
		return sum{}
	}
	out := sum{terms: slices.Clone(s.terms), plus: s.plus * n}
	for i := range out.terms {
		out.terms[i].by *= n
	}
	return out
}

func (s sum) add(t sum) sum {
	out := sum{plus: s.plus + t.plus}
	i, k := 0, 0
	for i < len(s.terms) || k < len(t.terms) {
		switch {
		case k == len(t.terms) || i < len(s.terms) && s.terms[i].v < t.terms[k].v:
			out.terms = append(out.terms, s.terms[i])
			i++
		case i == len(s.terms) || t.terms[k].v < s.terms[i].v:
			out.terms = append(out.terms, t.terms[k])
			k++
		default:
			if by := near(s.terms[i].by+t.terms[k].by, 1e9); by != 0 {
				out.terms = append(out.terms, term{s.terms[i].v, by})
			}
			i, k = i+1, k+1
		}
	}
	return out
}

func (s sum) minus(t sum) sum { return s.add(t.times(-1)) }

// with puts a sum in the place of a variable.
func (s sum) with(v int32, put sum) sum {
	by := s.by(v)
	if by == 0 {
		return s
	}
	return s.add(sum{terms: []term{{v, -by}}}).add(put.times(by))
}

// bound says that a sum is at most 0, or below it.
type bound struct {
	sum
	below bool
}

// atMost says that a <= b, or a < b.
func atMost(a, b sum, below bool) bound { return bound{a.minus(b), below}.scaled() }

// scaled writes a bound in the one way in which its first multiple is 1 or -1.
// Figures are rounded to what a person can tell: to a microsecond.
func (b bound) scaled() bound {
	if len(b.terms) == 0 {
		return b
	}
	n := 1 / math.Abs(b.terms[0].by)
	out := bound{b.times(n), b.below}
	for i := range out.terms {
		out.terms[i].by = near(out.terms[i].by, 1e9)
	}
	out.plus = near(out.plus, 1e6)
	return out
}

func near(n, parts float64) float64 { return math.Round(n*parts) / parts }

// fixed reports whether the bound speaks of no variable; then holds says whether
// it does.
func (b bound) fixed() (holds, ok bool) {
	return b.plus < 0 || b.plus == 0 && !b.below, len(b.terms) == 0
}

// not is the bound that holds exactly where this one does not.
func (b bound) not() bound { return bound{b.times(-1), !b.below} }

// What the clock shows is between two instants, and an instant in a variable was
// told since the first of them, about, or never.
const (
	theClock int32 = 0

	untold    = -62135596800.0 // the year 1, in seconds since 1970
	anciently = 1.0e9
	earliest  = 1.6e9
	latest    = 1.0e11
)

// usual is the bound, or a simpler one that says the same of what there can be.
func (b bound) usual() bound {
	if len(b.terms) != 1 {
		return b
	}
	v, by, at := b.terms[0].v, b.terms[0].by, -b.plus/b.terms[0].by
	always, impossible := bound{constant(-1), false}, bound{constant(1), false}
	switch {
	case v == theClock && by > 0 && at < earliest, v != theClock && by > 0 && at < untold:
		return impossible
	case v == theClock && by < 0 && at <= earliest, v == theClock && by > 0 && at >= latest:
		return always
	case v == theClock && by < 0 && at > latest:
		return impossible
	case v == theClock:
		return b
	case by > 0 && at == untold && b.below:
		return impossible
	case by > 0 && at < -anciently:
		return bound{sum{b.terms, -untold}, false}
	case by < 0 && (at < untold || at == untold && !b.below):
		return always
	case by < 0 && at < -anciently:
		return bound{sum{b.terms, -anciently}, false}
	}
	return b
}

// never reports whether the bound says that an instant was never told.
func (b bound) never() (v int32, ok bool) {
	if len(b.terms) == 1 && b.terms[0].by > 0 && b.plus == -untold && !b.below {
		return b.terms[0].v, true
	}
	return 0, false
}

// implies reports whether c holds wherever b does, as far as can be told at once.
func (b bound) implies(c bound) bool {
	return slices.Equal(b.terms, c.terms) && (b.plus > c.plus || b.plus == c.plus && (b.below || !c.below))
}

// against reports whether both cannot hold, as far as can be told at once.
func (b bound) against(c bound) bool {
	if len(b.terms) != len(c.terms) {
		return false
	}
	for i := range b.terms {
		if b.terms[i].v != c.terms[i].v || b.terms[i].by != -c.terms[i].by {
			return false
		}
	}
	total := b.plus + c.plus
	return total > 0 || total == 0 && (b.below || c.below)
}

func (b bound) compare(c bound) int {
	if n := slices.CompareFunc(b.terms, c.terms, func(s, t term) int {
		return cmp.Or(cmp.Compare(s.v, t.v), cmp.Compare(s.by, t.by))
	}); n != 0 {
		return n
	}
	return cmp.Compare(b.plus, c.plus)
}

func (b bound) key(to []byte) []byte {
	n := uint16(len(b.terms)) << 1
	if b.below {
		n |= 1
	}
	to = binary.LittleEndian.AppendUint16(to, n)
	for _, t := range b.terms {
		to = binary.LittleEndian.AppendUint16(to, uint16(t.v))
		to = binary.LittleEndian.AppendUint64(to, math.Float64bits(t.by))
	}
	return binary.LittleEndian.AppendUint64(to, math.Float64bits(b.plus))
}

// maxBounds is how many bounds are kept at once; further ones are forgotten.
const maxBounds = 24

// without are the bounds that are left when a variable may be anything that they
// allow, by Fourier and Motzkin.
func without(bounds []bound, v int32) []bound {
	var out, up, down []bound
	for _, b := range bounds {
		switch by := b.by(v); {
		case by == 0:
			out = append(out, b)
		case by > 0:
			up = append(up, b)
		default:
			down = append(down, b)
		}
	}
	if len(up)*len(down) > maxBounds {
		return out
	}
	for _, u := range up {
		for _, d := range down {
			sum := u.times(-d.by(v)).add(d.times(u.by(v)))
			sum = sum.add(constant(0))
			sum.terms = slices.DeleteFunc(sum.terms, func(t term) bool { return t.v == v })
			out = append(out, bound{sum, u.below || d.below}.scaled())
		}
	}
	return out
}
