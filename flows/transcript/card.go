package transcript

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"spasmbot/flows"
)

// The card is written down in one line: in full where it is put, and elsewhere what it
// says now and did not, and what it says no more.

// cardFaces are the lines and buttons of a card.
func cardFaces(m Message) []string {
	faces := strings.Split(Readable(m.Text), "\n")
	for _, key := range slices.Concat(m.Keyboard...) {
		faces = append(faces, "["+Face(key)+"]")
	}
	return faces
}

// notesCard keeps what the card says before an event.
func (p *Player) notesCard() {
	p.card, p.faces = p.state.Card.Message, nil
	for _, m := range p.Chat {
		if p.card != 0 && m.ID == p.ids[p.card] {
			p.faces = cardFaces(m)
		}
	}
}

// describesCard writes a message that puts, changes or takes away the card. It is false
// for any other.
func (p *Player) describesCard(out io.Writer, stamp string, m flows.Message) bool {
	now := cardFaces(Message{Text: m.Text, Keyboard: m.Keyboard})
	switch {
	case m.Pin || m.Unpin, p.card != 0 && m.Of == p.card && m.Delete:
		return true // it is pinned wherever it stands, and stands elsewhere now
	case p.card != 0 && m.Of == p.card:
		if m.Text == "" {
			now = slices.DeleteFunc(slices.Clone(p.faces), func(face string) bool { return strings.HasPrefix(face, "[") })
		}
		fmt.Fprintf(out, "%s  card      %s\n", stamp, strings.Join(changedFaces(p.faces, now), " | "))
	case m.Number == p.state.Card.Message && m.Number != 0:
		fmt.Fprintf(out, "%s  card      %s\n", stamp, strings.Join(now, " | "))
	default:
		return false
	}
	return true
}

// changedFaces is what is said now and was not, and what was said and is not.
func changedFaces(was, is []string) []string {
	var list []string
	for _, face := range is {
		if !slices.Contains(was, face) {
			list = append(list, "+ "+face)
		}
	}
	for _, face := range was {
		if !slices.Contains(is, face) {
			list = append(list, "- "+face)
		}
	}
	return list
}
