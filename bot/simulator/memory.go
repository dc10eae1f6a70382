package simulator

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
)

// Memory is the server reached without sockets. Connections are net.Pipes, on which goroutines block in a way that
// testing/synctest understands.
type Memory struct {
	listener  *pipeListener
	server    *http.Server
	transport *http.Transport
	served    chan struct{}
}

// InMemory starts to serve the bot's side in memory. Inside a synctest bubble it must be called in the bubble, and
// closed before the bubble ends.
func (s *Server) InMemory() *Memory { return serveInMemory(s.Handler()) }

func serveInMemory(handler http.Handler) *Memory {
	m := &Memory{
		listener: &pipeListener{accept: make(chan net.Conn), closed: make(chan struct{})},
		server:   &http.Server{Handler: handler, ErrorLog: log.New(io.Discard, "", 0)},
		served:   make(chan struct{}),
	}
	m.transport = &http.Transport{DialContext: m.DialContext, DisableCompression: true, MaxIdleConnsPerHost: 64}
	go func() {
		defer close(m.served)
		_ = m.server.Serve(m.listener) // ends with http.ErrServerClosed, by Close
	}()
	return m
}

// URL is the base to which a bot appends /bot<token>/<method>.
func (m *Memory) URL() string { return "http://simulator.invalid" }

// Transport carries requests to the server, whatever host they name. It belongs to m: Close ends its connections.
func (m *Memory) Transport() *http.Transport { return m.transport }

// DialContext opens a connection to the server, whatever the address, for transports of the caller's own.
func (m *Memory) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case m.listener.accept <- server:
		return client, nil
	case <-m.listener.closed:
		return nil, errors.New("dial the simulator: it is closed")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close ends all connections. Calls in progress break off on the client's side.
func (m *Memory) Close() {
	_ = m.server.Close() // closing pipes does not fail
	<-m.served
	m.transport.CloseIdleConnections()
}

type pipeListener struct {
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accept:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "simulator" }
