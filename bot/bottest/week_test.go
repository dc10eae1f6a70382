package bottest

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/app"
	"spasmbot/bot/simulator"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// week is a scripted week of three people, whose bot may crash on the way and
// is started again at once.
type week struct {
	t       *testing.T
	catalog *lang.Catalog
	file    string
	sim     *simulator.Server
	memory  *simulator.Memory
	crashes *crashes
	lives   sync.WaitGroup

	// What came of it.
	records *records
	presses int64
	chats   map[int64][]simulator.Message
}

const (
	// The week ends in the night, when nothing is under way, and before the full
	// hour, at which reminders of those who work at night are due.
	weekLasts = 7*24*time.Hour + 10*time.Hour - 5*time.Minute
	// restart is what it takes to start the process again.
	restart = 5 * time.Millisecond
	// glance is how often people look at their chat. What a crash delays
	// within a glance changes nothing.
	glance = 30 * time.Second
	// reads is how old a message is before its buttons are pressed. It falls between
	// two tenths of a second, for the same reason.
	reads = reading + 50*time.Millisecond
)

// sight is when the n-th glance falls, for who has pressed so many buttons.
// Timers run for multiples of half a minute and begin with a press. If the
// glances fell into a grid of half minutes, presses and timers would meet, and
// a crash decide which comes first; so the grid shifts with each press.
func sight(n, presses int) time.Duration {
	return time.Second + time.Duration(n)*glance + time.Duration(presses%280)*100*time.Millisecond
}

// runWeek runs it and crashes at the points given.
func runWeek(t *testing.T, c *lang.Catalog, plan []point) *week {
	t.Helper()
	dir := memoryDir(t)
	w := &week{t: t, catalog: c, file: filepath.Join(dir, "bot.db"), crashes: newCrashes(plan)}
	synctest.Test(t, func(t *testing.T) {
		w.sim = simulator.New(simulator.Config{BotUsername: "back_bot"})
		w.memory = w.sim.InMemory()
		defer w.memory.Close()
		time.Sleep(17 * time.Hour)
		over, stop := context.WithTimeout(t.Context(), weekLasts)
		defer stop()
		people := w.script(over)
		w.live(over)
		people.Wait()
		w.lives.Wait()
		w.look(t)
	})
	_ = os.Remove(w.file)
	return w
}

// live starts a process, and another one whenever it has crashed.
func (w *week) live(over context.Context) {
	for over.Err() == nil {
		store, err := boltstore.Open(w.file)
		if err != nil {
			w.t.Error(err)
			return
		}
		wire := transportTo(w.memory)
		l := newLife(context.WithoutCancel(over), w.crashes, store, wire)
		w.run(l, over)
		select {
		case <-l.Done():
			time.Sleep(restart)
		case <-over.Done():
			w.lives.Wait()
			l.crash() // what it holds
		}
		wire.CloseIdleConnections()
		if err := store.Close(); err != nil {
			w.t.Error(err)
		}
	}
}

// run runs the bot of a life beside the caller.
func (w *week) run(l *life, over context.Context) {
	logger := slog.New(slog.DiscardHandler)
	running, err := app.New(over, app.Config{
		Catalog: w.catalog, Store: l, Gateway: gatewayTo(w.t, w.memory.URL(), l, logger), Logger: logger, Rate: 30, ChatRate: 1,
	})
	if err != nil {
		if l.Err() == nil {
			w.t.Error(err)
		}
		return
	}
	w.lives.Go(func() {
		if err := running.Run(over); err != nil && l.Err() == nil {
			w.t.Errorf("Run: %v", err)
		}
	})
}

// actor is a person of the script.
type actor struct {
	id      int64
	number  int // of the answers that the person prefers
	answers [][]string
	enters  time.Duration
	acts    map[time.Duration]func(p *simulator.Person)
	turnsTo map[time.Duration][][]string
}

