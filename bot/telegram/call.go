package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"spasmbot/bot/chat"
)

// call makes one call and returns the result as it came. The result is nil
// where the error table says that the failure is as good as success.
func (g *Gateway) call(ctx context.Context, l lane, method string, params tgbotapi.Params) (json.RawMessage, error) {
	return g.exchange(method, params, &exchange{parent: ctx, lane: l})
}

func (g *Gateway) exchange(method string, params tgbotapi.Params, x *exchange) (json.RawMessage, error) {
	began := time.Now()
	// A literal: the library's constructor would make a call of its own. One
	// for each call, because the context must travel in the client.
	api := tgbotapi.BotAPI{Token: g.token.reveal(), Client: x}
	api.SetAPIEndpoint(g.endpoint)
	_, err := api.MakeRequest(method, params)
	if errors.Is(err, errKept) {
		err = nil
	}
	failure := g.failure(method, err)
	g.log(x.parent, method, began, failure)
	if failure != nil {
		return nil, failure
	}
	g.date.Store(x.date)
	return x.result, nil
}

// failure completes what went wrong with what only the gateway knows: the
// method and the token, which is cut out of the text. It returns nil for
// success, a nil interface and not a nil pointer in one.
func (g *Gateway) failure(method string, err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*chat.Error](err)
	if !ok {
		// The library failed before the exchange began.
		e = &chat.Error{Kind: chat.Unknown, Description: cause(err)}
	}
	if e.Kind == asGoodAsDone {
		return nil
	}
	e.Method = method
	e.Description = tidy(g.token.redact(e.Description))
	if method == "getMe" || method == "getUpdates" {
		e.MaybeApplied = false // nothing that could have been
	}
	return e
}

func (g *Gateway) log(ctx context.Context, method string, began time.Time, err error) {
	if !g.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	took := slog.Duration("took", time.Since(began))
	if err != nil {
		g.logger.LogAttrs(ctx, slog.LevelDebug, "bot api call failed", slog.String("method", method), took, slog.Any("error", err))
		return
	}
	g.logger.LogAttrs(ctx, slog.LevelDebug, "bot api call", slog.String("method", method), took)
}

// exchange is one request and its reply. It serves the library as its HTTP
// client, but keeps the reply to itself: the library would read an HTML page,
// an empty body or the status 502 as it likes, and read again what was read.
type exchange struct {
	parent context.Context
	lane   lane
	// form is sent in place of what the library has written; nil for none.
	form   *form
	wire   atomic.Int32
	result json.RawMessage
	date   *date
}

// What is known about the request on its way out.
const (
	// 0: the transport does not report. Anything may have happened.
	_ int32 = iota
	// wireNothing: no connection yet, so nothing can have been written.
	wireNothing
	// wireMaybe: there is a connection. Whether the whole request went over
	// it cannot be told: net/http says "written" before it flushes.
	wireMaybe
)

// errKept is what the library gets to see of a reply that says ok.
var errKept = errors.New("the reply is kept")

// Do makes x an HTTP client for the library. It always returns an error.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	if err := x.parent.Err(); err != nil {
		_ = req.Body.Close() // the duty of whoever takes a request
		return nil, &chat.Error{Kind: chat.Cancelled, Description: err.Error()}
	}
	if x.form != nil {
		_ = req.Body.Close()
		x.form.into(req)
	}
	ctx, cancel := context.WithTimeout(x.parent, x.lane.timeout)
	defer cancel()
	status, header, body, err := x.roundTrip(ctx, req)
	if err != nil {
		return nil, x.lost(ctx, err)
	}
	result, failure := judge(status, header, body)
	if failure != nil {
		return nil, failure
	}
	x.result = result
	return nil, errKept
}

func (x *exchange) roundTrip(ctx context.Context, req *http.Request) (status int, header http.Header, body []byte, err error) {
	resp, err := x.lane.transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, x.trace())))
	if err != nil {
		return 0, nil, nil, err
	}
	x.date = dateOf(resp.Header, time.Now())
	defer func() { _ = resp.Body.Close() }()
	body, err = readAll(resp, x.lane.bodyLimit)
	return resp.StatusCode, resp.Header, body, err
}

// trace watches how far the request gets. GetConn comes first in each try of
// the transport, and it tries again only if nothing was written before.
func (x *exchange) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { x.wire.Store(wireNothing) },
		GotConn: func(httptrace.GotConnInfo) { x.wire.Store(wireMaybe) },
	}
}

var errTooLong = errors.New("the reply is too long")

// readAll reads the body to its end, without which the connection could not be
// used again, unless it is longer than limit.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, errTooLong
	}
	if n := resp.ContentLength; n >= 0 {
		body := make([]byte, n)
		_, err := io.ReadFull(resp.Body, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = errTooLong
	}
	return body, err
}

// lost is the failure of an exchange that brought no whole reply.
func (x *exchange) lost(ctx context.Context, err error) error {
	e := &chat.Error{Kind: chat.Retry, Description: cause(err), MaybeApplied: x.wire.Load() != wireNothing}
	switch {
	case x.parent.Err() != nil:
		e.Kind, e.Description = chat.Cancelled, x.parent.Err().Error()
	case ctx.Err() != nil:
		e.Description = fmt.Sprintf("no reply within %s", x.lane.timeout)
	}
	return e
}

// cause is the text of err without the address that url.Error puts around it.
func cause(err error) string {
	for {
		u, ok := errors.AsType[*url.Error](err)
		if !ok {
			return err.Error()
		}
		if u.Err == nil {
			return u.Op
		}
		err = u.Err
	}
}
