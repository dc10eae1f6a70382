package main

import (
	"bufio"
	"cmp"
	"context"
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
func (c *exportCommand) Run(w *world) error { return c.run(w, nil) }

// exportFlags say what is exported, and where to.
type exportFlags struct {
	Out   string `type:"path" placeholder:"FILE" help:"Make this file, which only you can read, and write there."`
	DB    string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. A bot that runs on it is asked."`
	Flows string `type:"path" placeholder:"DIR" env:"SPASMBOT_FLOWS" help:"The flows that the bot ran with: they say when a person sleeps. Default: the built-in ones. A bot that runs tells by its own."`
	control
}

// run writes the records of a person, or of everybody.
func (c *exportFlags) run(w *world, person *int64) error {
	return c.to(w.stdout, func(out io.Writer) error {
		return exportDeed.run(w.ctx, c.DB, c.control, exportParams{Flows: c.Flows, Person: person}, out)
	})
}

type exportParams struct {
	Flows  string
	Person *int64
}

var exportDeed = deed[exportParams]{"export", []boltstore.Option{boltstore.ReadOnly()}, func(ctx context.Context, d *desk, p exportParams, out io.Writer) error {
	cat, err := d.catalog(p.Flows)
	if err != nil {
		return err
	}
	return d.store.View(ctx, func(r storage.Reader) error {
		if p.Person != nil {
			r = storage.OfPerson(r, *p.Person)
			found, err := storage.Kept(r)
			if err != nil {
				return err
			}
			if found.Total() == 0 {
				return fmt.Errorf("nothing is kept of person %d: spasmbot export names everybody", *p.Person)
			}
		}
		return exportTo(ctx, r, out, app.SleepIn(cat))
	})
}}

// exportTo writes in large pieces, and ends with ctx.
func exportTo(ctx context.Context, r storage.Reader, out io.Writer, sleep storage.SleepOf) error {
	pieces := bufio.NewWriterSize(until{ctx, out}, 64<<10)
	return cmp.Or(storage.Export(r, pieces, sleep), pieces.Flush())
}

// until is a writer until ctx ends.
type until struct {
	ctx context.Context
	io.Writer
}

func (u until) Write(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Writer.Write(b)
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