// cast is who plays: one person gets well, one does not, and one blocks the bot
// for a day. Their answers are such that no round ends at the very minute at
// which something else is due by the clock.
func cast() []actor {
	const day = 24 * time.Hour
	return []actor{
		{
			id: 5_000_000_000, answers: willing,
			acts:    map[time.Duration]func(*simulator.Person){4 * day: func(p *simulator.Person) { p.SendCommand("/done") }},
			turnsTo: map[time.Duration][][]string{4 * day: well},
		},
		{
			id: 5_000_000_001, number: 5, answers: willing, enters: 3*day + 30*time.Millisecond,
		},
		{
			id: 5_000_000_002, number: 2, answers: willing, enters: 5*day + 60*time.Millisecond,
			acts: map[time.Duration]func(*simulator.Person){
				5*day + 5*time.Hour:  (*simulator.Person).Block,
				5*day + 29*time.Hour: func(p *simulator.Person) { p.SendCommand("/spasm") },
			},
		},
	}
}

// script lets the people live until the week is over.
func (w *week) script(over context.Context) *sync.WaitGroup {
	var people sync.WaitGroup
	var mu sync.Mutex
	for _, a := range cast() {
		p := w.sim.Person(a.id)
		people.Go(func() {
			presses := a.live(over, p)
			mu.Lock()
			defer mu.Unlock()
			w.presses += presses
		})
	}
	return &people
}

// live looks at the chat at a glance after the other, and does one thing a glance at
// the most.
func (a actor) live(over context.Context, p *simulator.Person) (presses int64) {
	begun := time.Now()
	time.Sleep(a.enters)
	p.SendCommand("/spasm")
	pressed := make(map[string]bool)
	changed := p.Changed()
	entered := time.Now()
	for n := 1; ; n++ {
		time.Sleep(time.Until(entered.Add(sight(n, len(pressed)))))
		if over.Err() != nil {
			return presses
		}
		acted := false
		for at, act := range a.acts {
			if time.Since(begun) >= at {
				act(p)
				acted = true
				delete(a.acts, at)
			}
		}
		for at, answers := range a.turnsTo {
			if time.Since(begun) >= at {
				a.answers = answers
				delete(a.turnsTo, at)
				// What came twice stands there still; nobody goes back to it.
				for _, m := range p.Messages() {
					for _, row := range m.Keyboard {
						for _, b := range row {
							pressed[b.CallbackData] = true
						}
					}
				}
			}
		}
		if acted {
			continue // a press at the same instant would be a race
		}
		select {
		case <-changed:
		default:
			continue
		}
		changed = p.Changed()
		m, data, ok := a.choose(p, pressed)
		if !ok || p.Blocked() {
			continue
		}
		again := make(chan struct{})
		close(again)
		changed = again // there may be more to press, or more time to read
		if time.Since(m.Date) < reads {
			continue
		}
		pressed[data] = true
		if _, err := p.Press(m.ID, data); err == nil {
			presses++
		}
	}
}

func (a actor) choose(p *simulator.Person, pressed map[string]bool) (message simulator.Message, data string, ok bool) {
	messages := p.Messages()
	for _, m := range messages[max(0, len(messages)-40):] {
		if b, ok := choose(m, a.answers, a.number); ok && !pressed[b.CallbackData] {
			return m, b.CallbackData, true
		}
	}
	return simulator.Message{}, "", false
}

// look takes stock when all has ended.
func (w *week) look(t *testing.T) {
	store, err := boltstore.Open(w.file)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Check(t.Context()); err != nil {
		t.Error(err)
	}
	var out bytes.Buffer
	if err := store.View(t.Context(), func(r storage.Reader) error { return storage.Export(r, &out, nil) }); err != nil {
		t.Fatal(err)
	}
	refusesNone(t, "", out.Bytes())
	w.records = parseExport(t, out.Bytes())
	w.chats = make(map[int64][]simulator.Message)
	for _, a := range cast() {
		for _, m := range w.sim.Person(a.id).Messages() {
			if m.FromBot {
				w.chats[a.id] = append(w.chats[a.id], m)
			}
		}
	}
}
