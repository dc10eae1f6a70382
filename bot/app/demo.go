package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/simulator"
	"spasmbot/bot/simulator/page"
	"spasmbot/bot/telegram"
	"spasmbot/flows/lang"
	"spasmbot/storage"
)

// DemoConfig is what a Demo is made of. Catalog, Store, Clock and Logger are
// required.
type DemoConfig struct {
	Catalog *lang.Catalog
	Store   storage.Store
	Clock   *bot.FastClock // the page sets it
	Logger  *slog.Logger
	// Folder is watched for edited flows, unless it is nil.
	Folder *Folder
}

// Demo is an App beside a simulated messenger, to which it speaks the wire
// protocol of the real one, and a page to chat on. It needs no token and no
// network.
type Demo struct {
	app    *App
	reload *reloader
	watch  bool // for edited flows
	memory *simulator.Memory
	server http.Handler
}

// NewDemo returns a Demo that has not begun to run.
func NewDemo(ctx context.Context, cfg DemoConfig) (*Demo, error) {
	sim := simulator.New(simulator.Config{
		BotName: "Spasmbot", BotUsername: "spasmbot", Now: cfg.Clock.Now,
		// The demo's clock may run ahead of a press that is on its way.
		Limits: simulator.Limits{UpdateRetention: -1, CallbackRetention: -1, AnswerWindow: -1},
	})
	memory := sim.InMemory()
	a, err := newDemoApp(ctx, cfg, memory)
	if err != nil {
		memory.Close()
		return nil, err
	}
	reload := newReloader(a, cfg.Folder, cfg.Logger)
	mux := http.NewServeMux()
	mux.Handle("/", page.Handler())
	mux.Handle("/sim/", sim.PageAPI())
	mux.Handle("/demo/clock", &clockHandler{cfg.Clock, cfg.Store})
	mux.Handle("GET /demo/faults", reload)
	return &Demo{app: a, reload: reload, watch: cfg.Folder != nil, memory: memory, server: mux}, nil
}

// Close ends the simulated messenger, once Run has returned.
func (d *Demo) Close() { d.memory.Close() }

// newDemoApp returns the bot of a demo.
func newDemoApp(ctx context.Context, cfg DemoConfig, memory *simulator.Memory) (*App, error) {
	token, err := telegram.ParseToken(simulator.DefaultToken)
	if err != nil {
		return nil, err
	}
	gateway, err := telegram.New(telegram.Config{
		Token: token, BaseURL: memory.URL(), Transport: memory.Transport(), Logger: cfg.Logger,
	})
	if err != nil {
		return nil, err
	}
	return New(ctx, Config{
		Catalog: cfg.Catalog, Store: cfg.Store, Gateway: gateway, Clock: cfg.Clock, BotDates: true, Logger: cfg.Logger,
		Bot: token.Bot(),
	})
}

// Run serves the page to whoever connects and runs the bot, until ctx or the
// first of the two ends. It closes the listener.
func (d *Demo) Run(ctx context.Context, listener net.Listener) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Streams to the page end with ctx, so that Shutdown need not wait.
	server := &http.Server{
		Handler: d.server, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	done := make(chan error, 1)
	go func() {
		err := server.Serve(listener)
		stop(err)
		done <- err
	}()
	err := d.runBot(ctx)
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

// runBot runs the bot, and beside it looks for edited flows.
func (d *Demo) runBot(ctx context.Context) error {
	if !d.watch {
		return d.app.Run(ctx)
	}
	return d.app.runBeside(ctx, d.reload.watch)
}
