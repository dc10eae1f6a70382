package bottest

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/simulator"
	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// lab is a bot with a small core on a server that refuses: what the error table
// says is seen from both ends.
type lab struct {
	t     *testing.T
	store *boltstore.Store
	bot   *bot.Bot
	log   lockedBuffer
	step  bot.StepFunc // labStep if there is none

	mu    sync.Mutex
	user  int64            // whom the calls are for
	plan  *simulator.Fault // what the next of them meets
	calls []simulator.Call // since it was planned
}

// run runs f beside the bot.
func (l *lab) run(f func(*simulator.Server)) {
	l.t.Helper()
	file := filepath.Join(memoryDir(l.t), "bot.db")
	synctest.Test(l.t, func(t *testing.T) {
		sim := simulator.New(simulator.Config{Fault: l.meet, OnCall: l.note})
		memory := sim.InMemory()
		defer memory.Close()
		l.start(t, file, memory)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- l.bot.Run(ctx) }()
		synctest.Wait()
		f(sim)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := l.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (l *lab) start(t *testing.T, file string, memory *simulator.Memory) {
	t.Helper()
	store, err := boltstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	logger := newLogger(&l.log)
	shown := flows.NewMedia("p.png", picture(t, 60, 40))
	l.store = store
	if l.step == nil {
		l.step = labStep
	}
	l.bot, err = bot.New(bot.Config{
		Store: store, Gateway: gatewayTo(t, memory.URL(), memory.Transport(), logger), Step: l.step, Logger: logger,
		Media:      func(string) (flows.Media, bool) { return shown, true },
		GroupReply: func(string) (string, [][]flows.Key) { return "in private", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
}

// labStep says, edits and shows on demand, and keeps one timer.
func labStep(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
	s = s.Clone()
	m := flows.Message{Text: "<b>words</b>", Class: flows.Reply}
	switch e := ev.(type) {
	case flows.Blocked:
		s.Inactive = true
		var out []flows.Effect
		for _, p := range s.Pending {
			out = append(out, flows.Settle{ID: p.ID, State: flows.Cancelled})
		}
		s.Pending = nil
		return s, out
	case flows.Unblocked:
		s.Inactive = false
		return s, nil
	case flows.Command: // /remind
		s.Reminders++
		r := flows.Reminder{ID: s.Reminders, Kind: "water", Due: now.Add(time.Hour)}
		s.Pending = append(s.Pending, r)
		return s, []flows.Effect{flows.Remind{Reminder: r}}
	case flows.Due:
		m.Class, m.Reminder = flows.Push, e.IDs[0]
		s.Pending = nil
	case flows.Button:
		switch e.Data {
		case "edit":
			m.Edit = e.Message
		case "strip":
			m.Edit, m.Text = e.Message, ""
		}
	case flows.Text:
		switch e.Text {
		case "picture":
			m.Picture = "p"
		case "behind":
			m.Text = "behind"
		case "ask":
			m.Keyboard = [][]flows.Key{{{Label: "Yes", Data: "yes"}}}
		}
		s.Inactive = false
	}
	s.Messages++
	m.Number = s.Messages
	return s, []flows.Effect{flows.Say{Message: m}}
}

// refuse plans the fault of a person's next call.
func (l *lab) refuse(user int64, f simulator.Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.user, l.plan, l.calls = user, &f, nil
}

func (l *lab) meet(c simulator.Call) *simulator.Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.plan == nil {
		return nil
	}
	// Answers do not say for whom they are, but one person at a time is looked
	// at.
	about := c.ChatID == l.user
	if strings.Contains(strings.ToLower(l.plan.Description), "query") {
		about = c.Method == "answerCallbackQuery"
	}
	if !about {
		return nil
	}
	f := l.plan
	l.plan = nil
	return f
}

func (l *lab) note(c simulator.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.ChatID == l.user || c.Method == "answerCallbackQuery" {
		l.calls = append(l.calls, c)
	}
}

// called tells the calls since the fault was planned.
func (l *lab) called() []simulator.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}

// latest is the newest row of a person's outbox, and the person.
func (l *lab) latest(user int64) (m storage.Message, s flows.State) {
	l.t.Helper()
	err := l.store.View(l.t.Context(), func(r storage.Reader) (err error) {
		if s, err = r.State(user); err == nil {
			m, err = r.Message(user, s.Messages)
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return m, s
}
