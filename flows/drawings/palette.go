package drawings

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// reduce keeps the 256 most frequent colours of a picture and paints the rest,
// which are shades within edges, in the nearest of them.
func reduce(img *image.RGBA) *image.Paletted {
	count := count(img)
	colours := make([]color.RGBA, 0, len(count))
	for c := range count {
		colours = append(colours, c)
	}
	rank := func(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(rank(a), rank(b)))
	})
	palette := make(color.Palette, 0, 256)
	for _, c := range colours[:min(len(colours), 256)] {
		palette = append(palette, c)
	}
	index := make(map[color.RGBA]uint8, len(colours))
	for _, c := range colours {
		index[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(img.Rect, palette)
	last, same := pixel(img.Pix), index[pixel(img.Pix)]
	for i := range out.Pix {
		if c := pixel(img.Pix[4*i:]); c != last {
			last, same = c, index[c]
		}
		out.Pix[i] = same
	}
	return out
}

// count tells how many pixels have which colour. Most pixels are like the one
// before.
func count(img *image.RGBA) map[color.RGBA]int {
	out := make(map[color.RGBA]int)
	last, run := pixel(img.Pix), 0
	for i := 0; i < len(img.Pix); i += 4 {
		c := pixel(img.Pix[i:])
		if c != last {
			out[last] += run
			last, run = c, 0
		}
		run++
	}
	out[last] += run
	return out
}

func pixel(p []uint8) color.RGBA { return color.RGBA{p[0], p[1], p[2], p[3]} }
