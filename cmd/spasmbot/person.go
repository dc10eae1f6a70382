package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// personCommand is "spasmbot person".
type personCommand struct {
	Export personExportCommand `cmd:"" help:"Print everything that is kept of a person, as JSON lines. It is health data."`
	Forget personForgetCommand `cmd:"" help:"Delete everything that is kept of a person, and overwrite it in the file."`
}

// personExportCommand is "spasmbot person export".
type personExportCommand struct {
	ID int64 `arg:"" name:"id" placeholder:"ID" help:"The person, by the number that Telegram gives them."`
	exportFlags
}

// Run prints the person's records.
func (c *personExportCommand) Run(w *world) error { return c.run(w, &c.ID) }

// personForgetCommand is "spasmbot person forget".
type personForgetCommand struct {
	ID int64  `arg:"" name:"id" placeholder:"ID" help:"The person, by the number that Telegram gives them."`
	DB string `name:"db" required:"" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. A bot that runs on it is asked."`
	control
	Yes bool `help:"Do not ask."`
}

// Run deletes all of a person.
func (c *personForgetCommand) Run(w *world) (err error) {
	ctx, stop := w.untilSignal()
	defer stop()
	if !c.Yes {
		var told bytes.Buffer
		if err := keptDeed.run(ctx, c.DB, c.control, c.ID, &told); err != nil {
			return err
		}
		if err := c.confirm(w, told.String()); err != nil {
			return err
		}
	}
	return forgetDeed.run(ctx, c.DB, c.control, c.ID, w.stdout)
}

// keptDeed prints how many records are kept of a person, nothing if there are none.
var keptDeed = deed[int64]{"person-kept", []boltstore.Option{boltstore.ReadOnly()}, func(ctx context.Context, d *desk, id int64, out io.Writer) error {
	found, err := storage.Read(ctx, d.store, func(r storage.Reader) (storage.Forgotten, error) {
		return storage.Kept(storage.OfPerson(r, id))
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(out, records(found))
	return err
}}

// forgetDeed also overwrites what was deleted before, if a process had no time for it.
var forgetDeed = deed[int64]{"person-forget", []boltstore.Option{boltstore.Existing()}, func(ctx context.Context, d *desk, id int64, out io.Writer) error {
	found, err := d.forget(ctx, id)
	if err == nil {
		err = d.store.Clear(ctx)
	}
	if err != nil {
		return err
	}
	return reportForgotten(out, d.file, id, found)
}}

// forget goes through the bot if there is one: what waits in its memory goes as well.
func (d *desk) forget(ctx context.Context, id int64) (found storage.Forgotten, err error) {
	if d.bot != nil {
		return d.bot.Forget(ctx, id)
	}
	err = d.store.Update(ctx, func(tx storage.Tx) (err error) { found, err = tx.Forget(id); return err })
	return found, err
}

var errKept = errors.New("nothing was deleted: answer yes, or give --yes")

// confirm asks whether that is meant.
func (c *personForgetCommand) confirm(w *world, found string) error {
	if found == "" {
		return nil
	}
	fmt.Fprintf(w.stderr, "%s are kept of person %d. Delete them for good? ", found, c.ID)
	line, err := bufio.NewReader(w.stdin).ReadString('\n')
	if err != nil && line == "" || strings.TrimSpace(line) != "yes" {
		return errKept
	}
	return nil
}

func reportForgotten(out io.Writer, file string, id int64, found storage.Forgotten) error {
	text := fmt.Sprintf("nothing is kept of person %d\n", id)
	if found.Total() > 0 {
		text = fmt.Sprintf("person %d: %s deleted, and overwritten in %s\n", id, records(found), file)
	}
	copies, err := boltstore.Copies(file)
	for _, name := range copies {
		text += fmt.Sprintf("%s is a copy from before, and keeps what it holds: delete it, or forget the person there too\n", filepath.Base(name))
	}
	_, printErr := fmt.Fprint(out, text)
	return errors.Join(err, printErr)
}

// records spells how many records of which kinds there are.
func records(f storage.Forgotten) string {
	var all []string
	for _, one := range []struct {
		n    int
		name string
	}{
		{f.States, "state"},
		{f.Episodes, "episode"},
		{f.Entries, "timeline entry"},
		{f.Reminders, "reminder"},
		{f.Messages, "message"},
		{f.Quarantined, "update in quarantine"},
	} {
		if one.n > 0 {
			all = append(all, fmt.Sprintf("%d × %s", one.n, one.name))
		}
	}
	return strings.Join(all, ", ")
}
