package simulator

import (
	"net/http"
	"time"
)

// SetDate replaces Config.Date; nil means the true time from now on.
func (s *Server) SetDate(f func() time.Time) { s.date.Store(&f) }

// dated writes replies with the server's date. Where it writes none, net/http
// writes the true one.
type dated struct {
	http.ResponseWriter
	server *Server
}

func (w dated) WriteHeader(status int) {
	if f := *w.server.date.Load(); f != nil {
		w.Header()["Date"] = nil // net/http then writes none, too
		if at := f(); !at.IsZero() {
			w.Header().Set("Date", at.UTC().Format(http.TimeFormat))
		}
	}
	w.ResponseWriter.WriteHeader(status)
}
