package engine

import (
	"time"

	"spasmbot/flows/lang"
)

// unread reports whether an answer is pressed before the message that asks for it
// can have been read. It is the message's own date that counts: whoever taps again
// and again on one spot taps on the next question as well, and has not seen it. A
// date that is not known is zero, which is long ago: nobody is kept from answering.
func (p *person) unread(s *lang.Step, choice string, sent time.Time) bool {
	return p.now.Sub(sent) < s.Choice(choice).After
}
