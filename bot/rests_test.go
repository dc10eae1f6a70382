package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
)

// Only what concerns the file itself takes it from all: what one person's chat
// refuses or loses is left out there.
func TestOnePersonsRefusedUpload(t *testing.T) {
	maybe := func(e *chat.Error) { e.MaybeApplied = true }
	for name, test := range map[string]struct {
		err   error
		calls int // in chat 7, for two messages
		mine  bool
	}{
		"unknown":         {refuse(chat.Unknown), 3, true},
		"rejected":        {refuse(chat.Rejected), 3, true},
		"no media here":   {refuse(chat.NoMedia), 3, true},
		"lost":            {refuse(chat.Retry, maybe), 4, true},
		"the file itself": {refuse(chat.BadMedia), 3, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, withMedia)
				w.gateway.onSend = func(_ int, m chat.Outgoing) error {
					if m.Chat == 7 && m.Media != nil {
						return test.err
					}
					return nil
				}
				w.start()
				w.say(7, "/photo lie")
				pass(time.Minute)
				w.say(7, "/photo lie")
				pass(time.Minute)
				if n := len(w.gateway.sent()); n != test.calls {
					t.Errorf("%d calls for two messages in the chat that takes no picture, want %d", n, test.calls)
				}
				w.say(8, "/photo lie")
				pass(time.Minute)
				last := w.gateway.sent()[test.calls]
				if (last.Media != nil) != test.mine {
					t.Errorf("another person's message shows %v", last.Media)
				}
				w.wantAllSent()
				_ = w.end()
			})
		})
	}
}

// A picture is not the reason of a refusal that its words meet as well, such as one
// of everything: it is shown when that is over.
func TestRefusalOfEverythingTakesNoPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia)
		began := time.Now()
		spell := func() error {
			since := time.Since(began)
			return only(since > 500*time.Millisecond && since < 10*time.Second, chat.Unknown)
		}
		w.gateway.onSend = func(int, chat.Outgoing) error { return spell() }
		w.gateway.meErr = spell
		w.start()
		pass(time.Second)
		w.say(7, "/photo lie")
		pass(time.Minute)
		shown := w.gateway.shown()
		if n := len(shown); n < 3 || shown[1] != "see lie" || shown[n-1] != "see lie (photo upload picture)" {
			t.Errorf("sent %q", shown)
		}
		if log := w.log.String(); strings.Contains(log, "picture was refused") {
			t.Errorf("log:\n%s", log)
		}
		w.wantAllSent()
		_ = w.end()
	})
}

// Uploads that get lost in two chats are the line's or the file's trouble.
func TestUploadsLostInTwoChats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, withMedia)
		w.gateway.onSend = func(_ int, m chat.Outgoing) error {
			if m.Media == nil || m.Chat == 9 {
				return nil
			}
			return refuse(chat.Retry, func(e *chat.Error) { e.MaybeApplied = true })
		}
		w.start()
		w.say(7, "/photo lie")
		w.say(8, "/photo lie")
		pass(time.Minute)
		w.say(9, "/photo lie")
		pass(lostRest)
		w.say(9, "/photo lie")
		pass(time.Minute)
		calls := w.gateway.sent()
		if last := calls[len(calls)-1]; calls[len(calls)-2].Media != nil || last.Media == nil {
			t.Errorf("sent %q", w.gateway.shown())
		}
		_ = w.end()
	})
}
