package main

import (
	"context"
	"fmt"
	"strings"

	"spasmbot/flows/diff"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// flowsDiffCommand is "spasmbot flows diff".
type flowsDiffCommand struct {
	Old string `arg:"" type:"existingdir" help:"The folder of the flows in use."`
	New string `arg:"" type:"existingdir" help:"The folder of the flows that shall take their place."`
	DB  string `name:"db" type:"existingfile" placeholder:"FILE" help:"Say how many live episodes of this database each change touches. No bot may be running on it."`
}

// Run prints the changes. It fails if the new flows would be refused, since
// they leave somebody without a step, or without a round or reminder of theirs.
func (c *flowsDiffCommand) Run(w *world) error {
	was, err := loadFlows(c.Old, "UTC")
	if err != nil {
		return fmt.Errorf("%s: %w", c.Old, err)
	}
	is, err := loadFlows(c.New, "UTC")
	if err != nil {
		return fmt.Errorf("%s: %w", c.New, err)
	}
	people := diff.NewCrowd()
	stranded := make(lang.Stranded)
	if c.DB != "" {
		if err := c.count(w.ctx, is, people, stranded); err != nil {
			return err
		}
	}
	changes := diff.Compare(was, is)
	if len(changes) == 0 {
		fmt.Fprintln(w.stdout, "no difference")
	}
	width := 0
	for _, ch := range changes {
		width = max(width, len(ch.What))
	}
	for _, ch := range changes {
		line := fmt.Sprintf("%-7s  %-*s", ch.Kind, width, ch.What)
		if ch.Detail != "" {
			line += "  " + ch.Detail
		}
		if who := people.Touched(ch); who != "" {
			line += "  [" + who + "]"
		}
		fmt.Fprintln(w.stdout, strings.TrimRight(line, " "))
	}
	if err := stranded.Err(); err != nil {
		return fmt.Errorf("the bot will refuse to start with %s: %w", c.New, err)
	}
	return nil
}

// count notes where the people of the database are, and what they have on or armed.
func (c *flowsDiffCommand) count(ctx context.Context, is *lang.Catalog, people *diff.Crowd, stranded lang.Stranded) error {
	return withStore(c.DB, func(store storage.Store) error {
		return store.View(ctx, func(r storage.Reader) error {
			for s, err := range r.States() {
				if err != nil {
					return fmt.Errorf("read %s: %w", c.DB, err)
				}
				people.Note(&s)
				stranded.Note(is, &s)
			}
			return nil
		})
	}, boltstore.ReadOnly())
}
