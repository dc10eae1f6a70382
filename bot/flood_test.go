package bot

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/storage"
)

// Somebody who writes a hundred times a second is answered at the chat's pace,
// passed over in between, and heard again when it is over.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate, c.ChatRate = 30, 1 })
		w.start()
		for i := range 30 * 100 {
			w.say(7, fmt.Sprint("flood ", i))
			if i%50 == 0 {
				w.say(8+int64(i/50), "other")
			}
			pass(10 * time.Millisecond)
			if n := w.bot.Stats().Waiting; n > mostWaiting+5 {
				t.Fatalf("%d messages wait", n)
			}
		}
		pass(time.Minute)
		stats := w.bot.Stats()
		if stats.Waiting != 0 || stats.PassedOver < 2900 || stats.Updates != 3060 {
			t.Errorf("%+v", stats)
		}
		for _, c := range w.gateway.sent() {
			if c.Chat == 7 {
				continue
			}
			if m := w.store.message(c.Chat, 1); c.at.Sub(m.Queued) > time.Second {
				t.Errorf("person %d waited %v", c.Chat, c.at.Sub(m.Queued))
			}
		}
		entries := len(w.store.allEntries())
		if entries > 200 {
			t.Errorf("%d entries on the timelines", entries)
		}
		w.say(7, "[press]", "hello again")
		synctest.Wait()
		if got := w.gateway.texts(); got[len(got)-1] != "hello again" || len(w.store.allEntries()) != entries+2 {
			t.Errorf("after the flood: %q, %d entries", got[len(got)-1], len(w.store.allEntries())-entries)
		}
		if log := w.log.String(); strings.Contains(log, "flood ") || !strings.Contains(log, "passed over") {
			t.Error("the log holds words, or says nothing")
		}
		_ = w.end()
	})
}

// The gate closes as well for those whose messages do not fit into memory.
func TestFloodBeyondTheMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Rate, c.ChatRate = 1, 1 })
		w.held = 5
		w.start()
		for i := range 200 {
			w.say(7, fmt.Sprint("flood ", i))
			w.say(8+int64(i), "other")
		}
		synctest.Wait()
		own := 0
		for _, m := range w.store.allMessages() {
			if m.User == 7 {
				own++
			}
		}
		stats := w.bot.Stats()
		if own < mostWaiting || own > mostWaiting+3 || stats.PassedOver != uint64(200-own) || stats.Waiting > 2*5+mostWaiting {
			t.Errorf("%d messages for one person: %+v", own, stats)
		}
		_ = w.end()
	})
}

// A press is taken though many messages wait; but a stream of presses that lead
// nowhere fills no timeline.
func TestFloodOfPresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.ChatRate = 1 })
		w.start()
		for range mostWaiting + 10 {
			w.say(7, "words")
		}
		synctest.Wait()
		w.say(7, "[first]")
		synctest.Wait()
		if n := len(w.store.allEntries()); n < mostWaiting || n > mostWaiting+5 {
			t.Errorf("%d entries", n)
		}
		if got := w.gateway.answered(); len(got) != 1 || got[0].text != "toast first" {
			t.Errorf("answered %v", got)
		}
		pass(time.Minute)
		before := len(w.store.allEntries())
		for range 60 * 100 {
			w.say(8, "[nowhere]")
			pass(10 * time.Millisecond)
		}
		if n := len(w.store.allEntries()) - before; n > mostSilent+61*silentRate {
			t.Errorf("%d entries in a minute", n)
		}
		if n := len(w.gateway.answered()); n != 1+6000 {
			t.Errorf("%d presses answered; a button must stop spinning", n)
		}
		pass(time.Second)
		w.say(8, "[at once]")
		synctest.Wait()
		if got := w.gateway.answered(); got[len(got)-1].text != "toast at once" {
			t.Errorf("after the flood: %v", got[len(got)-1])
		}
		_ = w.end()
	})
}

// Many messages at once to a person, as after a long refusal, are no reason to
// pass over what they press.
func TestWaitingMessagesDoNotSilenceButtons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.ChatRate = 1 })
		w.seed(storage.Queued, 2, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
		w.start()
		synctest.Wait()
		w.say(7, "[press]", "words")
		synctest.Wait()
		if n := len(w.store.allEntries()); n != 1 {
			t.Errorf("%d entries, want the press alone", n)
		}
		_ = w.end()
	})
}
