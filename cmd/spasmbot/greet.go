package main

import (
	"context"
	"log/slog"
	"net/url"

	"spasmbot/bot/app"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// warn says that nobody is known to the bot. A mistyped name, or a volume that is not
// mounted, would look like a bot that nobody uses.
func (c *runCommand) warn(logger *slog.Logger, store *boltstore.Store) {
	if store.New() {
		logger.Warn("a new, empty database: if there are people who use the bot, this is not their file", "database", c.DB)
	}
}

// greet says what was started on what, so that a mistake in it is seen before
// anybody misses the bot.
func (c *runCommand) greet(logger *slog.Logger, store storage.Store) {
	n, err := storage.Read(context.Background(), store, app.CountPeople)
	if err != nil {
		return // whoever needs the store next says so
	}
	logger.Info("starting", "version", version(), "database", c.DB, "people", n.People, "live_episodes", n.Live, "api", server(c.APIURL))
}

// server is what may be told of an address: a password can stand in it.
func server(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "" // it was refused before
	}
	return u.Scheme + "://" + u.Host
}
