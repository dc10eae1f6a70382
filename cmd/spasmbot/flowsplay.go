package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/transcript"
)

// flowsPlayCommand is "spasmbot flows play".
type flowsPlayCommand struct {
	folder
	Zone string `xor:"zone" help:"IANA time zone of the person, until told. Default: UTC."`
	Lang string `xor:"lang" help:"The person's language, such as de."`
	At   string `xor:"at" placeholder:"TIME" help:"When the conversation begins, in the person's zone: \"2026-03-01 22:30\", or \"22:30\", which is on Monday, 2 March 2026. Default: noon of that day in UTC."`
	From string `xor:"zone,lang,at" type:"existingfile" placeholder:"FILE" help:"A transcript to go on from: it is played first, and says when and where it begins."`
	Save string `type:"path" placeholder:"FILE" help:"Keep the conversation as a transcript for \"flows replay\", with what --from has played."`
}

const playHelp = `Type the number of a button, a /command, or text. "wait 2h" and "wait next" let time pass.
A line of a transcript, with its ">", does what it does there. Ctrl-D, or "quit", ends the conversation.
`

// Run talks until the input ends.
func (c *flowsPlayCommand) Run(w *world) error {
	cat, err := loadFlows(c.Dir, "UTC")
	if err != nil {
		return err
	}
	t := &terminal{player: transcript.New(cat), out: w.stdout}
	if err := c.begin(t); err != nil {
		return err
	}
	fmt.Fprint(w.stdout, playHelp)
	for _, line := range cat.Menu(t.player.State().Lang) {
		fmt.Fprintf(w.stdout, "  /%s  %s\n", line.Command, line.Description)
	}
	if c.From != "" {
		if err := t.goOn(c.From); err != nil {
			return err
		}
	}
	if err := t.talk(w.stdin); err != nil || c.Save == "" {
		return err
	}
	played, err := transcript.Play(cat, t.source.String())
	if err != nil {
		return fmt.Errorf("write the transcript: %w", err)
	}
	return os.WriteFile(c.Save, []byte(played), 0o600)
}

// begin says what is so before the conversation begins.
func (c *flowsPlayCommand) begin(t *terminal) error {
	for _, said := range []struct{ flag, word, value string }{{"zone", "zone", c.Zone}, {"at", "at", c.At}, {"lang", "speaks", c.Lang}} {
		if said.value == "" {
			continue
		}
		if err := t.input(said.word + " " + said.value); err != nil {
			return usagef("--%s: %w", said.flag, err)
		}
	}
	return nil
}

// terminal is a conversation in lines of text.
type terminal struct {
	player *transcript.Player
	out    io.Writer
	// buttons are those that the last input brought up, numbered from 1. They
	// are begun anew by the first message with buttons after an input.
	buttons []flows.Key
	fresh   bool
	// source is the transcript up to now, as far as what is played needs it.
	source strings.Builder
}

// goOn plays a transcript and shows what the person sees at its end: the newest
// message, and the newest that has buttons.
func (t *terminal) goOn(file string) error {
	played, difference, err := replay(t.player, file)
	if err != nil {
		return err
	}
	t.source.WriteString(played)
	if difference != "" {
		fmt.Fprintf(t.out, "\n(the transcript goes another way: %s)\n", difference)
	}
	chat := slices.DeleteFunc(slices.Clone(t.player.Chat), func(m transcript.Message) bool { return m.Gone })
	if len(chat) == 0 {
		fmt.Fprintln(t.out, "\n(the transcript is played; nothing stands in the chat)")
	} else {
		fmt.Fprintln(t.out, "\n(the transcript is played; at the end of the chat stands)")
	}
	hasButtons := func(m transcript.Message) bool { return len(m.Keyboard) > 0 }
	for i, m := range chat {
		if i == len(chat)-1 || hasButtons(m) && !slices.ContainsFunc(chat[i+1:], hasButtons) {
			fmt.Fprintln(t.out)
			t.words(m.Text, m.Keyboard)
		}
	}
	t.hint()
	return nil
}

func (t *terminal) talk(in io.Reader) error {
	lines := bufio.NewScanner(in)
	for {
		fmt.Fprintf(t.out, "\n%s > ", t.clock())
		if !lines.Scan() {
			fmt.Fprintln(t.out)
			return lines.Err()
		}
		line, marked := strings.CutPrefix(strings.TrimSpace(lines.Text()), ">")
		line = strings.TrimSpace(line)
		switch line {
		case "":
			continue
		case "quit":
			return nil
		}
		input, err := t.understand(line, marked)
		if err == nil {
			err = t.input(input)
		}
		if err != nil {
			fmt.Fprintf(t.out, "(%v)\n", err)
		}
	}
}

