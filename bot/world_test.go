package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// call is one call that reached the gateway.
type call struct {
	at time.Time
	chat.Outgoing
}

// fakeGateway is a messenger in memory: a queue of updates with Telegram's way
// of confirming them, and a list of what was sent.
type fakeGateway struct {
	mu      sync.Mutex
	updates []chat.Update
	arrived chan struct{}
	offsets []int64
	pollErr func() error
	meErr   func() error
	latency time.Duration
	// refusing is how long a refusal takes.
	refusing time.Duration
	calls    []call
	answers  []answer
	profiles map[chat.ProfilePart][]string // the languages, by part
	hooks    int
	// onSend and onAnswer, if set, may refuse a call. They, and pollErr, are
	// called one at a time.
	onSend   func(n int, m chat.Outgoing) error
	onAnswer func(n int, query string) error
	// onCall, if set, may refuse a call of any method.
	onCall func(method string) error
	// shows, if set, is the messenger's clock.
	shows func() time.Time
}

func newFakeGateway() *fakeGateway { return &fakeGateway{arrived: make(chan struct{}, 1)} }

func (g *fakeGateway) ServerTime() (time.Time, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shows == nil {
		return time.Time{}, false
	}
	return g.shows(), true
}

func (g *fakeGateway) push(updates ...chat.Update) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.updates = append(g.updates, updates...)
	signal(g.arrived)
}

func (g *fakeGateway) called(method string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.onCall == nil {
		return nil
	}
	return g.onCall(method)
}

func (g *fakeGateway) Me(context.Context) (chat.Me, error) {
	if err := g.called("getMe"); err != nil {
		return chat.Me{}, err
	}
	if g.meErr != nil {
		if err := g.meErr(); err != nil {
			return chat.Me{}, err
		}
	}
	return chat.Me{ID: 1, Username: "spasm_bot"}, nil
}

func (g *fakeGateway) Poll(ctx context.Context, offset int64) ([]chat.Update, int64, error) {
	if err := g.called("getUpdates"); err != nil {
		return nil, offset, err
	}
	end := time.After(50 * time.Second)
	for first := true; ; first = false {
		if u, err := g.take(offset, first); err != nil || len(u) > 0 {
			if err != nil {
				return nil, offset, err
			}
			return u, u[len(u)-1].ID + 1, nil
		}
		select {
		case <-g.arrived:
		case <-end:
			return nil, offset, nil
		case <-ctx.Done():
			return nil, offset, &chat.Error{Method: "getUpdates", Kind: chat.Cancelled}
		}
	}
}

func (g *fakeGateway) take(offset int64, first bool) ([]chat.Update, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if first {
		g.offsets = append(g.offsets, offset)
	}
	if g.pollErr != nil {
		if err := g.pollErr(); err != nil {
			return nil, err
		}
	}
	if i := slices.IndexFunc(g.updates, func(u chat.Update) bool { return u.ID == offset-1 }); i >= 0 {
		g.updates = g.updates[i+1:]
	}
	return slices.Clone(g.updates[:min(100, len(g.updates))]), nil
}

// hasten takes the latency off calls that begin from now on.
func (g *fakeGateway) hasten() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.latency = 0
}

func (g *fakeGateway) Send(ctx context.Context, m chat.Outgoing) (chat.Sent, error) {
	if err := g.called("sendMessage"); err != nil {
		return chat.Sent{}, err
	}
	n, err := g.note(m)
	if err != nil {
		time.Sleep(g.refusing)
		return chat.Sent{}, err
	}
	g.mu.Lock()
	latency := g.latency
	g.mu.Unlock()
	if latency > 0 {
		select {
		case <-time.After(latency):
		case <-ctx.Done():
			return chat.Sent{}, &chat.Error{Method: "sendMessage", Kind: chat.Cancelled, MaybeApplied: true}
		}
	}
	if m.Edit != 0 {
		return chat.Sent{ID: m.Edit}, nil
	}
	sent := chat.Sent{ID: int64(1000 + n)}
	if m.Media != nil {
		// The messenger has many names for a file, and all of them serve.
		sent.FileID = fmt.Sprintf("file-%d", n)
	}
	return sent, nil
}

