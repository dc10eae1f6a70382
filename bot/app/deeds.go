package app

import (
	"context"
	"errors"
	"strings"

	"spasmbot/flows/lang"
	"spasmbot/storage"
)

// Forget deletes all that is kept of a person: see [bot.Bot.Forget].
func (a *App) Forget(ctx context.Context, user int64) (storage.Forgotten, error) {
	return a.bot.Forget(ctx, user)
}

// Resend puts dead letters back: see [bot.Bot.Resend].
func (a *App) Resend(ctx context.Context, keys []storage.MessageKey) (queued, expired []storage.Message, err error) {
	return a.bot.Resend(ctx, keys)
}

// Catalog returns the flows in use.
func (a *App) Catalog() *lang.Catalog { return a.flows.current.Load() }

var (
	errBuiltIn  = errors.New("the flows in use are built in, and cannot be read again: give the bot a folder of them with --flows")
	errNoReload = errors.New("the bot has not begun to work yet: try again")
)

// Reload puts the flows of the folder of RunReloading to use, as they are now. If they
// have faults, it fails with all of them, and the last good ones stay.
func (a *App) Reload(ctx context.Context) error {
	r := a.reloader.Load()
	switch {
	case r == nil:
		return errNoReload
	case r.folder == nil:
		return errBuiltIn
	}
	if faults := r.read(ctx); len(faults) > 0 {
		return errors.New(strings.Join(faults, "\n") + "\nthe last good flows stay in use")
	}
	return nil
}
