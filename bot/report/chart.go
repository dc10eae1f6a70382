package report

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// The picture's size: a point is two pixels, so that it is 1080 wide.
const (
	chartWidth  = 540 * vg.Length(1)
	chartHeight = 600 * vg.Length(1)
	chartDPI    = 144
)

// Chart draws the pain over the days of the spasm and what was done, as a PNG for
// the phone.
func Chart(p Person, look Look) ([]byte, error) {
	c, err := newChart(p, look)
	if err != nil {
		return nil, err
	}
	img := vgimg.NewWith(vgimg.UseWH(chartWidth, chartHeight), vgimg.UseDPI(chartDPI), vgimg.UseBackgroundColor(look.ground))
	c.draw(draw.Crop(draw.New(img), 12, -14, 12, -12), true)
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img.Image()); err != nil {
		return nil, fmt.Errorf("draw the chart: %w", err)
	}
	return b.Bytes(), nil
}

// chart is the drawing, on whatever canvas. Pain is above, from 0 to 10, and what was
// done is in lanes below it.
type chart struct {
	Person
	look Look
	*letters
	from, to time.Time
}

func newChart(p Person, look Look) (*chart, error) {
	l, err := newLetters()
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	c := &chart{Person: p, look: look, letters: l, from: p.begin(), to: p.end()}
	for _, f := range p.Spasm.Pain {
		if f.At.Before(c.from) {
			c.from = f.At
		}
	}
	c.from = c.from.Add(-max(time.Hour, c.to.Sub(c.from)/60))
	// A margin, in which the last figure and "now" stand.
	c.to = c.to.Add(max(time.Hour, c.to.Sub(c.from)/11))
	return c, nil
}

// draw fills a canvas, with a title if that is told.
func (c *chart) draw(on draw.Canvas, titled bool) {
	if titled {
		on = c.title(on)
	}
	plt := plot.New()
	plt.BackgroundColor = color.Transparent
	plt.X.Min, plt.X.Max = seconds(c.from), seconds(c.to)
	plt.Y.Min, plt.Y.Max = laneBottom(kinds-1)-0.15, 10.6
	c.axis(&plt.X, c.dayTicks(on.Size().X))
	c.axis(&plt.Y, c.scaleTicks())
	plt.Add(nights{c}, grid{c}, lanes{c}, present{c}, pain{c})
	plt.Draw(on)
}

// title writes what the chart shows, and returns what is left of the canvas.
func (c *chart) title(on draw.Canvas) draw.Canvas {
	w := c.words()
	days := fill(w.Days, "from", "1", "to", strconv.Itoa(c.day(c.end())))
	if c.day(c.end()) == 1 {
		days = fill(w.Day, "n", "1")
	}
	size := c.look.text
	top := vg.Point{X: on.Min.X, Y: on.Max.Y}
	on.FillText(c.style(size*1.45, true, c.look.ink, draw.XLeft, draw.YTop), top, c.readable(w.ChartTitle))
	top.Y -= size * 1.9
	sub := days + " · " + fill(w.Zone, "city", c.city())
	if c.Sleep.From != c.Sleep.To {
		shade := w.Guessed
		if c.Sleep.Told {
			shade = w.Shaded
		}
		sub += " · " + shade
	}
	on.FillText(c.style(size*0.9, false, c.look.muted, draw.XLeft, draw.YTop), top, c.readable(sub))
	on.Max.Y = top.Y - size*1.6
	return on
}

func (c *chart) style(size vg.Length, bold bool, ink color.Color, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: ink, Font: sans(size, bold), XAlign: x, YAlign: y, Handler: plot.DefaultTextHandler}
}

func (c *chart) axis(a *plot.Axis, ticks plot.ConstantTicks) {
	a.Padding, a.LineStyle.Width, a.Tick.Length = 0, 0, 0
	a.Tick.Label.Font, a.Tick.Label.Color = sans(c.look.text*0.9, false), c.look.ink
	a.Tick.Marker = ticks
}

// scaleTicks name the pain and the lanes.
func (c *chart) scaleTicks() plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for v := 0; v <= 10; v += 2 {
		ticks = append(ticks, plot.Tick{Value: float64(v), Label: strconv.Itoa(v)})
	}
	for k := range Kind(kinds) {
		ticks = append(ticks, plot.Tick{Value: laneMiddle(int(k)), Label: c.readable(c.words().Kinds[k])})
	}
	return ticks
}

// dayTicks name the days in their middle, or the hours if there are no more than two
// days. Where all have no room, some go without.
func (c *chart) dayTicks(width vg.Length) plot.ConstantTicks {
	days := c.days()
	if days <= 2 {
		return c.hourTicks()
	}
	room := int(width * 0.8 / (c.look.text * 3.4)) // as many names fit
	step := max((days+room-1)/room, 1)
	var ticks plot.ConstantTicks
	for d := 0; ; d += step {
		noon := c.midnight(c.from, d).Add(12 * time.Hour)
		if noon.After(c.to) {
			return ticks
		}
		if noon.Before(c.from) {
			continue
		}
		t := c.local(noon)
		date := strconv.Itoa(t.Day())
		if step > 1 || len(ticks) == 0 || t.Day() == 1 {
			date += " " + c.words().Months[t.Month()-1]
		}
		weekday := c.words().Weekdays[t.Weekday()]
		ticks = append(ticks, plot.Tick{Value: seconds(noon), Label: c.readable(weekday) + "\n" + c.readable(date)})
	}
}

func (c *chart) hourTicks() plot.ConstantTicks {
	step := 6
	if c.to.Sub(c.from) <= 9*time.Hour {
		step = 2
	}
	var ticks plot.ConstantTicks
	for d := 0; ; d++ {
		for h := 0; h < 24; h += step {
			t := c.midnight(c.from, d).Add(time.Duration(h) * time.Hour)
			if t.After(c.to) {
				return ticks
			}
			if t.Before(c.from) {
				continue
			}
			label := c.clock(t)
			below := " "
			if h == 0 || len(ticks) == 0 {
				below = c.words().Weekdays[c.local(t).Weekday()]
			}
			ticks = append(ticks, plot.Tick{Value: seconds(t), Label: label + "\n" + c.readable(below)})
		}
	}
}

// days is how many days the chart is wide.
func (c *chart) days() int { return int(c.to.Sub(c.from)/(24*time.Hour)) + 1 }

func seconds(t time.Time) float64 { return float64(t.Unix()) }
