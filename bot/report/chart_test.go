package report_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/report"
	"spasmbot/flows/drawings"
	"spasmbot/flows/markup"
)

func picture(t *testing.T, p report.Person, look report.Look) image.Image {
	t.Helper()
	b, err := report.Chart(p, look)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// columns are those of a picture that have a colour in some rows, in more than where
// two other colours run into each other.
func columns(img image.Image, c color.Color, top, bottom int) (at []int) {
	const few = 3
	r, g, b, _ := c.RGBA()
	for x := range img.Bounds().Dx() {
		rows := 0
		for y := top; y < bottom; y++ {
			if r2, g2, b2, _ := img.At(x, y).RGBA(); r == r2 && g == g2 && b == b2 {
				rows++
			}
		}
		if rows > few {
			at = append(at, x)
		}
	}
	return at
}

// bars counts what stands apart.
func bars(at []int) int {
	n := 0
	for i, x := range at {
		if i == 0 || x > at[i-1]+1 {
			n++
		}
	}
	return n
}

// lanesTop is a row between the scale and the lanes.
const lanesTop = 780

func TestChart(t *testing.T) {
	p := sample(t)
	img := picture(t, p, report.Light())
	if got := img.Bounds().Size(); got != image.Pt(1080, 1200) {
		t.Errorf("the picture is %v", got)
	}
	if got := img.At(0, 0); got != drawings.Paper {
		t.Errorf("the ground is %v, not that of the pictures", got)
	}
	for name, want := range map[string]struct {
		colour color.Color
		bars   int
	}{
		"cold": {drawings.Cool, 15}, "warmth": {drawings.Warm, 4},
	} {
		if got := bars(columns(img, want.colour, lanesTop, 1100)); got != want.bars {
			t.Errorf("%s has %d bars, want %d", name, got, want.bars)
		}
	}
	// The end of a night, four with a line at midnight, and the beginning of one.
	if got := bars(columns(img, drawings.Shade, 700, 760)); got != 1+4*2+1 && got != 1+4*2+2 {
		t.Errorf("%d parts of nights are shaded", got)
	}
	told := picture(t, p, report.Light())
	p.Sleep.Told = false
	if reflect.DeepEqual(told, picture(t, p, report.Light())) {
		t.Error("a guess of when somebody sleeps reads as what they have told")
	}
	p.Sleep = report.Sleep{}
	if got := columns(picture(t, p, report.Light()), drawings.Shade, 170, 1100); len(got) > 0 {
		t.Errorf("sleep that nobody told of is shaded at %v", got)
	}
}

// The line goes down from left to right, as the pain did.
func TestChartPain(t *testing.T) {
	p := sample(t)
	p.Spasm.Pain = []report.Figure{{At: p.Spasm.Onset.To, Value: 10}, {At: p.Now, Value: 0}}
	img := picture(t, p, report.Light())
	high, low := columns(img, drawings.Accent, 150, 300), columns(img, drawings.Accent, 700, lanesTop)
	if len(high) == 0 || len(low) == 0 || high[len(high)-1] >= low[0] {
		t.Errorf("the pain is high at %v and low at %v", high, low)
	}
	if got := columns(img, drawings.Accent, 440, 460); len(got) == 0 {
		t.Error("there is no line between the figures")
	}
	// What is said to come is no news yet.
	p.Spasm.Pain = append(p.Spasm.Pain, report.Figure{At: p.Now.Add(time.Hour), Value: 10})
	if got := columns(picture(t, p, report.Light()), drawings.Accent, 150, 300); !slices.Equal(got, high) {
		t.Errorf("a figure of the future is drawn: high at %v, before at %v", got, high)
	}
}

// A day begins by the person's clock: the same instants stand elsewhere for whoever
// sleeps elsewhere.
func TestChartZone(t *testing.T) {
	p := sample(t)
	here := columns(picture(t, p, report.Light()), drawings.Shade, 700, 760)
	p.Zone = zone(t, "Pacific/Auckland")
	there := columns(picture(t, p, report.Light()), drawings.Shade, 700, 760)
	if slices.Equal(here, there) {
		t.Error("nights in Auckland are those in Athens")
	}
}

func TestChartEnded(t *testing.T) {
	p := sample(t)
	p.Spasm.Pain, p.Spasm.Done = nil, nil
	p.Spasm.Ended = p.Now
	ended := columns(picture(t, p, report.Light()), drawings.Distant, 700, 760)
	p.Spasm.Ended = time.Time{}
	if live := columns(picture(t, p, report.Light()), drawings.Distant, 700, 760); len(live) == 0 || len(ended) != 0 {
		t.Errorf("the present is drawn at %v, and at %v when all is over", live, ended)
	}
}

// Whatever is known or not, there is a chart.
func TestChartOfLittle(t *testing.T) {
	now := sample(t).Now
	for name, p := range map[string]report.Person{
		"nothing":     {},
		"now":         {Now: now},
		"future":      {Now: now, Spasm: report.Spasm{Onset: report.Span{To: now.Add(48 * time.Hour)}}},
		"long ago":    {Now: now, Spasm: report.Spasm{Onset: report.Span{From: now.AddDate(-3, 0, 0), To: now.AddDate(-3, 0, 0)}}},
		"wild":        {Now: now, Spasm: report.Spasm{Pain: []report.Figure{{At: now, Value: 1e9}, {At: now, Value: -5}}}},
		"ended early": {Now: now, Spasm: report.Spasm{Onset: report.Span{To: now}, Ended: now.Add(-time.Hour)}},
	} {
		t.Run(name, func(t *testing.T) { picture(t, p, report.Dark()) })
	}
}

func TestCaption(t *testing.T) {
	const want = `Days 1 to 5: Fri 23 Oct – Tue 27 Oct
Pain: 8 at first, 2.5 last
Worst: 9 on Fri 23 Oct, 12:00
Cold: 15×
Warmth: 4×
Moves: 8×
Exercise: 1×
Medicine: 2×`
	if got := report.Caption(sample(t)); got != want {
		t.Errorf("the caption is\n%s\nwant\n%s", got, want)
	}
	p := report.Person{Now: sample(t).Now}
	if got, want := report.Caption(p), "Day 1: Tue 27 Oct\nNo pain was noted yet"; got != want {
		t.Errorf("of nothing the caption is\n%s\nwant\n%s", got, want)
	}
	words := report.English()
	words.PainThen = strings.Repeat("😀", 600)
	p = sample(t)
	p.Words = words
	if got := markup.Units(report.Caption(p)); got > markup.MaxCaption || got < 1000 {
		t.Errorf("a long caption has %d units", got)
	}
}
