package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"

	"spasmbot/bot/app"
	"spasmbot/bot/ops"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// desk is where commands work on a database: in their own process, or in that of the
// bot that has it.
type desk struct {
	file  string
	store *boltstore.Store
	// bot has the database; nil if no bot does.
	bot   *app.App
	level *slog.LevelVar
}

// catalog is the flows that the bot runs with, or else those of a folder.
func (d *desk) catalog(folder string) (*lang.Catalog, error) {
	if d.bot != nil {
		return d.bot.Catalog(), nil
	}
	return loadFlows(folder, "UTC")
}

// deed is what a command does at a desk: the same at either.
type deed[P any] struct {
	name string
	// options are how the file is opened where no bot has it.
	options []boltstore.Option
	do      func(ctx context.Context, d *desk, p P, out io.Writer) error
}

// run has the bot do it that has the database, or does it if there is none.
func (d deed[P]) run(ctx context.Context, file string, c control, p P, out io.Writer) error {
	err := d.ask(ctx, file, c, p, out)
	if !errors.Is(err, ops.ErrNobody) {
		return err
	}
	store, err := boltstore.Open(file, d.options...)
	if err != nil {
		return err
	}
	return closing(store, func(storage.Store) error { return d.do(ctx, &desk{file: file, store: store}, p, out) })
}

// ask has the bot do it, or fails with ops.ErrNobody.
func (d deed[P]) ask(ctx context.Context, file string, c control, p P, out io.Writer) error {
	socket := c.at(file)
	if socket == "" {
		return ops.ErrNobody
	}
	return ops.Ask(ctx, socket, file, d.name, p, out)
}

// at puts the deed on the desk of a bot.
func (d deed[P]) at(k *desk) (name string, do ops.Deed) {
	return d.name, func(ctx context.Context, raw json.RawMessage, out io.Writer) error {
		var p P
		if err := json.Unmarshal(raw, &p); err != nil {
			return err
		}
		return d.do(ctx, k, p, out)
	}
}

// deeds are all that a bot does for commands.
func deeds(k *desk) map[string]ops.Deed {
	all := make(map[string]ops.Deed)
	add := func(name string, do ops.Deed) { all[name] = do }
	add(statusDeed.at(k))
	add(exportDeed.at(k))
	add(keptDeed.at(k))
	add(forgetDeed.at(k))
	add(lettersDeed.at(k))
	add(resendDeed.at(k))
	add(backupDeed.at(k))
	add(reloadDeed.at(k))
	add(levelDeed.at(k))
	return all
}

// control says where a bot listens to commands.
type control struct {
	Control string `default:"auto" placeholder:"PATH|off" env:"SPASMBOT_CONTROL" help:"The socket by which commands reach a bot that runs: auto is beside the database, FILE.sock, or where that is too long in the user's runtime folder; off is none."`
}

// at is the socket for a database, empty for none.
func (c control) at(file string) string {
	switch c.Control {
	case "off":
		return ""
	case "auto", "":
		return ops.Place(file)
	}
	return c.Control
}

// listen begins to listen to commands; nil if there is nothing to listen at. A socket
// that somebody has named must be had; the bot goes on without the one that it would
// have by itself.
func (c control) listen(ctx context.Context, file string, log *slog.Logger) (net.Listener, error) {
	socket := c.at(file)
	if socket == "" {
		return nil, nil //nolint:nilnil // it is off
	}
	l, err := ops.Listen(ctx, socket, file)
	if err != nil && c.Control == "auto" {
		log.Warn("commands cannot reach the bot while it runs: see --control", "fault", err)
		return nil, nil //nolint:nilnil,nilerr // as above
	}
	return l, err
}

// obey does what commands ask for until ctx ends.
func obey(ctx context.Context, l net.Listener, k *desk, log *slog.Logger) {
	c := &ops.Control{Database: k.file, Deeds: deeds(k), Log: log}
	if err := c.Serve(ctx, l); err != nil {
		log.Error("commands do not reach the bot any more: start it anew for that", "fault", err)
	}
}
