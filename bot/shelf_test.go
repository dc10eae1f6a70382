package bot

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// A store that holds far more than memory should: everything goes out, once,
// in order, and a person who writes meanwhile need not wait for the rest.
func TestOutboxLargerThanMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate = 50 })
		w.held = 100
		const users = 350
		for user := range int64(users) {
			w.seed(storage.Queued, flows.Push, 1000+user, 1)
		}
		last := int64(1000 + users - 1)
		w.seed(storage.Sending, flows.Push, last, 2)
		w.seed(storage.Queued, flows.TakeOff, last-1, 2)
		w.store.data.states[last] = flows.State{User: last, Messages: 2}
		w.start()
		synctest.Wait()
		w.say(last, "hello")
		pass(time.Second)
		got := w.gateway.texts()
		if off := slices.Index(got, fmt.Sprintf("%d.2", last-1)); off < 0 {
			t.Error("a take-off beyond what fits into memory waits")
		}
		reply := slices.Index(got, "hello")
		if reply < 0 || !slices.Contains(got[:reply], fmt.Sprintf("%d.2", last)) {
			t.Errorf("the reply went as number %d, its person's older messages not before it", reply)
		}
		if n := w.bot.Stats().Waiting; n > uint64(w.held)+10 {
			t.Errorf("%d messages in memory", n)
		}
		pass(time.Minute)
		got = w.gateway.texts()
		if len(got) != users+3 {
			t.Errorf("%d calls, want %d", len(got), users+3)
		}
		slices.Sort(got)
		if n := len(slices.Compact(got)); n != users+3 {
			t.Errorf("%d different messages, want %d", n, users+3)
		}
		if w.bot.sender.queue.crowded() {
			t.Error("the queue still believes itself behind")
		}
		_ = w.end()
	})
}

// A message that is sent while the store is being read is in what was read, and
// must not be taken in a second time.
func TestSentWhileTheStoreIsRead(t *testing.T) {
	q := newQueue(0, 0)
	now := time.Unix(1000, 0)
	row := storage.Message{User: 7, Chat: 7, Message: flows.Message{Number: 1}}
	q.shelve([]storage.Message{row}, now)
	it, _ := q.next(now)

	end := q.reading()
	q.done(it, now)
	if fresh := q.fresh([]storage.Message{row}); len(fresh) != 0 {
		t.Errorf("fresh: %v", fresh)
	}
	q.shelve([]storage.Message{row}, now)
	end()
	if n := q.waiting(); n != 0 {
		t.Errorf("%d messages held", n)
	}
}

// What was sent leaves nothing behind in memory, however long the bot runs.
func TestWhatWasSentIsForgotten(t *testing.T) {
	for _, unsent := range []int{0, 350} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, func(c *Config) { c.Rate = 50 })
			w.held = 100
			for user := range int64(unsent) {
				w.seed(storage.Queued, flows.Push, 1000+user, 1)
			}
			w.start()
			pass(time.Minute)
			for range 20 {
				w.say(7, "hello")
				pass(2 * time.Second)
			}
			if got := len(w.gateway.texts()); got != unsent+20 {
				t.Errorf("%d calls, want %d", got, unsent+20)
			}
			if q := w.bot.sender.queue; len(q.held) > 0 || q.gone != nil {
				t.Errorf("%d messages held and %d noted as gone when all is done", len(q.held), len(q.gone))
			}
			_ = w.end()
		})
	}
}

// What is left in the store while the queue is full is found again, whether it
// lies beyond the frontier or before it.
func TestFrontierGoesBackToWhatWasLeft(t *testing.T) {
	q := newQueue(0, 0)
	q.limit = 1
	now := time.Unix(1000, 0)
	key := func(user int64, n uint64) storage.MessageKey { return storage.MessageKey{User: user, Number: n} }
	push := func(user int64, n uint64) bool {
		return q.add(storage.Message{User: user, Chat: user, Message: flows.Message{Number: n, Class: flows.Push}}, now)
	}
	q.advance(storage.MessageKey{}, true) // all read
	for _, step := range []struct {
		user     int64
		number   uint64
		taken    bool
		frontier storage.MessageKey
	}{
		{5, 1, true, key(0, 0)},
		{8, 4, false, key(8, 3)}, // full
		{9, 1, false, key(8, 3)}, // beyond
		{6, 2, false, key(6, 1)}, // before: back to it
	} {
		if got := push(step.user, step.number); got != step.taken {
			t.Errorf("message %d of %d: taken in: %v", step.number, step.user, got)
		}
		if from, _, _ := q.rest(); from != step.frontier {
			t.Errorf("after message %d of %d the frontier is %v, want %v", step.number, step.user, from, step.frontier)
		}
	}
	off := storage.Message{User: 9, Chat: 9, Message: flows.Message{Number: 2, Class: flows.TakeOff}}
	if !q.add(off, now) {
		t.Error("a take-off was left in the store")
	}
}
