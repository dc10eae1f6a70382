package drawings

import (
	"bytes"
	"image"
	"image/gif"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// readBreathing is the file that is sent, and its frames as they are seen.
func readBreathing(t *testing.T) (*gif.GIF, []*image.Paletted) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(media, "breathing.gif"))
	if err != nil {
		t.Fatalf("%v: run make drawings", err)
	}
	if len(data) >= 900_000 {
		t.Errorf("the animation has %d bytes", len(data))
	}
	g, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return g, seen(g)
}

// seen puts the frames over each other, as a viewer does.
func seen(g *gif.GIF) []*image.Paletted {
	canvas := make([]uint8, g.Config.Width*g.Config.Height)
	var out []*image.Paletted
	for i, frame := range g.Image {
		for at, c := range frame.Pix {
			if c != stays || i == 0 {
				canvas[at] = c
			}
		}
		shot := *frame
		shot.Pix = slices.Clone(canvas)
		out = append(out, &shot)
	}
	return out
}

func TestBreathing(t *testing.T) {
	t.Parallel()
	g, frames := readBreathing(t)
	checkTimes(t, g, frames)
	want := seen(breathing())
	if len(frames) != len(want) {
		t.Fatalf("%d frames, want %d: run make drawings", len(frames), len(want))
	}
	for i := range frames {
		if frames[i].Rect != want[i].Rect || !bytes.Equal(frames[i].Pix, want[i].Pix) {
			t.Fatalf("frame %d is another: run make drawings", i)
		}
	}
	if g.LoopCount != 0 {
		t.Errorf("the animation runs %d times more, want for ever", g.LoopCount)
	}
	if g.Config.Width != 360 || g.Config.Height != 360 {
		t.Errorf("the animation is %d by %d", g.Config.Width, g.Config.Height)
	}
	for i, c := range breathPalette() {
		if g.Image[0].Palette[i] != c {
			t.Errorf("colour %d is %v, want %v: run make drawings", i, g.Image[0].Palette[i], c)
		}
	}
	if slices.Contains(frames[0].Pix, stays) {
		t.Error("the ground is see-through")
	}
}

// checkTimes: the flower grows for exactly four seconds and shrinks
// for exactly six.
func checkTimes(t *testing.T, g *gif.GIF, frames []*image.Paletted) {
	t.Helper()
	grows, shrinks, smallest, largest := 0, 0, 0, 0
	sizes := make([]int, len(frames))
	for i, f := range frames {
		sizes[i] = flowerSize(f)
		if sizes[i] < sizes[smallest] {
			smallest = i
		}
		if sizes[i] > sizes[largest] {
			largest = i
		}
	}
	for i, delay := range g.Delay {
		next := (i + 1) % len(frames)
		if openness(next) > openness(i) {
			grows += delay
		} else {
			shrinks += delay
		}
		// The edges of the petals are worth a few pixels.
		if step := sizes[next] - sizes[i]; (step > 0) != (openness(next) > openness(i)) && max(step, -step) > sizes[0]/100 {
			t.Errorf("from %d to %d, frame %d goes the wrong way", sizes[i], sizes[next], i)
		}
		if perSecond := 100 / float64(delay); perSecond < 12 || perSecond > 15 {
			t.Errorf("frame %d stays for %d hundredths of a second", i, delay)
		}
	}
	if grows != 400 || shrinks != 600 {
		t.Errorf("in for %d, out for %d hundredths of a second", grows, shrinks)
	}
	if at := largest * frameDelay; at < 390 || at > 410 {
		t.Errorf("the flower is largest at %d hundredths of a second", at)
	}
	if at := smallest * frameDelay; at > 10 && at < 990 {
		t.Errorf("the flower is smallest at %d hundredths of a second", at)
	}
}

// flowerSize counts how far the pixels within the dots are from paper.
func flowerSize(f *image.Paletted) int {
	var depth [256]int
	for i, c := range f.Palette {
		r, _, _, _ := c.RGBA()
		depth[i] = int(paper.R) - int(r>>8)
	}
	size := 0
	for y := 40; y < breathSize-40; y++ {
		for _, c := range f.Pix[y*f.Stride+40 : (y+1)*f.Stride-40] {
			size += depth[c]
		}
	}
	return size
}
