package report

import (
	"image"
	"image/color"
	"math"

	"codeberg.org/go-pdf/fpdf"
	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// pen draws what the chart library draws on a page, as lines and letters and not as a
// picture: they are sharp on paper, and the words can be selected. It is a
// [vg.Canvas], whose y points up; the page's points down.
type pen struct {
	page *fpdf.Fpdf
	penState
	saved []penState
}

// penState is what Push saves. A point of the canvas is at (a·x + c·y + e, b·x + d·y + f)
// of the page, in points.
type penState struct {
	a, b, c, d, e, f float64
	width            vg.Length
	dashes           []vg.Length
	offset           vg.Length
	colour           color.Color
}

// newPen draws on a page, with the origin at a place there, in points.
func newPen(page *fpdf.Fpdf, left, bottom float64) *pen {
	p := &pen{page: page, penState: penState{a: 1, d: -1, e: left, f: bottom}}
	vg.Initialize(p)
	return p
}

func (p *pen) at(pt vg.Point) (x, y float64) {
	px, py := pt.X.Points(), pt.Y.Points()
	return p.a*px + p.c*py + p.e, p.b*px + p.d*py + p.f
}

// scale is how much longer a line becomes.
func (p *pen) scale() float64 { return math.Sqrt(math.Abs(p.a*p.d - p.b*p.c)) }

func (p *pen) SetLineWidth(w vg.Length) {
	p.width = w
	p.page.SetLineWidth(w.Points() * p.scale())
}

func (p *pen) SetLineDash(pattern []vg.Length, offset vg.Length) {
	p.dashes, p.offset = pattern, offset
	dashes := make([]float64, len(pattern))
	for i, d := range pattern {
		dashes[i] = d.Points() * p.scale()
	}
	p.page.SetDashPattern(dashes, offset.Points()*p.scale())
}

func (p *pen) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	p.colour = c
	solid, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	r, g, b := int(solid.R), int(solid.G), int(solid.B)
	p.page.SetDrawColor(r, g, b)
	p.page.SetFillColor(r, g, b)
	p.page.SetTextColor(r, g, b)
	p.page.SetAlpha(float64(solid.A)/0xFF, "Normal")
}

func (p *pen) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	p.a, p.b, p.c, p.d = p.a*cos+p.c*sin, p.b*cos+p.d*sin, p.c*cos-p.a*sin, p.d*cos-p.b*sin
}

func (p *pen) Translate(by vg.Point) { p.e, p.f = p.at(by) }

func (p *pen) Scale(x, y float64) { p.a, p.b, p.c, p.d = p.a*x, p.b*x, p.c*y, p.d*y }

func (p *pen) Push() { p.saved = append(p.saved, p.penState) }

func (p *pen) Pop() {
	p.penState, p.saved = p.saved[len(p.saved)-1], p.saved[:len(p.saved)-1]
	p.SetLineWidth(p.width)
	p.SetLineDash(p.dashes, p.offset)
	p.SetColor(p.colour)
}

func (p *pen) Stroke(path vg.Path) {
	if p.width > 0 {
		p.trace(path)
		p.page.DrawPath("D")
	}
}

func (p *pen) Fill(path vg.Path) {
	p.trace(path)
	p.page.DrawPath("F")
}

func (p *pen) trace(path vg.Path) {
	for i, part := range path {
		x, y := p.at(part.Pos)
		switch {
		case part.Type == vg.MoveComp:
			p.page.MoveTo(x, y)
		case part.Type == vg.LineComp:
			p.page.LineTo(x, y)
		case part.Type == vg.ArcComp:
			p.arc(part, i == 0)
		case part.Type == vg.CloseComp:
			p.page.ClosePath()
		case len(part.Control) == 1:
			cx, cy := p.at(part.Control[0])
			p.page.CurveTo(cx, cy, x, y)
		default:
			ax, ay := p.at(part.Control[0])
			bx, by := p.at(part.Control[1])
			p.page.CurveBezierCubicTo(ax, ay, bx, by, x, y)
		}
	}
}

// arc draws an arc as short lines: no printer shows the difference in marks as small as
// a chart's.
func (p *pen) arc(part vg.PathComp, first bool) {
	const corners = 24
	for i := range corners + 1 {
		sin, cos := math.Sincos(part.Start + part.Angle*float64(i)/corners)
		x, y := p.at(vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)})
		if i == 0 && first {
			p.page.MoveTo(x, y)
		} else {
			p.page.LineTo(x, y)
		}
	}
}

func (p *pen) FillString(f font.Face, pt vg.Point, words string) {
	style := ""
	if f.Font.Weight >= stdfont.WeightBold {
		style = "B"
	}
	p.page.SetFont(family, style, f.Font.Size.Points()*p.scale())
	x, y := p.at(pt)
	p.page.TransformBegin()
	p.page.TransformRotate(math.Atan2(-p.b, p.a)*180/math.Pi, x, y)
	p.page.Text(x, y, words)
	p.page.TransformEnd()
}

func (p *pen) DrawImage(vg.Rectangle, image.Image) {
	p.page.SetErrorf("a chart on a page holds no pictures")
}
