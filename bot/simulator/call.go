package simulator

import (
	"iter"
	"slices"
	"strings"
	"time"
)

// Call is one request of the bot, as the server saw and answered it.
type Call struct {
	Seq    int64             // counts finished calls from 1
	At     time.Time         // when it came in, by the server's clock
	Real   time.Time         // when it came in, in real time
	Method string            // as the documentation spells it
	ChatID int64             // 0 when it names none, or by username
	Params map[string]string // as sent; a value that was not a string is JSON; do not change it
	Files  []string          // names of the parts that were uploaded

	// What came of it. These are not yet known to Config.Fault.
	Text        string // the text or caption of the message as it now stands, without tags
	MessageID   int64  // the message sent, changed or deleted
	ErrorCode   int    // 0 when the call was carried out
	Description string
	RetryAfter  int
	Fault       *Fault // what spoiled the reply; the call may have been carried out (Fault.Apply)
}

// OK says that the call was carried out, whatever the bot was told about it.
func (c Call) OK() bool {
	return c.ErrorCode == 0 && (c.Fault == nil || c.Fault.Apply || c.Fault.harmless())
}

// Log returns the finished calls in order, as far as Config.KeepCalls remembers them.
func (s *Server) Log() []Call {
	s.log.Lock()
	defer s.log.Unlock()
	return slices.Clone(s.log.kept)
}

// Calls is Log, only of the named methods when any are named. Upper and lower case are the same.
func (s *Server) Calls(methods ...string) iter.Seq[Call] {
	return func(yield func(Call) bool) {
		for _, call := range s.Log() {
			wanted := len(methods) == 0 ||
				slices.ContainsFunc(methods, func(m string) bool { return strings.EqualFold(m, call.Method) })
			if wanted && !yield(call) {
				return
			}
		}
	}
}

// ForgetCalls empties the log.
func (s *Server) ForgetCalls() {
	s.log.Lock()
	defer s.log.Unlock()
	s.log.kept = nil
}

func (s *Server) record(c Call) {
	s.log.Lock()
	s.log.seq++
	c.Seq = s.log.seq
	if keep := s.cfg.KeepCalls; keep >= 0 {
		s.log.kept = append(s.log.kept, c)
		if keep > 0 && len(s.log.kept) >= 2*keep {
			s.log.kept = slices.Clone(s.log.kept[len(s.log.kept)-keep:])
		}
	}
	s.log.Unlock()
	if s.cfg.OnCall != nil {
		s.cfg.OnCall(c)
	}
}
