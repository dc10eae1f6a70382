package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"spasmbot/bot/app"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// statusCommand is "spasmbot status".
type statusCommand struct {
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. A bot that runs on it is asked."`
	control
	JSON bool `name:"json" help:"Print one JSON object."`
}

// Run prints how things stand. It changes nothing.
func (c *statusCommand) Run(w *world) error {
	return statusDeed.run(w.ctx, c.DB, c.control, statusParams{c.JSON}, w.stdout)
}

type statusParams struct{ JSON bool }

var statusDeed = deed[statusParams]{"status", []boltstore.Option{boltstore.ReadOnly()}, func(ctx context.Context, d *desk, p statusParams, out io.Writer) error {
	s, err := storage.Read(ctx, d.store, app.ReadStatus)
	if err != nil {
		return err
	}
	if p.JSON {
		return json.NewEncoder(out).Encode(s)
	}
	return printStatus(out, s)
}}

func printStatus(w io.Writer, s app.Status) error {
	out := fmt.Appendf(nil, "people               %d, of whom %d are out of reach\n", s.People, s.Inactive)
	out = fmt.Appendf(out, "live episodes        %d\n", s.Live)
	out = fmt.Appendf(out, "armed reminders      %d\n", s.Armed)
	for _, state := range slices.Sorted(maps.Keys(s.Messages)) {
		out = fmt.Appendf(out, "messages %-11s %d\n", state, s.Messages[state])
	}
	if s.InDoubt > 0 {
		out = fmt.Appendf(out, "messages in doubt    %d: they may have arrived several times, no reply says so; tried again in hours\n", s.InDoubt)
	}
	out = fmt.Appendf(out, "quarantined updates  %d\n", s.Quarantined)
	out = fmt.Appendf(out, "dead letters         %d\n", len(s.DeadLetters))
	for _, d := range s.DeadLetters {
		out = fmt.Appendf(out, "  person %d, message %d of %s: %s\n", d.User, d.Number, d.Queued.Format(time.RFC3339), d.Cause)
	}
	_, err := w.Write(out)
	return err
}
