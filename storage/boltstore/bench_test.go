package boltstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// turn writes what one answer of one person changes: the update is seen, the
// state moves on, the answer is on the timeline, a message is queued and a timer
// armed. What the turn before left behind is settled.
func turn(tx storage.Tx, update, user int64, n uint64) error {
	at := start.Add(time.Duration(n) * time.Second)
	s, err := tx.State(user)
	if err != nil {
		return err
	}
	s.Rev++
	err = errors.Join(
		tx.MarkSeen(update, at), tx.SetOffset(update+1), tx.PutState(s),
		tx.PutEntry(storage.Entry{User: user, Entry: flows.Entry{Seq: n, Episode: 1, At: at, Kind: flows.EntryAnswer, Step: "pain", Choice: "seven"}}),
		tx.PutReminder(reminder(user, n, at.Add(time.Hour))),
		tx.PutMessage(storage.Message{User: user, Chat: user, State: storage.Queued, Queued: at, Message: flows.Message{
			Number: n, Text: "<b>Good.</b> Now lie down on your back and put your legs up on a chair.",
			Keyboard: [][]flows.Key{{{Label: "Done", Data: "12:done"}}},
		}}),
	)
	if err != nil || n == 1 {
		return err
	}
	old := reminder(user, n-1, at.Add(time.Hour-time.Second))
	old.State = flows.Cancelled
	sent, err := tx.Message(user, n-1)
	sent.State, sent.Sent, sent.MessageID = storage.Sent, at, int64(n)
	return errors.Join(err, tx.PutReminder(old), tx.PutMessage(sent))
}

// take lets people take n turns, all at once, and returns how many commits that
// took.
func take(b *testing.B, s *Store, people, n int) (commits int) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	before, _ := s.file.lastCommit()
	var all sync.WaitGroup
	for user := range int64(people) {
		all.Go(func() {
			for n := uint64(1); ; n++ {
				update := left.Add(-1)
				if update < 0 {
					return
				}
				if err := s.Update(b.Context(), func(tx storage.Tx) error { return turn(tx, 1<<32-update, user, n) }); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	after, _ := s.file.lastCommit()
	return after - before
}

func BenchmarkTurns(b *testing.B) {
	for _, people := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "bot.db"))
			b.ResetTimer()
			commits := take(b, s, people, b.N)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/float64(commits), "turns/commit")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
		})
	}
}

// BenchmarkAcceptance compares what a hundred people who press at once get
// written down with what the disk does without a database: one page written and
// confirmed again and again. They take turns; what is reported are medians.
func BenchmarkAcceptance(b *testing.B) {
	const people, turns, syncs = 100, 10_000, 1_000
	var accepted, raw, times []float64
	for b.Loop() {
		begun := time.Now()
		confirm(b, syncs)
		raw = append(raw, syncs/time.Since(begun).Seconds())
		s := open(b, filepath.Join(b.TempDir(), "bot.db"))
		begun = time.Now()
		take(b, s, people, turns)
		accepted = append(accepted, turns/time.Since(begun).Seconds())
		times = append(times, accepted[len(accepted)-1]/raw[len(raw)-1])
	}
	b.ReportMetric(median(accepted), "turns/s")
	b.ReportMetric(median(raw), "fdatasyncs/s")
	b.ReportMetric(median(times), "turns/fdatasync")
	b.ReportMetric(0, "ns/op")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// confirm writes a page and waits for the disk, n times.
func confirm(b *testing.B, n int) {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for range n {
		if _, err := f.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
}
