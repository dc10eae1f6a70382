package bot

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Messages that were sent longer ago than they are kept go, hour by hour; what
// is younger, and the person, stay.
func TestRetention(t *testing.T) {
	for name, test := range map[string]struct {
		keep time.Duration
		left int
	}{
		"two days": {48 * time.Hour, 2}, "for ever": {0, 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *Config) { c.Keep = test.keep })
				w.start()
				for range 5 {
					w.say(7, "hello")
					pass(24 * time.Hour)
				}
				if n := len(w.store.allMessages()); n != test.left {
					t.Errorf("%d messages are left, want %d", n, test.left)
				}
				if n := w.bot.Stats().Pruned; (n > 0) != (test.keep > 0) {
					t.Errorf("%d records are counted", n)
				}
				w.say(7, "again")
				pass(time.Minute)
				if texts := w.gateway.texts(); len(texts) != 6 || w.store.message(7, 6).MessageID == 0 {
					t.Errorf("sent %q", texts)
				}
				_ = w.end()
			})
		})
	}
}

// Copies of the store go by the same time, once an hour; that one cannot be deleted
// stops nothing.
func TestRetentionOfCopies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ages []time.Duration
		w := newWorld(t, func(c *Config) {
			c.Keep = 24 * time.Hour
			c.PruneCopies = func(before time.Time) error {
				ages = append(ages, time.Since(before).Round(time.Minute))
				return errors.New("read-only")
			}
		})
		w.start()
		pass(150 * time.Minute)
		if want := []time.Duration{25 * time.Hour, 25 * time.Hour}; !slices.Equal(ages, want) {
			t.Errorf("copies go after %v, want %v", ages, want)
		}
		_ = w.end()
	})
}

// A clock that is a year ahead for half an hour deletes nothing; one that stays
// so is believed.
func TestRetentionAndAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const year = 365 * 24 * time.Hour
		clock := &steppedClock{}
		w := newWorld(t, func(c *Config) { c.Keep, c.Clock = 90*24*time.Hour, clock })
		w.start()
		w.say(7, "hello")
		pass(10 * time.Hour)
		clock.offset.Store(int64(year))
		pass(30 * time.Minute)
		clock.offset.Store(0)
		pass(10 * time.Hour)
		if len(w.store.allMessages()) != 1 {
			t.Error("a clock that was wrong for half an hour has deleted a message of today")
		}
		clock.offset.Store(int64(year))
		pass(3 * time.Hour)
		if len(w.store.allMessages()) != 0 {
			t.Error("after three hours the clock is still not believed")
		}
		_ = w.end()
	})
}

// A store that fails keeps the bot waiting, and pruning too.
func TestRetentionOnAFailingStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Keep = 24 * time.Hour })
		w.start()
		w.say(7, "hello")
		pass(time.Minute)
		w.store.breakWith(func() error { return errors.New("full") })
		pass(48 * time.Hour)
		w.store.breakWith(nil)
		pass(2 * time.Hour)
		if len(w.store.allMessages()) != 0 {
			t.Error("nothing was deleted after the store works again")
		}
		if err := w.end(); err != nil {
			t.Error(err)
		}
	})
}
