package drawings

import (
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"
	"math"
)

// The breath that the animation leads: four seconds in, six out, no holding.
// Six breaths a minute with a longer way out is the usual figure for slow
// breathing. Delays are hundredths of a second, as GIF counts.
const (
	frameDelay = 8
	framesIn   = 400 / frameDelay
	framesOut  = 600 / frameDelay
	breathSize = 360
)

// Breathing writes the animation as GIF, the same bytes each time: a flower
// that opens for four seconds and closes for six, and again for ever, with a
// bead that runs around it past one dot for each second.
func Breathing(w io.Writer) error {
	if err := gif.EncodeAll(w, breathing()); err != nil {
		return fmt.Errorf("write breathing: %w", err)
	}
	return nil
}

func breathing() *gif.GIF {
	out := &gif.GIF{Config: image.Config{ColorModel: breathPalette(), Width: breathSize, Height: breathSize}}
	var last *image.Paletted
	for i := range framesIn + framesOut {
		full := breath(i)
		frame := full
		if last != nil {
			frame = change(last, full)
		}
		last = full
		out.Image = append(out.Image, frame)
		out.Delay = append(out.Delay, frameDelay)
		out.Disposal = append(out.Disposal, gif.DisposalNone)
	}
	return out
}

// change is a frame without the pixels that stay.
func change(from, to *image.Paletted) *image.Paletted {
	out := image.NewPaletted(to.Rect, to.Palette)
	for i, c := range to.Pix {
		out.Pix[i] = c
		if from.Pix[i] == c {
			out.Pix[i] = stays
		}
	}
	return out
}

// openness is how far the flower is open in a frame, from 0 to 1.
func openness(frame int) float64 {
	t := float64(frame) / framesIn
	if frame >= framesIn {
		t = 1 - float64(frame-framesIn)/framesOut
	}
	return (1 - math.Cos(math.Pi*t)) / 2
}

// The palette: shades of the flower by how many petals lie on each other,
// then from paper to the colours of the dots.
const (
	petals   = 6
	perPetal = 8
	mixes    = 16
	flower   = 0
	inDots   = flower + petals*perPetal + 1
	outDots  = inDots + mixes
	beads    = outDots + mixes
	stays    = beads + mixes
)

func breathPalette() color.Palette {
	var p color.Palette
	light, deep := color.RGBA{0xA9, 0xCF, 0xD2, 0xFF}, color.RGBA{0x23, 0x63, 0x78, 0xFF}
	for i := range petals*perPetal + 1 {
		if k := float64(i) / perPetal; k < 1 {
			p = append(p, mix(paper, light, k))
		} else {
			p = append(p, mix(light, deep, math.Sqrt((k-1)/(petals-1))))
		}
	}
	for _, c := range []color.RGBA{breathIn, shirt, trousers} {
		for i := range mixes {
			p = append(p, mix(paper, c, float64(i+1)/mixes))
		}
	}
	return append(p, color.RGBA{})
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	at := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*t)) }
	return color.RGBA{at(a.R, b.R), at(a.G, b.G), at(a.B, b.B), 0xFF}
}

// breath is one whole frame.
func breath(frame int) *image.Paletted {
	const middle = breathSize / 2
	open := 0.42 + 0.58*openness(frame)
	img := image.NewPaletted(image.Rect(0, 0, breathSize, breathSize), breathPalette())
	var leaves [petals]disc
	for i := range leaves {
		// The flower turns a little as it opens.
		sin, cos := math.Sincos(2*math.Pi*float64(i)/petals + 0.6*open)
		leaves[i] = disc{point{middle + 54*open*sin, middle - 54*open*cos}, 66 * open}
	}
	reach := int(120*open) + 2
	for y := middle - reach; y < middle+reach; y++ {
		row := img.Pix[img.PixOffset(0, y):]
		for x := middle - reach; x < middle+reach; x++ {
			sum := 0.0
			for _, l := range leaves {
				sum += l.cover(x, y)
			}
			row[x] = uint8(flower + math.Round(sum*perPetal))
		}
	}
	const around = 156
	place := func(second float64) point {
		sin, cos := math.Sincos(2 * math.Pi * second / 10)
		return point{middle + around*sin, middle - around*cos}
	}
	for second := range 10 {
		colour := outDots
		if second < 4 {
			colour = inDots
		}
		stamp(img, disc{place(float64(second)), 5}, colour)
	}
	stamp(img, disc{place(float64(frame) * frameDelay / 100), 10}, beads)
	return img
}

// stamp paints a disc in the mixes that begin at an index.
func stamp(img *image.Paletted, d disc, first int) {
	for y := int(d.y - d.r - 1); y <= int(d.y+d.r+1); y++ {
		for x := int(d.x - d.r - 1); x <= int(d.x+d.r+1); x++ {
			if step := int(math.Round(d.cover(x, y) * mixes)); step > 0 {
				img.SetColorIndex(x, y, uint8(first+step-1))
			}
		}
	}
}

// cover is how much of a pixel the disc covers, nearly.
func (d disc) cover(x, y int) float64 {
	dx, dy := float64(x)+0.5-d.x, float64(y)+0.5-d.y
	return min(max(d.r-math.Sqrt(dx*dx+dy*dy)+0.5, 0), 1)
}
