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

// extent is what a view shows of some balls, in centimetres.
type extent struct{ left, right, bottom, top float64 }

func (v view) extent(balls []ball) extent {
	e := extent{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, b := range balls {
		p := v.look(b.at)
		e.left, e.right = min(e.left, p.x-b.r), max(e.right, p.x+b.r)
		e.bottom, e.top = min(e.bottom, p.y-b.r), max(e.top, p.y+b.r)
	}
	return e
}

func (e extent) width() float64 { return e.right - e.left }

// asHighAs reaches as far up and down as another does, too.
func (e extent) asHighAs(f extent) extent {
	e.bottom, e.top = min(e.bottom, f.bottom), max(e.top, f.top)
	return e
}

func (e extent) union(f extent) extent {
	e.left, e.right = min(e.left, f.left), max(e.right, f.right)
	return e.asHighAs(f)
}

// fit is a camera that shows an extent in the middle of a frame, at most at
// the scale given.
func (v view) fit(e extent, frame image.Rectangle, most float64) camera {
	scale := min(float64(frame.Dx())/e.width(), float64(frame.Dy())/(e.top-e.bottom), most)
	return camera{v, scale, point{
		x: float64(frame.Min.X+frame.Max.X)/2 - scale*(e.left+e.right)/2,
		y: float64(frame.Min.Y+frame.Max.Y)/2 + scale*(e.bottom+e.top)/2,
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
