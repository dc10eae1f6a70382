package drawings

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const media = "../catalog/shipped/media"

var update = flag.Bool("update", false, "write the pictures and the breathing animation anew")

// TestMain draws first, if it is told to.
func TestMain(m *testing.M) {
	flag.Parse()
	if *update {
		for _, name := range Drawings() {
			write(name+".png", func(w io.Writer) error { return Draw(name, w) })
		}
		write("breathing.gif", Breathing)
	}
	os.Exit(m.Run())
}

func write(name string, draw func(io.Writer) error) {
	var buf bytes.Buffer
	err := draw(&buf)
	if err == nil {
		err = os.WriteFile(filepath.Join(media, name), buf.Bytes(), 0o644)
	}
	if err != nil {
		panic(err)
	}
}

// TestFiles holds the files that are sent to what the code draws. It compares
// pixels, not bytes: another version of the encoder may pack them differently.
func TestFiles(t *testing.T) {
	t.Parallel()
	for name, d := range drawings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(media, name+".png"))
			if err != nil {
				t.Fatalf("%v: run make drawings", err)
			}
			file, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			got, want := flat(file), flat(reduce(d.draw()))
			if diff := differ(got, want); diff != "" {
				t.Errorf("%s: run make drawings and look at the picture", diff)
			}
			if got.Bounds() != image.Rect(0, 0, 900, 675) {
				t.Errorf("the picture has the bounds %v", got.Bounds())
			}
			if len(data) >= 60_000 {
				t.Errorf("the file has %d bytes, too heavy for a slow line", len(data))
			}
			checkMargin(t, got)
			checkColours(t, got, d)
		})
	}
}

// flat is a picture without palette.
func flat(img image.Image) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, out.Rect.Min, draw.Src)
	return out
}

// differ tells how two pictures differ. The rasterizer rounds a little
// otherwise where it is not in assembler, so a few pixels of an edge may be a
// shade off.
func differ(got, want *image.RGBA) string {
	if got.Rect != want.Rect {
		return fmt.Sprintf("bounds are %v, want %v", got.Rect, want.Rect)
	}
	const few, shade = 20, 24
	off := 0
	for i := range got.Pix {
		if got.Pix[i] == want.Pix[i] {
			continue
		}
		off++
		if by := int(got.Pix[i]) - int(want.Pix[i]); off > 3*few || max(by, -by) > shade {
			i -= i % 4
			return fmt.Sprintf("the pixel (%d, %d) is %v, want %v", i%got.Stride/4, i/got.Stride, pixel(got.Pix[i:]), pixel(want.Pix[i:]))
		}
	}
	return ""
}

// checkMargin wants no ink in the outermost pixels.
func checkMargin(t *testing.T, img *image.RGBA) {
	t.Helper()
	const quiet = 16
	inner := img.Rect.Inset(quiet)
	for y := range height {
		for x := range width {
			if !image.Pt(x, y).In(inner) && img.RGBAAt(x, y) != img.RGBAAt(0, 0) {
				t.Errorf("ink at (%d, %d), nearer than %d pixels to the edge", x, y, quiet)
				return
			}
		}
	}
}

// checkColours counts what the picture is made of: a figure that is big
// enough to see on an opaque ground without glare, and the arrow if there is
// one.
func checkColours(t *testing.T, img *image.RGBA, d drawing) {
	t.Helper()
	count := count(img)
	for c := range count {
		if c.A != 0xFF || luminance(c) > 0.95 {
			t.Errorf("the colour %v is see-through or glaring", c)
		}
	}
	arrows := 0
	for _, s := range d.scenes {
		arrows += len(s.arrows)
	}
	if dark := count[trousers] + count[shirt]; dark < width*height/25 {
		t.Errorf("the figure has %d pixels of %d", dark, width*height)
	}
	if ink := count[accent]; (ink >= 700) != (arrows > 0) {
		t.Errorf("%d arrows have %d pixels", arrows, ink)
	}
}

// TestContrast holds the colours to WCAG 2.2: 4.5 to 1 as for text where the
// figure meets the ground, 3 to 1 as for graphics for the arrow, the edges of
// pillows and furniture, and the signs on a pack.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		ink      color.RGBA
		contrast float64
	}{
		{"trousers", trousers, 4.5},
		{"shirt", shirt, 4.5},
		{"skin", skin, 4.5},
		{"limb behind", distant, 4.5},
		{"arrow", accent, 3},
		{"breathing in", breathIn, 3},
		{"edge of a pillow", seam, 3},
	} {
		for name, back := range map[string]color.RGBA{"paper": paper, "mat": ground} {
			if got := contrast(c.ink, back); got < c.contrast {
				t.Errorf("%s on %s: %.2f to 1, want %.1f", c.name, name, got, c.contrast)
			}
		}
	}
	for name, pair := range map[string][2]color.RGBA{
		"wall before paper":   {masonry, paper},
		"pillow and its edge": {seam, pillow},
		"towel and its edge":  {seam, cloth},
		"sign of cold":        {iced, ice},
		"sign of warmth":      {warms, warm},
		"number":              {paper, trousers},
	} {
		if got := contrast(pair[0], pair[1]); got < 3 {
			t.Errorf("%s: %.2f to 1, want 3", name, got)
		}
	}
}

func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestDrawings(t *testing.T) {
	t.Parallel()
	names := Drawings()
	if !slices.IsSorted(names) || len(names) != len(drawings()) {
		t.Errorf("Drawings returns %v", names)
	}
	files, err := filepath.Glob(filepath.Join(media, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".png"); !slices.Contains(names, name) {
			t.Errorf("nothing draws %s", f)
		}
	}
	if err := Draw("ex_handstand", io.Discard); err == nil {
		t.Error("Draw knows a drawing that is none")
	}
}

func TestDrawIsDeterministic(t *testing.T) {
	t.Parallel()
	var a, b bytes.Buffer
	for _, w := range []io.Writer{&a, &b} {
		if err := Draw("ex_walk", w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same drawing has other bytes the second time")
	}
}
