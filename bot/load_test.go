package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// torture says that the long versions of tests are wanted.
func torture() bool { return os.Getenv("SPASMBOT_TORTURE") != "" }

// line is a messenger of whom a test says what it does. What is nil does
// nothing.
type line struct {
	poll func(ctx context.Context, offset int64) ([]chat.Update, int64, error)
	send func(ctx context.Context, m chat.Outgoing) error

	mu   sync.Mutex
	sent int64
}

func (l *line) Poll(ctx context.Context, offset int64) ([]chat.Update, int64, error) {
	return l.poll(ctx, offset)
}

func (l *line) Send(ctx context.Context, m chat.Outgoing) (chat.Sent, error) {
	if err := l.send(ctx, m); err != nil {
		return chat.Sent{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	return chat.Sent{ID: l.sent}, nil
}

func (l *line) Me(context.Context) (chat.Me, error)          { return chat.Me{ID: 1}, nil }
func (l *line) Answer(context.Context, string, string) error { return nil }
func (l *line) SetProfile(context.Context, chat.ProfilePart, string, chat.Profile) error {
	return nil
}
func (l *line) DeleteWebhook(context.Context) error { return nil }
func (l *line) ServerTime() (time.Time, bool)       { return time.Time{}, false }

// inbox is the messenger's queue of updates, in memory.
type inbox struct {
	mu      sync.Mutex
	next    int64
	waiting []chat.Update
	arrived chan struct{}
}

func newInbox() *inbox { return &inbox{next: 1, arrived: make(chan struct{}, 1)} }

func (b *inbox) write(user int64, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, chat.Update{ID: b.next, User: user, Chat: user, Private: true, Event: flows.Text{Text: text}})
	b.next++
	select {
	case b.arrived <- struct{}{}:
	default:
	}
}

func (b *inbox) poll(ctx context.Context, offset int64) ([]chat.Update, int64, error) {
	for {
		b.mu.Lock()
		n := min(len(b.waiting), 100)
		batch := b.waiting[:n:n]
		b.waiting = b.waiting[n:]
		b.mu.Unlock()
		if n > 0 {
			return batch, batch[n-1].ID + 1, nil
		}
		select {
		case <-b.arrived:
		case <-ctx.Done():
			return nil, offset, &chat.Error{Method: "getUpdates", Kind: chat.Cancelled}
		}
	}
}

// overdueStep pushes what is due and replies to words with their own.
func overdueStep(s flows.State, ev flows.Event, _ time.Time) (flows.State, []flows.Effect) {
	s = s.Clone()
	m := flows.Message{Class: flows.Reply}
	switch e := ev.(type) {
	case flows.Text:
		m.Text = e.Text
	case flows.Due:
		m.Class, m.Text, m.Reminder = flows.Push, "due", e.IDs[0]
		s.Pending = nil
	default:
		return s, nil
	}
	s.Messages++
	m.Number = s.Messages
	return s, []flows.Effect{flows.Say{Message: m}}
}

// TestBacklog: after an outage two thousand people are owed a reminder, ten
// thousand in the long version. They get it within the limits, and people who
// type are answered as ever.
func TestBacklog(t *testing.T) {
	const typing, rate = 50, 30
	people := 2000
	if torture() {
		people = 10_000
	}
	file := bot.MemoryFile(t)
	synctest.Test(t, func(t *testing.T) {
		store := bot.OpenStore(t, file)
		owe(t, store, int64(people))
		in := newInbox()
		var mu sync.Mutex
		var calls []time.Time
		byChat := map[int64][]time.Time{}
		asked := map[string]time.Time{}
		var waits []time.Duration
		l := &line{poll: in.poll, send: func(_ context.Context, m chat.Outgoing) error {
			mu.Lock()
			now := time.Now()
			calls = append(calls, now)
			byChat[m.Chat] = append(byChat[m.Chat], now)
			if at, ok := asked[m.Text]; ok {
				waits = append(waits, now.Sub(at))
			}
			mu.Unlock()
			time.Sleep(40 * time.Millisecond)
			return nil
		}}
		b, err := bot.New(bot.Config{Store: store, Gateway: l, Step: overdueStep, Rate: rate, ChatRate: 1})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		begun, rng := time.Now(), rand.New(rand.NewPCG(1, 2))
		for n := 0; time.Since(begun) < time.Duration(people/rate+150)*time.Second; n++ {
			// Half of those who type are owed a reminder, too.
			user, text := int64(people-typing/2+rng.IntN(typing)), fmt.Sprint("words ", n)
			mu.Lock()
			asked[text] = time.Now()
			mu.Unlock()
			in.write(user, text)
			time.Sleep(time.Duration(rng.IntN(400)) * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if want := people + len(asked); len(calls) != want {
			t.Errorf("%d messages were sent, want %d", len(calls), want)
		}
		if most := densest(calls, time.Second); most > rate {
			t.Errorf("%d messages within a second", most)
		}
		for user, at := range byChat {
			// A burst of three, and one a second after that.
			if most := densest(at, 10*time.Second); most > 3+10 {
				t.Errorf("%d messages to %d within ten seconds", most, user)
			}
		}
		slices.Sort(waits)
		p99 := waits[len(waits)*99/100]
		t.Logf("%d replies: half within %v, 99 of 100 within %v, all within %v", len(waits), waits[len(waits)/2], p99, waits[len(waits)-1])
		if p99 > 2*time.Second || len(waits) != len(asked) {
			t.Errorf("%d replies of %d, 99 of 100 within %v", len(waits), len(asked), p99)
		}
	})
}

// owe arms a reminder for each of so many people that was due an hour ago.
func owe(t *testing.T, store storage.Store, people int64) {
	t.Helper()
	due := time.Now().Add(-time.Hour)
	for from := int64(1); from <= people; from += 1000 {
		err := store.Update(t.Context(), func(tx storage.Tx) error {
			for user := from; user < from+1000; user++ {
				r := flows.Reminder{ID: 1, Kind: "water", Due: due}
				if err := tx.PutState(flows.State{User: user, Reminders: 1, Pending: []flows.Reminder{r}}); err != nil {
					return err
				}
				if err := tx.PutReminder(storage.Reminder{User: user, Reminder: r, State: flows.Armed}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// densest is the most calls that any window of the width holds, its end left
// out.
func densest(calls []time.Time, width time.Duration) (most int) {
	from := 0
	for i, at := range calls {
		for at.Sub(calls[from]) >= width {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}
