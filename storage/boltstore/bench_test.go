package boltstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// BenchmarkFdatasync is the yardstick: what the disk does without a database.
func BenchmarkFdatasync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	if _, err := f.Write(page); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := f.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
}

// turn writes what one answer of one person changes.
func turn(tx storage.Tx, update, user int64, n uint64) error {
	at := start.Add(time.Duration(n) * time.Second)
	s, err := tx.State(user)
	if err != nil {
		return err
	}
	s.Rev++
	return errors.Join(
		tx.MarkSeen(update, at), tx.SetOffset(update+1), tx.PutState(s),
		tx.PutEntry(storage.Entry{User: user, Entry: flows.Entry{Seq: n, Episode: 1, At: at, Kind: flows.EntryAnswer, Step: "pain", Choice: "seven"}}),
		tx.PutReminder(reminder(user, n, at.Add(time.Hour))),
		tx.PutMessage(storage.Message{User: user, Chat: user, State: storage.Queued, Queued: at, Message: flows.Message{
			Number: n, Text: "<b>Good.</b> Now lie down on your back and put your legs up on a chair.",
			Keyboard: [][]flows.Key{{{Label: "Done", Data: "12:done"}}},
		}}),
	)
}

func BenchmarkTurns(b *testing.B) {
	for _, people := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "bot.db"))
			var left atomic.Int64
			left.Store(int64(b.N))
			before, _ := s.file.lastCommit()
			var all sync.WaitGroup
			b.ResetTimer()
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
			b.StopTimer()
			after, _ := s.file.lastCommit()
			b.ReportMetric(float64(b.N)/float64(after-before), "turns/commit")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
		})
	}
}

// BenchmarkPending works with many reminders pending.
func BenchmarkPending(b *testing.B) {
	const total, step = 200_000, 5_000
	path := filepath.Join(b.TempDir(), "bot.db")
	s := open(b, path)
	for from := 0; from < total; from += step {
		if err := s.Update(b.Context(), func(tx storage.Tx) error {
			for i := from; i < from+step; i++ {
				// Persons in no order, as life has it.
				user := int64(i) * 7919 % total
				if err := tx.PutReminder(reminder(user, 1, start.Add(time.Duration(i)*time.Second))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	size, _ := s.Size(b.Context())
	b.Run("next due", func(b *testing.B) {
		b.ReportMetric(float64(size)/total, "bytes/reminder")
		for b.Loop() {
			_ = s.View(b.Context(), func(r storage.Reader) error { _, _, err := r.NextDue(); return err })
		}
	})
	b.Run("fire and rearm 30", func(b *testing.B) {
		for b.Loop() {
			if err := s.Update(b.Context(), func(tx storage.Tx) error {
				due, err := tx.Due(start.AddDate(1, 0, 0), 30)
				if err != nil {
					return err
				}
				for _, rem := range due {
					rem.Due = rem.Due.Add(48 * time.Hour)
					if err := tx.PutReminder(rem); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			s, err := Open(path)
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
