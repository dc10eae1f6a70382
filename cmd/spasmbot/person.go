package main

import (
	"bufio"
	"errors"
	"fmt"
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
func (c *personExportCommand) Run(w *world) error {
	return c.run(w, func(r storage.Reader) (storage.Reader, error) {
		r = storage.OfPerson(r, c.ID)
		found, err := storage.Kept(r)
		if err == nil && found.Total() == 0 {
			err = fmt.Errorf("nothing is kept of person %d: spasmbot export names everybody", c.ID)
		}
		return r, err
	})
}

// personForgetCommand is "spasmbot person forget".
type personForgetCommand struct {
	ID  int64  `arg:"" name:"id" placeholder:"ID" help:"The person, by the number that Telegram gives them."`
	DB  string `name:"db" required:"" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	Yes bool   `help:"Do not ask."`
}

// Run deletes all of a person.
func (c *personForgetCommand) Run(w *world) (err error) {
	ctx, stop := w.untilSignal()
	defer stop()
	store, err := boltstore.Open(c.DB, boltstore.Existing())
	if err != nil {
		return err
	}
	return closing(store, func(storage.Store) error {
		found, err := storage.Read(ctx, store, func(r storage.Reader) (storage.Forgotten, error) {
			return storage.Kept(storage.OfPerson(r, c.ID))
		})
		if err != nil {
			return err
		}
		if err := c.confirm(w, found); err != nil {
			return err
		}
		if err := store.Update(ctx, func(tx storage.Tx) (err error) { found, err = tx.Forget(c.ID); return err }); err != nil {
			return err
		}
		// Also what was deleted before, if a process had no time for it.
		if err := store.Clear(ctx); err != nil {
			return err
		}
		return c.report(w, found)
	})
}

var errKept = errors.New("nothing was deleted: answer yes, or give --yes")

// confirm asks whether that is meant.
func (c *personForgetCommand) confirm(w *world, found storage.Forgotten) error {
	if c.Yes || found.Total() == 0 {
		return nil
	}
	fmt.Fprintf(w.stderr, "%s are kept of person %d. Delete them for good? ", records(found), c.ID)
	line, err := bufio.NewReader(w.stdin).ReadString('\n')
	if err != nil && line == "" || strings.TrimSpace(line) != "yes" {
		return errKept
	}
	return nil
}

func (c *personForgetCommand) report(w *world, found storage.Forgotten) error {
	text := fmt.Sprintf("nothing is kept of person %d\n", c.ID)
	if found.Total() > 0 {
		text = fmt.Sprintf("person %d: %s deleted, and overwritten in %s\n", c.ID, records(found), c.DB)
	}
	copies, err := boltstore.Copies(c.DB)
	for _, name := range copies {
		text += fmt.Sprintf("%s is a copy from before, and keeps what it holds: delete it, or forget the person there too\n", filepath.Base(name))
	}
	_, printErr := fmt.Fprint(w.stdout, text)
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
