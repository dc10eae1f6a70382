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
		w.seed(storage.Queued, flows.Sign, last-2, 2)
		w.store.putState(flows.State{User: last, Messages: 2})
		w.start()
		synctest.Wait()
		w.say(last, "hello")
		pass(time.Second)
		got := w.gateway.texts()
		if off := slices.Index(got, fmt.Sprintf("%d.2", last-1)); off < 0 {
			t.Error("a take-off beyond what fits into memory waits")
		}
		if look := slices.Index(got, fmt.Sprintf("%d.2", last-2)); look < 0 || !slices.Contains(got[:look], fmt.Sprintf("%d.1", last-2)) {
			t.Error("a look beyond what fits into memory waits, or comes before its person's older messages")
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
		if len(got) != users+4 {
			t.Errorf("%d calls, want %d", len(got), users+4)
		}
		slices.Sort(got)
		if n := len(slices.Compact(got)); n != users+4 {
			t.Errorf("%d different messages, want %d", n, users+4)
		}
		if w.bot.queue.Crowded() {
			t.Error("the queue still believes itself behind")
		}
		_ = w.end()
	})
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
			sent := w.store.allMessages()
			if held, fresh := w.bot.queue.Waiting(), w.bot.queue.Fresh(sent); held > 0 || len(fresh) != len(sent) {
				t.Errorf("%d messages are held and %d noted as gone when all is done", held, len(sent)-len(fresh))
			}
			_ = w.end()
		})
	}
}
