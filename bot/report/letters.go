package report

import (
	"strings"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// box stands for a letter that the font lacks.
const box = '□'

// letters knows which letters can be written.
type letters struct {
	font *sfnt.Font
	buf  sfnt.Buffer
	has  map[rune]bool
}

func newLetters() (*letters, error) {
	f, err := sfnt.Parse(liberationsansregular.TTF)
	return &letters{font: f, has: make(map[rune]bool)}, err
}

// readable is a text in letters that the font has, with a box for each that it lacks.
// What has no shape of its own goes, and so do the marks that only change how
// neighbours look, such as the colour of an emoji's skin.
func (l *letters) readable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me, unicode.Sk, unicode.Variation_Selector) && r > unicode.MaxASCII,
			unicode.IsControl(r):
			return -1
		case !l.covers(r):
			return box
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, string(box))))
}

func (l *letters) covers(r rune) bool {
	known, ok := l.has[r]
	if !ok {
		glyph, err := l.font.GlyphIndex(&l.buf, r)
		known = err == nil && glyph != 0 && r <= 0xFFFF // the page's fonts hold no more
		l.has[r] = known
	}
	return known
}

// fonts are the same two on the chart and on the page.
func fonts() (regular, bold []byte) { return liberationsansregular.TTF, liberationsansbold.TTF }
