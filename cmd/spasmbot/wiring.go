package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/chat"
	"spasmbot/bot/telegram"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/engine"
	"spasmbot/storage"
)

// common are the flags of every command that runs the bot.
type common struct {
	Flows    string     `type:"path" placeholder:"DIR" env:"SPASMBOT_FLOWS" help:"Flows to run instead of the built-in ones: *.yaml, and texts/*.yaml."`
	Zone     string     `default:"UTC" env:"SPASMBOT_ZONE" help:"IANA time zone of people who have not told theirs, such as Europe/Berlin."`
	LogLevel slog.Level `default:"info" env:"SPASMBOT_LOG_LEVEL" help:"debug, info, warn or error."`
}

// load reads the flows.
func (c *common) load() (*flows.Catalog, error) {
	var from fs.FS = catalog.Shipped()
	if c.Flows != "" {
		from = os.DirFS(c.Flows)
	}
	cat, err := catalog.Load(from, c.Zone)
	var faults flows.Faults
	if errors.As(err, &faults) {
		return nil, fmt.Errorf("the flows have %d faults:\n%w", len(faults), err)
	}
	return cat, err
}

// rates are the limits that the bot keeps by itself.
type rates struct {
	Rate     float64 `default:"30" env:"SPASMBOT_RATE" help:"Messages a second overall; 0 means no limit but what Telegram answers."`
	ChatRate float64 `default:"1" env:"SPASMBOT_CHAT_RATE" help:"Messages a second in one chat, after short bursts; 0 means no limit but what Telegram answers."`
}

func (r rates) check() error {
	if r.Rate < 0 || r.ChatRate < 0 {
		return usagef("--rate %v and --chat-rate %v: give messages a second, 0 for no limit", r.Rate, r.ChatRate)
	}
	return nil
}

// service is everything that a running bot is wired from.
type service struct {
	catalog       *flows.Catalog
	store         storage.Store
	clock         bot.Clock
	token         telegram.Token
	apiURL        string
	transport     http.RoundTripper // nil: real sockets
	rates         rates
	deleteWebhook bool
	log           *slog.Logger
}

// bot wires the pure parts to the world.
func (s *service) bot() (*bot.Bot, error) {
	gateway, err := telegram.New(telegram.Config{
		Token: s.token, BaseURL: s.apiURL, Transport: s.transport, Logger: s.log,
	})
	if err != nil {
		return nil, err
	}
	return bot.New(bot.Config{
		Store: s.store, Gateway: gateway, Clock: s.clock, Logger: s.log,
		Rate: s.rates.Rate, ChatRate: s.rates.ChatRate,
		Step: func(st flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
			return engine.Step(s.catalog, st, ev, now)
		},
		Menu: menu(s.catalog), GroupReply: groupReply(s.catalog), DeleteWebhook: s.deleteWebhook,
	})
}

func menu(c *flows.Catalog) []chat.MenuCommand {
	lines := c.Menu(flows.English)
	out := make([]chat.MenuCommand, len(lines))
	for i, l := range lines {
		out[i] = chat.MenuCommand{Name: l.Command, Description: l.Description}
	}
	return out
}

// groupReply sends people from a group to the private chat. It says the same
// to everybody: nothing about a person belongs in a group.
func groupReply(c *flows.Catalog) func(string) (string, [][]flows.Key) {
	return func(username string) (string, [][]flows.Key) {
		text := c.Text(flows.English, "system", "group").HTML(func(string) string { return "" })
		if username == "" {
			return text, nil
		}
		label := c.Text(flows.English, "buttons", "private").Plain()
		return text, [][]flows.Key{{{Label: label, URL: "https://t.me/" + username}}}
	}
}
