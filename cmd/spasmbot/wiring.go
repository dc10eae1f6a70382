package main

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/chat"
	"spasmbot/bot/telegram"
	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/storage"
)

// common are the flags of every command that runs the bot.
type common struct {
	Flows    string     `type:"path" placeholder:"DIR" env:"SPASMBOT_FLOWS" help:"Flows to run instead of the built-in ones: *.yaml, and texts/*.yaml."`
	Zone     string     `default:"UTC" env:"SPASMBOT_ZONE" help:"IANA time zone of people who have not told theirs, such as Europe/Berlin."`
	LogLevel slog.Level `default:"info" env:"SPASMBOT_LOG_LEVEL" help:"debug, info, warn or error."`
}

// load reads the flows.
func (c *common) load() (*lang.Catalog, error) { return loadFlows(c.Flows, c.Zone) }

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
	catalog       *lang.Catalog // to begin with
	store         storage.Store
	clock         bot.Clock
	token         telegram.Token
	apiURL        string
	transport     http.RoundTripper // nil: real sockets
	rates         rates
	keep          time.Duration // 0: for ever
	deleteWebhook bool
	log           *slog.Logger

	// current is the catalog in use: the flows may be edited under a running
	// bot.
	current atomic.Pointer[lang.Catalog]
	running *bot.Bot
}

// bot wires the pure parts to the world.
func (s *service) bot() (*bot.Bot, error) {
	gateway, err := telegram.New(telegram.Config{
		Token: s.token, BaseURL: s.apiURL, Transport: s.transport, Logger: s.log,
	})
	if err != nil {
		return nil, usagef("%w", err) // it makes no call: the settings are wrong
	}
	s.current.Store(s.catalog)
	s.log.Info("flows loaded; people whose language has no texts read English",
		"languages", strings.Join(s.current.Load().Languages(), ", "))
	s.running, err = bot.New(bot.Config{
		Store: s.store, Gateway: gateway, Clock: s.clock, Logger: s.log,
		Rate: s.rates.Rate, ChatRate: s.rates.ChatRate, Keep: s.keep,
		Step: func(st flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
			return engine.Step(s.current.Load(), st, ev, now)
		},
		Media: func(name string) (flows.Media, bool) {
			m, ok := s.current.Load().Media[name]
			return m, ok
		},
		Menu: menus(s.catalog), GroupReply: groupReply(s.current.Load), DeleteWebhook: s.deleteWebhook,
	})
	return s.running, err
}

// gcPercent is how much the heap may grow before it is tidied, in percent of what
// is in use. That is some megabytes, however many reminders wait: with Go's own
// 100 it would be tidied every few hundred turns.
const gcPercent = 400

// run runs the bot until ctx ends.
func (s *service) run(ctx context.Context) error {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	b, err := s.bot()
	if err != nil {
		return err
	}
	return b.Run(ctx)
}

// use puts edited flows in the place of those in use, from the next event on.
// Flows that leave somebody without a step are refused.
func (s *service) use(ctx context.Context, c *lang.Catalog) error {
	if err := checkStranded(ctx, s.store, c); err != nil {
		return err
	}
	// Turns under way may still go by the old ones.
	if err := noteSteps(ctx, s.store, ""); err != nil {
		return err
	}
	s.current.Store(c)
	s.running.SetMenu(menus(c))
	return nil
}

// menus lists the command menu in each language, in English for all that have
// none.
func menus(c *lang.Catalog) map[string][]chat.MenuCommand {
	out := make(map[string][]chat.MenuCommand)
	for _, language := range append(c.Languages(), lang.English) {
		var menu []chat.MenuCommand
		for _, l := range c.Menu(language) {
			menu = append(menu, chat.MenuCommand{Name: l.Command, Description: l.Description})
		}
		if language == lang.English {
			language = ""
		}
		out[language] = menu
	}
	return out
}

// groupReply sends people from a group to the private chat. It says the same
// to everybody: nothing about a person belongs in a group.
func groupReply(current func() *lang.Catalog) func(string) (string, [][]flows.Key) {
	return func(username string) (string, [][]flows.Key) {
		c := current()
		text := c.Text(lang.English, "system", "group").HTML(func(string) string { return "" })
		if username == "" {
			return text, nil
		}
		label := c.Text(lang.English, "buttons", "private").Plain()
		return text, [][]flows.Key{{{Label: label, URL: "https://t.me/" + username}}}
	}
}
