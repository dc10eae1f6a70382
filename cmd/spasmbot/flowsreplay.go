package main

import (
	"fmt"
	"os"
	"strings"

	"spasmbot/flows/transcript"
)

// flowsReplayCommand is "spasmbot flows replay".
type flowsReplayCommand struct {
	Transcript string `arg:"" type:"existingfile" help:"A conversation: lines that begin with > are what the person does."`
	Flows      string `type:"existingdir" placeholder:"DIR" help:"Flows to play it with instead of the built-in ones."`
	Zone       string `default:"UTC" help:"IANA time zone of the person, until told."`
	Update     bool   `help:"Write into the transcript what happens now."`
}

// Run plays the transcript and compares.
func (c *flowsReplayCommand) Run(w *world) error {
	src, err := os.ReadFile(c.Transcript)
	if err != nil {
		return err
	}
	cat, err := loadFlows(c.Flows, c.Zone)
	if err != nil {
		return err
	}
	played, err := transcript.Play(cat, string(src))
	if err != nil {
		return fmt.Errorf("%s: %w", c.Transcript, err)
	}
	// A transcript that was cut out of another text may end in blank lines.
	difference := transcript.Difference(strings.TrimRight(string(src), "\n"), strings.TrimRight(played, "\n"))
	switch {
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
