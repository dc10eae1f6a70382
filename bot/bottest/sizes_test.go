package bottest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

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
	p := transcript.New(cat)
	p.Now = due.Add(-time.Hour)
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
	if err := p.Wait(time.Hour-time.Minute, answer); err != nil {
		b.Fatal(err)
	}
	a := &patient{state: p.State(), timeline: p.Timeline}
	for _, r := range p.Timers {
		a.timers = append(a.timers, r)
		if r.Kind == "water" {
			a.due = r.Due
		}
	}
	if next, _ := p.NextDue(); !a.due.Equal(due) || !next.Equal(due) || len(a.timers) != timersEach {
		b.Fatalf("an hour into the acute phase %v are armed, want water at %v as the first of %d", a.timers, due, timersEach)
	}
	return a
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
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(simulator.DefaultToken, w.url+"/bot%s/%s")
	if err != nil {
		w.b.Fatal(err)
	}
	last, err := api.GetUpdates(tgbotapi.UpdateConfig{Offset: -1})
	if err == nil {
		_, err = api.GetUpdates(tgbotapi.UpdateConfig{Offset: last[0].UpdateID + 1})
	}
	if err != nil || w.sim.Pending() > 0 {
		w.b.Fatalf("%d updates are left: %v", w.sim.Pending(), err)
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

// lateness is how long after they were due the people's glasses of water came,
// ascending.
func (w *ward) lateness(users []int64) []time.Duration {
	w.b.Helper()
	store, err := boltstore.Open(w.db, boltstore.ReadOnly())
	if err != nil {
		w.b.Fatal(err)
	}
	defer store.Close()
	var late []time.Duration
	err = store.View(w.b.Context(), func(r storage.Reader) error {
		for _, user := range users {
			s, err := r.State(user)
			if err != nil {
				return err
			}
			last := s.Messages // the message of the reminder is the last one
			m, err := r.Message(user, last)
			if err != nil {
				return err
			}
			rem, err := r.Reminder(user, m.Reminder)
			if err != nil {
				return err
			}
			if rem.Kind != "water" || rem.State != flows.Sent {
				return fmt.Errorf("a reminder of %s is %s, its message %s %s", rem.Kind, rem.State, m.State, m.Cause)
			}
			late = append(late, rem.Sent.Sub(rem.Due))
		}
		return nil
	})
	if err != nil {
		w.b.Fatal(err)
	}
	slices.Sort(late)
	return late
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// resident is the memory of the bot's process that is in RAM, in MiB: its own,
// and the pages of the file that it has mapped.
func (w *ward) resident() (own, file float64) {
	w.b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		w.b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		switch fields[0] {
		case "RssAnon:", "RssFile:":
			n, err := strconv.ParseFloat(fields[1], 64)
			if err != nil {
				w.b.Fatal(err)
			}
			if fields[0] == "RssAnon:" {
				own = n / 1024
			} else {
				file = n / 1024
			}
		}
	}
	return own, file
}

// used is the CPU time of the bot's process so far.
func (w *ward) used() time.Duration {
	w.b.Helper()
	pid := w.cmd.Process.Pid
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(tasks) == 0 {
		w.b.Fatalf("no tasks of process %d: %v", pid, err)
	}
	var sum time.Duration
	for _, task := range tasks {
		stat, err := os.ReadFile(task)
		if err != nil {
			continue // it has just ended
		}
		ns, err := strconv.ParseInt(strings.Fields(string(stat))[0], 10, 64)
		if err != nil {
			w.b.Fatal(err)
		}
		sum += time.Duration(ns)
	}
	return sum
}

// opening is how long it takes to open the file: the median of nine.
func (w *ward) opening() time.Duration {
	w.b.Helper()
	took := make([]time.Duration, 9)
	for i := range took {
		begun := time.Now()
		store, err := boltstore.Open(w.db)
		took[i] = time.Since(begun)
		if err != nil {
			w.b.Fatal(err)
		}
		if err := store.Close(); err != nil {
			w.b.Fatal(err)
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// BenchmarkPendingReminders runs the program on files of growing size. So many
// timers are armed, and as many entries are on the timelines. Of each file it
// tells how it is opened and how much memory it takes, how late the reminders
// come at Telegram's pace, and what a reminder costs of some hundreds that come
// due at once.
func BenchmarkPendingReminders(b *testing.B) {
	const paced, perSecond, bursts, burst = 290, 29, 5, 270
	var smallest float64
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			for b.Loop() {
				w := newWard(b, (size+timersEach-1)/timersEach)
				w.fill(paced + bursts*burst)
				first := w.begin(30, 1)
				_, firstFile := w.resident()
				w.stop()
				from := time.Now().Truncate(time.Second).Add(20 * time.Second)
				slow := w.admit(paced, func(i int) time.Time { return from.Add(time.Duration(i) * time.Second / perSecond) })
				burstAt := func(i int) time.Time { return from.Add(time.Duration(paced/perSecond+5*(1+i)) * time.Second) }
				fast := w.admit(bursts*burst, func(i int) time.Time { return burstAt(i / burst) })
				w.meet(slices.Concat(slow, fast))
				info, err := os.Stat(w.db)
				if err != nil {
					b.Fatal(err)
				}
				opened := w.opening()

				start := w.begin(30, 1)
				w.delivered(paced)
				own, file := w.resident()
				w.stop()
				late := w.lateness(slow)

				var costs, rates []float64
				w.begin(0, 0)
				for i := range bursts {
					time.Sleep(time.Until(burstAt(i).Add(-200 * time.Millisecond)))
					before := w.used()
					w.delivered((i + 1) * burst)
					costs = append(costs, float64((w.used()-before).Microseconds())/burst)
				}
				w.stop()
				for i := range bursts {
					last := quantile(w.lateness(fast[i*burst:(i+1)*burst]), 1)
					rates = append(rates, burst/last.Seconds())
				}
				if smallest == 0 {
					smallest = median(costs)
				}

				b.ReportMetric(float64(info.Size())/(1<<20), "file-MiB")
				b.ReportMetric(own, "own-MiB")
				b.ReportMetric(file, "mapped-MiB")
				b.ReportMetric(milliseconds(opened), "open-ms")
				b.ReportMetric(milliseconds(start), "start-ms")
				b.ReportMetric(milliseconds(first), "first-start-ms")
				b.ReportMetric(firstFile, "first-mapped-MiB")
				b.ReportMetric(milliseconds(quantile(late, 0.5)), "p50-late-ms")
				b.ReportMetric(milliseconds(quantile(late, 0.99)), "p99-late-ms")
				b.ReportMetric(median(costs), "cpu-µs/reminder")
				b.ReportMetric(median(rates), "reminders/s")
				b.ReportMetric(median(costs)/smallest, "cpu-of-smallest")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// BenchmarkOneMinute is a minute in which many reminders come due, evenly, with
// no limit but what the bot can do.
func BenchmarkOneMinute(b *testing.B) {
	for _, people := range []int{1_000, 10_000, 100_000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			for b.Loop() {
				w := newWard(b, people)
				// Time enough to take them in.
				from := time.Now().Truncate(time.Second).Add(10*time.Second + time.Duration(people)*time.Millisecond)
				users := w.admit(people, func(i int) time.Time {
					return from.Add(time.Duration(i) * time.Minute / time.Duration(people)).Truncate(10 * time.Millisecond)
				})
				w.meet(users)
				w.begin(0, 0)
				if time.Now().After(from) {
					b.Fatal("it took too long to take everybody in")
				}
				w.delivered(people)
				own, file := w.resident()
				w.stop()
				late := w.lateness(users)
				b.ReportMetric(milliseconds(quantile(late, 0.5)), "p50-late-ms")
				b.ReportMetric(milliseconds(quantile(late, 0.99)), "p99-late-ms")
				b.ReportMetric(milliseconds(quantile(late, 1)), "last-late-ms")
				b.ReportMetric(own, "own-MiB")
				b.ReportMetric(file, "mapped-MiB")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}
