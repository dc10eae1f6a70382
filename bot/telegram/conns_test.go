package telegram

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"spasmbot/bot/chat"
)

// rawServer answers each connection by hand. Transport is the gateway's own.
func rawServer(t *testing.T, serve func(n int, c net.Conn, in *bufio.Reader)) (g *Gateway, transport *http.Transport) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				serve(n, c, bufio.NewReader(c))
			})
		}
	})
	g = newGatewayWith(t, Config{BaseURL: "http://" + l.Addr().String()})
	transport = g.sends.transport.(*http.Transport)
	t.Cleanup(func() {
		l.Close()
		transport.CloseIdleConnections()
		all.Wait()
	})
	return g, transport
}

// request reads one request; false if there is none.
func request(in *bufio.Reader) bool {
	r, err := http.ReadRequest(in)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, r.Body)
	return err == nil
}

const okReply = `{"ok":true,"result":{"message_id":5}}`

func replyOK(c net.Conn) {
	_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(okReply), okReply)
}

// closing tells when a connection is closed on this side.
type closing struct {
	net.Conn
	closed func()
}

func (c closing) Close() error {
	defer c.closed()
	return c.Conn.Close()
}

// A connection that the server has closed meanwhile is not used: the call on it
// would be in doubt.
func TestClosedConnectionIsNotUsed(t *testing.T) {
	g, transport := rawServer(t, func(_ int, c net.Conn, in *bufio.Reader) {
		request(in)
		replyOK(c)
	})
	noticed := make(chan struct{}, 1)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		return closing{c, func() { noticed <- struct{}{} }}, err
	}
	for range 5 {
		if _, err := g.Send(t.Context(), hello); err != nil {
			t.Fatal(err)
		}
		<-noticed
	}
}

// Connections end between calls and with a call on them. No call is written to a
// second one once it may have arrived on the first, and none of those counts as
// not applied.
func TestCallsAtTheEndOfAConnection(t *testing.T) {
	var arrived, calls, done, open atomic.Int64
	g, _ := rawServer(t, func(n int, c net.Conn, in *bufio.Reader) {
		for last := range 4 {
			if !request(in) {
				return
			}
			arrived.Add(1)
			if last == 3 && n%2 == 0 {
				return // without a word
			}
			replyOK(c)
		}
	})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				calls.Add(1)
				_, err := g.Send(t.Context(), hello)
				switch {
				case err == nil:
					done.Add(1)
				case failureOf(t, err).MaybeApplied:
					open.Add(1)
				}
			}
		})
	}
	all.Wait()
	if got := arrived.Load(); open.Load() == 0 || got < done.Load() || got > done.Load()+open.Load() {
		t.Errorf("%d calls arrived of %d: %d done, %d in doubt", got, calls.Load(), done.Load(), open.Load())
	}
}

func TestCallsThatBreakOff(t *testing.T) {
	for name, broken := range map[string]string{
		"no word":     "",
		"half a head": "HTTP/1.1 200 OK\r\nContent-Le",
		"half a body": "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
		"no HTTP":     "SSH-2.0-OpenSSH_9.2\r\n\r\n",
		"endless":     "HTTP/1.1 200 OK\r\nX-Filler: " + strings.Repeat("x", 2*headerLimit) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := rawServer(t, func(_ int, conn net.Conn, in *bufio.Reader) {
				request(in)
				_, _ = io.WriteString(conn, broken)
			})
			_, err := g.Send(t.Context(), hello)
			if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied {
				t.Errorf("%+v", e)
			}
		})
	}
	g := newGatewayWith(t, Config{BaseURL: "http://127.0.0.1:1"})
	_, err := g.Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || e.MaybeApplied {
		t.Errorf("nobody there: %+v", e)
	}
}

func TestCallThatIsCancelled(t *testing.T) {
	asked := make(chan struct{}, 1)
	g, _ := rawServer(t, func(n int, c net.Conn, in *bufio.Reader) {
		for request(in) {
			asked <- struct{}{}
			if n > 0 {
				replyOK(c)
			}
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err := g.Send(ctx, hello)
	if e := failureOf(t, err); e.Kind != chat.Cancelled || !e.MaybeApplied {
		t.Errorf("%+v", e)
	}
	slow, _ := rawServer(t, func(_ int, _ net.Conn, in *bufio.Reader) {
		for request(in) {
			continue
		}
	})
	slow.sends.timeout = 20 * time.Millisecond
	_, err = slow.Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied || !strings.Contains(e.Description, "no reply within 20ms") {
		t.Errorf("%+v", e)
	}
	if _, err := g.Send(t.Context(), hello); err != nil {
		t.Errorf("the next call: %v", err)
	}
	<-asked
}

// Proxies come from the environment, which net/http reads once a process: the
// test runs in one of its own.
func TestProxyOfTheEnvironment(t *testing.T) {
	const variable = "SPASMBOT_TEST_PROXY"
	if os.Getenv(variable) != "" {
		g := newGatewayWith(t, Config{BaseURL: "http://api.test", Insecure: true})
		if _, err := g.Send(t.Context(), hello); err != nil {
			t.Error(err)
		}
		if _, _, err := g.Poll(t.Context(), 1); err != nil {
			t.Error(err)
		}
		return
	}
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Host != "api.test" {
			t.Errorf("asked for %s", r.URL.Host)
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":[]}`)
	}))
	defer proxy.Close()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyOfTheEnvironment$")
	cmd.Env = append(os.Environ(), variable+"=1", "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if asked.Load() != 2 {
		t.Errorf("the proxy was asked %d times", asked.Load())
	}
}
