package ask

import "fmt"

// Bounds is the part of the kinds whose answer is typed.
func Bounds() Part {
	return Part{
		Keys: []Key{
			{Name: "least", Type: NumberKey, Doc: "The smallest number that may be typed, or the shortest text."},
			{Name: "most", Type: NumberKey, Doc: "The largest number that may be typed, or the longest text."},
		},
		Astray:  Fault{"has bounds but nothing is typed there", "least and most belong to {all}"},
		Lacking: Fault{"does not bound what is typed", `give "least" and "most": of the number itself, or of the length of the text`},
	}
}

// bounds hold an answer, or its length.
type bounds struct{ least, most float64 }

// readBounds reads the part. The bounds are sound if both are there, the one
// below the other.
func readBounds(r Reader) (b bounds, sound bool) {
	least, first := r.Number("least")
	most, second := r.Number("most")
	sound = first && second
	if sound && most <= least {
		r.Fault("most", fmt.Sprintf("at step %q most is not above least", r.Step()), "let least be the smaller of the two")
		sound = false
	}
	return bounds{least, most}, sound
}

// hold reports whether a number is within the bounds, which what is not a number
// is not.
func (b bounds) hold(n float64) bool { return n >= b.least && n <= b.most }
