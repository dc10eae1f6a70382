package drawings

import "image/color"

var (
	paper    = color.RGBA{0xE9, 0xEF, 0xEC, 0xFF}
	distant  = color.RGBA{0x43, 0x5F, 0x71, 0xFF} // a limb behind the trunk
	gutter   = color.RGBA{0xD3, 0xDF, 0xDB, 0xFF}
	ground   = color.RGBA{0xCB, 0xDA, 0xD5, 0xFF}
	shade    = color.RGBA{0xB4, 0xC8, 0xC2, 0xFF}
	masonry  = color.RGBA{0x67, 0x84, 0x7D, 0xFF} // the edge of a wall
	trousers = color.RGBA{0x1E, 0x36, 0x4A, 0xFF}
	shirt    = color.RGBA{0x27, 0x63, 0x74, 0xFF}
	skin     = color.RGBA{0x1E, 0x36, 0x4A, 0xFF}
	ghostly  = color.RGBA{0xB3, 0xC3, 0xC9, 0xFF}
	pillow   = color.RGBA{0xF3, 0xDD, 0xB0, 0xFF}
	seam     = color.RGBA{0x8A, 0x68, 0x2C, 0xFF}
	wood     = color.RGBA{0xC2, 0x9A, 0x68, 0xFF}
	breathIn = color.RGBA{0xBE, 0x54, 0x28, 0xFF}
	accent   = color.RGBA{0xD4, 0x3D, 0x0A, 0xFF}
)

const (
	edgeWidth = 2.5
	gapWidth  = 4.0
)

// Colours of the pictures, for what is drawn to stand beside them, such as charts.
var (
	Paper   color.Color = paper
	Ink     color.Color = trousers
	Distant color.Color = distant
	Accent  color.Color = accent
	Cool    color.Color = shirt
	Warm    color.Color = seam
	Moss    color.Color = masonry
	Faint   color.Color = ground
	Shade   color.Color = gutter
)
