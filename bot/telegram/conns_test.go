package telegram

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"spasmbot/bot/chat"
)

// rawServer answers each connection by hand.
func rawServer(t *testing.T, serve func(n int, c net.Conn, in *bufio.Reader)) (g *Gateway) {
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
	t.Cleanup(func() {
		l.Close()
		g.sends.transport.(*conns).forget()
		all.Wait()
	})
	return g
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

func TestConnsSpeakHTTP(t *testing.T) {
	whole := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(okReply), okReply)
	for name, c := range map[string]struct {
		reply string
		conns int // how many connections two calls take
	}{
		"length":            {whole, 1},
		"chunks":            {fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(okReply), okReply), 1},
		"announced":         {"HTTP/1.1 100 Continue\r\n\r\n" + whole, 1},
		"last of the line":  {strings.Replace(whole, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1), 2},
		"of an old server":  {strings.Replace(whole, "1.1", "1.0", 1), 2},
		"more than was due": {whole + "x", 2},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			last := 0
			g := rawServer(t, func(n int, conn net.Conn, in *bufio.Reader) {
				mu.Lock()
				last = max(last, n+1)
				mu.Unlock()
				for request(in) {
					_, _ = io.WriteString(conn, c.reply)
				}
			})
			for range 2 {
				if sent, err := g.Send(t.Context(), hello); err != nil || sent.ID != 5 {
					t.Errorf("sent %+v, %v", sent, err)
				}
				time.Sleep(10 * time.Millisecond) // what is on its way too much arrives
			}
			mu.Lock()
			defer mu.Unlock()
			if last != c.conns {
				t.Errorf("two calls took %d connections, want %d", last, c.conns)
			}
		})
	}
}

// A connection that the server has closed meanwhile is not used: the call on it
// would be in doubt.
func TestClosedConnectionIsNotUsed(t *testing.T) {
	closed := make(chan struct{}, 1)
	g := rawServer(t, func(_ int, c net.Conn, in *bufio.Reader) {
		request(in)
		_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(okReply), okReply)
		c.Close()
		closed <- struct{}{}
	})
	for range 5 {
		if _, err := g.Send(t.Context(), hello); err != nil {
			t.Fatal(err)
		}
		<-closed
		time.Sleep(10 * time.Millisecond) // the end arrives
	}
}

func TestCallsThatBreakOff(t *testing.T) {
	for name, c := range map[string]struct {
		reply string
		maybe bool
	}{
		"no word":     {"", true},
		"half a head": {"HTTP/1.1 200 OK\r\nContent-Le", true},
		"half a body": {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", true},
		"no HTTP":     {"SSH-2.0-OpenSSH_9.2\r\n\r\n", true},
		"endless":     {"HTTP/1.1 200 OK\r\nX-Filler: " + strings.Repeat("x", replyLimit) + "\r\n\r\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			g := rawServer(t, func(_ int, conn net.Conn, in *bufio.Reader) {
				request(in)
				_, _ = io.WriteString(conn, c.reply)
			})
			_, err := g.Send(t.Context(), hello)
			if e := failureOf(t, err); e.Kind != chat.Retry || e.MaybeApplied != c.maybe {
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
	g := rawServer(t, func(n int, c net.Conn, in *bufio.Reader) {
		for request(in) {
			asked <- struct{}{}
			if n > 0 {
				_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(okReply), okReply)
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
	g.sends.timeout = time.Millisecond
	slow := rawServer(t, func(_ int, _ net.Conn, in *bufio.Reader) {
		for request(in) {
			continue
		}
	})
	slow.sends.timeout = 20 * time.Millisecond
	_, err = slow.Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied || !strings.Contains(e.Description, "no reply within 20ms") {
		t.Errorf("%+v", e)
	}
	g.sends.timeout = sendTimeout
	if _, err := g.Send(t.Context(), hello); err != nil {
		t.Errorf("the next call: %v", err)
	}
	<-asked
}

func TestConnsOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.ProtoMajor != 1 {
			t.Errorf("spoken to in %s", r.Proto)
		}
		_, _ = io.WriteString(w, okReply)
	}))
	defer server.Close()
	server.Config.ErrorLog = newSilentLog()
	g := newGatewayWith(t, Config{BaseURL: server.URL})
	_, err := g.Send(t.Context(), hello)
	if e := failureOf(t, err); e.MaybeApplied || !strings.Contains(e.Description, "certificate") {
		t.Errorf("a server that nobody vouches for: %+v", e)
	}
	dialed := 0
	known := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	known.NextProtos = []string{"http/1.1"}
	g.sends.transport.(*conns).dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialed++
		return (&tls.Dialer{Config: known}).DialContext(ctx, network, address)
	}
	for range 5 {
		if _, err := g.Send(t.Context(), hello); err != nil {
			t.Error(err)
		}
	}
	if dialed != 1 {
		t.Errorf("5 calls took %d connections", dialed)
	}
}

func TestAddressOfTheServer(t *testing.T) {
	// net/http reads these variables once a process, so they are asked for here
	// as it would ask.
	if newConns("https://api.telegram.org") == nil {
		t.Skip("a proxy is set in the environment: net/http carries the calls, and its tests show it")
	}
	for base, want := range map[string]string{
		"https://api.telegram.org": "api.telegram.org:443", "http://[::1]": "[::1]:80", "http://localhost:8081/x": "localhost:8081",
	} {
		if got := newConns(base).server; got != want {
			t.Errorf("%s is called at %s, want %s", base, got, want)
		}
	}
}
