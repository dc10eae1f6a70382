package main

import (
	"fmt"
	"runtime/debug"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/app"
	"spasmbot/bot/telegram"
	"spasmbot/flows/lang"
	"spasmbot/storage"
)

// runCommand is "spasmbot run".
type runCommand struct {
	common
	rates
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"Where everything is kept; made if it does not exist."`

	Keep keep `default:"365d" env:"SPASMBOT_KEEP" help:"How long to keep records of what is over: messages sent, reminders that came, episodes that ended and their timelines. Days as in 90d, or hours and minutes; 0 keeps all for ever."`

	APIURL        string    `name:"api-url" default:"https://api.telegram.org" env:"TELEGRAM_API_URL" help:"The Bot API server, for one that you host yourself."`
	DeleteWebhook bool      `env:"SPASMBOT_DELETE_WEBHOOK" help:"Remove a webhook that keeps updates from being polled."`
	Speed         float64   `default:"1" env:"SPASMBOT_SPEED" help:"Run the clock that many times as fast, for tests. Rates and network timeouts stay in real time."`
	SpeedFrom     time.Time `env:"SPASMBOT_SPEED_FROM" placeholder:"RFC3339" help:"When the fast clock and the real one agree; default: the start of the process."`
}

// tokenVariable holds the bot's token. There is no flag for it: the command
// lines of a host can be read by everybody on it.
const tokenVariable = "TELEGRAM_BOT_TOKEN"

// Run polls Telegram until a signal comes.
func (c *runCommand) Run(w *world) error {
	if err := c.check(); err != nil {
		return err
	}
	if w.getenv(tokenVariable) == "" {
		return usagef("%s is not set: ask @BotFather on Telegram for a token and put it there", tokenVariable)
	}
	if err := c.Keep.check(); err != nil {
		return err
	}
	token, err := telegram.ParseToken(w.getenv(tokenVariable))
	if err != nil {
		return usagef("%s: %w", tokenVariable, err)
	}
	clock, err := c.clock()
	if err != nil {
		return err
	}
	cat, err := c.load()
	if err != nil {
		return err
	}
	logger := newLogger(w.stderr, c.LogLevel)
	gateway, err := telegram.New(telegram.Config{Token: token, BaseURL: c.APIURL, Logger: logger})
	if err != nil {
		return usagef("%w", err) // it makes no call: the settings are wrong
	}
	ctx, stop := w.untilSignal()
	defer stop()
	return withStore(c.DB, func(store storage.Store) error {
		a, err := app.New(ctx, app.Config{
			Catalog: cat, Store: store, Gateway: gateway, Clock: clock, Logger: logger,
			Rate: c.Rate, ChatRate: c.ChatRate, Keep: time.Duration(c.Keep), DeleteWebhook: c.DeleteWebhook,
		})
		if err != nil {
			return err
		}
		defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
		if w.getenv("GOMEMLIMIT") == "" {
			defer debug.SetMemoryLimit(debug.SetMemoryLimit(mostMemory))
		}
		return a.Run(ctx)
	})
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
