package drawings

import "image/color"

// box is a block with rounded edges, from one corner to the other.
func box(a, b vec, r float64) solid {
	var out solid
	for _, x := range []float64{a.x, b.x} {
		for _, y := range []float64{a.y, b.y} {
			for _, z := range []float64{a.z, b.z} {
				out = append(out, ball{vec{x, y, z}, r})
			}
		}
	}
	return out
}

// sitting is how high a bed or a seat is.
const sitting = 46

func thing(c, edge color.RGBA, solids ...solid) part {
	return part{solids: solids, colour: c, edge: edge}
}

// mat lies on the floor from left to right.
func mat(left, right float64) part {
	return thing(ground, shade, box(vec{left, -2, -32}, vec{right, -2, 32}, 1.6))
}

// cushion is a pillow with its middle at p.
func cushion(p vec, long, high, deep float64) part {
	r := high / 2
	return thing(pillow, seam, box(
		vec{p.x - long/2 + r, p.y, p.z - deep/2 + r},
		vec{p.x + long/2 - r, p.y, p.z + deep/2 - r}, r))
}

// chair stands with the front edge of its seat at x, its back to the right.
func chair(x, seat float64) []part {
	const wide, deep = 20, 45
	post := func(px, z, from, to float64) solid {
		return solid{{vec{px, from, z}, 1.8}, {vec{px, to, z}, 1.8}}
	}
	var legs []solid
	for _, z := range []float64{-wide, wide} {
		legs = append(legs, post(x+3, z, 0, seat-3), post(x+deep-2, z, 0, seat-3))
	}
	back := []solid{post(x+deep, -wide, seat, seat+42), post(x+deep, wide, seat, seat+42)}
	rest := box(vec{x + deep, seat + 22, -wide}, vec{x + deep, seat + 42, wide}, 1.8)
	return []part{
		thing(wood, seam, append(append(legs, back...), rest)...),
		thing(wood, seam, box(vec{x, seat - 3, -wide}, vec{x + deep, seat - 3, wide}, 2.4)),
	}
}

// bed stands on the floor, its top at the height given.
func bed(left, right, top, back, front float64) []part {
	return []part{
		thing(shade, shade, box(vec{left, 0, front}, vec{right, top - 3, front}, 2)),
		thing(ground, shade, box(vec{left, top - 3, back}, vec{right, top - 3, front}, 3)),
	}
}

// table stands on the floor from left to right.
func table(left, right, top float64) []part {
	const deep = 26
	var legs []solid
	for _, x := range []float64{left + 5, right - 5} {
		for _, z := range []float64{-deep + 4, deep - 4} {
			legs = append(legs, solid{{vec{x, 0, z}, 2.2}, {vec{x, top - 4, z}, 2.2}})
		}
	}
	return []part{
		thing(wood, seam, legs...),
		thing(wood, seam, box(vec{left, top - 2.5, -deep}, vec{right, top - 2.5, deep}, 2.5)),
	}
}

// wall stands on the floor, its face at x.
func wall(x float64) part {
	const thick, high = 12, 176
	return thing(shade, masonry, box(vec{x - thick, 0, -32}, vec{x - 2, high, 32}, 2))
}

// shifted are things elsewhere.
func shifted(by vec, things ...part) []part {
	for _, t := range things {
		for _, s := range t.solids {
			for i := range s {
				s[i].at = s[i].at.add(by)
			}
		}
	}
	return things
}

// stick is a straight rod.
func stick(a, b vec) part { return thing(wood, seam, solid{{a, 1.6}, {b, 1.6}}) }

// stool stands in the middle of the room.
func stool(seat float64) []part {
	var legs []solid
	for _, x := range []float64{-15, 15} {
		for _, z := range []float64{-13, 13} {
			legs = append(legs, solid{{vec{x * 1.15, 0, z}, 1.8}, {vec{x, seat - 4, z}, 1.8}})
		}
	}
	return []part{
		thing(wood, seam, legs...),
		thing(wood, seam, box(vec{-18, seat - 3, -15}, vec{18, seat - 3, 15}, 3)),
	}
}
