package bottest

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/app"
	"spasmbot/bot/simulator"
	"spasmbot/storage/boltstore"
)

// twin is a bot of the same token beside others, on a file of its own.
type twin struct {
	store *boltstore.Store
	log   lockedBuffer
	stop  context.CancelFunc
	done  chan error
}

// newTwin starts one.
func newTwin(t *testing.T, memory *simulator.Memory, file string, look time.Duration) *twin {
	t.Helper()
	w := &twin{done: make(chan error, 1)}
	store, err := boltstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	logger := newLogger(&w.log)
	running, err := app.New(t.Context(), app.Config{
		Catalog: loadFlows(t, "", "UTC"), Store: store, Logger: logger, Look: look,
		Gateway: gatewayTo(t, memory.URL(), memory.Transport(), logger),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.store = store
	ctx, stop := context.WithCancel(t.Context())
	w.stop = stop
	go func() { w.done <- running.Run(ctx) }()
	return w
}

// end stops it, if it has not ended by itself, and returns what Run returned.
func (w *twin) end(t *testing.T) error {
	t.Helper()
	w.stop()
	err := <-w.done
	if err := w.store.Close(); err != nil {
		t.Error(err)
	}
	return err
}

// gaveUp reports whether a twin has ended because it was not alone.
func (w *twin) gaveUp() bool {
	select {
	case err := <-w.done:
		w.done <- err
		return err != nil && strings.Contains(err.Error(), "--takeover")
	default:
		return false
	}
}

// besideTwins plays f with one bot that has polled for long.
func besideTwins(t *testing.T, f func(t *testing.T, sim *simulator.Server, start func(look time.Duration) *twin)) {
	t.Helper()
	dir := memoryDir(t)
	synctest.Test(t, func(t *testing.T) {
		sim := simulator.New(simulator.Config{})
		memory := sim.InMemory()
		defer memory.Close()
		n := 0
		f(t, sim, func(look time.Duration) *twin {
			n++
			return newTwin(t, memory, filepath.Join(dir, string(rune('a'+n))+".db"), look)
		})
	})
}

// TestNewcomerGivesUp: a second bot of the same token sees the first within the
// time that it looks, whenever it comes and whatever waits, says so and ends. It has
// confirmed nothing and answered nothing, and the first misses nothing.
func TestNewcomerGivesUp(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string]bool{"quiet": false, "in a crowd": true} {
		t.Run(name, func(t *testing.T) {
			besideTwins(t, func(t *testing.T, sim *simulator.Server, start func(time.Duration) *twin) {
				first := start(bot.Look)
				time.Sleep(bot.Look - time.Second)
				anna := sim.Person(1)
				anna.SendCommand("/spasm")
				time.Sleep(time.Second - 1)
				if lastText(anna) != "" || sim.Pending() != 1 {
					t.Error("something was answered or confirmed before it had looked")
				}
				for _, after := range []time.Duration{time.Minute, 49 * time.Second, 13*time.Second + 333*time.Millisecond} {
					time.Sleep(after)
					second := start(bot.Look)
					for range 40 {
						if busy {
							sim.Person(2).SendText("words")
						}
						time.Sleep(bot.Look / 40)
					}
					synctest.Wait()
					if !second.gaveUp() {
						t.Errorf("it goes on:\n%s", second.log.String())
					}
					if err := second.end(t); err == nil || !strings.Contains(err.Error(), "polling with the same token") {
						t.Errorf("Run returned %v", err)
					}
				}
				time.Sleep(time.Minute)
				expect(t, anna, "Before we go on")
				time.Sleep(time.Minute)
				if err := first.end(t); err != nil {
					t.Errorf("the first: %v", err)
				}
				if sim.Pending() > 0 {
					t.Errorf("%d updates were never taken in", sim.Pending())
				}
				if n := strings.Count(first.log.String(), "another program takes this bot's updates"); n == 0 {
					t.Error("the first raised no alarm")
				}
			})
		})
	}
}

// TestTakeover: whoever is told to take over does not look, and does not give up;
// neither does the one before. Both raise the alarm.
func TestTakeover(t *testing.T) {
	t.Parallel()
	besideTwins(t, func(t *testing.T, sim *simulator.Server, start func(time.Duration) *twin) {
		first := start(bot.Look)
		time.Sleep(time.Minute)
		second := start(0)
		time.Sleep(time.Minute)
		for name, w := range map[string]*twin{"first": first, "second": second} {
			if err := w.end(t); err != nil {
				t.Errorf("the %s: %v", name, err)
			}
			if !strings.Contains(w.log.String(), "another program takes this bot's updates") {
				t.Errorf("the %s raised no alarm:\n%s", name, w.log.String())
			}
		}
	})
}

// TestRestartIsNoNewcomer: a bot that is killed leaves a poll behind, which is not
// taken for another bot; nor is a line that fails.
func TestRestartIsNoNewcomer(t *testing.T) {
	t.Parallel()
	besideTwins(t, func(t *testing.T, sim *simulator.Server, start func(time.Duration) *twin) {
		first := start(bot.Look)
		time.Sleep(time.Minute)
		if err := first.end(t); err != nil {
			t.Error(err)
		}
		sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.Method == "getUpdates" {
				return &simulator.Fault{Status: 502}
			}
			return nil
		})
		second := start(bot.Look)
		time.Sleep(time.Minute)
		sim.SetFault(nil)
		time.Sleep(time.Minute)
		anna := sim.Person(1)
		anna.SendCommand("/spasm")
		time.Sleep(time.Minute)
		expect(t, anna, "Before we go on")
		if err := second.end(t); err != nil {
			t.Errorf("%v:\n%s", err, second.log.String())
		}
	})
}
