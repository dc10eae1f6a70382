package ops

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// Deed is what a running process does for a command: it reads what that was called
// with, and writes what it prints.
type Deed func(ctx context.Context, params json.RawMessage, out io.Writer) error

// Control lets commands work on a database through the process that has it, since
// nobody else may write to it.
type Control struct {
	// Database is the file. A command that means another one is refused.
	Database string
	Deeds    map[string]Deed
	Log      *slog.Logger

	running sync.WaitGroup
	seats   chan struct{}
}

const (
	// mostDeeds are done at a time: each may hold a snapshot of the store.
	mostDeeds = 4
	// mostParams is how many bytes a command may be called with.
	mostParams = 64 << 10
	// longestDeed ends a command, and slowest one that nobody reads from: a snapshot
	// that is held makes the file grow.
	longestDeed = 10 * time.Minute
	slowest     = 30 * time.Second
)

// The headers of the protocol. The result comes behind the output: "ok", or why not.
const (
	headerDatabase = "Spasmbot-Database"
	headerResult   = "Spasmbot-Result"
	resultDone     = "ok"
	deeds          = "/v1/"
)

// Serve obeys commands until ctx ends, and until all that are at work have ended.
func (c *Control) Serve(ctx context.Context, l net.Listener) error {
	c.seats = make(chan struct{}, mostDeeds)
	server := &http.Server{
		Handler: c, ReadHeaderTimeout: slowest, ReadTimeout: slowest, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	err := server.Serve(l)
	c.running.Wait()
	if ctx.Err() != nil && errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// ServeHTTP does one deed.
func (c *Control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.running.Add(1)
	defer c.running.Done()
	name := strings.TrimPrefix(r.URL.Path, deeds)
	deed := c.Deeds[name]
	switch {
	case r.Method != http.MethodPost || deed == nil:
		http.Error(w, "the bot that runs does not know this command: it is of another version", http.StatusNotFound)
		return
	case !sameFile(r.Header.Get(headerDatabase), c.Database):
		http.Error(w, "the bot behind this socket has another database", http.StatusConflict)
		return
	}
	select {
	case c.seats <- struct{}{}:
		defer func() { <-c.seats }()
	default:
		http.Error(w, "the bot is busy with other commands: try again", http.StatusServiceUnavailable)
		return
	}
	params, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostParams))
	if err != nil {
		http.Error(w, "the command was not understood", http.StatusBadRequest)
		return
	}
	w.Header().Set("Trailer", headerResult)
	w.WriteHeader(http.StatusOK)
	ctx, cancel := context.WithTimeout(r.Context(), longestDeed)
	defer cancel()
	w.Header().Set(headerResult, result(c.do(ctx, name, deed, params, &outlet{w, http.NewResponseController(w)})))
}

var errInside = errors.New("the bot has failed inside: its log says more")

// do makes an error of a panic: a command must not end the bot.
func (c *Control) do(ctx context.Context, name string, deed Deed, params json.RawMessage, out io.Writer) (err error) {
	defer func() {
		if recover() != nil { // what it says may be somebody's
			c.Log.Error("a command over the control socket has failed inside", "command", name)
			err = errInside
		}
	}()
	c.Log.Debug("a command over the control socket", "command", name)
	return deed(ctx, params, out)
}

func result(err error) string {
	if err == nil {
		return resultDone
	}
	return "!" + url.QueryEscape(err.Error())
}

// outlet ends a command whose output nobody takes.
type outlet struct {
	w       io.Writer
	control *http.ResponseController
}

func (o *outlet) Write(b []byte) (int, error) {
	if err := o.control.SetWriteDeadline(time.Now().Add(slowest)); err != nil {
		return 0, err
	}
	return o.w.Write(b)
}

func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, other)
}
