package telegram

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
)

var hello = chat.Outgoing{Chat: 1, Text: "x"}

func plainHTTP(t testing.TB, transport http.RoundTripper) *Gateway {
	t.Helper()
	return newGatewayWith(t, Config{BaseURL: "http://api.test", Transport: transport})
}

func TestCancelEndsAnIdlePollAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := plainHTTP(t, serve(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done() // nothing to tell
		}))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		_, next, err := g.Poll(ctx, 7)
		if e := failureOf(t, err); e.Kind != chat.Cancelled || e.MaybeApplied || next != 7 {
			t.Errorf("next %d, %+v", next, e)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %s after a cancel at 1s", took)
		}
	})
}

func TestCancelledBeforeTheCallIsNotApplied(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g := newGateway(t, transportFunc(func(*http.Request) (*http.Response, error) {
		t.Error("called with a context that has ended")
		return nil, io.EOF
	}))
	_, err := g.Send(ctx, hello)
	if e := failureOf(t, err); e.Kind != chat.Cancelled || e.MaybeApplied {
		t.Errorf("%+v", e)
	}
}

func TestCancelDuringASendLeavesTheOutcomeOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := plainHTTP(t, serve(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := g.Send(ctx, hello)
		if e := failureOf(t, err); e.Kind != chat.Cancelled || !e.MaybeApplied {
			t.Errorf("%+v", e)
		}
	})
}

func TestSilentServerTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := plainHTTP(t, serve(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}))
		began := time.Now()
		_, err := g.Send(t.Context(), hello)
		e := failureOf(t, err)
		if e.Kind != chat.Retry || !e.MaybeApplied || time.Since(began) != 20*time.Second || e.Description != "no reply within 20s" {
			t.Errorf("send: after %s: %+v", time.Since(began), e)
		}
		began = time.Now()
		_, _, err = g.Poll(t.Context(), 1)
		e = failureOf(t, err)
		if e.Kind != chat.Retry || e.MaybeApplied || time.Since(began) != 45*time.Second {
			t.Errorf("poll: after %s: %+v", time.Since(began), e)
		}
	})
}

func TestReplyThatStallsHalfwayTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := plainHTTP(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, `{"ok":true,`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		_, err := g.Send(t.Context(), hello)
		if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied {
			t.Errorf("%+v", e)
		}
	})
}

func TestRefusedConnectionIsNotApplied(t *testing.T) {
	network := newPipeNetwork()
	_ = network.Close()
	_, err := plainHTTP(t, network.transport()).Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || e.MaybeApplied {
		t.Errorf("%+v", e)
	}
}

func TestUntrustedServerIsNotApplied(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the token went to a server that is not trusted")
	}))
	server.Config.ErrorLog = newSilentLog()
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	g := newGatewayWith(t, Config{BaseURL: server.URL})
	_, err := g.Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || e.MaybeApplied {
		t.Errorf("%+v", e)
	}
}

func TestConnectionLostAfterTheRequestLeavesTheOutcomeOpen(t *testing.T) {
	g := plainHTTP(t, serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}))
	_, err := g.Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied {
		t.Errorf("%+v", e)
	}
}

func TestTransportThatDoesNotReportLeavesTheOutcomeOpen(t *testing.T) {
	g := newGateway(t, transportFunc(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }))
	_, err := g.Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied {
		t.Errorf("%+v", e)
	}
}

