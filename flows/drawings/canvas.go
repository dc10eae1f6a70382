package drawings

import (
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	"golang.org/x/image/vector"
)

// point is a place in the picture, in pixels.
type point struct{ x, y float64 }

// disc is a ball as the picture shows it.
type disc struct {
	point
	r float64
}

// outline is a closed line, in the direction in which hull walks.
type outline []point

// hull is the line around discs, like a rubber band.
func hull(discs []disc, grow float64) outline {
	const corners = 56
	var all []point
	for _, d := range discs {
		for i := range corners {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
			r := max(d.r+grow, 0)
			all = append(all, point{grid(d.x + r*cos), grid(d.y + r*sin)})
		}
	}
	slices.SortFunc(all, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y))
	})
	half := func(points []point) outline {
		var h outline
		for _, p := range points {
			for len(h) > 1 && turn(h[len(h)-2], h[len(h)-1], p) <= 0 {
				h = h[:len(h)-1]
			}
			h = append(h, p)
		}
		return h[:len(h)-1]
	}
	lower := half(all)
	slices.Reverse(all)
	return append(lower, half(all)...)
}

func grid(v float64) float64 { return math.Round(v*fine) / fine }

func turn(a, b, c point) float64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// fine is in how many steps a pixel is divided, in place and in coverage:
// enough for the eye, and few enough for a palette. Processors that round sums
// in another way still draw the same.
const fine = 16

// mask is how much of each pixel the union of outlines covers: the most that
// one of them does, so that edges that run together stay smooth.
func mask(bounds image.Rectangle, outlines []outline) *image.Alpha {
	box := image.Rectangle{}
	for _, o := range outlines {
		box = box.Union(o.box())
	}
	out := image.NewAlpha(box.Intersect(bounds))
	var z vector.Rasterizer
	z.DrawOp = draw.Src
	for _, o := range outlines {
		one := image.NewAlpha(o.box().Intersect(bounds))
		z.Reset(one.Rect.Dx(), one.Rect.Dy())
		for i, p := range o {
			x, y := float32(p.x-float64(one.Rect.Min.X)), float32(p.y-float64(one.Rect.Min.Y))
			if i == 0 {
				z.MoveTo(x, y)
			} else {
				z.LineTo(x, y)
			}
		}
		z.ClosePath()
		z.Draw(one, one.Rect, image.Opaque, image.Point{})
		for y := one.Rect.Min.Y; y < one.Rect.Max.Y; y++ {
			into := out.Pix[out.PixOffset(one.Rect.Min.X, y):][:one.Rect.Dx()]
			for x, a := range one.Pix[one.PixOffset(one.Rect.Min.X, y):][:one.Rect.Dx()] {
				into[x] = max(into[x], uint8((int(a)*fine+127)/255*255/fine))
			}
		}
	}
	return out
}

func (o outline) box() image.Rectangle {
	out := image.Rectangle{}
	for _, p := range o {
		x, y := int(math.Floor(p.x)), int(math.Floor(p.y))
		out = out.Union(image.Rect(x, y, x+2, y+2))
	}
	return out
}

// fill paints outlines in one colour.
func fill(dst draw.Image, c color.Color, outlines ...outline) {
	m := mask(dst.Bounds(), outlines)
	draw.DrawMask(dst, m.Rect, image.NewUniform(c), image.Point{}, m, m.Rect.Min, draw.Over)
}

// erase cuts outlines out of a layer.
func erase(layer *image.RGBA, outlines ...outline) {
	m := mask(layer.Rect, outlines)
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		row := layer.Pix[layer.PixOffset(m.Rect.Min.X, y):]
		for x, a := range m.Pix[m.PixOffset(m.Rect.Min.X, y):][:m.Rect.Dx()] {
			if a == 0 {
				continue
			}
			for i, v := range row[4*x:][:4] {
				row[4*x+i] = uint8(uint32(v) * uint32(255-a) / 255)
			}
		}
	}
}

// tint paints a layer's shape in one colour.
func tint(dst draw.Image, layer *image.RGBA, c color.Color) {
	draw.DrawMask(dst, dst.Bounds(), image.NewUniform(c), image.Point{}, layer, image.Point{}, draw.Over)
}
