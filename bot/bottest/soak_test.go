package bottest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows/trace"
)

// soakVariable is how many people, and how many days: "2000x30".
const soakVariable = "SPASMBOT_SOAK"

const (
	day = 24 * time.Hour
	// soakCycle is from one spasm of a person to the next; soakActs is how
	// long they do what they are told.
	soakCycle = 5 * day
	soakActs  = 2 * day
	soakKeep  = 2 * day
	// soakEven is when as much goes as comes.
	soakEven = soakCycle + soakKeep + 2*day
	// soakLag is how long a message may be under way.
	soakLag = 10 * time.Minute
)

// soak is many people for a long time, on a line of which every twentieth call
// goes wrong.
type soak struct {
	*bubble
	t        *testing.T
	people   []int64
	wg       sync.WaitGroup
	presses  atomic.Int64
	faults   atomic.Int64
	faulting sync.Mutex
	random   *rand.Rand

	// mu guards what the server has seen since the last audit.
	mu      sync.Mutex
	taken   map[[2]int64]taken
	blocked map[int64]bool

	// The audits' sums.
	messages, doubled, failed, pressed, accepted, unjudged int

	lastPress map[int64]int64 // by person
	days      []soakDay
}

// taken is a message that the server took.
type taken struct {
	at      time.Time
	doubt   bool // the bot was not told so
	counted bool
}

type soakDay struct {
	heap, file int64
}

