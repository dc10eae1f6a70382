package main

import (
	"bufio"

	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// exportCommand is "spasmbot export".
type exportCommand struct {
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
}

// Run prints the records.
func (c *exportCommand) Run(w *world) error {
	out := bufio.NewWriter(w.stdout)
	return withStore(c.DB, func(store storage.Store) error {
		err := store.View(w.ctx, func(r storage.Reader) error { return storage.Export(r, out) })
		if err != nil {
			return err
		}
		return out.Flush()
	}, boltstore.ReadOnly())
}
