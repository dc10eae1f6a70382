package bottest

import (
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
)

// lateLine is what lies between a bot and the server on a loaded machine: most
// requests pass at once, some only after a while, all of them when it stands still.
type lateLine struct {
	next http.RoundTripper

	mu  sync.Mutex
	rng *rand.Rand
}

// standstill is how long nothing leaves, once every ten times as long.
const standstill = 700 * time.Millisecond

func (l *lateLine) late(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if into := time.Duration(now.UnixNano()) % (10 * standstill); into < standstill {
		return standstill - into
	}
	if l.rng.IntN(4) == 0 {
		return time.Duration(l.rng.Int64N(int64(400 * time.Millisecond)))
	}
	return 0
}

func (l *lateLine) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "/send") {
		time.Sleep(l.late(time.Now()))
	}
	return l.next.RoundTrip(r)
}

// However late calls leave the machine, no second has more than thirty arrivals at
// the server.
func TestArrivalsKeepTheRate(t *testing.T) {
	t.Parallel()
	const rate, people = 30, 900
	file := filepath.Join(memoryDir(t), "bot.db")
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{t: t, sim: simulator.New(simulator.Config{BotUsername: "back_bot"}), file: file, quiet: true}
		b.memory = b.sim.InMemory()
		defer b.memory.Close()
		b.line = func(next http.RoundTripper) http.RoundTripper {
			return &lateLine{next: next, rng: rand.New(rand.NewPCG(3, 4))}
		}
		b.start(file, rates{Rate: rate, ChatRate: 1})
		for i := range people {
			b.sim.Person(5_000_000_000 + int64(i)).SendCommand("/spasm")
		}
		time.Sleep(3 * time.Minute)
		b.finish()
		var arrived []time.Time
		greeted := make(map[int64]bool)
		for call := range b.sim.Calls("sendMessage") {
			arrived = append(arrived, call.Real)
			greeted[call.ChatID] = true
		}
		slices.SortFunc(arrived, time.Time.Compare)
		for i := rate; i < len(arrived); i++ {
			if d := arrived[i].Sub(arrived[i-rate]); d < time.Second {
				t.Errorf("%d calls arrived within %v", rate+1, d)
				break
			}
		}
		if len(greeted) != people {
			t.Errorf("%d people of %d were answered", len(greeted), people)
		}
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
	})
}
