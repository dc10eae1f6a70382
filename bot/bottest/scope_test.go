package bottest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/storage"
)

// after lets time pass, and then all work be done that has come up.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// TestOneChatsRetryAfter: who is limited for 45 s is left alone for so long, a
// person or a group with all its topics; everybody else goes on.
func TestOneChatsRetryAfter(t *testing.T) {
	t.Parallel()
	for _, limited := range []int64{5, -77} {
		l := &lab{t: t}
		l.run(func(sim *simulator.Server) {
			refused := time.Now()
			sim.SetFault(func(c simulator.Call) *simulator.Fault {
				if c.ChatID == limited && time.Since(refused) < 45*time.Second {
					return &simulator.Fault{RetryAfter: 45 - int(time.Since(refused).Seconds())}
				}
				return nil
			})
			if limited < 0 {
				sim.Group(limited).Member(5).SendCommand("/start")
			} else {
				sim.Person(limited).SendText("mine")
			}
			after(2 * time.Second)
			for _, user := range []int64{6, 7, 8} {
				sim.Person(user).SendText("say")
			}
			after(time.Second)
			for _, user := range []int64{6, 7, 8} {
				if m, _ := l.latest(user); m.State != storage.Sent {
					t.Errorf("while chat %d is limited, the message for %d is %s", limited, user, m.State)
				}
			}
			after(time.Minute)
			calls := 0
			for c := range sim.Calls("sendMessage") {
				if c.ChatID == limited {
					calls++
				}
			}
			if m, _ := l.latest(5); m.State != storage.Sent || calls != 2 {
				t.Errorf("chat %d: %d calls, the message is %s", limited, calls, m.State)
			}
		})
	}
}

// TestOnePersonsPicture: what one person's upload meets takes the picture from
// nobody else.
func TestOnePersonsPicture(t *testing.T) {
	t.Parallel()
	for words, fault := range map[string]simulator.Fault{
		"unknown":   {Code: 400, Description: "Bad Request: WHAT_NOBODY_HAS_SEEN_YET"},
		"no photos": {Code: 400, Description: "Bad Request: not enough rights to send photos to the chat"},
		"gone":      {Code: 403, Description: "Forbidden: bot was blocked by the user"},
		"lost":      {Drop: true},
	} {
		l := &lab{t: t}
		l.run(func(sim *simulator.Server) {
			sim.SetFault(func(c simulator.Call) *simulator.Fault {
				if c.ChatID == 5 && c.Method == "sendPhoto" {
					return &fault
				}
				return nil
			})
			sim.Person(5).SendText("picture")
			after(time.Minute)
			sim.Person(6).SendText("picture")
			after(time.Minute)
			if calls := l.methods(sim, 6); calls != "sendPhoto" {
				t.Errorf("%s: another person is sent by %q, want the picture", words, calls)
			}
		})
	}
}

// methods lists the calls for a chat.
func (l *lab) methods(sim *simulator.Server, id int64) string {
	var out []string
	for c := range sim.Calls() {
		if c.ChatID == id {
			out = append(out, c.Method)
		}
	}
	return strings.Join(out, " ")
}

// TestButtonsThatNobodyTakes: words that are refused with their buttons, for a
// reason that nobody knows, are tried once without.
func TestButtonsThatNobodyTakes(t *testing.T) {
	t.Parallel()
	l := &lab{t: t}
	l.run(func(sim *simulator.Server) {
		sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.Method == "sendMessage" && (c.ChatID == 6 || c.Params["reply_markup"] != "") {
				return &simulator.Fault{Code: 400, Description: "Bad Request: BUTTON_NOBODY_HAS_SEEN_INVALID"}
			}
			return nil
		})
		for user, want := range map[int64]struct {
			ask, calls string
			state      storage.MessageState
		}{
			5: {"ask", "sendMessage sendMessage", storage.Sent},
			6: {"ask", "sendMessage sendMessage", storage.Failed},
			7: {"say", "sendMessage", storage.Sent},
		} {
			sim.Person(user).SendText(want.ask)
			settle()
			if m, _ := l.latest(user); m.State != want.state || l.methods(sim, user) != want.calls {
				t.Errorf("%q to %d: calls %q, the message is %s", want.ask, user, l.methods(sim, user), m.State)
			}
		}
		if p := sim.Person(5); p.Last().Text != "words" {
			t.Errorf("the person reads %q", p.Last().Text)
		}
	})
	if n := strings.Count(l.log.String(), "level=WARN"); n != 2 { // one of each
		t.Errorf("%d warnings:\n%s", n, l.log.String())
	}
}

// TestAnOutageIsTold: sends that fail for long make one warning, and their end
// another; those that fail for a moment, or in one chat alone, make none.
func TestAnOutageIsTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  simulator.Fault
		lasts  time.Duration
		only   int64 // 0: everybody's calls fail
		warned string
	}{
		"100 s":          {simulator.Fault{Code: 502, Description: "Bad Gateway"}, 100 * time.Second, 0, "no message gets through, messages get through again"},
		"45 s, dropped":  {simulator.Fault{Drop: true}, 45 * time.Second, 0, "no message gets through, messages get through again"},
		"a moment":       {simulator.Fault{Drop: true}, 10 * time.Second, 0, ""},
		"one chat alone": {simulator.Fault{Drop: true}, 100 * time.Second, 5, ""},
	} {
		l := &lab{t: t}
		l.run(func(sim *simulator.Server) {
			began := time.Now()
			sim.SetFault(func(c simulator.Call) *simulator.Fault {
				if c.Method == "sendMessage" && time.Since(began) < test.lasts && (test.only == 0 || test.only == c.ChatID) {
					return &test.fault
				}
				return nil
			})
			sim.Person(5).SendText("say")
			for range 20 {
				after(5 * time.Second)
				sim.Person(6).SendText("say")
			}
			after(time.Minute)
		})
		var told []string
		for line := range strings.Lines(l.log.String()) {
			for _, words := range []string{"no message gets through", "messages get through again"} {
				if strings.Contains(line, "level=WARN") && strings.Contains(line, words) {
					told = append(told, words)
				}
			}
		}
		if got := strings.Join(told, ", "); got != test.warned {
			t.Errorf("%s: told %q, want %q", name, got, test.warned)
		}
	}
}
