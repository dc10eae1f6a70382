package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"spasmbot/bot/app"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// exportCommand is "spasmbot export".
type exportCommand struct{ exportFlags }

// Run prints the records.
func (c *exportCommand) Run(w *world) error {
	return c.run(w, func(r storage.Reader) (storage.Reader, error) { return r, nil })
}

// exportFlags say what is exported, and where to.
type exportFlags struct {
	Out   string `type:"path" placeholder:"FILE" help:"Make this file, which only you can read, and write there."`
	DB    string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	Flows string `type:"path" placeholder:"DIR" env:"SPASMBOT_FLOWS" help:"The flows that the bot ran with: they say when a person sleeps. Default: the built-in ones."`
}

// run writes the records that a reader is let see.
func (c *exportFlags) run(w *world, of func(storage.Reader) (storage.Reader, error)) error {
	cat, err := loadFlows(c.Flows, "UTC")
	if err != nil {
		return err
	}
	return withStore(c.DB, func(store storage.Store) error {
		return store.View(w.ctx, func(r storage.Reader) error {
			r, err := of(r)
			if err != nil {
				return err
			}
			return c.to(w.stdout, func(out io.Writer) error { return storage.Export(r, out, app.SleepIn(cat)) })
		})
	}, boltstore.ReadOnly())
}

// to lets write into the file that was named, or to standard output. A file that could
// not be written whole does not stay.
func (c *exportFlags) to(stdout io.Writer, write func(io.Writer) error) error {
	if c.Out == "" {
		out := bufio.NewWriter(stdout)
		return cmp.Or(write(out), out.Flush())
	}
	file, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: name a new file, or delete it", c.Out)
	} else if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	if err := errors.Join(write(out), out.Flush(), file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(c.Out))
	}
	return nil
}
