package telegram

import (
	"net"
	"net/http"
	"time"
)

const (
	// pollConns is more than the one poll at a time needs.
	pollConns = 2
	// sendConns keeps a connection for each of many concurrent senders; the
	// default of net/http, 2, would dial anew for the rest all the time.
	sendConns = 128
	// idleTimeout is shorter than the 75 s after which most servers close a
	// connection that rests: a call that meets the end of one is in doubt.
	idleTimeout = 60 * time.Second
	// headerLimit bounds what is read of a reply before its body.
	headerLimit = 64 << 10
)

// newTransport follows no redirect, as no [http.RoundTripper] does. A call is
// written again by itself only if nothing of it had been written.
func newTransport(conns int) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    conns,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: headerLimit,
		// Replies are small; unpacking them would cost more than it saves.
		DisableCompression: true,
		// A connection that died without a word is found by a ping, not by
		// every call on it running into its timeout.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
}
