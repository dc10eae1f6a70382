package measure

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"spasmbot/flows/markup"
)

// Figure names something that is counted.
type Figure string

// The figures of a day. Standing and Keyboards are how the chat looks at its end,
// all others are sums.
const (
	Pressed Figure = "presses" // of buttons
	Typed   Figure = "typed"   // messages and commands
	Words   Figure = "words"   // of texts, and of the labels of buttons
	Screens Figure = "screens" // new messages, and edits that bring another text
	Rings   Figure = "rings"   // new messages with a sound
	Silent  Figure = "silent"  // new messages without one
	Edits   Figure = "edits"
	// Invitations are rings that come by themselves and ask for something new.
	Invitations Figure = "invitations"
	// Crowded are rings that come by themselves less than a quarter of an hour
	// behind one that tells of something else. A round is one thing, and what follows in
	// one that the person has asked for belongs to their press.
	Crowded Figure = "crowded"
	// Disturbing are messages of what has no place while a pack is on.
	Disturbing Figure = "disturbing"
	// Standing are messages that no edit has made one line without buttons.
	Standing Figure = "standing"
	// Keyboards are messages that have buttons still.
	Keyboards Figure = "keyboards"
)

// AllFigures lists the figures in the order in which they are told.
var AllFigures = []Figure{Pressed, Typed, Words, Screens, Rings, Silent, Edits, Invitations, Crowded, Disturbing, Standing, Keyboards}

// atTheEnd reports whether a figure is how things stand at the end of a day.
func (f Figure) atTheEnd() bool { return f == Standing || f == Keyboards }

// Figures are counts. All that there are have one, be it 0.
type Figures map[Figure]int

func none() Figures {
	out := make(Figures)
	for _, f := range AllFigures {
		out[f] = 0
	}
	return out
}

// wordsOf counts the words that are read of a piece of Telegram's HTML: what has a letter
// or a digit.
func wordsOf(text string) int {
	n := 0
	for _, word := range strings.Fields(markup.Plain(text)) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// quarter is how near two rings of different things must not be.
const quarter = 15 * time.Minute

// ring is a ring that came by itself.
type ring struct {
	at    time.Time
	thing string
}

// rings are those that came by themselves, of the last quarter of an hour.
type rings []ring

// add notes a ring, and reports whether it comes soon behind another thing's.
func (r *rings) add(at time.Time, thing string) bool {
	*r = slices.DeleteFunc(*r, func(old ring) bool { return at.Sub(old.at) >= quarter })
	crowded := slices.ContainsFunc(*r, func(old ring) bool { return old.thing != thing })
	*r = append(*r, ring{at, thing})
	return crowded
}
