package main

import (
	"fmt"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/telegram"
	"spasmbot/storage/boltstore"
)

// runCommand is "spasmbot run".
type runCommand struct {
	common
	rates
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"Where everything is kept; made if it does not exist."`

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
	store, err := boltstore.Open(c.DB)
	if err != nil {
		return err
	}
	s := service{
		catalog: cat, store: store, clock: clock, token: token, apiURL: c.APIURL,
		rates: c.rates, deleteWebhook: c.DeleteWebhook, log: newLogger(w.stderr, c.LogLevel),
	}
	err = checkStranded(w.ctx, store, cat)
	if err == nil {
		err = s.run(w.ctx)
	}
	if closeErr := store.Close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close %s: %w", c.DB, closeErr)
	}
	return err
}

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
