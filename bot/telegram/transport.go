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
)

func newTransport(conns int) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    conns,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		// Replies are small; unpacking them would cost more than it saves.
		DisableCompression: true,
		// A connection that died without a word is found by a ping, not by
		// every call on it running into its timeout.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
}
