package bottest

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
)

// ownRates are the limits that the bot keeps by itself unless it is told others.
var ownRates = rates{Rate: 30, ChatRate: 1}

// pack are the words about a pack, and what stands for them in the stories below.
var pack = []struct{ words, short string }{
	{"Cold on now", "on"},
	{"Time for cold", "on"},
	{"Look at your skin", "look"},
	{"Take the cold", "off"},
	{"Is a cold pack on?", "off"},
	{"This spasm is over", "over"},
}

// story is what a person has read of a pack since a message, in order.
func story(messages []simulator.Message) string {
	var told []string
	for _, m := range messages {
		for _, p := range pack {
			if strings.Contains(m.Text, p.words) {
				told = append(told, p.short)
			}
		}
	}
	return strings.Join(told, " ")
}

// spoil lets the calls fail by which messages come to a person: the first in one
// way, if there are two, and the others in the last.
func (b *bubble) spoil(p *simulator.Person, with ...*simulator.Fault) {
	var calls atomic.Int64
	b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
		if len(with) == 0 || c.ChatID != p.ID() || !strings.HasPrefix(c.Method, "send") {
			return nil
		}
		return with[min(int(calls.Add(1)), len(with))-1]
	})
}

// lastState is what has become of the newest timer of a kind that has come due.
func (b *bubble) lastState(user int64, kind string, armed time.Time) string {
	state := "none"
	for _, r := range b.export().of(user, "reminder") {
		if r.Kind == kind && (r.Due.Before(time.Now()) || r.State != "due") && !r.Due.Before(armed) {
			state = string(r.State)
		}
	}
	return state
}

// untilRound waits until a moment before the second round of cold is called.
func (b *bubble) untilRound(user int64, before time.Duration) {
	b.t.Helper()
	b.rests(b.sim.Person(user)) // the first is over meanwhile
	for _, r := range b.export().of(user, "reminder") {
		if r.Kind == "cold-on" && r.State == "due" {
			time.Sleep(time.Until(*r.Due) - before)
			synctest.Wait()
			return
		}
	}
	b.t.Fatal("no round of cold is armed")
}

// closes is when a spasm is over for certain whose end was told: for ten minutes it may
// be taken up again, and what has rung before is a quarter of an hour ago then.
const closes = 16 * time.Minute

// rests goes on through the half hour of rest behind which the signs are asked anew.
func (b *bubble) rests(p *simulator.Person) {
	b.t.Helper()
	time.Sleep(31 * time.Minute)
	answers(b.t, p, none, "Not now")
	settle()
}

var (
	fiveMinutes = &simulator.Fault{RetryAfter: 300}
	lostReply   = &simulator.Fault{Status: 502, Body: "<html>away</html>"} // it may have come
)

// TestDoneBehindACall: whoever ends the episode while the call to put a pack on is
// still on its way gets it no more. If it has certainly not come, there is nothing to
// take off; if it may have, the take-off is told, and nothing behind it.
func TestDoneBehindACall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults  []*simulator.Fault
		kill    bool
		story   string
		on, off string
	}{
		"it has come":            {nil, false, "on off over", "sent", "cancelled"},
		"the chat is silenced":   {[]*simulator.Fault{fiveMinutes}, false, "over", "cancelled", "cancelled"},
		"silenced, and a kill":   {[]*simulator.Fault{fiveMinutes}, true, "over", "cancelled", "cancelled"},
		"the line is dead":       {[]*simulator.Fault{lostReply}, false, "off over", "cancelled", "cancelled"},
		"dead, and a kill":       {[]*simulator.Fault{lostReply}, true, "off over", "cancelled", "cancelled"},
		"it has come, unnoticed": {[]*simulator.Fault{{Apply: true, Drop: true}, lostReply}, false, "on off over", "cancelled", "cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, ownRates, func(b *bubble) {
				time.Sleep(9 * time.Hour)
				anna := newAudience(t, b, 1).people[0]
				b.untilRound(anna.ID(), time.Minute)
				begun, before := time.Now(), len(anna.History())
				b.spoil(anna, test.faults...)
				time.Sleep(time.Minute + 1500*time.Millisecond)
				anna.SendCommand("/done")
				time.Sleep(1500 * time.Millisecond)
				if test.kill {
					b.finish()
					b.restart()
				}
				b.sim.SetFault(nil)
				time.Sleep(closes)
				synctest.Wait()
				if got := story(anna.History()[before:]); got != test.story {
					t.Errorf("told %q, want %q", got, test.story)
				}
				on, off := b.lastState(anna.ID(), "cold-on", begun), b.lastState(anna.ID(), "cold-off", begun)
				if on != test.on || off != test.off {
					t.Errorf("the call is %s and the take-off %s, want %s and %s", on, off, test.on, test.off)
				}
			})
		})
	}
}

