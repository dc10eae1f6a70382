package drawings

import (
	"image/color"
	"math"
)

var (
	cloth = color.RGBA{0xFB, 0xF3, 0xDD, 0xFF}
	ice   = color.RGBA{0x6F, 0xB7, 0xE6, 0xFF}
	iced  = color.RGBA{0x1B, 0x5A, 0x90, 0xFF}
	warm  = color.RGBA{0xF0, 0x9A, 0x58, 0xFF}
	warms = color.RGBA{0x96, 0x33, 0x08, 0xFF}
)

func packs() map[string]drawing {
	return map[string]drawing{
		"cold_pack":  single(packed(cold())),
		"warm_towel": single(packed(warmth())),
	}
}

func cold() pack   { return pack{colour: ice, edge: iced, sign: snowflake()} }
func warmth() pack { return pack{colour: warm, edge: warms, sign: waves(), cloth: true} }

// pack is what lies on the towel.
type pack struct {
	colour, edge color.RGBA
	sign         [][]point // in a box from -1 to 1
	cloth        bool      // a folded towel with hems
}

// packed lies on the side, the back to the onlooker: on the low back a towel,
// and on the towel a pack. The trunk leans forward a little, so that neither
// slips off and nobody lies on them.
func packed(k pack) scene {
	p := onOtherSide()
	return scene{
		view: view{above: 32},
		behind: []part{
			thing(ground, shade, box(vec{-90, -4, -96}, vec{78, -4, 26}, 3)),
			cushion(vec{-68, 5, -4}, 34, 10, 52),
		},
		pose:  p,
		among: []part{between(cushion(vec{34, 18, -42}, 58, 13, 38))},
		front: k.on(p.stand()),
	}
}

// onOtherSide lies on the left side, facing away, knees drawn up.
func onOtherSide() pose {
	return pose{
		at: vec{0, 20.5, 0}, trunk: 180, roll: -102, low: 8, high: 8,
		right: leg{hip: 62, knee: 84, ankle: 15, out: 4}, left: leg{hip: 62, knee: 84, ankle: 15, out: -5},
		rightArm: arm{reach: at(-38, 10, -46), pole: at(1, 0.3, -0.2)},
		leftArm:  arm{reach: at(-61, 6, -13), pole: at(0.3, 0, -1), palm: at(-1, 0, -0.4)},
	}
}

// on lays the towel and the pack on a back.
func (k pack) on(s skeleton) []part {
	place := s.onBack
	slab := func(long, wide, off, thick float64) solid {
		var out solid
		for _, up := range []float64{-long, long} {
			for _, across := range []float64{-wide, wide} {
				out = append(out, ball{place(up, across, off), thick}, ball{place(up, across, off+thick), thick})
			}
		}
		return out
	}
	hems := func(wide, off float64, ups ...float64) []solid {
		var out []solid
		for _, up := range ups {
			for _, end := range []float64{-up, up} {
				out = append(out, solid{{place(end, -wide, off), 0.4}, {place(end, wide, off), 0.4}})
			}
		}
		return out
	}
	var pen []solid
	for _, line := range k.sign {
		for i := range line[1:] {
			a, b := line[i], line[i+1]
			pen = append(pen, solid{{place(a.y*7.6, a.x*7.6, 8.5), 0.6}, {place(b.y*7.6, b.x*7.6, 8.5), 0.6}})
		}
	}
	parts := []part{
		thing(cloth, seam, slab(15.5, 13.5, 1.5, 1.5)),
		thing(seam, color.RGBA{}, hems(13.5, 4, 13, 14.5)...),
		thing(k.colour, k.edge, slab(10, 9.5, 4, 2.4)),
		thing(k.edge, k.edge, pen...),
	}
	if k.cloth {
		parts = append(parts, thing(k.edge, color.RGBA{}, hems(9.5, 8.5, 10)...))
	}
	return parts
}

// onBack is a place on the back: along the spine, across it, and off the skin.
func (s skeleton) onBack(up, across, off float64) vec {
	f := s.frames[1]
	return s.spine[1].add(f.up.times(up + 5)).add(f.right.times(across)).sub(f.front.times(9 + off))
}

// The signs on a pack, in a box from -1 to 1.

// snowflake has six branching arms.
func snowflake() [][]point {
	var out [][]point
	for i := range 6 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 3)
		turned := func(x, y float64) point { return point{x*cos - y*sin, x*sin + y*cos} }
		out = append(out, []point{{0, 0}, turned(0, 1)}, []point{turned(-0.26, 0.86), turned(0, 0.6), turned(0.26, 0.86)})
	}
	return out
}

// waves are warmth that rises.
func waves() [][]point {
	return [][]point{
		{{-0.7, -0.9}, {-0.5, -0.45}, {-0.7, 0}, {-0.5, 0.45}, {-0.7, 0.9}},
		{{0, -0.9}, {0.2, -0.45}, {0, 0}, {0.2, 0.45}, {0, 0.9}},
		{{0.7, -0.9}, {0.9, -0.45}, {0.7, 0}, {0.9, 0.45}, {0.7, 0.9}},
	}
}
