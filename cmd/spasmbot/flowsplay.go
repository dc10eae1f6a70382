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
	Zone string `default:"UTC" help:"IANA time zone of the person, until told."`
	Lang string `help:"The person's language, such as de."`
	Save string `type:"path" placeholder:"FILE" help:"Keep the conversation as a transcript for \"flows replay\"."`
}

const playHelp = `Type the number of a button, a /command, or text. "wait 2h" and "wait next" let time pass.
Ctrl-D, or "quit", ends the conversation.
`

// Run talks until the input ends.
func (c *flowsPlayCommand) Run(w *world) error {
	cat, err := loadFlows(c.Dir, c.Zone)
	if err != nil {
		return err
	}
	t := &terminal{player: transcript.New(cat), out: w.stdout}
	if c.Lang != "" {
		if err := t.input("speaks " + c.Lang); err != nil {
			return err
		}
	}
	fmt.Fprint(w.stdout, playHelp)
	for _, line := range cat.Menu(c.Lang) {
		fmt.Fprintf(w.stdout, "  /%s  %s\n", line.Command, line.Description)
	}
	if err := t.talk(w.stdin); err != nil || c.Save == "" {
		return err
	}
	played, err := transcript.Play(cat, "> "+strings.Join(t.inputs, "\n> ")+"\n")
	if err != nil {
		return fmt.Errorf("write the transcript: %w", err)
	}
	return os.WriteFile(c.Save, []byte(played), 0o600)
}

// terminal is a conversation in lines of text.
type terminal struct {
	player *transcript.Player
	out    io.Writer
	// buttons are those that the last input brought up, numbered from 1. They
	// are begun anew by the first message with buttons after an input.
	buttons []flows.Key
	fresh   bool
	inputs  []string
}

func (t *terminal) talk(in io.Reader) error {
	lines := bufio.NewScanner(in)
	for {
		fmt.Fprintf(t.out, "\n%s > ", t.clock())
		if !lines.Scan() {
			fmt.Fprintln(t.out)
			return lines.Err()
		}
		line := strings.TrimSpace(lines.Text())
		switch line {
		case "":
			continue
		case "quit":
			return nil
		}
		input, err := t.understand(line)
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
	t.inputs = append(t.inputs, input)
	return nil
}

// understand turns what was typed into the input of a transcript.
func (t *terminal) understand(line string) (string, error) {
	word, _, _ := strings.Cut(line, " ")
	if strings.HasPrefix(line, "/") || slices.Contains([]string{"wait", "down", "press"}, word) {
		return line, nil
	}
	n, ok := t.number(line)
	if !ok {
		return "text " + line, nil
	}
	if n < 1 || n > len(t.buttons) {
		return "", errors.New("no button has this number: the numbers stand beside the newest buttons")
	}
	return t.press(t.buttons[n-1].Data), nil
}

// number reads the number of a button.
func (t *terminal) number(line string) (n int, ok bool) {
	digits, marked := strings.CutPrefix(line, "#")
	n, err := strconv.Atoi(digits)
	return n, err == nil && (marked || !t.typed())
}

// press names a press by the choice, if that is the newest button of the name,
// and by its data otherwise.
func (t *terminal) press(data string) string {
	choice := button.Choice(data)
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
	for _, e := range t.player.Effects {
		switch e := e.(type) {
		case flows.Say:
			t.message(e.Message)
			said = true
		case flows.Toast:
			fmt.Fprintf(t.out, "(%s)\n", e.Text)
		case flows.Record:
			if e.Entry.Kind == flows.EntryEnd {
				fmt.Fprintf(t.out, "(the episode has ended: %s)\n", e.Entry.Choice)
			}
		}
	}
	if said && t.typed() {
		fmt.Fprintln(t.out, "  (type your answer; #1 presses button 1)")
	}
}

func (t *terminal) message(m flows.Message) {
	if m.Text == "" {
		return // only its buttons went
	}
	fmt.Fprintf(t.out, "\n[%s]\n", t.clock())
	if media := m.Picture + m.Animation; media != "" {
		fmt.Fprintf(t.out, "(picture: %s)\n", media)
	}
	fmt.Fprintln(t.out, transcript.Readable(m.Text))
	for _, key := range slices.Concat(m.Keyboard...) {
		if t.fresh {
			t.buttons, t.fresh = nil, false
		}
		t.buttons = append(t.buttons, key)
		fmt.Fprintf(t.out, "  %d  %s\n", len(t.buttons), key.Label)
	}
}
