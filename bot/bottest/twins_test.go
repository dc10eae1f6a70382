package bottest

import (
	"context"
	"os"
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
	file  string
	store *boltstore.Store
	log   lockedBuffer
	stop  context.CancelFunc
	done  chan error
}

// newTwin starts one.
func newTwin(t *testing.T, memory *simulator.Memory, file string, look time.Duration) *twin {
	t.Helper()
	w := &twin{file: file, done: make(chan error, 1)}
	store, err := boltstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	logger := newLogger(&w.log)
	running, err := app.New(t.Context(), app.Config{
		Catalog: loadFlows(t, "", "UTC"), Store: store, Logger: logger, Look: look, Place: file,
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
func besideTwins(t *testing.T, f func(t *testing.T, sim *simulator.Server, start func(look time.Duration) *twin, memory *simulator.Memory)) {
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
		}, memory)
	})
}

// TestNewcomerGivesUp: a second bot of the same token sees the first within the
// time that it looks, whenever it comes and whatever waits, says so and ends. It has
// confirmed nothing and answered nothing, and the first misses nothing.
func TestNewcomerGivesUp(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string]bool{"quiet": false, "in a crowd": true} {
		t.Run(name, func(t *testing.T) {
			besideTwins(t, func(t *testing.T, sim *simulator.Server, start func(time.Duration) *twin, _ *simulator.Memory) {
				first := start(bot.Look)
				time.Sleep(bot.Look/2 - time.Second)
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
				expect(t, anna, "Is that fine?")
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
	besideTwins(t, func(t *testing.T, sim *simulator.Server, start func(time.Duration) *twin, _ *simulator.Memory) {
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
	besideTwins(t, func(t *testing.T, sim *simulator.Server, start func(time.Duration) *twin, _ *simulator.Memory) {
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
		expect(t, anna, "Is that fine?")
		if err := second.end(t); err != nil {
			t.Errorf("%v:\n%s", err, second.log.String())
		}
	})
}

// TestNewcomerAgainAndAgain: a second bot that is started again whenever it has given
// up, at once or later, gives up each time.
func TestNewcomerAgainAndAgain(t *testing.T) {
	t.Parallel()
	for _, pause := range []time.Duration{0, time.Second, 5 * time.Second, 11 * time.Second} {
		t.Run(pause.String(), func(t *testing.T) {
			besideTwins(t, func(t *testing.T, _ *simulator.Server, start func(time.Duration) *twin, _ *simulator.Memory) {
				first := start(bot.Look)
				time.Sleep(time.Minute)
				for n := range 8 {
					second := start(bot.Look)
					for range 20 {
						if time.Sleep(time.Second); second.gaveUp() {
							break
						}
					}
					if !second.gaveUp() {
						t.Errorf("start %d: it goes on", n+1)
					}
					_ = second.end(t)
					time.Sleep(pause)
				}
				if err := first.end(t); err != nil {
					t.Errorf("the first: %v", err)
				}
			})
		})
	}
}

// TestStartSoonAnswers: who starts on a file with which it polled just now answers at
// once, and any other as soon as it has looked; a copy of the file is another file.
func TestStartSoonAnswers(t *testing.T) {
	t.Parallel()
	besideTwins(t, func(t *testing.T, sim *simulator.Server, start func(time.Duration) *twin, memory *simulator.Memory) {
		within := func(what string, user int64, most time.Duration) {
			t.Helper()
			p, began := sim.Person(user), time.Now()
			p.SendCommand("/spasm")
			for lastText(p) == "" && time.Since(began) < time.Minute {
				time.Sleep(100 * time.Millisecond)
			}
			if took := time.Since(began); took > most {
				t.Errorf("%s: the first answer came after %v, want %v at most", what, took, most)
			}
		}
		quiet := start(bot.Look)
		time.Sleep(bot.Look/2 + time.Second)
		if !strings.Contains(quiet.log.String(), "polling as") {
			t.Error("where nothing waits it looks for longer than it has to")
		}
		within("half a look after the first start", 3, time.Second)
		if err := quiet.end(t); err != nil {
			t.Fatal(err)
		}
		w := start(bot.Look)
		within("the first start", 1, bot.Look/2+2*time.Second)
		time.Sleep(time.Minute)
		if err := w.end(t); err != nil {
			t.Fatal(err)
		}
		time.Sleep(4 * time.Minute)
		w = newTwin(t, memory, w.file, bot.Look)
		within("a restart", 2, time.Second)

		// The file is copied while it runs, and the copy is used elsewhere.
		copied := w.file + ".copy"
		data, err := os.ReadFile(w.file)
		if err == nil {
			err = os.WriteFile(copied, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		other := newTwin(t, memory, copied, bot.Look)
		time.Sleep(bot.Look)
		synctest.Wait()
		if !other.gaveUp() {
			t.Error("a bot on a copy of the file goes on beside the first")
		}
		_ = other.end(t)
		if err := w.end(t); err != nil {
			t.Fatal(err)
		}

		// Long after, nobody knows who else has begun to poll.
		time.Sleep(time.Hour)
		other = start(bot.Look)
		time.Sleep(time.Minute)
		w = newTwin(t, memory, w.file, bot.Look)
		time.Sleep(bot.Look)
		synctest.Wait()
		if !w.gaveUp() {
			t.Error("a bot that was away for an hour goes on beside another")
		}
		_ = w.end(t)
		if err := other.end(t); err != nil {
			t.Fatal(err)
		}
	})
}
