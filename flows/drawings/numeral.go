package drawings

import "image"

// strokes are the digits as pen lines, in a box from -1 to 1 with y down.
var strokes = map[int][][]point{
	1: {{{-0.45, -0.6}, {0.1, -1}, {0.1, 1}}},
	2: {{
		{-0.58, -0.5},
		{-0.48, -0.8},
		{-0.2, -0.98},
		{0.15, -0.98},
		{0.45, -0.8},
		{0.55, -0.5},
		{0.45, -0.15},
		{-0.6, 1},
		{0.62, 1},
	}},
	3: {{
		{-0.5, -0.78},
		{-0.2, -0.98},
		{0.15, -0.98},
		{0.42, -0.8},
		{0.48, -0.5},
		{0.35, -0.2},
		{-0.1, -0.08},
		{0.35, 0.05},
		{0.55, 0.35},
		{0.52, 0.65},
		{0.3, 0.92},
		{-0.1, 1},
		{-0.4, 0.93},
		{-0.6, 0.72},
	}},
	4: {{{0.28, 1}, {0.28, -1}, {-0.65, 0.45}, {0.65, 0.45}}},
}

// numeral writes a digit on a dark disc with its middle at p.
func numeral(img *image.RGBA, digit int, p point, r float64) {
	fill(img, trousers, hull([]disc{{p, r}}, 0))
	place := func(q point) disc { return disc{point{p.x + q.x*r*0.5, p.y + q.y*r*0.5}, r * 0.11} }
	var pen []outline
	for _, line := range strokes[digit] {
		for i := range line[1:] {
			pen = append(pen, hull([]disc{place(line[i]), place(line[i+1])}, 0))
		}
	}
	fill(img, paper, pen...)
}
