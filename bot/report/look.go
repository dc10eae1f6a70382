package report

import (
	"image/color"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"spasmbot/flows/drawings"
)

// Look is how a chart looks.
type Look struct {
	// ground is nil where the paper is the ground.
	ground                        color.Color
	ink, muted, grid, sleep, pain color.Color
	kinds                         [kinds]color.Color
	// text is the size of the letters of most words, and stroke the width of a line.
	text, stroke vg.Length
}

// Look is how the chart looks in the person's chat.
func (p Person) Look() Look {
	if p.Dark {
		return Dark()
	}
	return Light()
}

// Light is for a light chat, in the colours of the pictures.
func Light() Look {
	return Look{
		ground: drawings.Paper, ink: drawings.Ink, muted: drawings.Distant, grid: drawings.Faint, sleep: drawings.Shade,
		pain:  drawings.Accent,
		kinds: [kinds]color.Color{drawings.Cool, drawings.Warm, drawings.Moss, drawings.Ink, rgb(0x76508A)},
		text:  15, stroke: 2.5,
	}
}

// Dark is for a dark chat.
func Dark() Look {
	pale, warm := rgb(0xA9C4BC), rgb(0xE3BC78)
	return Look{
		ground: rgb(0x14232F), ink: drawings.Paper, muted: pale, grid: rgb(0x2B4152), sleep: rgb(0x0C1821),
		pain:  rgb(0xFF8A5C),
		kinds: [kinds]color.Color{rgb(0x79BFD0), warm, pale, drawings.Paper, rgb(0xCDA6DD)},
		text:  15, stroke: 2.5,
	}
}

// printed is for the page.
func printed() Look {
	l := Light()
	l.ground, l.sleep, l.text, l.stroke = nil, rgb(0xE9EFEC), 7.5, 1.2
	return l
}

func rgb(hex uint32) color.Color {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

// sans is the font of all papers.
func sans(size vg.Length, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = stdfont.WeightBold
	}
	return f
}
