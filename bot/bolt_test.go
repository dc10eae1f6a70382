package bot_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// crowd is a messenger with people who write as soon as they are answered.
type crowd struct {
	mu      sync.Mutex
	next    int64
	left    int
	waiting []chat.Update
	arrived chan struct{}
	done    chan struct{}
	open    int
}

func newCrowd(people, turns int) *crowd {
	c := &crowd{next: 1, left: turns, arrived: make(chan struct{}, 1), done: make(chan struct{}), open: turns}
	for user := range people {
		c.write(int64(user + 1))
	}
	return c
}

// write is called with mu held, or before the crowd is used.
func (c *crowd) write(user int64) {
	if c.left == 0 {
		return
	}
	c.left--
	c.waiting = append(c.waiting, chat.Update{
		ID: c.next, User: user, Chat: user, Private: true, Query: "q", Event: flows.Button{Data: "next", Message: 1},
	})
	c.next++
	select {
	case c.arrived <- struct{}{}:
	default:
	}
}

func (c *crowd) Poll(ctx context.Context, offset int64) ([]chat.Update, int64, error) {
	for {
		c.mu.Lock()
		n := min(len(c.waiting), 100)
		batch := c.waiting[:n:n]
		c.waiting = c.waiting[n:]
		c.mu.Unlock()
		if n > 0 {
			return batch, batch[n-1].ID + 1, nil
		}
		select {
		case <-c.arrived:
		case <-ctx.Done():
			return nil, offset, &chat.Error{Method: "getUpdates", Kind: chat.Cancelled}
		}
	}
}

func (c *crowd) Send(_ context.Context, m chat.Outgoing) (chat.Sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write(m.Chat)
	if c.open--; c.open == 0 {
		close(c.done)
	}
	return chat.Sent{ID: 1}, nil
}

func (c *crowd) Me(context.Context) (chat.Me, error)          { return chat.Me{}, nil }
func (c *crowd) Answer(context.Context, string, string) error { return nil }
func (c *crowd) SetProfile(context.Context, chat.ProfilePart, string, chat.Profile) error {
	return nil
}
func (c *crowd) DeleteWebhook(context.Context) error { return nil }
func (c *crowd) ServerTime() (time.Time, bool)       { return time.Time{}, false }

func echo(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
	s = s.Clone()
	s.Messages++
	s.Entries++
	text := "What a press is answered with: some hundred letters of text, as a step of a flow would have it, more or less."
	return s, []flows.Effect{
		flows.Record{Entry: flows.Entry{Seq: s.Entries, At: now, Kind: flows.EntryAnswer, Choice: "next"}},
		flows.Say{Message: flows.Message{
			Number: s.Messages, Class: flows.Reply, Text: text,
			Keyboard: [][]flows.Key{{{Label: "next", Data: "next"}}},
		}},
	}
}

// run lets a crowd talk to a bot on a real database.
func run(t testing.TB, people, turns int) *boltstore.Store {
	t.Helper()
	store := bot.OpenStore(t, filepath.Join(t.TempDir(), "bot.db"))
	c := newCrowd(people, turns)
	b, err := bot.New(bot.Config{Store: store, Gateway: c, Step: echo})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	<-c.done
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return store
}

func TestOnARealDatabase(t *testing.T) {
	const people, turns = 20, 500
	store := run(t, people, turns)
	var sent, entries int
	err := store.View(t.Context(), func(r storage.Reader) error {
		for m, err := range r.Messages() {
			if err != nil {
				return err
			}
			if m.State == storage.Sent && m.Text == "" {
				sent++
			}
		}
		for _, err := range r.Entries() {
			if err != nil {
				return err
			}
			entries++
		}
		return nil
	})
	if err != nil || sent != turns || entries != turns {
		t.Errorf("%d messages sent, %d entries, want %d each; %v", sent, entries, turns, err)
	}
}

// BenchmarkTurns measures turns with everything durable, a hundred people at
// once and a messenger that takes no time.
func BenchmarkTurns(b *testing.B) {
	run(b, 100, b.N)
}