// TestDoneInACrowdedChat: the same where nothing fails, but more waits for the person
// than their chat takes at once.
func TestDoneInACrowdedChat(t *testing.T) {
	t.Parallel()
	inBubble(t, ownRates, func(b *bubble) {
		time.Sleep(9 * time.Hour)
		anna := newAudience(t, b, 1).people[0]
		b.untilRound(anna.ID(), 100*time.Millisecond)
		before := len(anna.History())
		for _, command := range []string{"/help", "/status", "/pain"} {
			anna.SendCommand(command)
			time.Sleep(30 * time.Millisecond) // each is answered at once
		}
		time.Sleep(600 * time.Millisecond)
		anna.SendCommand("/done")
		time.Sleep(closes)
		synctest.Wait()
		if got := story(anna.History()[before:]); got != "over" {
			t.Errorf("told %q, want nothing of the pack: it was never called for", got)
		}
	})
}

// TestLookBehindItsEnd: the look at the skin does not come behind the take-off.
func TestLookBehindItsEnd(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*simulator.Fault{
		"the chat is silenced": {RetryAfter: 3600}, "the line is dead": lostReply,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, ownRates, func(b *bubble) {
				time.Sleep(9 * time.Hour)
				anna := newAudience(t, b, 1).people[0]
				b.untilRound(anna.ID(), 0)
				begun := time.Now()
				time.Sleep(time.Second)
				answers(t, anna, "It is on")
				time.Sleep(5 * time.Minute) // of 15
				before := len(anna.History())
				b.spoil(anna, fault)
				time.Sleep(10*time.Minute + 30*time.Second)
				b.sim.SetFault(nil)
				time.Sleep(75 * time.Minute)
				synctest.Wait()
				if got := story(anna.History()[before:]); got != "off" {
					t.Errorf("told %q behind the call, want only to take it off", got)
				}
				if look, off := b.lastState(anna.ID(), "cold-check", begun), b.lastState(anna.ID(), "cold-off", begun); look != "expired" || off != "sent" {
					t.Errorf("the look is %s, the take-off %s", look, off)
				}
			})
		})
	}
}

// TestNewestCardOnly: of cards that wait, the newest comes; and a question that was
// answered while it waited does not.
func TestNewestCardOnly(t *testing.T) {
	t.Parallel()
	inBubble(t, ownRates, func(b *bubble) {
		time.Sleep(9 * time.Hour)
		anna := newAudience(t, b, 1).people[0]
		b.spoil(anna, fiveMinutes)
		before := len(anna.History())
		for range 5 {
			anna.SendCommand("/status")
			time.Sleep(time.Second)
		}
		anna.SendCommand("/pain") // a question
		time.Sleep(time.Second)
		anna.SendText("4")
		time.Sleep(time.Second)
		b.sim.SetFault(nil)
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		words := map[string]int{}
		for _, m := range anna.History()[before:] {
			for _, w := range []string{"How bad is the pain now", careWords} {
				if m.FromBot && strings.Contains(m.Text, w) {
					words[w]++
				}
			}
		}
		if words["How bad is the pain now"] != 0 || words[careWords] != 1 {
			t.Errorf("came: %v of %q", words, texts(anna.History()[before:]))
		}
		cards := 0
		for _, m := range b.export().of(anna.ID(), "message") {
			if m.withdrawn() {
				cards++
			}
		}
		if cards < 5 {
			t.Errorf("only %d messages were withdrawn", cards)
		}
	})
}

