package bot

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// chaos is a bad day: what people write, and what goes wrong with the n-th call
// and between the turns.
type chaos struct {
	lines  []chaosLine
	faults []int
	limit  int
}

type chaosLine struct {
	user  int64
	line  string
	pause time.Duration
	event int
}

// What can happen between turns, and to a call.
const (
	nothing = iota
	diskFull
	diskMended
	crashed
)

const (
	fine = iota
	fails
	failsButArrives
	limited
	limitedForLong
)

func drawChaos(r *rapid.T) chaos {
	line := rapid.Custom(func(r *rapid.T) chaosLine {
		return chaosLine{
			user:  rapid.Int64Range(1, 5).Draw(r, "user"),
			line:  rapid.SampledFrom([]string{"text", "/push 3", "/off", "/remind water 10s", "/remind cold-off 10s", "[x]"}).Draw(r, "line"),
			pause: time.Duration(rapid.IntRange(0, 2000).Draw(r, "pause")) * time.Millisecond,
			event: rapid.SampledFrom([]int{nothing, nothing, nothing, nothing, diskFull, diskMended, crashed}).Draw(r, "event"),
		}
	})
	return chaos{
		lines:  rapid.SliceOfN(line, 1, 30).Draw(r, "lines"),
		faults: rapid.SliceOfN(rapid.SampledFrom([]int{fine, fine, fine, fails, failsButArrives, limited, limitedForLong}), 0, 20).Draw(r, "faults"),
		limit:  rapid.SampledFrom([]int{0, 3, 1000}).Draw(r, "held"),
	}
}

// witness watches the messenger's side over all lives of the bot.
type witness struct {
	faults   []int
	calls    int
	silence  map[int64]silence // by chat
	arrived  map[storage.MessageKey]int
	doubtful map[storage.MessageKey]bool
	last     map[int64]uint64
	problems []string
}

// silence is demanded between two instants. Calls made at the first may have
// been under way already.
type silence struct{ from, until time.Time }

func (s silence) broken(now time.Time) bool { return now.After(s.from) && now.Before(s.until) }

func (v *witness) watch(w *world) {
	w.gateway.latency = 20 * time.Millisecond
	w.gateway.onSend = func(_ int, m chat.Outgoing) error {
		row := v.find(w, m)
		now := time.Now()
		if v.silence[m.Chat].broken(now) {
			v.problems = append(v.problems, fmt.Sprintf("%q was sent into a silence", m.Text))
		}
		fault := fine
		if v.calls < len(v.faults) {
			fault = v.faults[v.calls]
		}
		v.calls++
		switch fault {
		case fails:
			return refuse(chat.Retry)
		case limited:
			v.silence[m.Chat] = silence{now, now.Add(5 * time.Second)}
			return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 5 * time.Second })
		case limitedForLong:
			v.silence[m.Chat] = silence{now, now.Add(time.Minute)}
			return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Minute })
		}
		v.arrive(row, m.Chat)
		if fault == failsButArrives {
			v.doubtful[row.Key()] = true
			return refuse(chat.Retry, func(e *chat.Error) { e.MaybeApplied = true })
		}
		return nil
	}
}

// find returns the row behind a call: the one of this chat that is under way.
func (v *witness) find(w *world, m chat.Outgoing) storage.Message {
	var found []storage.Message
	for _, row := range w.store.allMessages() {
		if row.Chat == m.Chat && row.Text == m.Text && (row.State == storage.Sending || row.State == storage.Uncertain) {
			found = append(found, row)
		}
	}
	if len(found) == 0 {
		v.problems = append(v.problems, fmt.Sprintf("%q was sent without a claim", m.Text))
		return storage.Message{User: m.Chat}
	}
	return found[0]
}

func (v *witness) arrive(row storage.Message, to int64) {
	v.arrived[row.Key()]++
	if row.Class == 0 || v.arrived[row.Key()] > 1 {
		return
	}
	if row.Number < v.last[to] {
		v.problems = append(v.problems, fmt.Sprintf("message %d of %d came after %d", row.Number, to, v.last[to]))
	}
	v.last[to] = row.Number
}

// Whatever happens, every message arrives, in order, and twice only if nobody
// could know that it had arrived.
func TestChaos(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		day := drawChaos(r)
		v := &witness{
			faults: day.faults, silence: map[int64]silence{}, arrived: map[storage.MessageKey]int{},
			doubtful: map[storage.MessageKey]bool{}, last: map[int64]uint64{},
		}
		synctest.Test(t, func(t *testing.T) { day.run(t, v) })
		if len(v.problems) > 0 {
			r.Fatalf("%q", v.problems)
		}
	})
}

// numbered makes the text of every message its own, so that a call tells which
// it is for.
func numbered(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		s, effects := testStep(s, ev, now)
		for i, e := range effects {
			if say, ok := e.(flows.Say); ok {
				say.Message.Text = fmt.Sprintf("%d: %s", say.Message.Number, say.Message.Text)
				effects[i] = say
			}
		}
		return s, effects
	}
}

func (day chaos) run(t *testing.T, v *witness) {
	w := newWorld(t, numbered)
	w.held = day.limit
	v.watch(w)
	w.start()
	var all []chat.Update
	for _, l := range day.lines {
		u := w.update(l.user, l.line)
		all = append(all, u)
		w.gateway.push(u)
		pass(l.pause)
		switch l.event {
		case diskFull:
			w.store.breakWith(func() error { return errors.New("full") })
		case diskMended:
			w.store.breakWith(nil)
		case crashed:
			w = day.crash(w, v, all)
		}
	}
	w.store.breakWith(nil)
	pass(time.Hour)
	for _, m := range w.store.allMessages() {
		if m.State != storage.Sent || v.arrived[m.Key()] == 0 {
			v.problems = append(v.problems, fmt.Sprintf("message %v is %s and arrived %d times", m.Key(), m.State, v.arrived[m.Key()]))
		}
		if v.arrived[m.Key()] > 1 && !v.doubtful[m.Key()] {
			v.problems = append(v.problems, fmt.Sprintf("message %v arrived %d times", m.Key(), v.arrived[m.Key()]))
		}
	}
	var numbers []int64
	for _, u := range all {
		numbers = append(numbers, u.ID)
	}
	if got := w.store.seen(numbers...); got != len(all) {
		v.problems = append(v.problems, fmt.Sprintf("%d updates were handled, want %d", got, len(all)))
	}
	for _, reminder := range w.store.rows().reminders {
		if !slices.Contains([]string{"sent", "merged"}, string(reminder.State)) {
			v.problems = append(v.problems, fmt.Sprintf("reminder %d is %s", reminder.ID, reminder.State))
		}
	}
	_ = w.end()
}

// crash starts another bot on what is stored; the messenger repeats what was
// not confirmed to it.
func (day chaos) crash(w *world, v *witness, all []chat.Update) *world {
	w.gateway.mu.Lock()
	w.gateway.onSend = func(int, chat.Outgoing) error { return refuse(chat.Retry) } // nothing of its end counts
	w.gateway.mu.Unlock()
	for _, m := range w.store.allMessages() {
		if m.State == storage.Sending {
			v.doubtful[m.Key()] = true
		}
	}
	clear(v.silence) // a new process does not know of it
	next := w.crash()
	numbered(&next.cfg)
	next.nextID, next.held = w.nextID, day.limit
	offset := next.store.rows().offset
	i := slices.IndexFunc(all, func(u chat.Update) bool { return u.ID >= offset })
	if i >= 0 {
		next.gateway.updates = slices.Clone(all[i:])
	}
	v.watch(next)
	next.start()
	return next
}
