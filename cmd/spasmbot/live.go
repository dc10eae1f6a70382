package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"spasmbot/bot/ops"
)

// Some commands are for a bot that runs, and have nothing to do without one.

// running is where a bot listens that a command is for.
type running struct {
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database of the bot."`
	control
}

var errNoBot = errors.New("no bot runs on this database, or it listens elsewhere: see --db and --control")

// live has the bot do a deed.
func live[P any](w *world, b running, d deed[P], p P) error {
	err := d.ask(w.ctx, b.DB, b.control, p, w.stdout)
	if errors.Is(err, ops.ErrNobody) {
		return errNoBot
	}
	return err
}

// flowsReloadCommand is "spasmbot flows reload".
type flowsReloadCommand struct{ running }

// Run has the bot read its flows again.
func (c *flowsReloadCommand) Run(w *world) error { return live(w, c.running, reloadDeed, struct{}{}) }

var reloadDeed = deed[struct{}]{name: "flows-reload", do: func(ctx context.Context, d *desk, _ struct{}, out io.Writer) error {
	if err := d.bot.Reload(ctx); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "the flows were read again and are now in use: %d\n", len(d.bot.Catalog().Flows()))
	return err
}}

// levelCommand is "spasmbot log-level".
type levelCommand struct {
	Level *slog.Level `arg:"" optional:"" placeholder:"LEVEL" help:"debug, info, warn or error; without it, the level is printed and stays."`
	running
}

// Run sets the level of the bot's log.
func (c *levelCommand) Run(w *world) error { return live(w, c.running, levelDeed, c.Level) }

var levelDeed = deed[*slog.Level]{name: "log-level", do: func(_ context.Context, d *desk, level *slog.Level, out io.Writer) error {
	if level != nil {
		d.level.Set(*level)
	}
	_, err := fmt.Fprintf(out, "log level %s\n", d.level.Level())
	return err
}}
