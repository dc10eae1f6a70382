package bot_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// talk is many people who write at once over a line with faults of every kind,
// each a few messages ahead of the answers.
type talk struct {
	mu   sync.Mutex
	rng  *rand.Rand
	left int
	next int64
	// written and answered count by person; doubtful holds the answer that
	// arrived though the bot was told otherwise.
	written, answered []int
	doubtful          []int
	// again counts how often the answer in doubtful has arrived; after three
	// times it may come late.
	again  []int
	parked map[[2]int]bool
	room   chan struct{}
	done   chan struct{}

	faults, doubled int
	problems        []string
}

const mostAhead = 6

func newTalk(people, updates int) *talk {
	return &talk{
		rng: rand.New(rand.NewPCG(3, 4)), left: updates, next: 1,
		written: make([]int, people), answered: make([]int, people), doubtful: make([]int, people),
		again: make([]int, people), parked: make(map[[2]int]bool),
		room: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

func (k *talk) poll(ctx context.Context, offset int64) ([]chat.Update, int64, error) {
	for {
		k.mu.Lock()
		var batch []chat.Update
		for range 1 + k.rng.IntN(100) {
			if who := k.rng.IntN(len(k.written)); k.left > 0 && k.written[who]-k.answered[who] < mostAhead {
				k.written[who]++
				k.left--
				user := int64(who + 1)
				batch = append(batch, chat.Update{
					ID: k.next, User: user, Chat: user, Private: true, Event: flows.Text{Text: strconv.Itoa(k.written[who])},
				})
				k.next++
			}
		}
		fails := k.rng.IntN(100) == 0
		k.mu.Unlock()
		if fails { // and comes again
			time.Sleep(time.Second)
		}
		if len(batch) > 0 {
			return batch, batch[len(batch)-1].ID + 1, nil
		}
		select {
		case <-k.room:
		case <-ctx.Done():
			return nil, offset, &chat.Error{Method: "getUpdates", Kind: chat.Cancelled}
		}
	}
}

func (k *talk) send(_ context.Context, m chat.Outgoing) error {
	k.mu.Lock()
	latency := time.Duration(k.rng.IntN(60)) * time.Millisecond
	fault := k.rng.IntN(100)
	k.mu.Unlock()
	time.Sleep(latency)
	k.mu.Lock()
	defer k.mu.Unlock()
	failed := func(kind chat.Kind, maybe bool) error {
		k.faults++
		return &chat.Error{Method: "sendMessage", Kind: kind, Code: 500, MaybeApplied: maybe, RetryAfter: time.Duration(1+fault%5) * time.Second}
	}
	switch {
	case fault < 3:
		return failed(chat.Retry, false)
	case fault < 5:
		return failed(chat.Limited, false)
	}
	k.arrive(int(m.Chat)-1, m.Text)
	if fault < 8 {
		k.doubt(int(m.Chat)-1, m.Text)
		return failed(chat.Retry, true)
	}
	return nil
}

// arrive is called with mu held.
func (k *talk) arrive(who int, text string) {
	n, err := strconv.Atoi(text)
	switch want := k.answered[who] + 1; {
	case err == nil && n == want:
		k.answered[who] = n
		select {
		case k.room <- struct{}{}:
		default:
		}
		if k.left == 0 && k.over() {
			close(k.done)
		}
	case err == nil && n == want-1 && k.doubtful[who] == n, k.parked[[2]int{who, n}]:
		k.doubled++
	default:
		k.problems = append(k.problems, fmt.Sprintf("person %d got %q, want %d", who, text, want))
	}
}

// doubt is called with mu held.
func (k *talk) doubt(who int, text string) {
	n, _ := strconv.Atoi(text)
	if n != k.answered[who] {
		return // it was parked
	}
	if k.doubtful[who] != n {
		k.doubtful[who], k.again[who] = n, 0
	}
	if k.again[who]++; k.again[who] == 3 {
		k.parked[[2]int{who, n}] = true
	}
}

func (k *talk) over() bool {
	for who := range k.written {
		if k.written[who] != k.answered[who] {
			return false
		}
	}
	return true
}

// moody is a store that fails now and then.
type moody struct {
	storage.Store
	mu  sync.Mutex
	rng *rand.Rand
}

func (m *moody) Update(ctx context.Context, fn func(storage.Tx) error) error {
	m.mu.Lock()
	fails := m.rng.IntN(500) == 0
	m.mu.Unlock()
	if fails {
		return errors.New("disk full")
	}
	return m.Store.Update(ctx, fn)
}

// TestOrder: whatever fails, nobody gets a message before an earlier one, twice
// without need, or not at all.
func TestOrder(t *testing.T) {
	people, updates := 300, 20_000
	if torture() {
		people, updates = 1000, 1_000_000
	}
	file := bot.MemoryFile(t)
	synctest.Test(t, func(t *testing.T) {
		store := bot.OpenStore(t, file)
		k := newTalk(people, updates)
		b, err := bot.New(bot.Config{
			Store: &moody{Store: store, rng: rand.New(rand.NewPCG(5, 6))}, Gateway: &line{poll: k.poll, send: k.send}, Step: overdueStep,
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		begun := time.Now()
		select {
		case <-k.done:
		case <-time.After(1000 * time.Hour):
			t.Error("not everything was answered")
		}
		took := time.Since(begun)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if len(k.problems) > 0 {
			t.Errorf("%d inversions or losses, such as %q", len(k.problems), k.problems[:min(5, len(k.problems))])
		}
		t.Logf("%d messages in order through %d faults in %v, %d of them twice", updates, k.faults, took, k.doubled)
	})
}