func (g *fakeGateway) note(m chat.Outgoing) (n int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls = append(g.calls, call{time.Now(), m})
	n = len(g.calls)
	if g.onSend != nil {
		err = g.onSend(n, m)
	}
	return n, err
}

func (g *fakeGateway) Answer(_ context.Context, query, text string) error {
	if err := g.called("answerCallbackQuery"); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answers = append(g.answers, answer{query, text})
	if g.onAnswer != nil {
		return g.onAnswer(len(g.answers), query)
	}
	return nil
}

func (g *fakeGateway) SetProfile(_ context.Context, part chat.ProfilePart, lang string, _ chat.Profile) error {
	if err := g.called(string(part)); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.profiles == nil {
		g.profiles = make(map[chat.ProfilePart][]string)
	}
	g.profiles[part] = append(g.profiles[part], lang)
	return errors.New("no profile today")
}

// profilesSet counts how often a part of the profile was set.
func (g *fakeGateway) profilesSet(part chat.ProfilePart) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.profiles[part])
}

// wantProfiles compares the languages whose profiles were set, by each part.
func (w *world) wantProfiles(langs ...string) {
	w.t.Helper()
	w.gateway.mu.Lock()
	defer w.gateway.mu.Unlock()
	for _, part := range chat.ProfileParts {
		if got := w.gateway.profiles[part]; !slices.Equal(slices.Compact(slices.Clone(got)), langs) {
			w.t.Errorf("%s for %q, want %q", part, got, langs)
		}
	}
}

func (g *fakeGateway) DeleteWebhook(context.Context) error {
	if err := g.called("deleteWebhook"); err != nil {
		return err
	}
	g.hooks++
	return nil
}

// polls returns the offsets asked for.
func (g *fakeGateway) polls() []int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.offsets)
}

func (g *fakeGateway) sent() []call {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.calls)
}

func (g *fakeGateway) texts() []string {
	var out []string
	for _, c := range g.sent() {
		out = append(out, c.Text)
	}
	return out
}

func (g *fakeGateway) answered() []answer {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.answers)
}

// pass lets time pass, and then all work be done that has come up.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// refuse is a gateway's error.
func refuse(kind chat.Kind, more ...func(*chat.Error)) error {
	e := &chat.Error{Method: "sendMessage", Kind: kind, Code: 400}
	for _, f := range more {
		f(e)
	}
	return e
}

// What the outbox promises.
const (
	burst       = 3
	mostFlights = 128
	mostIdle    = 500
)

// world is a bot with all that is around it.
type world struct {
	t       *testing.T
	store   *testStore
	gateway *fakeGateway
	bot     *Bot
	log     *bytes.Buffer
	cfg     Config
	nextID  int64
	held    int // how many messages the sender may hold; 0 is its default

	stop context.CancelFunc
	done chan error
}

// newWorld makes a world whose bot is not running yet.
func newWorld(t *testing.T, change ...func(*Config)) *world {
	return newWorldOn(newTestStore(t, MemoryFile(t)), t, change...)
}

// newWorldOn makes one on a store that another has left.
func newWorldOn(store *testStore, t *testing.T, change ...func(*Config)) *world {
	w := &world{t: t, store: store, gateway: newFakeGateway(), log: new(bytes.Buffer), nextID: 100}
	w.cfg = Config{
		Store: w.store, Gateway: w.gateway, Step: testStep,
		Logger: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&w.cfg)
	}
	return w
}

