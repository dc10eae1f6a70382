package bottest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

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
