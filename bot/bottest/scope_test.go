package bottest

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows"
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
			if calls != 2 {
				t.Errorf("chat %d: %d calls", limited, calls)
			}
			if limited < 0 {
				return // nothing is kept of what a group is told
			}
			if m, _ := l.latest(limited); m.State != storage.Sent {
				t.Errorf("the message to %d is %s", limited, m.State)
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

// heard is a small core that remembers when it heard somebody, as the real one.
func heard(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
	s, effects := labStep(s, ev, now)
	switch ev.(type) {
	case flows.Command, flows.Text, flows.Button:
		s.Heard = now
	}
	return s, effects
}

// remindAll lets people be reminded in an hour.
func remindAll(sim *simulator.Server, people int64) {
	for user := range people {
		sim.Person(1 + user).SendCommand("remind")
	}
	settle()
}

// TestLoggedOut: while the server does not know the bot, for 45 s or an hour, no
// reminder is given up. The sender pauses, says so once, and tries now and then.
func TestLoggedOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		people int64
		lasts  time.Duration
	}{{40, 45 * time.Second}, {40, time.Hour}, {1, 45 * time.Second}} {
		people, lasts := test.people, test.lasts
		l := &lab{t: t, step: heard}
		l.run(func(sim *simulator.Server) {
			remindAll(sim, people)
			time.Sleep(time.Hour - 6*time.Second) // they are due in a second
			sim.ForgetCalls()
			sim.SetFault(func(simulator.Call) *simulator.Fault {
				return &simulator.Fault{Code: 400, Description: "Bad Request: Logged out"}
			})
			time.Sleep(lasts)
			if n, most := len(l.sends(sim)), int(max(people, 20))+int(lasts/probeMost); n < int(min(people, 3)) || n > most {
				t.Errorf("%d sends in %v, want %d at most", n, lasts, most)
			}
			sim.SetFault(nil)
			ended := time.Now()
			after(2 * time.Minute)
			l.allArrived(sim, people)
			for c := range sim.Calls("sendMessage") {
				if d := c.Real.Sub(ended); c.ErrorCode == 0 && d > 10*time.Second {
					t.Errorf("a reminder came %v after the end", d)
				}
			}
		})
		if n := strings.Count(l.log.String(), "sending pauses"); n != int(people/40) {
			t.Errorf("%d warnings of the pause in %v", n, lasts)
		}
	}
}

// TestSendsAloneAreRefused: polls and getMe go on, and every message is refused
// for a reason that nobody knows, or because the person is out of reach who was
// here a minute ago.
func TestSendsAloneAreRefused(t *testing.T) {
	t.Parallel()
	const people = 40
	for _, fault := range []simulator.Fault{
		{Code: 400, Description: "Bad Request: WHAT_NOBODY_HAS_SEEN_YET"},
		{Code: 403, Description: "Forbidden: bot was blocked by the user"},
	} {
		l := &lab{t: t, step: heard}
		l.run(func(sim *simulator.Server) {
			remindAll(sim, people)
			sim.SetFault(func(c simulator.Call) *simulator.Fault {
				if c.Method == "sendMessage" {
					return &fault
				}
				return nil
			})
			after(time.Hour + 20*time.Minute)
			first := l.sends(sim)[0].Real
			late := 0
			for _, c := range l.sends(sim) {
				if c.Real.Sub(first) > 5*time.Second {
					late++
				}
			}
			if late < 20 || late > 60 {
				t.Errorf("%d probes in twenty minutes", late)
			}
			sim.SetFault(nil)
			after(2 * time.Minute)
			l.allArrived(sim, people)
		})
		for words, want := range map[string]int{"sending pauses": 1, "sending goes on": 1, "level=WARN": 2} {
			if n := strings.Count(l.log.String(), words); n != want {
				t.Errorf("%q is logged %d times, want %d:\n%s", words, n, want, l.log.String())
			}
		}
	}
}

// probeMost bounds the waits between two probes.
const probeMost = 30 * time.Second

// sends are the calls for messages.
func (l *lab) sends(sim *simulator.Server) []simulator.Call {
	return slices.Collect(sim.Calls("sendMessage"))
}

// allArrived demands that the last message of each person has arrived, and that
// nobody counts as out of reach.
func (l *lab) allArrived(sim *simulator.Server, people int64) {
	l.t.Helper()
	for user := range people {
		m, s := l.latest(1 + user)
		if m.State != storage.Sent || s.Inactive || sim.Person(1+user).Last().Text == "" {
			l.t.Errorf("person %d: the message is %s (%s), inactive %v", 1+user, m.State, m.Cause, s.Inactive)
		}
	}
}