func (w *world) start() {
	w.t.Helper()
	w.cfg.held = w.held
	b, err := New(w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot = b
	var ctx context.Context
	ctx, w.stop = context.WithCancel(context.Background())
	w.done = make(chan error, 1)
	go func() { w.done <- b.Run(ctx) }()
}

// end stops the bot and returns what Run returned.
func (w *world) end() error {
	w.stop()
	return <-w.done
}

// say lets a person send something in a private chat: "/command args", "[data]"
// for a press, anything else as text.
func (w *world) say(user int64, lines ...string) {
	for _, line := range lines {
		w.gateway.push(w.update(user, line))
	}
}

func (w *world) update(user int64, line string) chat.Update {
	w.nextID++
	u := chat.Update{ID: w.nextID, User: user, Chat: user, Private: true, Lang: "pt-BR", Raw: json.RawMessage(`{}`)}
	switch {
	case strings.HasPrefix(line, "/"):
		name, args, _ := strings.Cut(line[1:], " ")
		u.Event = flows.Command{Name: name, Args: args}
	case strings.HasPrefix(line, "["):
		u.Event = flows.Button{Data: strings.Trim(line, "[]"), Message: 5}
		u.Query = fmt.Sprintf("q%d", u.ID)
	default:
		u.Event = flows.Text{Text: line}
	}
	return u
}

// testStep is a small core: it echoes, and does what commands tell it to.
func testStep(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
	s = s.Clone()
	var out []flows.Effect
	say := func(class flows.Class, text string, reminder uint64) {
		s.Messages++
		out = append(out, flows.Say{Message: flows.Message{Number: s.Messages, Text: text, Class: class, Reminder: reminder}})
	}
	record := func(kind string, value any) {
		s.Entries++
		out = append(out, flows.Record{Entry: flows.Entry{Seq: s.Entries, Episode: s.Episode.Number, At: now, Kind: kind, Value: value}})
	}
	switch e := ev.(type) {
	case flows.Text:
		record(flows.EntryAnswer, e.Text)
		say(flows.Reply, e.Text, 0)
	case flows.Button:
		out = append(out, flows.Toast{Text: "toast " + e.Data})
		record(flows.EntryAnswer, e.Data)
	case flows.Due:
		testDue(&s, e.IDs, say, &out)
	case flows.Blocked:
		s.Inactive, s.Pending = true, nil
		record(flows.EntryBlocked, nil)
	case flows.Command:
		n, _ := strconv.Atoi(e.Args)
		switch e.Name {
		case "push", "off":
			for i := range max(n, 1) {
				say(map[string]flows.Class{"push": flows.Push, "off": flows.TakeOff}[e.Name], fmt.Sprintf("%s %d", e.Name, i), 0)
			}
		case "edit":
			s.Messages++
			out = append(out, flows.Say{Message: flows.Message{Number: s.Messages, Text: "edit", Edit: int64(n), Class: flows.Reply}})
		case "panic":
			panic("secret words of " + e.Args)
		case "nan":
			say(flows.Reply, "never", 0)
			record(flows.EntryAnswer, math.NaN())
		case "spasm":
			if s.Episode.Live() {
				record(flows.EntryEnd, nil)
				out[len(out)-1] = flows.Record{Entry: flows.Entry{
					Seq: s.Entries, Episode: s.Episode.Number, At: now, Kind: flows.EntryEnd, Choice: "restarted",
				}}
			}
			s.Episode = flows.Episode{Number: s.Episode.Number + 1, Flow: "spasm", Started: now}
			record(flows.EntryStart, nil)
		case "remind": // kind delay
			kind, delay, _ := strings.Cut(e.Args, " ")
			d, err := time.ParseDuration(delay)
			if err != nil {
				panic(err)
			}
			s.Reminders++
			r := flows.Reminder{ID: s.Reminders, Kind: kind, Phase: phaseOf(kind), Due: now.Add(d), Track: kind}
			s.Pending = append(s.Pending, r)
			out = append(out, flows.Remind{Reminder: r})
		}
	}
	return s, out
}

func phaseOf(kind string) flows.Phase {
	if strings.HasSuffix(kind, "-off") {
		return flows.PhaseTakeOff
	}
	return flows.PhaseTick
}

// testDue answers a backlog with one message, which delivers the first timer.
func testDue(s *flows.State, ids []uint64, say func(flows.Class, string, uint64), out *[]flows.Effect) {
	class, text := flows.Push, fmt.Sprintf("due %v", ids)
	for i, id := range ids {
		at := slices.IndexFunc(s.Pending, func(r flows.Reminder) bool { return r.ID == id })
		if at < 0 {
			panic("told of a timer that is not pending")
		}
		switch r := s.Pending[at]; {
		case r.Kind == "bomb":
			panic("bomb")
		case r.Phase == flows.PhaseTakeOff:
			class = flows.TakeOff
		case r.Phase == flows.PhaseLook || r.Sign:
			class = flows.Sign
		}
		s.Pending = slices.Delete(s.Pending, at, at+1)
		if i > 0 {
			*out = append(*out, flows.Settle{ID: id, State: flows.Merged})
		}
	}
	say(class, text, ids[0])
}
