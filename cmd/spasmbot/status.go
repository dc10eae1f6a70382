package main

import (
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
	DB   string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// Run prints how things stand. It changes nothing.
func (c *statusCommand) Run(w *world) error {
	return withStore(c.DB, func(store storage.Store) error {
		s, err := storage.Read(w.ctx, store, app.ReadStatus)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(w.stdout).Encode(s)
		}
		return printStatus(w.stdout, s)
	}, boltstore.ReadOnly())
}

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