// TestPackOnWhileBlocked: whoever blocks the bot with a pack on is told to take it
// off as soon as they can be told anything, and told once.
func TestPackOnWhileBlocked(t *testing.T) {
	t.Parallel()
	blockedBy := &simulator.Fault{Code: 403, Description: "Forbidden: bot was blocked by the user"}
	for name, test := range map[string]struct {
		block, back func(b *bubble, p *simulator.Person)
		off         string // what becomes of the timer
	}{
		"blocked and unblocked": {
			func(_ *bubble, p *simulator.Person) { p.Block() },
			func(_ *bubble, p *simulator.Person) { p.Unblock() }, "cancelled",
		},
		"blocked, and back with words": {
			func(_ *bubble, p *simulator.Person) { p.Block() },
			func(_ *bubble, p *simulator.Person) { p.SendCommand("/status") }, "cancelled",
		},
		"found out by the take-off": {
			func(b *bubble, p *simulator.Person) { b.spoil(p, blockedBy) },
			func(b *bubble, p *simulator.Person) { b.sim.SetFault(nil); p.SendCommand("/status") }, "sent",
		},
		"found out, and a restart": {
			func(b *bubble, p *simulator.Person) { b.spoil(p, blockedBy) },
			func(b *bubble, p *simulator.Person) {
				b.finish()
				b.restart()
				time.Sleep(time.Minute)
				b.sim.SetFault(nil)
				p.SendCommand("/status")
			}, "sent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, ownRates, func(b *bubble) {
				time.Sleep(9 * time.Hour)
				anna := newAudience(t, b, 1).people[0]
				b.untilRound(anna.ID(), 0)
				begun := time.Now()
				time.Sleep(14 * time.Minute)
				before := len(anna.History())
				test.block(b, anna)
				time.Sleep(30 * time.Minute)
				if got := story(anna.History()[before:]); got != "" {
					t.Errorf("told %q while nothing could be told", got)
				}
				test.back(b, anna)
				time.Sleep(time.Minute)
				synctest.Wait()
				if got := story(anna.History()[before:]); got != "off" {
					t.Errorf("told %q on the return, want the take-off, once: %q", got, texts(anna.History()[before:]))
				}
				if got := b.lastState(anna.ID(), "cold-off", begun); got != test.off {
					t.Errorf("the take-off is %s, want %s", got, test.off)
				}
			})
		})
	}
}

// TestBlockedBeforeTheCall: whom the call to put a pack on has never reached is not
// told to take one off.
func TestBlockedBeforeTheCall(t *testing.T) {
	t.Parallel()
	inBubble(t, ownRates, func(b *bubble) {
		time.Sleep(9 * time.Hour)
		anna := newAudience(t, b, 1).people[0]
		b.untilRound(anna.ID(), time.Minute)
		before := len(anna.History())
		b.spoil(anna, &simulator.Fault{Code: 403, Description: "Forbidden: bot was blocked by the user"})
		time.Sleep(10 * time.Minute)
		b.sim.SetFault(nil)
		anna.Unblock()
		anna.SendCommand("/status")
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := story(anna.History()[before:]); got != "" {
			t.Errorf("told %q", got)
		}
		if !slices.ContainsFunc(anna.History()[before:], func(m simulator.Message) bool { return m.FromBot }) {
			t.Error("told nothing at all")
		}
	})
}
