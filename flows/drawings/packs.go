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
	warms = color.RGBA{0xA8, 0x3C, 0x0C, 0xFF}
)

func packs() map[string]drawing {
	return map[string]drawing{
		"cold_pack":  single(packed(ice, iced, snowflake())),
		"warm_towel": single(packed(warm, warms, waves())),
	}
}

// packed sits on a stool, back to the onlooker: on the low back a towel, and
// on the towel a pack with a sign.
func packed(c, edge color.RGBA, sign [][]point) scene {
	const seat = 46
	p := pose{
		at: vec{0, seat + 11, 0}, trunk: 88, turn: -96,
		right: leg{planted: at(-22, 0, -40), pole: at(-0.2, 0, -1)},
		left:  leg{planted: at(14, 0, -40), pole: at(0.2, 0, -1)},
	}
	p.rightArm = arm{shoulder: 14, out: 16, elbow: 62, spin: 20}
	p.leftArm = p.rightArm
	s := p.stand()
	// on is a place on the back: to the right, up, and off the skin.
	on := func(right, up, off float64) vec {
		f := s.frames[1]
		return s.spine[1].add(f.right.times(right)).add(f.up.times(up)).sub(f.front.times(9 + off))
	}
	slab := func(w, h, off, thick float64) solid {
		var out solid
		for _, x := range []float64{-w, w} {
			for _, y := range []float64{-h, h} {
				out = append(out, ball{on(x, y+4, off), thick}, ball{on(x, y+4, off+thick), thick})
			}
		}
		return out
	}
	hem := func(y float64) solid {
		return solid{{on(-15.5, 4+y, 4), 0.4}, {on(15.5, 4+y, 4), 0.4}}
	}
	var pen []solid
	for _, line := range sign {
		for i := range line[1:] {
			a, b := line[i], line[i+1]
			pen = append(pen, solid{{on(a.x*8, 4+a.y*8, 8.5), 0.7}, {on(b.x*8, 4+b.y*8, 8.5), 0.7}})
		}
	}
	return scene{
		view: view{above: 12}, pose: p,
		behind: []part{thing(ground, shade, box(vec{-70, -2, -62}, vec{70, -2, 36}, 1.6))},
		front: append(stool(seat),
			thing(cloth, seam, slab(15.5, 17.5, 1.5, 1.5)),
			thing(seam, color.RGBA{}, hem(13.5), hem(15.5), hem(-13.5), hem(-15.5)),
			thing(c, edge, slab(10, 9, 4, 2.4)),
			thing(edge, edge, pen...),
		),
	}
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
