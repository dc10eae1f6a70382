package bench

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/telegram"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/engine"
	"spasmbot/storage/boltstore"
)

// wholeBot is the bot as "spasmbot run" wires it, on a flow that goes round in
// a circle.
func wholeBot(ctx context.Context, t testing.TB, url string) {
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Error(err)
		return
	}
	defer store.Close()
	cat, err := catalog.Load(os.DirFS(filepath.Join("testdata", "loop")), "UTC")
	if err != nil {
		t.Error(err)
		return
	}
	token, err := telegram.ParseToken(wireToken)
	if err != nil {
		t.Error(err)
		return
	}
	gateway, err := telegram.New(telegram.Config{Token: token, BaseURL: url})
	if err != nil {
		t.Error(err)
		return
	}
	b, err := bot.New(bot.Config{
		Store: store, Gateway: gateway,
		Step: func(st flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
			return engine.Step(cat, st, ev, now)
		},
	})
	if err != nil {
		t.Error(err)
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program does
	if err := b.Run(ctx); err != nil {
		t.Error(err)
	}
}