// input performs an input of a transcript.
func (t *terminal) input(input string) error {
	t.fresh = true
	if err := t.player.Input(input, t.show); err != nil {
		return err
	}
	fmt.Fprintf(&t.source, "> %s\n", input)
	return nil
}

// understand turns what was typed into the input of a transcript. Of the words
// that begin one, those that may be an answer count only behind a mark.
func (t *terminal) understand(line string, marked bool) (string, error) {
	word, _, _ := strings.Cut(line, " ")
	if strings.HasPrefix(line, "/") || slices.Contains([]string{"wait", "down", "press"}, word) || marked && transcript.Known(line) {
		return line, nil
	}
	n, ok := t.number(line)
	if !ok {
		return "text " + line, nil
	}
	if n < 1 || n > len(t.buttons) {
		return "", errors.New("no button has this number: the numbers stand beside the newest buttons")
	}
	return t.press(t.buttons[n-1]), nil
}

// number reads the number of a button.
func (t *terminal) number(line string) (n int, ok bool) {
	digits, marked := strings.CutPrefix(line, "#")
	n, err := strconv.Atoi(digits)
	return n, err == nil && (marked || !t.typed())
}

// press names a press by the choice, if that is the newest button of the name,
// and by its data otherwise. One that copies has only its words.
func (t *terminal) press(pressed flows.Key) string {
	if pressed.Copy != "" {
		return "press " + pressed.Label
	}
	data, choice := pressed.Data, button.Choice(pressed.Data)
	for _, m := range slices.Backward(t.player.Chat) {
		for _, key := range slices.Concat(m.Keyboard...) {
			switch {
			case key.Data == data:
				return "press " + choice
			case button.Choice(key.Data) == choice || key.Label == choice:
				return "data " + data
			}
		}
	}
	return "data " + data
}

// typed reports whether the question in force is answered by typing, so that a
// number is an answer.
func (t *terminal) typed() bool {
	at := t.player.State().At
	f := t.player.Catalog.Flow(at.Flow)
	if f == nil {
		return false
	}
	i := f.Step(f.Heir(at.Step))
	return i >= 0 && f.Steps[i].Question != nil && f.Steps[i].Question.TakesTyped()
}

func (t *terminal) clock() string {
	p := t.player
	return p.Now.In(p.Catalog.Location(p.State().Zone)).Format("Mon 15:04")
}

// show prints what the last event brought.
func (t *terminal) show() {
	said := false
	if copied := t.player.Copied; copied != "" {
		fmt.Fprintf(t.out, "(copied: %s)\n", copied)
	}
	for _, e := range t.player.Effects {
		switch e := e.(type) {
		case flows.Say:
			t.message(e.Message)
			said = true
		case flows.Forget:
			fmt.Fprintln(t.out, "(everything is forgotten)")
		case flows.Toast:
			fmt.Fprintf(t.out, "(%s)\n", e.Text)
		case flows.Record:
			if e.Entry.Kind == flows.EntryEnd {
				fmt.Fprintf(t.out, "(the episode has ended: %s)\n", e.Entry.Choice)
			}
		}
	}
	if said {
		t.hint()
	}
}

// hint says that the question in force is answered by typing.
func (t *terminal) hint() {
	if t.typed() {
		fmt.Fprintln(t.out, "  (type your answer; #1 presses button 1)")
	}
}

func (t *terminal) message(m flows.Message) {
	if m.Text == "" && len(m.Keyboard) == 0 {
		return // only its buttons went
	}
	fmt.Fprintf(t.out, "\n[%s]\n", t.clock())
	if media := m.Picture + m.Animation; media != "" {
		fmt.Fprintf(t.out, "(picture: %s)\n", media)
	}
	t.words(m.Text, m.Keyboard)
}

// words prints a message and numbers its buttons.
func (t *terminal) words(text string, keyboard [][]flows.Key) {
	if text != "" {
		fmt.Fprintln(t.out, transcript.Readable(text))
	}
	for _, key := range slices.Concat(keyboard...) {
		if t.fresh {
			t.buttons, t.fresh = nil, false
		}
		t.buttons = append(t.buttons, key)
		fmt.Fprintf(t.out, "  %d  %s\n", len(t.buttons), transcript.Face(key))
	}
}
