package simulator

import (
	"cmp"
	"net/http"
	"time"
)

// Fault spoils one call. What may go wrong on the way there (not Apply) and on the way back (Apply) is the same; the
// difference is whether the call was carried out. Delays are real time and outlast a client that hangs up, as on the
// real server, which carries out what it has received.
type Fault struct {
	Apply bool // carry the call out, then spoil the reply

	Delay      time.Duration // wait before the call is carried out
	ReplyDelay time.Duration // wait after that, before the reply

	// At most one of the following; with none the reply is the true one, only late.

	Drop bool // close the connection without a reply

	Code        int    // refuse with an error envelope, also used as HTTP status
	Description string // "Too Many Requests: retry after N" for 429, else the status text, when empty
	RetryAfter  int    // seconds; alone it means Code 429
	MigrateTo   int64

	Status      int    // reply with this HTTP status and Body, whatever it is
	Body        string // for example a page of HTML from a gateway
	ContentType string // text/html when empty
}

// SetFault replaces Config.Fault; nil means no faults from now on.
func (s *Server) SetFault(f func(Call) *Fault) {
	s.fault.Store(&f)
}

func (s *Server) faultFor(c Call) *Fault {
	if f := s.fault.Load(); f != nil && *f != nil {
		return (*f)(c)
	}
	return nil
}

// harmless says that the fault only delays.
func (f *Fault) harmless() bool { return !f.Drop && f.Code == 0 && f.RetryAfter == 0 && f.Status == 0 }

// reply sends the spoiled reply. It panics to drop the connection, which net/http does without a word.
func (f *Fault) reply(w http.ResponseWriter) {
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		w.Header().Set("Content-Type", cmp.Or(f.ContentType, "text/html"))
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Body)) // the client may have gone: nobody is left to tell
	default:
		f.refusal().write(w)
	}
}

func (f *Fault) refusal() *apiError {
	code := f.Code
	if code == 0 {
		code = http.StatusTooManyRequests
	}
	e := &apiError{Code: code, RetryAfter: f.RetryAfter, MigrateTo: f.MigrateTo}
	if code == http.StatusTooManyRequests && f.RetryAfter > 0 {
		e.Description = tooManyRequests(f.RetryAfter).Description
	}
	e.Description = cmp.Or(f.Description, e.Description, http.StatusText(code))
	return e
}