func TestNetworkErrorLeavesTheAddressOut(t *testing.T) {
	const address = "https://api.telegram.org/bot"
	inner := &url.Error{Op: "Get", URL: address, Err: io.ErrUnexpectedEOF}
	for want, err := range map[string]error{
		"unexpected EOF": &url.Error{Op: "Post", URL: address, Err: fmt.Errorf("proxy: %w", inner)},
		"Post":           &url.Error{Op: "Post", URL: address},
	} {
		g := newGateway(t, transportFunc(func(*http.Request) (*http.Response, error) { return nil, err }))
		_, err := g.Send(t.Context(), hello)
		if e := failureOf(t, err); e.Description != want {
			t.Errorf("%q, want %q", e.Description, want)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var hosts []string
		g := newGateway(t, handlerTransport(func(w http.ResponseWriter, r *http.Request) {
			hosts = append(hosts, r.Host)
			http.Redirect(w, r, "https://elsewhere.example"+r.URL.Path, status)
		}))
		_, err := g.Send(t.Context(), hello)
		if e := failureOf(t, err); e.Kind != chat.Retry || e.Code != status {
			t.Errorf("%d: %+v", status, e)
		}
		if len(hosts) != 1 || hosts[0] != "api.telegram.org" {
			t.Errorf("%d: asked %v", status, hosts)
		}
	}
}

// Chunked replies keep their connection only if they are read to the end.
func TestConnectionIsReused(t *testing.T) {
	for name, reply := range map[string]func(http.ResponseWriter){
		"chunked": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":5}}`)
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "\n")
		},
		"failures": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`)
			_ = http.NewResponseController(w).Flush()
		},
		"pages": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, strings.Repeat("<p>Bad Gateway</p>", 5000))
		},
	} {
		t.Run(name, func(t *testing.T) {
			conns := map[string]bool{}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conns[r.RemoteAddr] = true
				reply(w)
			}))
			defer server.Close()
			g := newGatewayWith(t, Config{BaseURL: server.URL})
			for range 20 {
				_, _ = g.Send(t.Context(), hello)
			}
			if len(conns) != 1 {
				t.Errorf("20 calls took %d connections", len(conns))
			}
		})
	}
}

func TestReplyBeyondTheLimitIsNotRead(t *testing.T) {
	endless := func(read *int64) http.RoundTripper {
		return transportFunc(func(*http.Request) (*http.Response, error) {
			body := io.TeeReader(strings.NewReader(strings.Repeat(" ", 10<<20)), countWriter{read})
			return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: io.NopCloser(body)}, nil
		})
	}
	var read int64
	_, err := newGateway(t, endless(&read)).Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied || read > sendBodyLimit+1 {
		t.Errorf("send: %d bytes read, %+v", read, e)
	}
	read = 0
	_, _, err = newGateway(t, endless(&read)).Poll(t.Context(), 1)
	if e := failureOf(t, err); e.Kind != chat.Retry || read > pollBodyLimit+1 {
		t.Errorf("poll: %d bytes read, %+v", read, e)
	}
}

type countWriter struct{ n *int64 }

func (w countWriter) Write(p []byte) (int, error) {
	*w.n += int64(len(p))
	return len(p), nil
}

func TestBatchOfLargestUpdatesFits(t *testing.T) {
	filler := strings.Repeat("x", 64<<10-100)
	items := make([]string, 100)
	for i := range items {
		items[i] = fmt.Sprintf(`{"update_id":%d,"later_kind":{"text":"%s"}}`, i+1, filler)
	}
	g := newGateway(t, canned(`{"ok":true,"result":[`+strings.Join(items, ",")+`]}`))
	updates, next, err := g.Poll(t.Context(), 1)
	if err != nil || len(updates) != 100 || next != 101 {
		t.Errorf("%d updates, next %d, %v", len(updates), next, err)
	}
}

func TestPollsAndSendsDoNotShareConnections(t *testing.T) {
	g := newGatewayWith(t, Config{})
	polls, sends := g.polls.transport.(*http.Transport), g.sends.transport.(*http.Transport)
	if polls == sends {
		t.Error("a poll that is stuck holds up the sends")
	}
	if g.uploads.transport != g.sends.transport {
		t.Error("uploads have connections of their own")
	}
	if sends.MaxIdleConnsPerHost < 64 || !sends.ForceAttemptHTTP2 || sends.HTTP2.SendPingTimeout == 0 || sends.HTTP2.PingTimeout == 0 {
		t.Errorf("untuned: %+v", sends)
	}
}

func TestHTTP2(t *testing.T) {
	abort := false
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if abort {
			panic(http.ErrAbortHandler)
		}
		if r.ProtoMajor != 2 {
			t.Errorf("spoken to in %s", r.Proto)
		}
		_, _ = io.WriteString(w, sendReply)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = newSilentLog()
	server.StartTLS()
	defer server.Close()
	transport := newTransport(sendConns)
	transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	transport.TLSClientConfig.NextProtos = nil // the transport's own choice
	defer transport.CloseIdleConnections()
	g := newGatewayWith(t, Config{BaseURL: server.URL, Transport: transport})
	for range 2 {
		if sent, err := g.Send(t.Context(), hello); err != nil || sent.ID != 1366 {
			t.Errorf("Send = %v, %v", sent, err)
		}
	}
	abort = true
	_, err := g.Send(t.Context(), hello)
	if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied {
		t.Errorf("%+v", e)
	}
}
