package main

import (
	"bufio"
	"fmt"

	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// exportCommand is "spasmbot export".
type exportCommand struct {
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
}

// Run prints the records.
func (c *exportCommand) Run(w *world) error {
	store, err := boltstore.Open(c.DB, boltstore.ReadOnly())
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w.stdout)
	err = store.View(w.ctx, func(r storage.Reader) error { return storage.Export(r, out) })
	if err == nil {
		err = out.Flush()
	}
	if closeErr := store.Close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close %s: %w", c.DB, closeErr)
	}
	return err
}
