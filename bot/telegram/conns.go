package telegram

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// conns carries many small calls to one server. Each call has a connection to
// itself and does its own writing and reading, where the transport of net/http
// hands them to two more goroutines: that is a third of what a call costs. It
// speaks HTTP/1.1 without proxies; where there is one, net/http does the work.
type conns struct {
	server string
	dial   func(ctx context.Context, network, address string) (net.Conn, error)

	mu   sync.Mutex
	idle []*conn // the one used last is at the end
}

const (
	// idleConns are kept for the next calls, and for so long.
	idleConns   = sendConns
	idleTimeout = 60 * time.Second
	// replyLimit bounds what is read of one reply, whatever its sender says.
	replyLimit = sendBodyLimit + 64<<10
)

// newConns returns nil if there is a proxy on the way to base.
func newConns(base string) *conns {
	u, err := url.Parse(base)
	if err != nil {
		return nil
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u}); err != nil || proxy != nil {
		return nil
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	c := &conns{server: u.Host, dial: dialer.DialContext}
	port := "80"
	if u.Scheme == "https" {
		port = "443"
		c.dial = (&tls.Dialer{NetDialer: dialer, Config: &tls.Config{
			MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, ClientSessionCache: tls.NewLRUClientSessionCache(idleConns),
		}}).DialContext
	}
	if u.Port() == "" {
		c.server = net.JoinHostPort(u.Hostname(), port)
	}
	return c
}

// conn is one connection, used by one call at a time.
type conn struct {
	net.Conn
	limit   io.LimitedReader
	in      *bufio.Reader
	out     *bufio.Writer
	resting time.Time // since when it is idle
}

// RoundTrip makes one call. The reply's body must be read to its end or closed,
// as always.
func (t *conns) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	trace := httptrace.ContextClientTrace(ctx)
	if trace != nil && trace.GetConn != nil {
		trace.GetConn(t.server)
	}
	c, err := t.take(ctx)
	if err != nil {
		_ = req.Body.Close()
		return nil, err
	}
	if trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{Conn: c})
	}
	// A call whose time is up is woken by a deadline in the past.
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	resp, err := c.exchange(req)
	if err != nil {
		stop()
		_ = c.Close()
		t.forget() // what has killed this one has not spared the others
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	resp.Body = &reply{ReadCloser: resp.Body, conns: t, conn: c, stop: stop, last: resp.Close}
	return resp, nil
}

func (c *conn) exchange(req *http.Request) (*http.Response, error) {
	c.limit.N = replyLimit
	if err := req.Write(c.out); err != nil {
		return nil, err
	}
	if err := c.out.Flush(); err != nil {
		return nil, err
	}
	for {
		resp, err := http.ReadResponse(c.in, req)
		// 1xx only announces the reply; 101 would be another protocol.
		if err != nil || resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, err
		}
	}
}

// take returns an idle connection that is still alive, or a new one.
func (t *conns) take(ctx context.Context) (*conn, error) {
	for {
		c := t.pop()
		if c == nil {
			break
		}
		if time.Since(c.resting) < idleTimeout && alive(c.Conn) {
			return c, nil
		}
		_ = c.Close()
	}
	nc, err := t.dial(ctx, "tcp", t.server)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: nc, limit: io.LimitedReader{R: nc}}
	c.in, c.out = bufio.NewReader(&c.limit), bufio.NewWriter(nc)
	return c, nil
}

func (t *conns) pop() *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := len(t.idle) - 1
	if last < 0 {
		return nil
	}
	c := t.idle[last]
	t.idle[last], t.idle = nil, t.idle[:last]
	return c
}

// rest keeps a connection for the next call.
func (t *conns) rest(c *conn) {
	c.resting = time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.idle) < idleConns {
		t.idle = append(t.idle, c)
		return
	}
	_ = c.Close()
}

// forget closes the idle connections.
func (t *conns) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.idle {
		_ = c.Close()
	}
	t.idle = nil
}

// reply is the body of a reply. Read to its end it sets the connection free.
type reply struct {
	io.ReadCloser
	conns *conns
	conn  *conn
	stop  func() bool
	// last: the server closes the connection after this reply.
	last  bool
	whole bool
}

func (r *reply) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.whole = r.whole || errors.Is(err, io.EOF)
	return n, err
}

// Close may be called once.
func (r *reply) Close() error {
	// If stop comes too late, a deadline has been or will be set. Whoever says
	// more than was asked may have mixed up the replies.
	if r.stop() && r.whole && !r.last && r.conn.in.Buffered() == 0 {
		r.conns.rest(r.conn)
		return nil
	}
	return r.conn.Close()
}
