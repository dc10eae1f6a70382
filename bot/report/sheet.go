package report

import (
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"spasmbot/flows/markup"
)

const (
	family = "sans"
	margin = 42 // points
)

// letterPaper are the countries that write on Letter and not on A4: CLDR, "Territory
// information", paper sizes.
var letterPaper = strings.Fields("BZ CA CL CO CR GT MX NI PA PH PR SV US VE")

// fit is how much goes on a page: what is long is written smaller first, and then cut.
type fit struct {
	size  float64 // of the letters, in points
	chart float64 // how much of the page's height the chart has
	items int     // of a list
	units int     // of a text
}

var fits = []fit{{9, 0.28, 40, 400}, {8.2, 0.23, 20, 300}, {7.2, 0.2, 9, 160}, {6.4, 0.15, 3, 42}}

// sheet is a page that is being written.
type sheet struct {
	Person
	*fpdf.Fpdf
	*letters
	fit
	w             *Words
	width, height float64 // of the paper
}

func newSheet(p Person, f fit, l *letters) *sheet {
	paper := "A4"
	if slices.Contains(letterPaper, strings.ToUpper(p.Country)) {
		paper = "Letter"
	}
	s := &sheet{Person: p, Fpdf: fpdf.New("P", "pt", paper, ""), letters: l, fit: f, w: p.words()}
	s.width, s.height = s.GetPageSize()
	regular, bold := fonts()
	s.AddUTF8FontFromBytes(family, "", regular)
	s.AddUTF8FontFromBytes(family, "B", bold)
	s.SetCatalogSort(true) // the same page is the same bytes
	s.SetCreationDate(p.Now)
	s.SetModificationDate(p.Now)
	s.SetTitle(s.readable(s.w.Title), true)
	s.SetAuthor(s.readable(p.Name), true)
	s.SetSubject(s.readable(s.w.Subtitle), true)
	s.SetCreator(s.readable(s.bot()), true)
	s.SetLang(tag(p.Lang))
	s.SetAutoPageBreak(false, 0)
	s.SetCellMargin(0)
	s.SetMargins(margin, margin, margin)
	s.AddPage()
	return s
}

// bot is what made the page.
func (s *sheet) bot() string { return strings.TrimSpace("Spasmbot " + s.Version) }

// tag is an IETF language tag with nothing in it that a tag does not have.
func tag(lang string) string {
	clean := strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, lang)
	if clean == "" {
		return "en"
	}
	return clean
}

// foot is at the bottom of the page.
func (s *sheet) foot() {
	s.ink(printed().muted)
	s.SetFont(family, "", 7)
	page := fill(s.w.Page, "n", strconv.Itoa(s.PageNo()), "all", strconv.Itoa(s.PageCount()))
	s.SetXY(margin, s.height-margin*0.7)
	s.CellFormat(s.width-2*margin, 8, s.readable(page), "", 0, "R", false, 0, "")
	s.SetXY(margin, s.height-margin*0.7)
	s.CellFormat(s.width-2*margin, 8, s.short(s.bot()+" · "+s.w.Subtitle, s.width*0.7), "", 0, "L", false, 0, "")
}

func (s *sheet) ink(c color.Color) {
	solid, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	s.SetTextColor(int(solid.R), int(solid.G), int(solid.B))
	s.SetDrawColor(int(solid.R), int(solid.G), int(solid.B))
}

// short is a text that fits into a width, in the font that is set.
func (s *sheet) short(words string, wide float64) string {
	words = s.readable(words)
	if s.GetStringWidth(words) <= wide {
		return words
	}
	letters := []rune(words)
	for len(letters) > 0 && s.GetStringWidth(string(letters)+"…") > wide {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// column is a part of the page that is written from its top down.
type column struct {
	*sheet
	left, wide, y float64
}

// columns divides the width of the page at a height.
func (s *sheet) columns(y float64, n int) []*column {
	const gap = 18
	wide := (s.width - 2*margin - gap*float64(n-1)) / float64(n)
	list := make([]*column, n)
	for i := range list {
		list[i] = &column{s, margin + float64(i)*(wide+gap), wide, y}
	}
	return list
}

func (c *column) line() float64 { return c.size * 1.28 }

// head begins a section.
func (c *column) head(words string) {
	look := printed()
	c.y += c.size * 0.5
	c.ink(look.kinds[Cold])
	c.SetFont(family, "B", c.size*1.1)
	c.SetXY(c.left, c.y)
	c.CellFormat(c.wide, c.line(), c.short(words, c.wide), "", 0, "L", false, 0, "")
	c.y += c.line() * 1.15
	c.SetLineWidth(0.6)
	c.ink(look.grid)
	c.Line(c.left, c.y-1, c.left+c.wide, c.y-1)
	c.y += c.size * 0.25
	c.ink(look.ink)
}

// text writes a text from x on, over as many lines as it needs, and goes below it.
func (c *column) text(x float64, style, words string) {
	c.whole(x, style, markup.Clip(words, c.units))
}

// whole is text that is not cut, however long.
func (c *column) whole(x float64, style, words string) {
	c.SetFont(family, style, c.size)
	c.SetXY(x, c.y)
	c.MultiCell(c.left+c.wide-x, c.line(), c.readable(words), "", "L", false)
	c.y = c.GetY()
}

// told writes a name and what is told of it, beside each other.
func (c *column) told(name, words string) {
	top := c.y
	c.SetFont(family, "", c.size)
	c.ink(printed().muted)
	label := c.left + c.wide*0.34
	c.SetXY(c.left, top)
	c.MultiCell(label-c.left-4, c.line(), c.readable(markup.Clip(name, max(24, c.units/4))), "", "L", false)
	below := c.GetY()
	c.ink(printed().ink)
	c.y = top
	c.text(label, "", words)
	c.y = max(c.y, below)
}

// row writes cells beside each other, each so wide a part of the column, and goes below
// the last, which may have several lines.
func (c *column) row(style string, parts []float64, cells ...string) {
	x, top := c.left, c.y
	for i, cell := range cells {
		c.y = top
		if i == len(cells)-1 {
			c.text(x, style, cell)
			c.y = max(c.y, top+c.line())
			return
		}
		c.SetFont(family, style, c.size)
		c.SetXY(x, top)
		c.CellFormat(parts[i]*c.wide, c.line(), c.short(cell, parts[i]*c.wide), "", 0, "L", false, 0, "")
		x += parts[i] * c.wide
	}
}

// list writes what of a list has room, and how much was left out.
func list[T any](c *column, all []T, write func(T)) {
	for i, item := range all {
		if i == c.items && len(all) > c.items {
			c.text(c.left, "", fill(c.w.More, "n", fmt.Sprint(len(all)-i)))
			return
		}
		write(item)
	}
}
