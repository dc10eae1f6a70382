package main

import (
	"io"
	"log/slog"
	"math"

	"spasmbot/bot/app"
	"spasmbot/flows/lang"
)

// common are the flags of every command that runs the bot.
type common struct {
	Flows     string `type:"path" placeholder:"DIR" env:"SPASMBOT_FLOWS" help:"Flows to run instead of the built-in ones: *.yaml, and texts/*.yaml."`
	Zone      string `default:"UTC" env:"SPASMBOT_ZONE" help:"IANA time zone of people who have not told theirs, such as Europe/Berlin."`
	operator  `embed:""`
	LogLevel  slog.Level `default:"info" env:"SPASMBOT_LOG_LEVEL" help:"debug, info, warn or error."`
	LogFormat string     `default:"text" enum:"text,json" env:"SPASMBOT_LOG_FORMAT" help:"text, or json: one object a line."`
}

// logger writes to w from the level on, in the format that was asked for.
func (c *common) logger(w io.Writer, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// load reads the flows.
func (c *common) load() (*lang.Catalog, error) {
	told, err := c.told()
	if err != nil {
		return nil, err
	}
	cat, err := loadFlows(c.Flows, c.Zone)
	if err != nil {
		return nil, err
	}
	cat.Operator = told
	return cat, nil
}

// folder is where the flows are read from, nil for the built-in ones. It is to be
// made before they are loaded.
func (c *common) folder() *app.Folder {
	if c.Flows == "" {
		return nil
	}
	told, _ := c.told() // load has refused what is wrong
	return app.NewFolder(flowsIn(c.Flows), c.Zone, told)
}

// rates are the limits that the bot keeps by itself.
type rates struct {
	Rate     float64 `default:"30" env:"SPASMBOT_RATE" help:"Messages a second overall; 0 means no limit but what Telegram answers."`
	ChatRate float64 `default:"1" env:"SPASMBOT_CHAT_RATE" help:"Messages a second in one chat, after short bursts; 0 means no limit but what Telegram answers."`
}

func (r rates) check() error {
	bad := func(n float64) bool { return !(n >= 0) || math.IsInf(n, 0) }
	if bad(r.Rate) || bad(r.ChatRate) {
		return usagef("--rate %v and --chat-rate %v: give messages a second, 0 for no limit", r.Rate, r.ChatRate)
	}
	return nil
}
