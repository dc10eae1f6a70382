package bottest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

const (
	// Twenty people are to look at their skin while the crowd waits, and ten to
	// take the pack off, which is on for a quarter of an hour.
	lookers, takers = 20, 10
	coldHold        = 15 * time.Minute
	coldCheck       = coldHold / 2
	// firstStranger is the first id of those whom the bot has not met.
	firstStranger = 8_000_000_000
)

// stampede is what comes of very many strangers who write at once, and of some
// people in the middle of a round of cold.
type stampede struct {
	*ward
	users []int64

	mu       sync.Mutex
	arrived  []time.Time         // of all messages
	first    map[int64]time.Time // of each stranger
	messages int                 // to strangers
	told     map[int64]chan time.Time
	waits    []time.Duration // for the answer to /status
}

// put takes in people with cold on, as they are at an instant. Their looks and
// take-offs are spread over the five minutes from begins on.
func (s *stampede) put(now, begins time.Time) {
	s.b.Helper()
	store, err := boltstore.Open(s.db)
	if err != nil {
		s.b.Fatal(err)
	}
	defer store.Close()
	for i := range s.total {
		user := s.user(i)
		due, phase, after := begins.Add(time.Duration(5+15*i)*time.Second), flows.PhaseLook, coldCheck
		if i >= lookers {
			due, phase, after = begins.Add(time.Duration(5+30*(i-lookers))*time.Second), flows.PhaseTakeOff, coldHold
		}
		on := due.Add(-after)
		p := playPatient(s.b, s.cat, on, now.Sub(on))
		if !slices.ContainsFunc(p.timers, func(r flows.Reminder) bool { return r.Phase == phase && r.Due.Equal(due) }) {
			s.b.Fatalf("armed are %+v, want %q at %v", p.timers, phase, due)
		}
		if err := store.Update(s.b.Context(), func(tx storage.Tx) error { return p.put(tx, user) }); err != nil {
			s.b.Fatal(err)
		}
		s.users, s.told[user] = append(s.users, user), make(chan time.Time, 100)
	}
}

// meet looks at a call.
func (s *stampede) meet(c simulator.Call) *simulator.Fault {
	if !strings.HasPrefix(c.Method, "send") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived = append(s.arrived, c.Real)
	if c.ChatID >= firstStranger {
		s.messages++
		if _, known := s.first[c.ChatID]; !known {
			s.first[c.ChatID] = c.Real
		}
	} else if strings.Contains(c.Params["text"], "Your pain started") {
		s.told[c.ChatID] <- c.Real
	}
	return nil
}

// asks lets a person ask for the state of things, again and again, until ctx ends.
func (s *stampede) asks(ctx context.Context, user int64, every time.Duration) {
	for {
		asked := time.Now()
		s.sim.Person(user).SendCommand("/status")
		select {
		case at := <-s.told[user]:
			s.mu.Lock()
			s.waits = append(s.waits, at.Sub(asked))
			s.mu.Unlock()
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return
		}
	}
}

// served counts the strangers who were answered, and says when the last was.
func (s *stampede) served() (n int, last time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, at := range s.first {
		if at.After(last) {
			last = at
		}
	}
	return len(s.first), last
}

// late is how late the reminders of a phase came that were due by a time, ascending.
func (s *stampede) late(phase flows.Phase, by time.Time) []time.Duration {
	s.b.Helper()
	store, err := boltstore.Open(s.db, boltstore.ReadOnly())
	if err != nil {
		s.b.Fatal(err)
	}
	defer store.Close()
	var late []time.Duration
	err = store.View(s.b.Context(), func(r storage.Reader) error {
		for _, user := range s.users {
			state, err := r.State(user)
			if err != nil {
				return err
			}
			for id := range state.Reminders {
				rem, err := r.Reminder(user, id+1)
				if err != nil || rem.Phase != phase || rem.Due.After(by) {
					continue // what was settled before the crowd came is not in the file
				}
				if rem.State != flows.Sent {
					return fmt.Errorf("%s of %d, due %v: %s", rem.Kind, user, rem.Due, rem.State)
				}
				late = append(late, rem.Sent.Sub(rem.Due))
			}
		}
		return nil
	})
	if err != nil {
		s.b.Error(err)
	}
	slices.Sort(late)
	return late
}

