package drawings

import (
	"math"
	"slices"
)

// arrow shows a movement: a line through places in the room, bent smoothly,
// with a head at the end, or at both ends.
type arrow struct {
	path []vec
	both bool
}

func move(path ...vec) arrow         { return arrow{path: path} }
func backAndForth(path ...vec) arrow { return arrow{path: path, both: true} }

// draw gives the arrow's outlines for a line so many pixels wide.
func (a arrow) draw(c camera, width, grow float64) []outline {
	line := smooth(c, a.path)
	length := 0.0
	for i := range line[1:] {
		length += distance(line[i], line[i+1])
	}
	head := min(width*2.6, length*0.45)
	line, tips := cut(line, head*0.7), []outline{arrowHead(line, head, grow)}
	if a.both {
		back := slices.Clone(line)
		slices.Reverse(back)
		tips = append(tips, arrowHead(back, head, grow))
		line = cut(back, head*0.7)
	}
	for i := range line[1:] {
		tips = append(tips, hull([]disc{{line[i], width / 2}, {line[i+1], width / 2}}, grow))
	}
	return tips
}

func distance(a, b point) float64 { return math.Hypot(b.x-a.x, b.y-a.y) }

// smooth is a Catmull-Rom line through the places.
func smooth(c camera, path []vec) []point {
	const steps = 16
	p := make([]point, len(path))
	for i, v := range path {
		p[i] = c.point(v)
	}
	get := func(i int) point {
		switch {
		case i < 0:
			return point{2*p[0].x - p[1].x, 2*p[0].y - p[1].y}
		case i >= len(p):
			a, b := p[len(p)-1], p[len(p)-2]
			return point{2*a.x - b.x, 2*a.y - b.y}
		}
		return p[i]
	}
	line := []point{p[0]}
	for i := range p[1:] {
		a, b, d, e := get(i-1), get(i), get(i+1), get(i+2)
		for s := 1; s <= steps; s++ {
			t := float64(s) / steps
			line = append(line, point{spline(a.x, b.x, d.x, e.x, t), spline(a.y, b.y, d.y, e.y, t)})
		}
	}
	return line
}

func spline(a, b, c, d, t float64) float64 {
	return 0.5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
}

// cut takes so many pixels off the end of a line.
func cut(line []point, off float64) []point {
	for len(line) > 2 {
		n := len(line)
		step := distance(line[n-2], line[n-1])
		if step > off {
			t := off / step
			a, b := line[n-1], line[n-2]
			return append(line[:n-1:n-1], point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t})
		}
		line, off = line[:n-1], off-step
	}
	return line
}

// arrowHead is a rounded triangle whose tip is the end of the line.
func arrowHead(line []point, size, grow float64) outline {
	tip, base := line[len(line)-1], cut(line, size)
	foot := base[len(base)-1]
	d := max(distance(foot, tip), 1)
	ux, uy := (tip.x-foot.x)/d, (tip.y-foot.y)/d
	const round = 2.0
	corner := func(along, aside float64) disc {
		return disc{point{tip.x - ux*along - uy*aside, tip.y - uy*along + ux*aside}, round}
	}
	return hull([]disc{corner(round, 0), corner(size, size*0.6), corner(size, -size*0.6)}, grow)
}
