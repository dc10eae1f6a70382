package main

import (
	"fmt"

	"spasmbot/storage/boltstore"
)

// compactCommand is "spasmbot compact".
type compactCommand struct {
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
}

// Run makes the file as small as what it holds.
func (c *compactCommand) Run(w *world) error {
	ctx, stop := w.untilSignal()
	defer stop()
	before, after, err := boltstore.Compact(ctx, c.DB)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.stdout, "%s: %d bytes before, %d bytes now\n", c.DB, before, after)
	return err
}
