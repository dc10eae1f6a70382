package model

import "math"

// Truth is what a condition can be: a set of false and true.
type Truth uint8

// The truths.
const (
	False   Truth = 1
	True    Truth = 2
	Unknown Truth = False | True
)

// May reports whether the truth can be b.
func (t Truth) May(b bool) bool { return t&truthOf(b) != 0 }

func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

func (t Truth) not() Truth {
	var out Truth
	if t.May(true) {
		out |= False
	}
	if t.May(false) {
		out |= True
	}
	return out
}

func (t Truth) and(o Truth) Truth {
	var out Truth
	if t.May(false) || o.May(false) {
		out |= False
	}
	if t.May(true) && o.May(true) {
		out |= True
	}
	return out
}

func (t Truth) or(o Truth) Truth { return t.not().and(o.not()).not() }

// Span is an interval of numbers: of a number itself, of the seconds of a
// duration, or of the seconds from now to an instant.
type Span struct {
	lo, hi         float64
	openLo, openHi bool
}

var inf = math.Inf(1)

// everything is the span of which nothing is known.
var everything = Span{-inf, inf, true, true}

func exactly(n float64) Span { return Span{lo: n, hi: n} }

func (s Span) exact() (float64, bool) { return s.lo, s.lo == s.hi }

func (s Span) add(o Span) Span {
	return Span{s.lo + o.lo, s.hi + o.hi, s.openLo || o.openLo, s.openHi || o.openHi}.sound()
}

func (s Span) neg() Span { return Span{-s.hi, -s.lo, s.openHi, s.openLo} }

// scale multiplies by a number that is known.
func (s Span) scale(by float64) Span {
	switch {
	case by == 0:
		if math.IsInf(s.lo, 0) || math.IsInf(s.hi, 0) {
			return everything // 0 times infinity is no number
		}
		return exactly(0)
	case by < 0:
		return s.neg().scale(-by)
	}
	return Span{s.lo * by, s.hi * by, s.openLo, s.openHi}.sound()
}

// over divides by a number that is known and above zero. What is exact stays so:
// a product with 1/by would be off by a bit.
func (s Span) over(by float64) Span {
	return Span{s.lo / by, s.hi / by, s.openLo, s.openHi}.sound()
}

// sound gives up a span that arithmetic has made meaningless.
func (s Span) sound() Span {
	if math.IsNaN(s.lo) || math.IsNaN(s.hi) || s.lo > s.hi {
		return everything
	}
	if math.IsInf(s.lo, 0) {
		s.openLo = true
	}
	if math.IsInf(s.hi, 0) {
		s.openHi = true
	}
	return s
}

// hull is the least span that holds both.
func (s Span) hull(o Span) Span {
	out := s
	if o.lo < s.lo || o.lo == s.lo && !o.openLo {
		out.lo, out.openLo = o.lo, o.openLo
	}
	if o.hi > s.hi || o.hi == s.hi && !o.openHi {
		out.hi, out.openHi = o.hi, o.openHi
	}
	return out
}

// less reports whether s is less than o.
func (s Span) less(o Span) Truth {
	var t Truth
	if s.lo < o.hi {
		t |= True
	}
	if s.hi > o.lo || s.hi == o.lo && !s.openHi && !o.openLo {
		t |= False
	}
	if t == 0 { // they touch at one open end: s is less
		return True
	}
	return t
}

// equal reports whether both are the same number.
func (s Span) equal(o Span) Truth {
	a, isA := s.exact()
	b, isB := o.exact()
	if isA && isB {
		return truthOf(a == b)
	}
	if s.hi < o.lo || o.hi < s.lo ||
		s.hi == o.lo && (s.openHi || o.openLo) || o.hi == s.lo && (o.openHi || s.openLo) {
		return False
	}
	return Unknown
}

// split cuts a span at some numbers, rising: what is between two of them, and
// each of them, is a span of its own.
func (s Span) split(at []float64) []Span {
	var out []Span
	rest := s
	for _, n := range at {
		if n < rest.lo || n > rest.hi || n == rest.lo && rest.openLo || n == rest.hi && rest.openHi {
			continue
		}
		if n > rest.lo {
			out = append(out, Span{rest.lo, n, rest.openLo, true})
		}
		out = append(out, exactly(n))
		if n == rest.hi {
			return out
		}
		rest.lo, rest.openLo = n, true
	}
	return append(out, rest)
}

// kind is the type of a value.
type kind uint8

const (
	unknown  kind = iota // anything
	text                 // one text
	truth                // a Truth
	number               // a span
	duration             // a span of seconds
	instant              // a span of seconds from now
	never                // an instant that nobody has told
	list                 // texts that something may be one of
)

// Value is what is known of a value. Two equal Values are known to the same
// extent, which need not mean that they are equal.
type Value struct {
	kind  kind
	text  string
	truth Truth
	span  Span
}

func textOf(s string) Value   { return Value{kind: text, text: s} }
func boolOf(t Truth) Value    { return Value{kind: truth, truth: t} }
func numberIn(s Span) Value   { return Value{kind: number, span: s} }
func durationIn(s Span) Value { return Value{kind: duration, span: s} }
func instantIn(s Span) Value  { return Value{kind: instant, span: s} }
func (v Value) asTruth() Truth { // of a condition
	if v.kind == truth {
		return v.truth
	}
	return Unknown
}
