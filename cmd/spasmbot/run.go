package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/app"
	"spasmbot/bot/telegram"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// runCommand is "spasmbot run".
type runCommand struct {
	common
	rates
	control
	backups
	DB       string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"Where everything is kept; made if it does not exist."`
	Existing bool   `env:"SPASMBOT_EXISTING" help:"Make no new database: fail if the file is not there, such as when its volume is not mounted."`
	AdoptBot bool   `name:"adopt-bot" help:"Give a database that belongs to another bot to the one of the token. Once, by hand: that bot's buttons, pictures and messages are of no use to this one and are dropped."`
	Takeover bool   `env:"SPASMBOT_TAKEOVER" help:"Do not look, for some seconds, whether another program polls with the same token, and do not give up if one does."`

	Keep keep `default:"365d" env:"SPASMBOT_KEEP" help:"How long to keep records of what is over: messages sent, reminders that came, episodes that ended and their timelines, people who are idle, copies that an upgrade has made. Days as in 90d, or hours and minutes; 0 keeps all for ever."`

	APIURL        string    `name:"api-url" default:"https://api.telegram.org" env:"TELEGRAM_API_URL" help:"The Bot API server, for one that you host yourself."`
	InsecureAPI   bool      `name:"insecure-api" env:"SPASMBOT_INSECURE_API" help:"Allow http:// to a server on another machine. Whoever is on the way can read the token and what people write."`
	DeleteWebhook bool      `env:"SPASMBOT_DELETE_WEBHOOK" help:"Remove a webhook that keeps updates from being polled."`
	Speed         float64   `default:"1" env:"SPASMBOT_SPEED" help:"Run the clock that many times as fast, for tests. Rates and network timeouts stay in real time."`
	SpeedFrom     time.Time `env:"SPASMBOT_SPEED_FROM" placeholder:"RFC3339" help:"When the fast clock and the real one agree; default: the start of the process."`
}

// Run polls Telegram until a signal comes.
func (c *runCommand) Run(w *world) error {
	// First of all: whenever a signal comes, it is the end that was asked for.
	asked, deaf := hangups()
	defer deaf()
	ctx, stop := w.until(os.Interrupt, syscall.SIGTERM)
	defer stop()
	return unlessStopped(ctx, c.run(ctx, w, asked))
}

// unlessStopped is why a run has failed, unless that is that it was to stop before it
// had begun.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (c *runCommand) run(ctx context.Context, w *world, asked <-chan os.Signal) error {
	if err := errors.Join(c.rates.check(), c.backups.check()); err != nil {
		return err
	}
	token, err := w.token()
	if err != nil {
		return err
	}
	if err := c.Keep.check(); err != nil {
		return err
	}
	c.KeepFor = time.Duration(c.Keep)
	clock, err := c.clock()
	if err != nil {
		return err
	}
	folder := c.folder()
	cat, err := c.load()
	if err != nil {
		return err
	}
	level := new(slog.LevelVar)
	level.Set(c.LogLevel)
	logger := c.logger(w.stderr, level)
	gateway, err := telegram.New(telegram.Config{Token: token, BaseURL: c.APIURL, Insecure: c.InsecureAPI, Logger: logger})
	if err != nil {
		return usagef("%w", err) // it makes no call: the settings are wrong
	}
	cfg := app.Config{
		Catalog: cat, Gateway: gateway, Clock: clock, Logger: logger, Version: version(),
		Rate: c.Rate, ChatRate: c.ChatRate, Keep: time.Duration(c.Keep), DeleteWebhook: c.DeleteWebhook,
		PruneCopies: func(before time.Time) error { return boltstore.PruneCopies(c.DB, before) },
		Bot:         token.Bot(), Adopt: c.AdoptBot, Look: c.look(), Place: place(c.DB),
	}
	store, err := openPatiently(ctx, c.DB, logger, c.options()...)
	if err != nil {
		return err
	}
	return closing(store, func(storage.Store) error {
		c.warn(logger, store)
		go c.greet(logger, store) // a count of everybody: the start does not wait for it
		cfg.Store = store
		a, err := app.New(ctx, cfg)
		if err != nil {
			return err
		}
		defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
		if w.getenv("GOMEMLIMIT") == "" {
			defer debug.SetMemoryLimit(debug.SetMemoryLimit(mostMemory))
		}
		ear, err := c.listen(ctx, c.DB, logger)
		if err != nil {
			return err
		}
		a.Beside(func(ctx context.Context) { c.make(ctx, store, logger) })
		if ear != nil {
			a.Beside(func(ctx context.Context) {
				obey(ctx, ear, &desk{file: c.DB, store: store, bot: a, level: level}, logger)
			})
		}
		return a.RunReloading(ctx, folder, asked)
	})
}

func (c *runCommand) look() time.Duration {
	if c.Takeover {
		return 0
	}
	return bot.Look
}

// place is where a file is: the same name on another machine, or in another
// container, is another file.
func place(file string) string {
	host, err := os.Hostname()
	if err != nil {
		return ""
	}
	return host + ":" + file
}

func (c *runCommand) options() []boltstore.Option {
	if c.Existing {
		return []boltstore.Option{boltstore.Existing()}
	}
	return nil
}

// gcPercent is how much the heap may grow before it is tidied, in percent of what
// is in use. That is some megabytes, however many reminders wait: with Go's own
// 100 it would be tidied every few hundred turns.
const gcPercent = 400

// mostMemory is from where on the heap is tidied more often, in bytes, so that a
// crowd of people does not make five times of what it needs. GOMEMLIMIT sets another.
const mostMemory = 64 << 20

// clock is the real one, unless a speed or a base is given.
func (c *runCommand) clock() (bot.Clock, error) {
	if c.Speed == 1 && c.SpeedFrom.IsZero() {
		return bot.RealClock{}, nil
	}
	from := c.SpeedFrom
	if from.IsZero() {
		from = time.Now()
	}
	clock, err := bot.NewFastClock(c.Speed, from)
	if err != nil {
		return nil, usagef("--speed: %w", err)
	}
	return clock, nil
}

// keep is a duration that is mostly told in days.
type keep time.Duration

// UnmarshalText reads a duration as the flows write it.
func (k *keep) UnmarshalText(text []byte) error {
	d, err := lang.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no duration: write 90d, or 36h, or 0 for ever", text)
	}
	*k = keep(d)
	return nil
}

// leastKeep is what people may still look back at, and an operator wants to
// see of yesterday.
const leastKeep = keep(24 * time.Hour)

func (k keep) check() error {
	if k < 0 || k > 0 && k < leastKeep {
		return usagef("--keep %v: give a day at least, such as 90d, or 0 for ever", time.Duration(k))
	}
	return nil
}
