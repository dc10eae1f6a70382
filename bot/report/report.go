package report

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"spasmbot/flows/markup"
)

// Report is one page for a doctor, as a PDF: A4, or Letter where that is used. If there
// is too much for a page, the letters are smaller, and then the longest lists are cut,
// which the page says.
func Report(p Person) ([]byte, error) {
	l, err := newLetters()
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	for i, f := range fits {
		s := newSheet(p, f, l)
		bottom, err := s.write()
		if err != nil {
			return nil, fmt.Errorf("write the page: %w", err)
		}
		if bottom > s.height-margin && i < len(fits)-1 {
			continue
		}
		s.foot()
		var b bytes.Buffer
		if err := s.Output(&b); err != nil {
			return nil, fmt.Errorf("write the page: %w", err)
		}
		return b.Bytes(), nil
	}
	panic("unreachable: the last fit is taken")
}

// write fills the page, and returns how far down it went.
func (s *sheet) write() (bottom float64, err error) {
	y := s.title()
	top := s.columns(y, 2)
	top[0].course()
	top[1].about()
	middle := s.columns(max(top[0].y, top[1].y), 1)[0]
	middle.signs()
	middle.head(s.w.Pain)
	if y, err = s.drawn(middle.y + s.size*0.5); err != nil {
		return 0, err
	}
	low := s.columns(y, 2)
	low[0].deeds()
	low[1].own()
	return max(low[0].y, low[1].y), s.Error()
}

// title writes what the page is and whose, and returns where it ends.
func (s *sheet) title() float64 {
	look, wide := printed(), s.width-2*margin
	s.ink(look.ink)
	s.SetFont(family, "B", 17)
	s.SetXY(margin, margin*0.8)
	s.CellFormat(wide, 20, s.short(s.w.Title, wide*0.6), "", 0, "L", false, 0, "")
	s.SetFont(family, "", 8.6)
	s.CellFormat(0, 20, s.readable(fill(s.w.Made, "time", s.date(s.Now)+", "+s.clock(s.Now)+" ("+s.city()+")")), "", 0, "R", false, 0, "")
	s.SetXY(margin, s.GetY()+22)
	s.ink(look.pain)
	s.SetFont(family, "B", 8.6)
	s.CellFormat(wide, 11, s.readable(s.w.Subtitle), "", 0, "L", false, 0, "")
	y := s.GetY() + 16
	s.ink(look.ink)
	s.blank(margin, y, wide*0.6, s.w.Name, s.Name)
	s.blank(margin+wide*0.64, y, wide*0.36, s.w.Born, "")
	return y + 16
}

// blank is a line to write on, if there is nothing to be written yet.
func (s *sheet) blank(x, y, wide float64, name, words string) {
	look := printed()
	s.SetFont(family, "", 8.6)
	s.SetXY(x, y)
	s.ink(look.muted)
	label := s.short(name, wide/3) + "  "
	s.CellFormat(s.GetStringWidth(label), 11, label, "", 0, "L", false, 0, "")
	s.ink(look.ink)
	if words != "" {
		s.SetFont(family, "B", 10)
		s.CellFormat(0, 11, s.short(words, x+wide-s.GetX()), "", 0, "L", false, 0, "")
		return
	}
	s.SetLineWidth(0.5)
	s.ink(look.muted)
	s.Line(s.GetX(), y+10, x+wide, y+10)
}

