// Package button makes and reads what a button carries: the data that comes back
// when it is pressed.
//
// Data comes from outside. It may be old, forged or another person's, and it may
// be of a file that was restored from a copy or lost since, in which numbers
// begin again. So it names the person's state, by a seal that is drawn when the
// state is first made, and the message that the button is on. Whether it is on
// that message is for those to say who know what was sent.
package button

import (
	"strconv"
	"strings"
	"unicode"
)

// Kind is what a button belongs to.
type Kind byte

// The kinds of buttons.
const (
	Screen   Kind = 's' // a question
	Reminder Kind = 'r'
	Hint     Kind = 'h' // a word of guidance
	Card     Kind = 'c' // where the person stands: as a command
)

// Data is what a button carries.
type Data struct {
	Kind Kind
	// Seal is the seal of the state.
	Seal uint32
	// Message is the number of the message that the button is on.
	Message uint64
	// Choice is the answer, or what is to be done about the reminder.
	Choice string
	// Lasting says that the answer counts when its question is over, too.
	Lasting bool
}

// Lasts stands behind a choice that is lasting. No choice ends with it.
const Lasts = "!"

// MaxChoice is how long a choice may be, in bytes. Any data of one keep well within
// the 64 bytes that Telegram allows.
const MaxChoice = 24

// base is that in which numbers are written.
const base = 36

// String spells the data: "s1z141z3.2a.none", the kind and the seal, the message
// and the choice, and "s1z141z3.2a.hurts!" if that is lasting. There is one spelling
// of each.
func (d Data) String() string {
	var buf [64]byte
	b := append(buf[:0], byte(d.Kind))
	b = strconv.AppendUint(b, uint64(d.Seal), base)
	b = append(b, '.')
	b = strconv.AppendUint(b, d.Message, base)
	b = append(b, '.')
	b = append(b, d.Choice...)
	if d.Lasting {
		b = append(b, Lasts...)
	}
	return string(b)
}

// Parse reads data. Ok is false for what String does not spell.
func Parse(s string) (d Data, ok bool) {
	head, rest, _ := strings.Cut(s, ".")
	digits, choice, found := strings.Cut(rest, ".")
	if !found || len(head) < 2 || !Kind(head[0]).known() {
		return Data{}, false
	}
	seal, spelled := number(head[1:], 32)
	message, ok := number(digits, 64)
	choice, lasting := strings.CutSuffix(choice, Lasts)
	return Data{Kind: Kind(head[0]), Seal: uint32(seal), Message: message, Choice: choice, Lasting: lasting}, spelled && ok
}

func (k Kind) known() bool { return k == Screen || k == Reminder || k == Hint || k == Card }

// number reads a number; ok is false if it is not spelled as String does.
func number(s string, bits int) (n uint64, ok bool) {
	n, err := strconv.ParseUint(s, base, bits)
	return n, err == nil && (s[0] != '0' || len(s) == 1) && !strings.ContainsFunc(s, unicode.IsUpper)
}

// Choice is the choice in data, "" if they are none.
func Choice(s string) string {
	d, _ := Parse(s)
	return d.Choice
}