// TestOneRefusalIsJudged: beside others that arrive, what one message or one
// person meets is theirs, within seconds.
func TestOneRefusalIsJudged(t *testing.T) {
	t.Parallel()
	for _, busy := range []bool{false, true} {
		for want, fault := range map[string]simulator.Fault{
			"unknown (400)":   {Code: 400, Description: "Bad Request: WHAT_NOBODY_HAS_SEEN_YET"},
			"chat gone (403)": {Code: 403, Description: "Forbidden: bot was blocked by the user"},
		} {
			l := &lab{t: t, step: heard}
			l.run(func(sim *simulator.Server) {
				l.refuse(5, fault)
				sim.Person(5).SendText("say")
				if busy {
					time.Sleep(time.Millisecond)
					sim.Person(6).SendText("say")
					after(time.Second)
				} else {
					after(4 * time.Second)
				}
				m, s := l.latest(5)
				if m.State != storage.Failed || m.Cause != want || s.Inactive != (fault.Code == 403) || len(l.called()) != 1 {
					t.Errorf("busy %v: %d calls, inactive %v, the message is %s (%s)", busy, len(l.called()), s.Inactive, m.State, m.Cause)
				}
			})
		}
	}
}

// TestHeardSinceTheCallBegan: a 403 is not believed if its person has written
// again since the call began, be it while the call was under way or a moment later.
func TestHeardSinceTheCallBegan(t *testing.T) {
	t.Parallel()
	for _, delay := range []time.Duration{0, 2 * time.Second} {
		l := &lab{t: t, step: heard}
		l.run(func(sim *simulator.Server) {
			anna := sim.Person(5)
			l.refuse(5, simulator.Fault{Code: 403, Description: "Forbidden: bot was blocked by the user", Delay: delay})
			anna.SendText("one")
			time.Sleep(time.Second)
			anna.SendText("two")
			after(10 * time.Second)
			if _, s := l.latest(5); s.Inactive || l.methods(sim, 5) != "sendMessage sendMessage sendMessage" {
				t.Errorf("inactive %v, calls %s", s.Inactive, l.methods(sim, 5))
			}
			if n := len(anna.Messages()); n != 4 { // hers with them
				t.Errorf("%d messages in the chat", n)
			}
		})
	}
}

// TestRepliesThatNobodyCanRead: a message whose replies cannot be read arrives
// three times, once more after some minutes, and then once in hours, told of once. What is behind it goes on, and
// so does everybody else.
func TestRepliesThatNobodyCanRead(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"a page":         {Apply: true, Status: 200, Body: "<html>welcome</html>"},
		"half an answer": {Apply: true, Status: 200, Body: `{"ok":tr`, ContentType: "application/json"},
		"dropped":        {Apply: true, Drop: true},
		"bad gateway":    {Apply: true, Status: 502, Body: "<html>bad gateway</html>"},
	} {
		l := &lab{t: t}
		l.run(func(sim *simulator.Server) {
			sim.SetFault(func(c simulator.Call) *simulator.Fault {
				if c.Method == "sendMessage" && c.ChatID == 5 && !strings.Contains(c.Params["text"], "behind") {
					return &fault
				}
				return nil
			})
			anna := sim.Person(5)
			anna.SendText("say")
			time.Sleep(time.Millisecond)
			sim.Person(6).SendText("say")
			after(9 * time.Minute)
			if n := count(anna, "words"); n != 4 {
				t.Errorf("%s: the message arrived %d times in nine minutes", name, n)
			}
			if n := l.bot.Stats().InDoubt; n != 1 {
				t.Errorf("%s: %d messages in doubt", name, n)
			}
			anna.SendText("behind")
			after(time.Second)
			if n := count(anna, "behind"); n != 2 { // hers with it
				t.Errorf("%s: what is behind it has not arrived", name)
			}
			after(24 * time.Hour)
			if n := count(anna, "words"); n < 6 || n > 10 {
				t.Errorf("%s: the message arrived %d times in a day", name, n)
			}
			m, err := storage.Read(t.Context(), l.store, func(r storage.Reader) (storage.Message, error) { return r.Message(5, 1) })
			if err != nil || !m.InDoubt() {
				t.Errorf("%s: the row says %+v, %v", name, m, err)
			}
			sim.SetFault(nil)
			after(7 * time.Hour)
			if n := l.bot.Stats().InDoubt; n != 0 {
				t.Errorf("%s: %d messages in doubt when replies can be read", name, n)
			}
		})
		if n := strings.Count(l.log.String(), "level=WARN"); n != 1 {
			t.Errorf("%s: %d warnings", name, n)
		}
	}
}

// TestOutageOfOne: what the server itself says it has failed at is tried again
// within half a minute, however long that lasts and even if nobody else is there.
func TestOutageOfOne(t *testing.T) {
	t.Parallel()
	l := &lab{t: t}
	l.run(func(sim *simulator.Server) {
		sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.Method == "sendMessage" {
				return &simulator.Fault{Code: 502, Description: "Bad Gateway"}
			}
			return nil
		})
		sim.Person(5).SendText("say")
		time.Sleep(2 * time.Hour)
		sim.SetFault(nil)
		after(31 * time.Second)
		if n := count(sim.Person(5), "words"); n != 1 {
			t.Errorf("the message arrived %d times", n)
		}
	})
}

// count counts the messages in a chat with some words.
func count(p *simulator.Person, words string) (n int) {
	for _, m := range p.Messages() {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}
