package bottest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/app"
	"spasmbot/bot/simulator"
	"spasmbot/bot/telegram"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// bubble is the whole bot against the simulator, in memory but for the file,
// on a clock that stands still while anybody works.
type bubble struct {
	t      *testing.T
	flows  string // a folder; empty is the built-in ones
	keep   time.Duration
	quiet  bool // keeps no log
	clock  bot.Clock
	ctx    context.Context
	sim    *simulator.Server
	memory *simulator.Memory
	line   func(http.RoundTripper) http.RoundTripper // nil is a quick one
	store  *boltstore.Store
	log    lockedBuffer
	stop   context.CancelFunc
	done   chan error
	file   string
	limits rates
}

// rates are the limits that the bot keeps by itself, in messages a second; 0 is
// none.
type rates struct{ Rate, ChatRate float64 }

// loadFlows reads the flows of a folder, the built-in ones if dir is empty.
func loadFlows(t testing.TB, dir, zone string) *lang.Catalog {
	t.Helper()
	files := catalog.Shipped()
	if dir != "" {
		files = os.DirFS(dir)
	}
	cat, err := catalog.Load(files, zone)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// gatewayTo is the way to a server; a nil transport takes sockets.
func gatewayTo(t testing.TB, url string, transport http.RoundTripper, logger *slog.Logger) *telegram.Gateway {
	t.Helper()
	token, err := telegram.ParseToken(simulator.DefaultToken)
	if err != nil {
		t.Fatal(err)
	}
	gateway, err := telegram.New(telegram.Config{Token: token, BaseURL: url, Transport: transport, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	return gateway
}

// newLogger writes everything to w.
func newLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// restart starts the bot again on its file, after finish.
func (b *bubble) restart() {
	b.t.Helper()
	if err := b.store.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.start(b.file, b.limits)
}

// lockedBuffer is a log that may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// inBubble runs the bot beside f.
func inBubble(t *testing.T, limits rates, f func(b *bubble)) {
	t.Helper()
	inBubbleWith(t, "", limits, f)
}

// inBubbleWith does so with the flows of a folder.
func inBubbleWith(t *testing.T, dir string, limits rates, f func(b *bubble)) {
	t.Helper()
	inBubbleOn(t, simulator.Config{}, dir, limits, f)
}

// inBubbleOn does so on a server of its own kind.
func inBubbleOn(t *testing.T, server simulator.Config, dir string, limits rates, f func(b *bubble)) {
	t.Helper()
	server.BotUsername = "back_bot"
	file := filepath.Join(memoryDir(t), "bot.db")
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{t: t, flows: dir, sim: simulator.New(server)}
		b.memory = b.sim.InMemory()
		defer b.memory.Close()
		b.file, b.limits = file, limits
		b.start(file, limits)
		f(b)
		b.finish()
		refusesNone(t, dir, b.exported())
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// memoryDir is a folder in memory where there is one: a bubble is about time,
// and those who wait for a disk have tests of their own.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "spasmbot-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func (b *bubble) start(file string, limits rates) {
	b.t.Helper()
	store, err := boltstore.Open(file)
	if err != nil {
		b.t.Fatal(err)
	}
	b.store = store
	logger := newLogger(&b.log)
	if b.quiet {
		logger = slog.New(slog.DiscardHandler)
	}
	transport := http.RoundTripper(b.memory.Transport())
	if b.line != nil {
		transport = b.line(transport)
	}
	running, err := app.New(b.t.Context(), app.Config{
		Catalog: loadFlows(b.t, b.flows, "UTC"), Store: store, Clock: b.clock, Logger: logger,
		Gateway: gatewayTo(b.t, b.memory.URL(), transport, logger),
		Rate:    limits.Rate, ChatRate: limits.ChatRate, Keep: b.keep,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.done = make(chan error, 1)
	b.ctx, b.stop = context.WithCancel(b.t.Context())
	go func() { b.done <- running.Run(b.ctx) }()
	synctest.Wait()
}

// finish stops the bot, once.
func (b *bubble) finish() {
	if b.ctx.Err() != nil {
		return
	}
	b.stop()
	if err := <-b.done; err != nil {
		b.t.Errorf("Run: %v", err)
	}
}

func (b *bubble) export() *records {
	b.t.Helper()
	return parseExport(b.t, b.exported())
}

func (b *bubble) exported() []byte {
	b.t.Helper()
	var out bytes.Buffer
	err := b.store.View(b.t.Context(), func(r storage.Reader) error { return storage.Export(r, &out, nil) })
	if err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

// TestAcutePhaseInABubble plays the same people as over the wire, half as many,
// through the same hours, with the same wiring and wire format.
func TestAcutePhaseInABubble(t *testing.T) {
	t.Parallel()
	people := 24
	if !long(t, "9 people instead of 24") {
		people = 9
	}
	playInBubble(t, people, 76*time.Hour, nil)
}

// TestEndInABubble goes on to the end of the acute phase and beyond: warmth
// after the cold, and exercises after "I am fine again".
func TestEndInABubble(t *testing.T) {
	t.Parallel()
	people := 6
	if !long(t, "3 people instead of 6") {
		people = 3
	}
	playInBubble(t, people, 7*24*time.Hour+12*time.Hour, exercise)
}

// exercise lets people who are well again exercise for some days.
func exercise(b *bubble, people *crowd) {
	b.t.Helper()
	people.answers.Store(&well)
	for _, user := range people.people {
		b.sim.Person(user).SendCommand("/done")
	}
	time.Sleep(4 * 24 * time.Hour)
	r := b.export()
	for _, user := range people.people {
		if done, came := r.chosen(user, "ex_walk"), len(r.came(user)["exercise"]); done != "done" || came < 2 {
			b.t.Errorf("person %d was told of exercises %d times, and pressed %q", user, came, done)
		}
	}
}

// playInBubble plays people who are willing for a time, and then a rest of
// their story, in which their spasm ends.
func playInBubble(t *testing.T, n int, d time.Duration, rest func(b *bubble, people *crowd)) {
	begun := time.Now()
	inBubble(t, rates{}, func(b *bubble) {
		time.Sleep(17 * time.Hour) // when those who sleep by day are up too
		people := newCrowd(b.sim, n)
		people.start(b.ctx)
		time.Sleep(d)
		outcome := ""
		if rest != nil {
			outcome = "recovered"
			rest(b, people)
		}
		b.finish()
		people.wg.Wait()
		r, delivered := b.export(), people.delivered(t)
		r.checkAcutePhase(t, people.people, d > 96*time.Hour)
		r.checkPlenty(t, people.people)
		r.checkPresses(t, people.presses.Load())
		if doubled := r.checkLedger(t, delivered); doubled != 0 {
			t.Errorf("%d messages were sent that the ledger does not know", doubled)
		}
		r.checkReminders(t, time.Now(), delivered)
		for _, user := range people.people {
			if episode, _ := r.spasm(user); episode.Outcome != outcome {
				t.Errorf("after %v the episode of %d has the outcome %q, want %q", d, user, episode.Outcome, outcome)
			}
		}
		t.Logf("%d messages, %d presses", len(delivered), people.presses.Load())
	})
	t.Logf("%v of %d people in %v", d, n, time.Since(begun).Round(time.Millisecond))
}
