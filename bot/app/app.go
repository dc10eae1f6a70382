package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"spasmbot/bot"
	"spasmbot/flows/lang"
	"spasmbot/storage"
)

// Config is what an App is made of. Catalog, Store and Gateway are required.
type Config struct {
	Catalog *lang.Catalog // the flows to begin with
	Store   storage.Store
	Gateway bot.Gateway
	Clock   bot.Clock // default bot.RealClock
	// BotDates says that Gateway dates messages by Clock.
	BotDates bool
	Logger   *slog.Logger // default: no log
	// Version is that of the program, which papers tell.
	Version string

	// Rate and ChatRate bound messages a second, overall and in one chat; 0
	// means no limit but what the messenger answers.
	Rate, ChatRate float64
	// Keep is how long records are kept of what is over; 0 keeps all for ever.
	Keep time.Duration
	// PruneCopies deletes copies of the store from before an instant; nil has none.
	PruneCopies func(before time.Time) error
	// Bot is the bot's id, which its token tells. A store of another bot is refused,
	// unless Adopt says that it is to become this one's.
	Bot   int64
	Adopt bool
	// Look is how long to look whether somebody else polls for the same bot, and
	// then to give up; 0 does not look. See [bot.Look]. Place is where the store is:
	// see [bot.Config].
	Look  time.Duration
	Place string
	// DeleteWebhook removes a webhook that keeps updates from being polled.
	DeleteWebhook bool
}

// App is a bot that runs on flows.
type App struct {
	store storage.Store
	flows *inUse
	bot   *bot.Bot
	log   *slog.Logger
	// reloader is there while RunReloading runs.
	reloader atomic.Pointer[reloader]
	beside   []func(context.Context)
}

// New returns an App that has not begun to run. It asks the store whether
// everybody has a place in the flows, and refuses them if somebody has none.
func New(ctx context.Context, cfg Config) (*App, error) {
	if cfg.Catalog == nil {
		return nil, errors.New("app: config lacks Catalog")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	flows := newInUse(cfg.Catalog)
	b, err := bot.New(bot.Config{
		Store: cfg.Store, Gateway: cfg.Gateway, Clock: cfg.Clock, BotDates: cfg.BotDates, Logger: cfg.Logger,
		Rate: cfg.Rate, ChatRate: cfg.ChatRate, Keep: cfg.Keep, PruneCopies: cfg.PruneCopies, DeleteWebhook: cfg.DeleteWebhook,
		ID: cfg.Bot, Adopt: cfg.Adopt, Look: cfg.Look, Place: cfg.Place,
		Step: flows.step, Media: flows.media, Paper: (&papers{flows: flows, version: cfg.Version, keep: cfg.Keep}).draft, Profiles: profiles(cfg.Catalog), GroupReply: flows.groupReply,
	})
	if err != nil {
		return nil, err
	}
	if err := checkStranded(ctx, cfg.Store, cfg.Catalog); err != nil {
		return nil, err
	}
	cfg.Logger.Info("flows loaded; people whose language has no texts read English",
		"languages", strings.Join(cfg.Catalog.Languages(), ", "))
	return &App{store: cfg.Store, flows: flows, bot: b, log: cfg.Logger}, nil
}

// Run runs the bot until ctx ends; see [bot.Bot.Run].
func (a *App) Run(ctx context.Context) error { return a.bot.Run(ctx) }

// RunReloading is Run. Whenever it is asked to, it puts the flows of a folder to use
// as they are then; those with faults are told in the log, and the last good ones
// stay. A nil folder stands for the built-in flows.
func (a *App) RunReloading(ctx context.Context, folder *Folder, asked <-chan os.Signal) error {
	r := newReloader(a, folder, a.log)
	a.reloader.Store(r)
	return a.runBeside(ctx, func(ctx context.Context) { r.obey(ctx, asked) })
}

// Beside has RunReloading run something beside the bot, until both have ended. It may
// use the store.
func (a *App) Beside(run func(context.Context)) { a.beside = append(a.beside, run) }

// runBeside is Run, beside something that may use the store until the bot has ended.
func (a *App) runBeside(ctx context.Context, other func(context.Context)) error {
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, run := range append(a.beside, other) {
		running.Go(func() { run(ctx) })
	}
	defer running.Wait() // the store closes next
	defer stop()
	return a.Run(ctx)
}

// Stats returns the bot's counters.
func (a *App) Stats() bot.Stats { return a.bot.Stats() }

// Use puts edited flows in the place of those in use, from the next event on.
// Flows that leave somebody without a step, or without a round or reminder of
// theirs, are refused, and those in use stay.
func (a *App) Use(ctx context.Context, c *lang.Catalog) error {
	if err := checkStranded(ctx, a.store, c); err != nil {
		return err
	}
	// Turns under way may still go by the old ones.
	if err := noteSteps(ctx, a.store, ""); err != nil {
		return err
	}
	a.flows.current.Store(c)
	a.bot.SetProfiles(profiles(c))
	return nil
}
