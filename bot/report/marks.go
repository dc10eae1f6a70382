package report

import (
	"image/color"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// What is drawn on a chart, one over the other: the plotters.
type (
	nights  struct{ *chart }
	grid    struct{ *chart }
	lanes   struct{ *chart }
	present struct{ *chart }
	pain    struct{ *chart }
)

// A lane is as high as a step of the pain, with a gap below the scale.
const laneGap = 0.45

func laneMiddle(i int) float64 { return -laneGap - 0.5 - float64(i)*1.02 }
func laneBottom(i int) float64 { return laneMiddle(i) - 0.5 }

// Plot shades when the person sleeps.
func (n nights) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for d := -1; ; d++ {
		from := n.midnight(n.from, d).Add(n.Sleep.From)
		to := n.midnight(n.from, d).Add(n.Sleep.To)
		if n.Sleep.To < n.Sleep.From {
			to = n.midnight(n.from, d+1).Add(n.Sleep.To)
		}
		if from.After(n.to) {
			return
		}
		if to.After(n.from) {
			left, right := clamp(from, n.from, n.to), clamp(to, n.from, n.to)
			area(c, n.look.sleep, x(seconds(left)), y(p.Y.Min), x(seconds(right)), y(10))
		}
	}
}

// Plot draws the lines of the scale, and where a day begins.
func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	line := draw.LineStyle{Color: g.look.grid, Width: g.look.stroke * 0.5}
	for v := 0.0; v <= 10; v += 2 {
		c.StrokeLine2(line, c.Min.X, y(v), c.Max.X, y(v))
	}
	for d := 1; g.days() <= 14; d++ {
		t := g.midnight(g.from, d)
		if t.After(g.to) {
			return
		}
		c.StrokeLine2(line, x(seconds(t)), y(p.Y.Min), x(seconds(t)), y(10))
	}
}

// Plot draws what was done: a bar for what took a while, and a dot otherwise.
func (l lanes) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	half := (y(1) - y(0)) * 0.32
	for k := range Kind(kinds) {
		middle := y(laneMiddle(int(k)))
		colour := l.look.kinds[k]
		c.StrokeLine2(draw.LineStyle{Color: l.look.grid, Width: l.look.stroke * 0.4}, c.Min.X, middle, c.Max.X, middle)
		done := l.done(k)
		// Many dots would run together.
		radius := max(min(half*0.7, (c.Max.X-c.Min.X)/vg.Length(len(done)+1)*0.7), l.look.stroke)
		for _, d := range done {
			if d.At.Before(l.from) || d.At.After(l.to) {
				continue
			}
			at := x(seconds(d.At))
			if d.Until.IsZero() {
				c.DrawGlyph(draw.GlyphStyle{Color: colour, Radius: radius, Shape: draw.CircleGlyph{}}, vg.Point{X: at, Y: middle})
				continue
			}
			// A short round still has to be seen.
			until := max(x(seconds(clamp(d.Until, d.At, l.to))), at+l.look.stroke)
			area(c, colour, at, middle-half, until, middle+half)
		}
	}
}

// Plot draws where the present is.
func (n present) Plot(c draw.Canvas, p *plot.Plot) {
	if !n.Spasm.Ended.IsZero() {
		return
	}
	x, y := p.Transforms(&c)
	now := x(seconds(n.Now))
	c.StrokeLine2(draw.LineStyle{
		Color: n.look.muted, Width: n.look.stroke * 0.6, Dashes: []vg.Length{n.look.stroke * 2, n.look.stroke * 1.5},
	}, now, y(p.Y.Min), now, y(10.1))
	c.FillText(n.style(n.look.text*0.85, false, n.look.muted, draw.XCenter, draw.YBottom),
		vg.Point{X: min(now, c.Max.X-n.look.text*1.2), Y: y(10.2)}, n.readable(n.words().Now))
}

// Plot draws the pain, and writes its last figure.
func (f pain) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	figures := f.pain()
	if len(figures) == 0 {
		c.FillText(f.style(f.look.text, false, f.look.muted, draw.XLeft, draw.YCenter),
			vg.Point{X: c.Min.X + f.look.text, Y: y(5)}, f.readable(f.words().NoPain))
		return
	}
	points := make([]vg.Point, len(figures))
	for i, figure := range figures {
		points[i] = vg.Point{X: x(seconds(figure.At)), Y: y(min(max(figure.Value, 0), 10))}
	}
	c.StrokeLines(draw.LineStyle{Color: f.look.pain, Width: f.look.stroke}, points)
	// Many dots would hide the line.
	radius := min(f.look.stroke*1.8, (c.Max.X-c.Min.X)/vg.Length(len(points))*0.6)
	for _, at := range points {
		c.DrawGlyph(draw.GlyphStyle{Color: f.look.pain, Radius: radius, Shape: draw.CircleGlyph{}}, at)
	}
	last := points[len(points)-1]
	c.DrawGlyph(draw.GlyphStyle{Color: f.look.pain, Radius: f.look.stroke * 2.4, Shape: draw.CircleGlyph{}}, last)
	style := f.style(f.look.text*1.45, true, f.look.pain, draw.XLeft, draw.YBottom)
	words := number(figures[len(figures)-1].Value)
	label := last.Add(vg.Point{X: f.look.stroke * 3.5, Y: f.look.stroke * 2})
	// The line of the present would run through it.
	if now := x(seconds(f.Now)); label.X+style.Width(words) > now {
		label.X = max(label.X, now+f.look.stroke)
	}
	c.FillText(style, label, words)
}

func area(c draw.Canvas, colour color.Color, left, bottom, right, top vg.Length) {
	c.SetColor(colour)
	c.Fill(vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: right, Y: top}}.Path())
}

func clamp(t, from, to time.Time) time.Time {
	if t.Before(from) {
		return from
	}
	if t.After(to) {
		return to
	}
	return t
}
