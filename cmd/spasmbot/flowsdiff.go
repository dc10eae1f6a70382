package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows"
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
// they leave somebody without a step.
func (c *flowsDiffCommand) Run(w *world) error {
	was, err := loadFlows(c.Old, "UTC")
	if err != nil {
		return fmt.Errorf("%s: %w", c.Old, err)
	}
	is, err := loadFlows(c.New, "UTC")
	if err != nil {
		return fmt.Errorf("%s: %w", c.New, err)
	}
	people := crowding{}
	stranded := make(lang.Stranded)
	if c.DB != "" {
		if err := c.count(w.ctx, is, people, stranded); err != nil {
			return err
		}
	}
	changes := compareFlows(was, is)
	if len(changes) == 0 {
		fmt.Fprintln(w.stdout, "no difference")
	}
	width := 0
	for _, ch := range changes {
		width = max(width, len(ch.what))
	}
	for _, ch := range changes {
		line := fmt.Sprintf("%-7s  %-*s", ch.kind, width, ch.what)
		if ch.detail != "" {
			line += "  " + ch.detail
		}
		if who := people[ch.place].String(); who != "" {
			line += "  [" + who + "]"
		}
		fmt.Fprintln(w.stdout, strings.TrimRight(line, " "))
	}
	if err := stranded.Err(); err != nil {
		return fmt.Errorf("the bot will refuse to start with %s: %w", c.New, err)
	}
	return nil
}

// count notes where the people of the database are.
func (c *flowsDiffCommand) count(ctx context.Context, is *lang.Catalog, people crowding, stranded lang.Stranded) error {
	store, err := boltstore.Open(c.DB, boltstore.ReadOnly())
	if err != nil {
		return err
	}
	defer store.Close()
	return store.View(ctx, func(r storage.Reader) error {
		for s, err := range r.States() {
			if err != nil {
				return fmt.Errorf("read %s: %w", c.DB, err)
			}
			people.note(&s)
			stranded.Note(is, &s)
		}
		return nil
	})
}

// crowding counts live episodes by the step they touch.
type crowding map[flows.Place]presence

// presence is how many wait at a step, and how many will return to it.
type presence struct{ here, returning int }

func (p presence) String() string {
	switch {
	case p.here == 0 && p.returning == 0:
		return ""
	case p.returning == 0:
		return fmt.Sprintf("live episodes here: %d", p.here)
	}
	return fmt.Sprintf("live episodes here: %d, returning here: %d", p.here, p.returning)
}

func (c crowding) note(s *flows.State) {
	if !s.Episode.Live() {
		return
	}
	var seen []flows.Place
	for i, at := range append(slices.Clone(s.Stack), s.At) {
		place := flows.Place{Flow: at.Flow, Step: at.Step}
		if slices.Contains(seen, place) {
			continue
		}
		seen = append(seen, place)
		p := c[place]
		if i == len(s.Stack) {
			p.here++
		} else {
			p.returning++
		}
		c[place] = p
	}
}
