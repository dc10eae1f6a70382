package main

import (
	"fmt"
	"os"
	"strings"

	"spasmbot/flows/transcript"
)

// flowsReplayCommand is "spasmbot flows replay".
type flowsReplayCommand struct {
	Transcript string `arg:"" type:"existingfile" help:"A conversation, such as \"flows play --save\" writes: lines that begin with > are what the person does."`
	Flows      string `type:"existingdir" placeholder:"DIR" help:"Flows to play it with instead of the built-in ones."`
	Zone       string `default:"UTC" help:"IANA time zone of the person, until told, unless the transcript says where it begins."`
	Update     bool   `help:"Write into the transcript what happens now."`
}

// Run plays the transcript and compares.
func (c *flowsReplayCommand) Run(w *world) error {
	cat, err := loadFlows(c.Flows, c.Zone)
	if err != nil {
		return err
	}
	played, difference, err := replay(transcript.New(cat), c.Transcript)
	switch {
	case err != nil:
		return err
	case difference == "":
		_, err = fmt.Fprintln(w.stdout, "OK: the conversation goes as it is written")
		return err
	case c.Update:
		if err := os.WriteFile(c.Transcript, []byte(played), 0o644); err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.stdout, "%s is rewritten\n", c.Transcript)
		return err
	}
	return fmt.Errorf("%s goes another way, which --update would write down: %s", c.Transcript, difference)
}

// replay plays a transcript. It returns what happens now, and where that is
// another thing than what is written, "" if it is not.
func replay(p *transcript.Player, file string) (played, difference string, err error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return "", "", err
	}
	played, err = p.Play(string(src))
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", file, err)
	}
	// A transcript that was cut out of another text may end in blank lines.
	return played, transcript.Difference(strings.TrimRight(string(src), "\n"), strings.TrimRight(played, "\n")), nil
}
