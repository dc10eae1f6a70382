package bottest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// patient is somebody an hour into the acute phase, as the engine leaves them:
// a glass of water is due next, and nothing else within the half hour.
type patient struct {
	state    flows.State
	timers   []flows.Reminder
	timeline []flows.Entry
	due      time.Time
}

// newPatient plays the hour before due.
func newPatient(b *testing.B, cat *lang.Catalog, due time.Time) *patient {
	b.Helper()
	a := playPatient(b, cat, due.Add(-time.Hour), time.Hour-time.Minute)
	next := a.timers[0].Due
	for _, r := range a.timers {
		if r.Kind == "water" {
			a.due = r.Due
		}
		if r.Due.Before(next) {
			next = r.Due
		}
	}
	if !a.due.Equal(due) || !next.Equal(due) || len(a.timers) != timersEach {
		b.Fatalf("an hour into the acute phase %v are armed, want water at %v as the first of %d", a.timers, due, timersEach)
	}
	return a
}

// playPatient plays a time with the first of the willing.
func playPatient(b *testing.B, cat *lang.Catalog, from time.Time, d time.Duration) *patient {
	b.Helper()
	p := transcript.New(cat)
	p.Now = from
	pressed := make(map[string]bool)
	// A press shows new buttons: it goes on until none is left to press.
	var answer func()
	answer = func() {
		for _, m := range p.Chat {
			for _, key := range slices.Concat(m.Keyboard...) {
				label := func(labels []string) bool { return labels[0] == key.Label }
				if pressed[key.Data] || !slices.ContainsFunc(willing, label) {
					continue
				}
				pressed[key.Data] = true
				if err := p.Press(key.Label); err != nil {
					b.Fatal(err)
				}
				answer()
				return
			}
		}
	}
	if err := p.Do(flows.Command{Name: "spasm"}); err != nil {
		b.Fatal(err)
	}
	answer()
	if err := p.Wait(d, answer); err != nil {
		b.Fatal(err)
	}
	return &patient{state: p.State(), timeline: p.Timeline, timers: slices.Collect(maps.Values(p.Timers))}
}

// timersEach is how many timers an hour into the acute phase are armed, and so
// many entries of each timeline are kept.
const timersEach = 6

func (a *patient) put(tx storage.Tx, user int64) error {
	s := a.state
	s.User = user
	if err := tx.PutState(s); err != nil {
		return err
	}
	if err := tx.PutEpisode(storage.Episode{User: user, Episode: s.Episode}); err != nil {
		return err
	}
	for _, e := range a.timeline[len(a.timeline)-timersEach:] {
		if err := tx.PutEntry(storage.Entry{User: user, Entry: e}); err != nil {
			return err
		}
	}
	for _, r := range a.timers {
		if err := tx.PutReminder(storage.Reminder{User: user, Reminder: r, State: flows.Armed}); err != nil {
			return err
		}
	}
	return nil
}

// ward is a database full of patients.
type ward struct {
	*host
	b     *testing.B
	cat   *lang.Catalog
	zone  string
	total int
	taken int
	sent  atomic.Int64
}

// newWard makes room for a number of people. It is noon where they live: their
// nights are far.
func newWard(b *testing.B, people int) *ward {
	b.Helper()
	w := &ward{host: newHost(b, 1), b: b, total: people}
	w.zone = fmt.Sprintf("Etc/GMT%+d", time.Now().UTC().Hour()-12) // POSIX: west is positive
	w.cat = loadFlows(b, "", w.zone)
	b.Setenv("SPASMBOT_ZONE", w.zone)
	return w
}

// user scatters the people over the file: those who are due together are no
// neighbours.
func (w *ward) user(i int) int64 {
	const prime = 1_000_003
	return 5_000_000_000 + int64(i)*prime%int64(w.total)
}

// admit takes in n more people: of each, a glass of water is due at a time.
func (w *ward) admit(n int, due func(i int) time.Time) []int64 {
	w.b.Helper()
	store, err := boltstore.Open(w.db)
	if err != nil {
		w.b.Fatal(err)
	}
	patients := make(map[time.Time]*patient)
	users := make([]int64, n)
	for i := range users {
		users[i] = w.user(w.taken + i)
	}
	w.taken += n
	for from := 0; from < n; from += 1000 {
		if err := store.Update(w.b.Context(), func(tx storage.Tx) error {
			for i := from; i < min(from+1000, n); i++ {
				at := due(i)
				if patients[at] == nil {
					patients[at] = newPatient(w.b, w.cat, at)
				}
				if err := patients[at].put(tx, users[i]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			w.b.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		w.b.Fatal(err)
	}
	return users
}

// fill takes in whoever is missing, who are due long after.
func (w *ward) fill(reserved int) {
	w.b.Helper()
	later := time.Now().Truncate(time.Second).Add(2 * time.Hour)
	w.admit(w.total-reserved, func(i int) time.Time { return later.Add(time.Duration(i%600) * time.Second) })
}

// meet lets people have written to the bot before, who may be written to then.
func (w *ward) meet(users []int64) {
	w.b.Helper()
	for _, user := range users {
		w.sim.Person(user).SendCommand("/start")
	}
	confirm := func(offset int) (last int) {
		resp, err := http.PostForm(w.url+"/bot"+simulator.DefaultToken+"/getUpdates", url.Values{"offset": {strconv.Itoa(offset)}})
		if err != nil {
			w.b.Fatal(err)
		}
		defer resp.Body.Close()
		var reply struct {
			Result []struct {
				ID int `json:"update_id"`
			} `json:"result"`
		}
		if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil {
			w.b.Fatal(err)
		}
		for _, u := range reply.Result {
			last = u.ID
		}
		return last
	}
	confirm(confirm(-1) + 1)
	if w.sim.Pending() > 0 {
		w.b.Fatalf("%d updates are left", w.sim.Pending())
	}
}

// begin starts the bot, and returns how long it took until it asked for
// updates.
func (w *ward) begin(rate, chatRate float64) time.Duration {
	w.b.Helper()
	polled := make(chan struct{})
	var once sync.Once
	w.sent.Store(0)
	w.sim.SetFault(func(c simulator.Call) *simulator.Fault {
		switch c.Method {
		case "getUpdates":
			once.Do(func() { close(polled) })
		case "sendMessage":
			w.sent.Add(1)
		}
		return nil
	})
	if _, err := binary(); err != nil {
		w.b.Fatal(err)
	}
	begun := time.Now()
	w.startAt(rate, chatRate)
	select {
	case <-polled:
	case <-time.After(time.Minute):
		w.b.Fatalf("the bot does not poll:\n%s", w.log.String())
	}
	return time.Since(begun)
}

// delivered waits for n messages.
func (w *ward) delivered(n int) {
	w.b.Helper()
	deadline := time.Now().Add(5 * time.Minute)
	for w.sent.Load() < int64(n) {
		if time.Now().After(deadline) {
			w.b.Fatalf("%d messages of %d came:\n%s", w.sent.Load(), n, w.log.String())
		}
		time.Sleep(5 * time.Millisecond)
	}
}
