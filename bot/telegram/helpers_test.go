package telegram

import (
	"context"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/chat"
)

const (
	testKey   = "AAE-secret_secret_secret_secret_012"
	testToken = "123456789:" + testKey
)

// transportFunc is a server without a network.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// handlerTransport serves each request by h.
func handlerTransport(h http.HandlerFunc) http.RoundTripper {
	return transportFunc(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h(w, r)
		return w.Result(), nil
	})
}

// replies answers every request with the same status and body.
func replies(status int, body string) http.RoundTripper {
	return handlerTransport(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// seen is what a recorded request asked for.
type seen struct {
	path string
	form url.Values
}

// recording answers every request with body and keeps what was asked.
func recording(body string, into *[]seen) http.RoundTripper {
	return handlerTransport(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		*into = append(*into, seen{r.URL.Path, r.PostForm})
		_, _ = io.WriteString(w, body)
	})
}

func newGateway(t testing.TB, transport http.RoundTripper) *Gateway {
	t.Helper()
	return newGatewayWith(t, Config{Transport: transport})
}

func newGatewayWith(t testing.TB, c Config) *Gateway {
	t.Helper()
	token, err := ParseToken(testToken)
	if err != nil {
		t.Fatal(err)
	}
	c.Token = token
	g, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// failureOf insists that err is of the one type that this package returns.
func failureOf(t testing.TB, err error) *chat.Error {
	t.Helper()
	e, ok := err.(*chat.Error) //nolint:errorlint // not wrapped, by contract
	if !ok {
		t.Fatalf("error is %T (%v), want *chat.Error", err, err)
	}
	if e.Method == "" {
		t.Errorf("error without a method: %v", err)
	}
	if strings.Contains(err.Error(), testKey) {
		t.Errorf("error holds the token: %v", err)
	}
	return e
}

// pipeNetwork is a network in memory, fit for synctest: Dial for the client,
// the rest for the server.
type pipeNetwork struct {
	conns chan net.Conn
	done  chan struct{}
}

func newPipeNetwork() *pipeNetwork {
	return &pipeNetwork{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (p *pipeNetwork) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipeNetwork) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeNetwork) Close() error   { close(p.done); return nil }
func (p *pipeNetwork) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// transport is one of the gateway's own, on this network.
func (p *pipeNetwork) transport() *http.Transport {
	t := newTransport(sendConns)
	t.DialContext, t.Proxy = p.Dial, nil
	return t
}

// serve serves h on a network in memory until the test ends. The gateway's
// address must be http.
func serve(t testing.TB, h http.HandlerFunc) *http.Transport {
	t.Helper()
	network := newPipeNetwork()
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: newSilentLog()}
	go func() { _ = server.Serve(network) }()
	transport := network.transport()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	})
	return transport
}

func newSilentLog() *log.Logger { return slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) }
