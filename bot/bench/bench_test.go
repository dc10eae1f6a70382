package bench

import (
	"context"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// TestMain lets the test binary be the server's process.
func TestMain(m *testing.M) {
	if spec := os.Getenv(wireVariable); spec != "" {
		wireMain(spec)
		return
	}
	// The README loop's library cannot end a poll, and says so when the server
	// is gone.
	_ = tgbotapi.SetLogger(log.New(io.Discard, "", 0))
	os.Exit(m.Run())
}

// contestant answers people until ctx ends. The dearer its turn, the fewer it
// takes in a round.
type contestant struct {
	name  string
	turns int
	run   func(ctx context.Context, t testing.TB, url string)
}

var contestants = []contestant{
	{"ceiling", 20_000, ceiling},
	{"readme", 2_000, readmeLoop},
	{"go-telegram", 10_000, goTelegram},
	{"spasmbot", 20_000, wholeBot},
}

// BenchmarkWire measures turns through the whole pipe, over a socket, with
// everything durable, beside three yardsticks: a loop that keeps nothing,
// written straight on net/http, which is the ceiling of the wire; the loop that
// the README of the bot's library suggests, with one bbolt transaction a turn;
// and a loop on go-telegram/bot that keeps nothing. They take turns in one run;
// what is reported are medians, and medians of the ratios within a round.
//
// A turn is a press: its answer, and an edit of the message with new buttons.
func BenchmarkWire(b *testing.B) {
	const people = 100
	few := 1
	if testing.Short() { // only to see that it works
		few = 20
	}
	var disk []float64
	rate, cpu := make(map[string][]float64), make(map[string][]float64)
	for b.Loop() {
		disk = append(disk, syncTime(b))
		for _, c := range contestants {
			c.turns /= few
			elapsed, used := compete(b, c, people)
			rate[c.name] = append(rate[c.name], float64(c.turns)/elapsed.Seconds())
			cpu[c.name] = append(cpu[c.name], float64(used.Microseconds())/float64(c.turns))
		}
	}
	for _, c := range contestants {
		b.ReportMetric(median(rate[c.name]), c.name+"-turns/s")
		b.ReportMetric(median(cpu[c.name]), c.name+"-cpu-µs/turn")
		if c.name != "spasmbot" {
			b.ReportMetric(median(ratios(rate["spasmbot"], rate[c.name])), "of-"+c.name)
			b.ReportMetric(median(ratios(cpu["spasmbot"], cpu[c.name])), "cpu-of-"+c.name)
		}
	}
	b.ReportMetric(median(disk), "fsync-ms")
	b.ReportMetric(0, "ns/op")
}

// compete lets one contestant take its turns once it is warm, and returns how
// long that took and how much CPU time this process used.
func compete(b *testing.B, c contestant, people int) (elapsed, used time.Duration) {
	b.Helper()
	w := startWire(b, wireSpec{people: people, turns: c.turns, patience: 15 * time.Second})
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.run(ctx, b, w.url)
	}()
	err := w.await(wireWarm)
	before, begun := cpuTime(), time.Now()
	if err == nil {
		err = w.await(wireDone)
	}
	elapsed, used = time.Since(begun), cpuTime()-before
	stop()
	w.close()
	<-ended
	if err != nil {
		b.Fatalf("%s: %v", c.name, err)
	}
	return elapsed, used
}

// syncTime is how long it takes the disk to confirm a page, in milliseconds: two
// of the contestants wait for it, so it tells how far a round is the disk's.
func syncTime(b *testing.B) float64 {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "page"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	took := make([]float64, 50)
	for i := range took {
		begun := time.Now()
		if _, err := f.WriteAt(make([]byte, os.Getpagesize()), 0); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		took[i] = float64(time.Since(begun).Microseconds()) / 1000
	}
	return median(took)
}

// cpuTime is what this process has used so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

func ratios(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}