// course tells how the spasm went.
func (c *column) course() {
	spasm, w := c.Spasm, c.w
	c.head(w.Course)
	c.told(w.Began, c.began())
	if spasm.Ended.IsZero() {
		c.told("", fill(w.Today, "n", strconv.Itoa(c.day(c.Now))))
	} else {
		over := fill(w.Over, "time", c.date(spasm.Ended))
		if spasm.Outcome != "" {
			over += ": " + spasm.Outcome
		}
		c.told("", over)
	}
	c.told(w.Cause, known(spasm.Cause, w.Unknown))
	if spasm.Place != "" { // not all flows ask for it
		c.told(w.Place, spasm.Place)
	}
	told := w.Unknown
	if pain := c.pain(); len(pain) > 0 {
		told = fill(w.PainLine, "from", number(pain[0].Value), "to", number(pain[len(pain)-1].Value), "worst", number(worst(pain).Value))
	}
	c.told(w.Pain, told)
	if len(c.Earlier) > 0 {
		c.head(w.Earlier)
	}
	earlier := ordered(c.Earlier, func(e Earlier) time.Time { return e.Onset })
	slices.Reverse(earlier)
	list(c, earlier, func(e Earlier) { c.told(c.date(e.Onset), known(e.Cause, w.Unknown)) })
}

// began tells the onset as wide as the person did.
func (c *column) began() string {
	from, to := c.Spasm.Onset.From, c.Spasm.Onset.To
	switch {
	case from.IsZero() && to.IsZero():
		return c.w.Unknown
	case from.IsZero() || to.IsZero() || from.Equal(to):
		at := from
		if at.IsZero() {
			at = to
		}
		return c.date(at) + ", " + c.clock(at)
	}
	until := c.moment(to)
	if c.date(from) == c.date(to) {
		until = c.clock(to)
	}
	return fill(c.w.Between, "from", c.date(from)+", "+c.clock(from), "to", until)
}

func known(words, unknown string) string {
	if words == "" {
		return unknown
	}
	return words
}

// none says why a list is empty: nobody has asked, or there is nothing.
func none(unasked bool, notAsked, nothing string) string {
	if unasked {
		return notAsked
	}
	return nothing
}

// about tells what matters of the person, and who has seen them.
func (c *column) about() {
	c.head(c.w.About)
	if c.Age != "" {
		c.told(c.w.Age, c.Age)
	}
	if len(c.Facts) == 0 {
		c.text(c.left, "", none(c.Facts == nil, c.w.NotAsked, c.w.NoFacts))
	}
	list(c, c.Facts, func(fact string) { c.text(c.left, "", "• "+fact) })
	if c.Sleep.From != c.Sleep.To {
		words := c.w.Nights
		if c.Sleep.Told {
			words = c.w.Asleep
		}
		c.text(c.left, "", fill(words, "from", timeOfDay(c.Sleep.From), "to", timeOfDay(c.Sleep.To)))
	}
	c.head(c.w.Seen)
	if len(c.Spasm.Seen) == 0 {
		c.text(c.left, "", none(c.Spasm.Seen == nil, c.w.NotAsked, c.w.NoSeen))
	}
	seen := ordered(c.Spasm.Seen, func(s Seen) time.Time { return s.At })
	list(c, seen, func(s Seen) {
		by := s.By
		if s.Found != "" {
			by += ": " + s.Found
		}
		c.told(c.moment(s.At), by)
	})
}

// drawn puts the chart across the page, and returns where it ends.
func (s *sheet) drawn(y float64) (bottom float64, err error) {
	high := s.height * s.chart
	c, err := newChart(s.Person, printed())
	if err != nil {
		return 0, err
	}
	size := vg.Rectangle{Max: vg.Point{X: vg.Length(s.width - 2*margin), Y: vg.Length(high)}}
	c.draw(draw.Canvas{Canvas: newPen(s.Fpdf, margin, y+high), Rectangle: size}, false)
	s.SetDashPattern(nil, 0)
	s.SetAlpha(1, "Normal")
	return y + high + 2, nil
}