// TestSoak wants ledger, server and timelines to agree line by line every day,
// and memory and file to stay as large as they are once as much goes as comes.
func TestSoak(t *testing.T) {
	people, days := 6, 12
	if !long(t, "a day is judged instead of three") {
		days = 10
	}
	if size := os.Getenv(soakVariable); size != "" {
		if _, err := fmt.Sscanf(size, "%dx%d", &people, &days); err != nil {
			t.Fatalf("%s=%q: give people and days, such as 2000x30", soakVariable, size)
		}
	}
	begun := time.Now()
	file := filepath.Join(memoryDir(t), "bot.db")
	s := &soak{
		t: t, random: rand.New(rand.NewPCG(5, 100)),
		taken: make(map[[2]int64]taken), blocked: make(map[int64]bool), lastPress: make(map[int64]int64),
	}
	synctest.Test(t, func(t *testing.T) {
		sim := simulator.New(simulator.Config{
			BotUsername: "back_bot", KeepCalls: -1, OnCall: s.note, Fault: s.fault,
			Limits: simulator.Limits{KeepMessages: 60},
		})
		s.bubble = &bubble{t: t, sim: sim, memory: sim.InMemory(), keep: soakKeep, quiet: true}
		defer s.memory.Close()
		s.start(file, rates{Rate: 30, ChatRate: 1})
		s.live(people)
		for i := range days {
			time.Sleep(day)
			s.audit()
			d := s.days[i]
			t.Logf("day %d: %d KiB in memory, %d KiB in the file, %d messages, %d presses", i+1, d.heap>>10, d.file>>10, s.messages, s.pressed)
		}
		s.sim.SetFault(nil)
		s.finish()
		s.wg.Wait()
		if err := s.store.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	s.judge()
	t.Logf("%d people for %d days: %d messages of which %d came twice and %d never, %d presses, %d calls went wrong; %d timelines were accepted, day by day; %v",
		people, days, s.messages, s.doubled, s.failed, s.pressed, s.faults.Load(), s.accepted, time.Since(begun).Round(time.Second))
}

// fault spoils every twentieth call, in each way that a line and a server know.
func (s *soak) fault(c simulator.Call) *simulator.Fault {
	s.faulting.Lock()
	defer s.faulting.Unlock()
	if s.random.IntN(20) > 0 {
		return nil
	}
	s.faults.Add(1)
	kinds := []simulator.Fault{
		{RetryAfter: 1 + s.random.IntN(5)},
		{Code: 500},
		{Status: 502, Body: "<html>bad gateway</html>"},
		{Status: 502, Body: "<html>bad gateway</html>", Apply: true},
		{Code: 500, Apply: true},
		{Drop: true},
		{Drop: true, Apply: true},
		{ReplyDelay: 70 * time.Second, Drop: true, Apply: true}, // longer than any patience
	}
	switch c.Method {
	case "editMessageText", "editMessageReplyMarkup", "editMessageCaption", "editMessageMedia":
		kinds = append(kinds, simulator.Fault{Apply: true, Code: 400, Description: "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"})
	case "answerCallbackQuery":
		kinds = append(kinds, simulator.Fault{Code: 400, Description: "Bad Request: query is too old and response timeout expired or query ID is invalid"})
	case "getMe":
		return nil
	}
	return &kinds[s.random.IntN(len(kinds))]
}

// note hears of every call that is over.
func (s *soak) note(c simulator.Call) {
	switch c.Method {
	case "sendMessage", "sendPhoto", "sendAnimation", "sendDocument":
	default:
		return
	}
	if !c.OK() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[[2]int64{c.ChatID, c.MessageID}] = taken{at: c.At, doubt: c.Fault != nil}
}

// live lets people come, evenly spread over a cycle.
func (s *soak) live(n int) {
	for i := range n {
		p := s.sim.Person(5_000_000_000 + int64(i))
		s.people = append(s.people, p.ID())
		s.wg.Go(func() {
			wait(s.ctx, soakCycle*time.Duration(i)/time.Duration(n))
			for s.ctx.Err() == nil {
				s.spasm(p, i)
			}
		})
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// spasm is one cycle of a person: it hurts, it gets better, and it is quiet.
// Some block the bot for some hours meanwhile.
func (s *soak) spasm(p *simulator.Person, number int) {
	next := time.Now().Add(soakCycle)
	p.SendCommand("/spasm")
	pressed := make(map[string]bool)
	act := func(d time.Duration) {
		over, stop := context.WithTimeout(s.ctx, d)
		defer stop()
		s.act(over, p, number, pressed)
	}
	if number%7 == 3 {
		act(soakActs / 4)
		s.mu.Lock()
		s.blocked[p.ID()] = true
		s.mu.Unlock()
		p.Block()
		wait(s.ctx, 5*time.Hour)
		p.SendCommand("/spasm")
		act(soakActs/2 - 5*time.Hour)
	} else {
		act(soakActs)
	}
	p.SendCommand("/done")
	wait(s.ctx, time.Until(next))
}

func (s *soak) act(over context.Context, p *simulator.Person, number int, pressed map[string]bool) {
	for over.Err() == nil {
		changed := p.Changed()
		messages := p.Messages()
		for _, m := range messages[max(0, len(messages)-40):] {
			b, ok := choose(m, willing, number)
			if !ok || pressed[b.CallbackData] {
				continue
			}
			wait(over, reading)
			if over.Err() != nil {
				return
			}
			pressed[b.CallbackData] = true
			if _, err := p.Press(m.ID, b.CallbackData); err == nil {
				s.presses.Add(1)
			}
		}
		select {
		case <-changed:
		case <-over.Done():
		}
	}
}

// audit compares a day's worth of the ledger with what the server took, and
// the timelines with what was pressed.
func (s *soak) audit() {
	t := s.t
	t.Helper()
	r := s.export()
	settled := time.Now().Add(-soakLag)
	s.mu.Lock()
	defer s.mu.Unlock()
	known := make(map[[2]int64]string)
	latest := make(map[int64]int64)
	for _, rec := range r.all {
		switch rec.Record {
		case "message":
			s.auditMessage(rec, known, settled)
		case "reminder":
			if rec.State == "due" && rec.Due.Before(settled) {
				t.Errorf("reminder %s (%s) was due at %v and is left over", rec.ID, rec.Kind, rec.Due)
			}
		case "entry":
			if rec.UpdateID == 0 || rec.Kind != "answer" && rec.Kind != "stale" || rec.UpdateID <= s.lastPress[rec.User] {
				continue
			}
			// Update ids grow along a timeline: each is one press.
			if rec.UpdateID <= latest[rec.User] {
				t.Errorf("update %d has two entries", rec.UpdateID)
			}
			latest[rec.User] = rec.UpdateID
			s.pressed++
		}
	}
	maps.Copy(s.lastPress, latest)
	for key, m := range s.taken {
		switch _, ok := known[key]; {
		case m.counted:
		case ok:
			m.counted = true
			s.messages++
		case m.at.Before(settled) && !m.doubt:
			t.Errorf("the server took message %v at %v, and the ledger does not know it", key, m.at)
			m.counted = true
		case m.at.Before(settled):
			m.counted = true
			s.doubled++
		}
		s.taken[key] = m
		if time.Since(m.at) > soakKeep+day {
			delete(s.taken, key)
		}
	}
	s.measure()
	s.judgeTimelines()
}

// judgeTimelines wants the flows to accept every timeline, be it of somebody of whose
// past nothing is kept.
func (s *soak) judgeTimelines() {
	s.t.Helper()
	for _, f := range judged(s.t, loadFlows(s.t, "", "UTC"), s.exported()) {
		switch f.Verdict {
		case trace.Accepted:
			s.accepted++
		case trace.Refused:
			s.t.Errorf("timeline %s is refused at entry %d: %s", f.Episode, f.Entry, f.Why)
		case trace.NotJudged:
			s.unjudged++
		}
	}
}

func (s *soak) auditMessage(rec record, known map[[2]int64]string, settled time.Time) {
	t := s.t
	t.Helper()
	key := [2]int64{rec.User, rec.MessageID}
	switch rec.State {
	case "sent":
		if other, ok := known[key]; ok {
			t.Errorf("messages %s and %s are both called %v", other, rec.ID, key)
		}
		known[key] = rec.ID
		if _, ok := s.taken[key]; !ok {
			t.Errorf("message %s is called sent as %v, which the server never took", rec.ID, key)
		}
	case "failed":
		if rec.withdrawn() {
			return
		}
		if !s.blocked[rec.User] {
			t.Errorf("message %s has failed though nobody blocked the bot", rec.ID)
		}
		if rec.Queued.After(settled.Add(-day)) {
			s.failed++
		}
	default:
		if rec.Queued.Before(settled) {
			t.Errorf("message %s is %s since %v", rec.ID, rec.State, rec.Queued)
		}
	}
}

func (s *soak) measure() {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what lies in pools outlives one
	runtime.ReadMemStats(&m)
	size, err := s.store.Size(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	s.days = append(s.days, soakDay{heap: int64(m.HeapAlloc), file: size})
}

// judge wants memory and file to be flat once as much goes as comes.
func (s *soak) judge() {
	s.t.Helper()
	if pressed := s.presses.Load(); int64(s.pressed) > pressed || int64(s.pressed) < pressed-int64(len(s.people)*3) {
		s.t.Errorf("%d presses, %d of them on the timelines", pressed, s.pressed)
	}
	// One that is just being deleted has no beginning.
	if s.accepted == 0 || s.unjudged > s.accepted/20 {
		s.t.Errorf("%d timelines were accepted, and %d were not judged", s.accepted, s.unjudged)
	}
	even := int(soakEven / day)
	if len(s.days) <= even {
		return
	}
	var heap, file int64
	for _, d := range s.days[:even] {
		heap, file = max(heap, d.heap), max(file, d.file)
	}
	for i, d := range s.days[even:] {
		if d.heap > heap+heap/4 {
			s.t.Errorf("on day %d there are %d KiB in memory, at most %d before day %d", even+i+1, d.heap>>10, heap>>10, even+1)
		}
		if d.file > file+file/4 {
			s.t.Errorf("on day %d the file has %d KiB, at most %d before day %d", even+i+1, d.file>>10, file>>10, even+1)
		}
	}
}
