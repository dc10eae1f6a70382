package main

import (
	"bufio"
	"fmt"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// exportCommand is "spasmbot export".
type exportCommand struct {
	DB    string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	Flows string `type:"path" placeholder:"DIR" env:"SPASMBOT_FLOWS" help:"The flows that the bot ran with: they say when a person sleeps. Default: the built-in ones."`
}

// Run prints the records.
func (c *exportCommand) Run(w *world) error {
	cat, err := loadFlows(c.Flows, "UTC")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w.stdout)
	return withStore(c.DB, func(store storage.Store) error {
		err := store.View(w.ctx, func(r storage.Reader) error { return storage.Export(r, out, sleepIn(cat)) })
		if err != nil {
			return err
		}
		return out.Flush()
	}, boltstore.ReadOnly())
}

// sleepIn tells of a person when they sleep, by the flow of their last episode.
func sleepIn(cat *lang.Catalog) storage.SleepOf {
	return func(s *flows.State) *storage.Sleep {
		f := cat.Flow(s.Episode.Flow)
		if f == nil {
			return nil
		}
		awake := engine.Waking(cat, s, s.Heard, f)
		return &storage.Sleep{From: clockTime(awake.To), To: clockTime(awake.From)}
	}
}

// clockTime spells a minute of the day.
func clockTime(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60%24, minute%60) }