// signs tells the answers about warning signs: what was last answered with Yes and with
// Not sure, and when with No.
func (c *column) signs() {
	c.head(c.w.Signs)
	if len(c.Spasm.Signs) == 0 {
		c.text(c.left, "", c.w.NoSigns)
		return
	}
	var told []Sign
	last := make(map[string]time.Time) // No, by sign
	for _, s := range ordered(c.Spasm.Signs, func(s Sign) time.Time { return s.At }) {
		if s.Answer == No {
			last[s.Text] = s.At
			continue
		}
		again := func(t Sign) bool { return t.Text == s.Text && t.Answer == s.Answer }
		told = append(slices.DeleteFunc(told, again), s)
	}
	slices.SortStableFunc(told, func(a, b Sign) int { return int(b.Answer) - int(a.Answer) })
	for _, s := range told { // none of these is ever left out
		answer := c.w.SignUnsure
		if s.Answer == Yes {
			answer = c.w.SignYes
		}
		text := s.Text
		if s.Class != "" {
			text += " (" + s.Class + ")"
		}
		c.row("B", []float64{0.1, 0.19}, answer, c.moment(s.At), text)
	}
	list(c, c.noes(last), func(words string) { c.whole(c.left, "", words) })
}

// noes are the signs that are not there, those of one time in a line.
func (c *column) noes(last map[string]time.Time) []string {
	by := make(map[time.Time][]string)
	for sign, at := range last {
		by[at] = append(by[at], markup.Clip(sign, max(40, c.units/4)))
	}
	var lines []string
	for _, at := range slices.SortedFunc(maps.Keys(by), func(a, b time.Time) int { return b.Compare(a) }) {
		lines = append(lines, fill(c.w.SignNo, "time", c.moment(at))+" "+strings.Join(slices.Sorted(slices.Values(by[at])), "; "))
	}
	return lines
}

// deeds tells what was done how often, and how it went.
func (c *column) deeds() {
	c.head(c.w.Done)
	if len(c.Spasm.Done) == 0 {
		c.text(c.left, "", c.w.NoneDone)
		return
	}
	parts := []float64{0.2, 0.12, 0.16}
	c.ink(printed().muted)
	c.row("", parts, c.w.DoneHead[:]...)
	c.ink(printed().ink)
	for k := range Medicine {
		done := c.done(k)
		if len(done) == 0 {
			continue
		}
		minutes := 0.0
		for _, d := range done {
			minutes += max(d.Until.Sub(d.At).Minutes(), 0)
		}
		took := "–"
		if minutes > 0 {
			took = number(float64(int(minutes)))
		}
		c.row("", parts, c.w.Kinds[k], strconv.Itoa(len(done)), took, c.moment(done[len(done)-1].At))
		if tally := tally(done); tally != "" {
			c.text(c.left+parts[0]*c.wide, "", tally)
		}
	}
}

// tally counts what was said of it: "Skin fine 14, Skin looked wrong 1".
func tally(done []Deed) string {
	count := make(map[string]int)
	for _, d := range done {
		if d.Note != "" {
			count[d.Note]++
		}
	}
	notes := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for i, n := range notes {
		notes[i] = n + " " + strconv.Itoa(count[n])
	}
	return strings.Join(notes, ", ")
}

// own tells what the person can do, takes and trains.
func (c *column) own() {
	if len(c.Spasm.Function) > 0 {
		c.head(c.w.Function)
	}
	list(c, c.Spasm.Function, func(m Measure) {
		figures := ordered(m.Figures, func(f Figure) time.Time { return f.At })
		if len(figures) == 0 {
			return
		}
		told := number(figures[len(figures)-1].Value)
		if len(figures) > 1 {
			told = number(figures[0].Value) + " → " + told
		}
		c.told(m.Name, told+" "+m.Unit)
	})
	c.head(c.w.Medicine)
	notes := c.done(Medicine)
	if len(notes) == 0 {
		c.text(c.left, "", c.w.NoMedicine)
	}
	slices.Reverse(notes) // the last say most
	list(c, notes, func(d Deed) { c.told(c.moment(d.At), d.Note) })
	if len(c.Spasm.Exercise) > 0 {
		c.head(c.w.Exercise)
	}
	list(c, c.Spasm.Exercise, func(line string) { c.text(c.left, "", line) })
}
