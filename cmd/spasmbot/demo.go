package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/simulator"
	"spasmbot/bot/simulator/page"
	"spasmbot/bot/telegram"
	"spasmbot/storage/boltstore"
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
	reload := &reloader{fsys: flowsIn(c.Flows), zone: c.Zone, log: newLogger(w.stderr, c.LogLevel)}
	reload.seen = folderState(reload.fsys)
	cat, err := c.load()
	if err != nil {
		return err
	}
	clock, err := bot.NewFastClock(c.Speed, time.Now())
	if err != nil {
		return usagef("--speed: %w", err)
	}
	file, remove, err := c.file()
	if err != nil {
		return err
	}
	defer remove()
	store, err := boltstore.Open(file)
	if err != nil {
		return err
	}
	defer store.Close()

	sim := simulator.New(simulator.Config{
		BotName: "Spasmbot", BotUsername: "spasmbot", Now: clock.Now,
		// The demo's clock may run ahead of a press that is on its way.
		Limits: simulator.Limits{UpdateRetention: -1, CallbackRetention: -1, AnswerWindow: -1},
	})
	memory := sim.InMemory()
	defer memory.Close()
	token, err := telegram.ParseToken(simulator.DefaultToken)
	if err != nil {
		return err
	}
	s := service{
		catalog: cat, store: store, clock: clock, token: token, apiURL: memory.URL(),
		transport: memory.Transport(), log: reload.log,
	}
	if err := checkStranded(w.ctx, store, cat); err != nil {
		return err
	}
	b, err := s.bot()
	if err != nil {
		return err
	}
	reload.use = s.use
	mux := http.NewServeMux()
	mux.Handle("/", page.Handler())
	mux.Handle("/sim/", sim.PageAPI())
	mux.Handle("/demo/clock", &clockHandler{clock, store})
	mux.Handle("GET /demo/faults", reload)
	return c.serve(w, mux, func(ctx context.Context) error {
		if c.Flows == "" {
			return b.Run(ctx)
		}
		ctx, stop := context.WithCancel(ctx)
		var watching sync.WaitGroup
		watching.Go(func() { reload.watch(ctx) })
		defer watching.Wait() // the watcher reads the store, which closes next
		defer stop()
		return b.Run(ctx)
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

// serve runs the page and the bot until the first of them ends.
func (c *demoCommand) serve(w *world, handler http.Handler, runBot func(context.Context) error) error {
	var config net.ListenConfig
	listener, err := config.Listen(w.ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w: choose another address with --listen, such as 127.0.0.1:8081", c.Listen, err)
	}
	ctx, stop := context.WithCancelCause(w.ctx)
	defer stop(nil)
	// Streams to the page end with ctx, so that Shutdown need not wait.
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	done := make(chan error, 1)
	go func() {
		err := server.Serve(listener)
		stop(err)
		done <- err
	}()
	fmt.Fprintf(w.stdout, "Open http://%s in your browser. Ctrl-C ends the demo.\n", listener.Addr())
	err = runBot(ctx)
	stop(err)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if server.Shutdown(grace) != nil {
		server.Close()
	}
	if served := <-done; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = fmt.Errorf("serve the page: %w", served)
	}
	return err
}
