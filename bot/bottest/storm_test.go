package bottest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows"
	"spasmbot/storage"
)

// storm is a server that refuses half of all calls, and keeps account of the
// silence that it has asked for.
type storm struct {
	mu   sync.Mutex
	rng  *rand.Rand
	over bool

	// asked is the silence asked for, by chat, by method where there is none,
	// and "" of everybody; global is until when every call is refused.
	asked  map[string]span
	global time.Time
	latest map[string]span // the last silence of each

	calls, refused, globals int
	problems                []string
}

type span struct{ from, until time.Time }

// The bot takes a refusal for everybody's that comes within a second of another's.
const refusedAtOnce = time.Second

func newStorm() *storm {
	return &storm{rng: rand.New(rand.NewPCG(1, 2)), asked: map[string]span{}, latest: map[string]span{}}
}

// meet looks at a call and refuses every other.
func (s *storm) meet(c simulator.Call) *simulator.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := c.Real
	who := c.Method
	if c.ChatID != 0 {
		who = fmt.Sprint(c.ChatID)
	}
	s.calls++
	for _, key := range []string{who, ""} {
		// What comes at the instant of a refusal was under way already.
		if a := s.asked[key]; now.After(a.from) && now.Before(a.until) {
			s.problems = append(s.problems, fmt.Sprintf("%s for %q: %v into a silence of %v of %q", c.Method, who, now.Sub(a.from), a.until.Sub(a.from), key))
		}
	}
	if s.over || !now.Before(s.global) && s.rng.IntN(2) == 0 {
		return nil
	}
	seconds := 1 + s.rng.IntN(60)
	if now.Before(s.global) {
		seconds = int((s.global.Sub(now) + time.Second - 1) / time.Second)
	} else if s.rng.IntN(20) == 0 {
		s.global = now.Add(time.Duration(seconds) * time.Second)
		s.globals++
	}
	s.ask(who, now, time.Duration(seconds)*time.Second)
	return &simulator.Fault{RetryAfter: seconds}
}

func (s *storm) ask(who string, now time.Time, wait time.Duration) {
	s.refused++
	// Of two calls under way at once, the shorter wait takes nothing off the longer.
	own := span{now, flows.Later(now.Add(wait), s.latest[who].until)}
	s.asked[who] = own
	until := own.until
	several := false
	for other, a := range s.latest {
		if other != who && now.Sub(a.from) <= refusedAtOnce {
			several = true
			until = slices.MaxFunc([]time.Time{until, a.until}, time.Time.Compare)
		}
	}
	s.latest[who] = own
	if all := s.asked[""]; several && until.After(all.until) {
		if !now.Before(all.until) {
			all.from = now
		}
		s.asked[""] = span{all.from, until}
	}
}

func (s *storm) calm(calm bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = calm
}

// TestRetryAfterStorm: half of all calls of every kind are refused for up to a
// minute, for hours. Nothing is lost, the order holds, and not one call comes
// while the server has asked for silence.
func TestRetryAfterStorm(t *testing.T) {
	t.Parallel()
	s := newStorm()
	s.calm(true)
	server := simulator.Config{
		Fault: s.meet,
		// A press that waits longer for a poll is lost to the server, which
		// is another matter.
		Limits: simulator.Limits{CallbackRetention: -1, AnswerWindow: -1},
	}
	inBubbleOn(t, server, "", rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
		time.Sleep(7 * time.Hour)
		people := newCrowd(b.sim, 12)
		people.start(b.ctx)
		// A storm leaves a message a minute, and strangers come last: all have
		// been greeted before it begins.
		time.Sleep(time.Minute)
		s.calm(false)
		time.Sleep(12 * time.Hour)
		s.calm(true)
		time.Sleep(3 * time.Hour)
		b.finish()
		synctest.Wait()
		people.wg.Wait()
		r, delivered := b.export(), people.delivered(t)
		r.checkPresses(t, people.presses.Load())
		if n := b.checkArrivals(people.people); n != len(delivered) {
			t.Errorf("the ledger knows %d messages, %d arrived", n, len(delivered))
		}
		if n := b.sim.Pending(); n != 0 {
			t.Errorf("%d updates were never taken", n)
		}
		t.Logf("%d calls, %d refused, %d times everybody; %d presses, %d messages arrived",
			s.calls, s.refused, s.globals, people.presses.Load(), len(delivered))
	})
	if s.refused < 200 || s.globals < 5 {
		t.Errorf("only %d calls were refused, %d times everybody: that is no storm", s.refused, s.globals)
	}
	if n := len(s.problems); n > 0 {
		t.Errorf("%d calls into the silence, such as %q", n, s.problems[:min(n, 40)])
	}
}

// checkArrivals demands that everything has arrived that has not become wrong,
// or lost its reason, while it waited, in the order of the numbers. It returns how many messages
// that makes.
func (b *bubble) checkArrivals(people []int64) (arrived int) {
	b.t.Helper()
	rows := map[int64][]storage.Message{}
	err := b.store.View(b.t.Context(), func(r storage.Reader) error {
		for m, err := range r.Messages() {
			if err != nil {
				return err
			}
			if m.State != storage.Sent && m.Cause != "expired" && m.Cause != "withdrawn" {
				b.t.Errorf("message %d of %d is %s %s", m.Number, m.User, m.State, m.Cause)
			}
			if m.State == storage.Sent && m.Edit == 0 {
				arrived++
			}
			if m.State == storage.Sent && m.Edit == 0 && m.Class != flows.TakeOff {
				rows[m.Chat] = append(rows[m.Chat], m)
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, user := range people {
		slices.SortFunc(rows[user], func(x, y storage.Message) int { return cmp.Compare(x.MessageID, y.MessageID) })
		ordered := slices.IsSortedFunc(rows[user], func(x, y storage.Message) int { return cmp.Compare(x.Number, y.Number) })
		if !ordered || len(rows[user]) < 10 {
			b.t.Errorf("the %d messages of %d did not come in order", len(rows[user]), user)
		}
	}
	return arrived
}
