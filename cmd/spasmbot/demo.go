package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/app"
	"spasmbot/storage"
)

// demoCommand is "spasmbot demo".
type demoCommand struct {
	common
	Listen string  `default:"127.0.0.1:8080" env:"SPASMBOT_LISTEN" help:"Where the chat page is served. Keep it on this machine: whoever reaches it can read along."`
	DB     string  `name:"db" type:"path" placeholder:"FILE" env:"SPASMBOT_DEMO_DB" help:"Where everything is kept; default: a new file that goes when the demo ends."`
	Speed  float64 `default:"1" env:"SPASMBOT_SPEED" help:"How fast the clock runs; the page can change it."`
}

// Run serves the page and runs the bot against the simulator, over the same
// wire protocol as the real thing, until a signal comes.
func (c *demoCommand) Run(w *world) error {
	cfg := app.DemoConfig{Logger: c.logger(w.stderr, c.LogLevel), Folder: c.folder()}
	var err error
	if cfg.Catalog, err = c.load(); err != nil {
		return err
	}
	if cfg.Clock, err = bot.NewFastClock(c.Speed, time.Now()); err != nil {
		return usagef("--speed: %w", err)
	}
	ctx, stop := w.untilSignal()
	defer stop()
	file, remove, err := c.file()
	if err != nil {
		return err
	}
	defer remove()
	return withStore(file, func(store storage.Store) error {
		cfg.Store = store
		return c.serve(ctx, w, cfg)
	})
}

// file returns the database's name and what to do with it at the end.
func (c *demoCommand) file() (name string, remove func(), err error) {
	if c.DB != "" {
		return c.DB, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "spasmbot-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the demo's database: %w: name a file with --db", err)
	}
	return filepath.Join(dir, "demo.db"), func() { _ = os.RemoveAll(dir) }, nil
}

func (c *demoCommand) serve(ctx context.Context, w *world, cfg app.DemoConfig) error {
	demo, err := app.NewDemo(ctx, cfg)
	if err != nil {
		return err
	}
	defer demo.Close()
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w: choose another address with --listen, such as 127.0.0.1:8081", c.Listen, err)
	}
	fmt.Fprintf(w.stdout, "Open http://%s in your browser. Ctrl-C ends the demo.\n", listener.Addr())
	return demo.Run(ctx, listener)
}
