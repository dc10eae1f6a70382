package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"spasmbot/bot/app"
	"spasmbot/bot/report"
	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// papersCommand is "spasmbot papers".
type papersCommand struct {
	DB    string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	Flows string `type:"path" placeholder:"DIR" env:"SPASMBOT_FLOWS" help:"The flows that the bot ran with: they say what the papers are made from. Default: the built-in ones."`
	User  int64  `required:"" placeholder:"ID" help:"Whose papers: the person's number on Telegram, as the export has it."`
	Out   string `required:"" type:"path" placeholder:"DIR" help:"The folder to write them into. It is made if there is none; files that are there stay, and nothing is written."`
}

// Run writes the papers, and prints which there are.
func (c *papersCommand) Run(w *world) error {
	cat, err := loadFlows(c.Flows, "UTC")
	if err != nil {
		return err
	}
	var kept app.Kept
	err = withStore(c.DB, func(store storage.Store) error {
		return store.View(w.ctx, func(r storage.Reader) (err error) {
			kept, err = app.ReadKept(r, c.User, app.SleepIn(cat))
			return err
		})
	}, boltstore.ReadOnly())
	if err != nil {
		return err
	}
	if !kept.Known() {
		return fmt.Errorf("nothing is kept of the person %d: spasmbot export shows of whom there is", c.User)
	}
	now := time.Now()
	if kept.State.Heard.After(now) {
		now = kept.State.Heard // the bot's clock ran fast
	}
	return c.write(w, app.Account(cat, kept, version(), now))
}

// write makes all papers before it writes the first.
func (c *papersCommand) write(w *world, p report.Person) error {
	made := make([][]byte, len(flows.Papers))
	for i, paper := range flows.Papers {
		var err error
		if made[i], err = app.PaperFiles[paper].Make(p); err != nil {
			return fmt.Errorf("make the %s: %w", paper, err)
		}
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return fmt.Errorf("make the folder for the papers: %w", err)
	}
	root, err := os.OpenRoot(c.Out)
	if err != nil {
		return fmt.Errorf("open the folder for the papers: %w", err)
	}
	defer root.Close()
	for _, paper := range flows.Papers {
		name := app.PaperFiles[paper].Name
		if _, err := root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is in %s already: name another folder", name, c.Out)
		}
	}
	for i, paper := range flows.Papers {
		name := app.PaperFiles[paper].Name
		// Nobody else on the machine is to read it.
		if err := root.WriteFile(name, made[i], 0o600); err != nil {
			return fmt.Errorf("write the papers: %w", err)
		}
		fmt.Fprintln(w.stdout, name)
	}
	return nil
}