// BenchmarkStampede is a crowd of strangers who send /spasm at once, at the default
// rates, beside people with cold on who ask for the state of things once
// a minute. All must be answered, by one message each; no look and no take-off
// may be left out.
func BenchmarkStampede(b *testing.B) {
	const rate = 30
	for _, crowd := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(crowd), func(b *testing.B) {
			for b.Loop() {
				s := &stampede{ward: newWard(b, lookers+takers), first: make(map[int64]time.Time), told: make(map[int64]chan time.Time)}
				begins := time.Now().Truncate(time.Second).Add(20 * time.Second)
				s.put(begins.Add(-20*time.Second), begins)
				s.ward.meet(s.users)
				s.begin(rate, 1)
				s.sim.SetFault(s.meet)
				time.Sleep(time.Until(begins))
				for i := range crowd {
					s.sim.Person(firstStranger + int64(i)).SendCommand("/spasm")
				}
				ctx, stop := context.WithCancel(b.Context())
				var asking sync.WaitGroup
				for i, user := range s.users[:lookers] {
					asking.Go(func() { s.asks(ctx, user, 56*time.Second+time.Duration(i)*400*time.Millisecond) })
				}
				own, file := s.wait(crowd, begins)
				stop()
				asking.Wait()
				n, last := s.served()
				time.Sleep(3 * time.Second) // for receipts, and what is late
				ended := time.Now().Add(-3 * time.Second)
				s.stop()
				s.report(own, file)
				looks, offs := s.late(flows.PhaseLook, ended), s.late(flows.PhaseTakeOff, ended)
				slices.Sort(s.waits)
				if n != crowd || s.messages != crowd || len(looks) == 0 || len(s.waits) == 0 {
					b.Fatalf("%d strangers of %d were answered by %d messages; %d looks, %d answers", n, crowd, s.messages, len(looks), len(s.waits))
				}
				b.ReportMetric(last.Sub(begins).Seconds(), "all-served-s")
				b.ReportMetric(float64(len(looks)), "looks")
				b.ReportMetric(milliseconds(quantile(looks, 1)), "look-late-ms")
				if len(offs) > 0 {
					b.ReportMetric(float64(len(offs)), "take-offs")
					b.ReportMetric(milliseconds(quantile(offs, 1)), "take-off-late-ms")
				}
				b.ReportMetric(float64(len(s.waits)), "statuses")
				b.ReportMetric(milliseconds(quantile(s.waits, 0.5)), "p50-status-ms")
				b.ReportMetric(milliseconds(quantile(s.waits, 0.99)), "p99-status-ms")
			}
		})
	}
}

// wait waits until all strangers were answered, and returns the most memory that
// the bot took meanwhile.
func (s *stampede) wait(crowd int, begins time.Time) (own, file float64) {
	s.b.Helper()
	for {
		o, f := s.resident()
		own, file = max(own, o), max(file, f)
		if n, _ := s.served(); n == crowd {
			return own, file
		}
		if time.Since(begins) > 15*time.Minute {
			s.b.Error("the crowd is still waiting")
			return own, file
		}
		time.Sleep(time.Second)
	}
}

// report tells what does not depend on the person.
func (s *stampede) report(own, file float64) {
	slices.SortFunc(s.arrived, time.Time.Compare)
	densest, from := 0, 0
	for i, at := range s.arrived {
		for at.Sub(s.arrived[from]) >= time.Second {
			from++
		}
		densest = max(densest, i-from+1)
	}
	s.b.ReportMetric(float64(densest), "most-a-second")
	s.b.ReportMetric(own, "own-MiB")
	s.b.ReportMetric(file, "mapped-MiB")
	s.b.ReportMetric(0, "ns/op")
}
