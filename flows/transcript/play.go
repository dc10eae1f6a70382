package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Error is an input of a transcript that could not be played.
type Error struct {
	Line  int    // counted from 1
	Input string // without the ">"
	Err   error  // says what to do
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: > %s: %v", e.Line, e.Input, e.Err) }

// Unwrap returns what was wrong.
func (e *Error) Unwrap() error { return e.Err }

// Play performs the inputs of a transcript with a new person and returns it
// with what follows each of them. The error is an *Error.
func Play(c *lang.Catalog, src string) (string, error) { return New(c).Play(src) }

// Play performs the inputs of a transcript and returns it with what follows
// each of them. On an error it returns what was played so far.
func (p *Player) Play(src string) (string, error) {
	var out strings.Builder
	number := 0
	for line := range strings.Lines(src) {
		number++
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
		case strings.HasPrefix(line, ">"):
			fmt.Fprintf(&out, "\n%s\n", line)
			input := strings.TrimSpace(line[1:])
			if err := p.Input(input, func() { p.Describe(&out) }); err != nil {
				return out.String(), &Error{number, input, err}
			}
		}
	}
	return out.String(), nil
}

// words are those with which an input begins, a command aside.
var words = []string{"press", "tap", "data", "text", "edit", "sends", "wait", "down", "setback", "speaks", "zone", "at", "blocks", "unblocks"}

// Known reports whether a line is an input of a transcript, as far as its first
// word tells.
func Known(line string) bool {
	word, _, _ := strings.Cut(line, " ")
	return strings.HasPrefix(word, "/") || slices.Contains(words, word)
}

// Input performs one input of a transcript, without the ">". It calls after
// behind each event that the input causes: a long wait causes many.
func (p *Player) Input(input string, after func()) error {
	if !Known(input) {
		word, _, _ := strings.Cut(input, " ")
		return fmt.Errorf("%q is no input: write a /command, %s or %s", word, strings.Join(words[:len(words)-1], ", "), words[len(words)-1])
	}
	switch word, rest, _ := strings.Cut(input, " "); word {
	case "wait", "down", "setback":
		return p.pass(word, rest, after)
	case "speaks":
		return p.speak(rest)
	case "zone", "at":
		return p.begin(word, rest)
	default:
		if err := p.act(word, rest); err != nil {
			return err
		}
		after()
		return nil
	}
}

// speak sets the language of the person's messenger.
func (p *Player) speak(language string) error {
	s := p.State()
	s.Lang = language
	return p.SetState(s)
}

// begin performs an input that says where or when the conversation begins.
func (p *Player) begin(word, rest string) error {
	if p.heard || !p.Now.Equal(p.begun) {
		return fmt.Errorf("%q comes too late: write it above all that the person does, and before time passes", word)
	}
	if word == "zone" {
		c, err := p.Catalog.InZone(rest)
		if err == nil {
			p.Catalog, p.begun = c, p.begun.In(c.Location(""))
		}
		return err
	}
	day := ""
	if len(rest) <= len("15:04") {
		day = Noon.Format(time.DateOnly) + " "
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+rest, p.Catalog.Location(p.state.Zone))
	if err != nil {
		return fmt.Errorf("%q is no time: write a day and an hour, such as 2026-03-01 22:30, or an hour, such as 22:30", rest)
	}
	p.Now, p.begun = at.UTC(), at
	return nil
}

// act performs an input that is one event.
func (p *Player) act(word, rest string) error {
	switch word {
	case "press":
		return p.Press(rest)
	case "tap":
		return p.Tap(rest)
	case "data":
		return p.Do(flows.Button{Data: rest, Message: p.messageWith(rest)})
	case "text":
		return p.Do(p.typed(rest, true))
	case "edit":
		return p.Do(flows.Edit{To: p.typed(rest, false)})
	case "sends":
		return p.Do(p.sent(rest))
	case "blocks":
		return p.Do(flows.Blocked{})
	case "unblocks":
		return p.Do(flows.Unblocked{})
	}
	return p.Do(p.typed(word+" "+rest, true))
}

// sent is what the person sends that is no text, with what they write below it.
func (p *Player) sent(rest string) flows.Event {
	what, caption, captioned := strings.Cut(rest, ": ")
	if !captioned {
		return flows.Unsupported{What: what}
	}
	p.messages++
	p.below = what
	return flows.Unsupported{What: what, Caption: caption, Message: p.messages}
}

// typed is a message that the person types: a new one, or the last one changed.
func (p *Player) typed(words string, anew bool) flows.Event {
	if anew {
		p.messages++
		p.below = ""
	}
	if p.below != "" {
		return flows.Unsupported{What: p.below, Caption: words, Message: p.messages}
	}
	if name, ok := strings.CutPrefix(words, "/"); ok {
		name, args, _ := strings.Cut(name, " ")
		return flows.Command{Name: name, Args: args, Message: p.messages}
	}
	return flows.Text{Text: words, Message: p.messages}
}

// messageWith is the newest message with a button of that data. A press that
// comes from nowhere is one on the first message.
func (p *Player) messageWith(data string) int64 {
	for _, m := range slices.Backward(p.Chat) {
		if slices.ContainsFunc(slices.Concat(m.Keyboard...), func(k flows.Key) bool { return k.Data == data }) {
			return m.ID
		}
	}
	return min(1, int64(len(p.Chat)))
}

// pass lets time pass.
func (p *Player) pass(word, rest string, after func()) error {
	if word == "wait" && rest == "next" {
		at, ok := p.NextDue()
		if !ok {
			return errors.New("no timer is armed: there is nothing to wait for")
		}
		return p.Wait(at.Sub(p.Now), after)
	}
	d, err := lang.ParseDuration(rest)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is not a duration: write a number and a unit, such as 20m, 2h or 3d", rest)
	}
	if word == "wait" {
		return p.Wait(d, after)
	}
	pass := p.Down
	if word == "setback" {
		pass = p.SetBack
	}
	if err := pass(d); err != nil {
		return err
	}
	after()
	return nil
}

// Difference says where two transcripts part, "" if they are the same.
func Difference(was, is string) string {
	if was == is {
		return ""
	}
	w, g := strings.Split(was, "\n"), strings.Split(is, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d:\n  was %s\n  is  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("one ends after %d lines, the other after %d", len(w), len(g))
}
