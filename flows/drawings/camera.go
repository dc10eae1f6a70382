package drawings

import (
	"image"
	"math"
)

// view is from where the onlooker sees the room: without perspective, so
// that lengths in the picture stay true.
type view struct {
	around float64 // degrees to walk round to the right
	above  float64 // degrees to look down
}

// look turns the room so that x and y lie in the picture and z is nearness.
func (v view) look(p vec) vec {
	return p.rotate(upward, -v.around).rotate(rightward, v.above)
}

// camera puts what a view shows into pixels.
type camera struct {
	view
	scale  float64 // pixels in a centimetre
	origin point   // where the room's origin stands
}

// fit is a camera that shows the balls in the middle of a frame, at most at
// the scale given.
func (v view) fit(balls []ball, frame image.Rectangle, most float64) camera {
	left, right := math.Inf(1), math.Inf(-1)
	bottom, top := math.Inf(1), math.Inf(-1)
	for _, b := range balls {
		p := v.look(b.at)
		left, right = min(left, p.x-b.r), max(right, p.x+b.r)
		bottom, top = min(bottom, p.y-b.r), max(top, p.y+b.r)
	}
	scale := min(float64(frame.Dx())/(right-left), float64(frame.Dy())/(top-bottom), most)
	return camera{v, scale, point{
		x: float64(frame.Min.X+frame.Max.X)/2 - scale*(left+right)/2,
		y: float64(frame.Min.Y+frame.Max.Y)/2 + scale*(bottom+top)/2,
	}}
}

func (c camera) point(p vec) point {
	p = c.look(p)
	return point{c.origin.x + c.scale*p.x, c.origin.y - c.scale*p.y}
}

// outline is the line around a solid, grown by so many pixels.
func (c camera) outline(s solid, grow float64) outline {
	discs := make([]disc, len(s))
	for i, b := range s {
		discs[i] = disc{c.point(b.at), b.r * c.scale}
	}
	return hull(discs, grow)
}

func (c camera) outlines(solids []solid, grow float64) []outline {
	out := make([]outline, len(solids))
	for i, s := range solids {
		out[i] = c.outline(s, grow)
	}
	return out
}
