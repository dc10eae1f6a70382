package boltstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"spasmbot/storage"
)

// tortureVariable asks for the long version.
const tortureVariable = "SPASMBOT_TORTURE"

const (
	tornPeople = 4
	tornTurns  = 60
	sector     = 512
)

// countInAllTables lets a few people write records of all kinds, and tells
// after each transaction.
func countInAllTables(path string) error {
	s, err := Open(path)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	failed := make(chan error, tornPeople)
	for user := range int64(tornPeople) {
		all.Go(func() {
			for n := range uint64(tornTurns) {
				if err := s.Update(context.Background(), func(tx storage.Tx) error {
					m := storage.Message{User: user, State: storage.Queued, Queued: start}
					m.Number, m.Text = n, strings.Repeat("text ", int(n%50))
					done := m
					done.Number, done.State = n/2, storage.Sent
					e := storage.Entry{User: user}
					e.Seq, e.At, e.Value = n, start, strings.Repeat("value ", int(n*7%200))
					err := errors.Join(increment(user)(tx), tx.PutMessage(m), tx.PutMessage(done), tx.PutEntry(e),
						tx.MarkSeen(user*1000+int64(n), start.Add(time.Duration(n)*time.Hour)), tx.SetOffset(int64(n)))
					if n%20 == 0 { // the file has to grow
						err = errors.Join(err, tx.Quarantine(storage.Quarantined{At: start, Raw: make([]byte, 20<<10)}))
					}
					return err
				}); err != nil {
					failed <- err
					return
				}
				fmt.Printf("%d %d\n", user, n+1)
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return s.Close()
	}
}

// disk is what is on a disk that is written to, and what may be.
type disk struct {
	durable []byte
	// pending are the calls since the last that the disk has confirmed.
	pending []recordedCall
}

// sync makes durable what was over before it began.
func (d *disk) sync(begun int) {
	rest := d.pending[:0]
	for _, c := range d.pending {
		if c.end < 0 || c.end > begun {
			rest = append(rest, c)
			continue
		}
		d.durable = apply(d.durable, c, func() bool { return true })
	}
	d.pending = slices.Clone(rest)
}

// apply carries out a call, as far as its sectors arrive.
func apply(b []byte, c recordedCall, arrives func() bool) []byte {
	grow := func(size int64) {
		if n := size - int64(len(b)); n > 0 {
			b = append(b, make([]byte, n)...)
		}
	}
	if c.kind == resized {
		if arrives() {
			grow(c.offset)
			b = b[:c.offset]
		}
		return b
	}
	for from := 0; from < len(c.data); from += sector {
		to := min(from+sector, len(c.data))
		if arrives() {
			grow(c.offset + int64(to))
			copy(b[c.offset+int64(from):], c.data[from:to])
		}
	}
	return b
}

// image is what a power cut leaves: of each call that was not confirmed all,
// nothing or some sectors.
func (d *disk) image(rnd *rand.Rand) []byte {
	b := slices.Clone(d.durable)
	for _, c := range d.pending {
		switch rnd.IntN(3) {
		case 0:
			b = apply(b, c, func() bool { return true })
		case 1:
			b = apply(b, c, func() bool { return rnd.IntN(2) == 0 })
		}
	}
	return b
}

// TestPowerCuts builds what power cuts at any instant of a recorded run may
// leave on a disk that keeps, drops and tears what it was not told to confirm.
// Each image must open, be whole and hold all that was told to be stored.
func TestPowerCuts(t *testing.T) {
	needStrace(t)
	images := 300
	if os.Getenv(tortureVariable) != "" {
		images = 10_000
	}
	path := newPath(t)
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := read(t, path)
	calls := traced(t, "torn", path)
	cuts := lastLine(calls)
	rnd := rand.New(rand.NewPCG(1, 2))
	at := make([]int, images)
	for i := range at {
		at[i] = rnd.IntN(cuts)
	}
	slices.Sort(at)

	begun := time.Now()
	p := powerCuts{t: t, rnd: rnd, calls: calls, disk: disk{durable: before}, acked: make([]uint64, tornPeople), dir: tornDir(t)}
	for i, line := range at {
		p.advance(line)
		p.cut(i)
	}
	t.Logf("%d images of %d calls in %v, %d of them with something to tear; %d torn differently from both ends",
		images, len(calls), time.Since(begun).Round(time.Millisecond), p.loose, p.torn)
	if p.loose < images/10 || p.torn == 0 {
		t.Error("hardly anything was torn: this proves nothing")
	}
}

func lastLine(calls []recordedCall) (n int) {
	for _, c := range calls {
		n = max(n, c.begun, c.end)
	}
	return n
}

// tornDir is in memory where there is one: that the images are durable is of no
// interest.
func tornDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "spasmbot-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// powerCuts goes along a recorded run.
type powerCuts struct {
	t           *testing.T
	rnd         *rand.Rand
	calls       []recordedCall
	next        int // the first call that has not begun
	syncs       []recordedCall
	disk        disk
	acked       []uint64
	dir         string
	loose, torn int
}

// advance lets everything happen up to a line of the trace.
func (p *powerCuts) advance(line int) {
	p.t.Helper()
	for ; p.next < len(p.calls) && p.calls[p.next].begun <= line; p.next++ {
		c := p.calls[p.next]
		p.confirm(c.begun)
		switch c.kind {
		case told:
			for l := range strings.Lines(string(c.data)) {
				var user, n uint64
				if _, err := fmt.Sscanf(l, "%d %d\n", &user, &n); err != nil {
					p.t.Fatalf("the process said %q: %v", l, err)
				}
				p.acked[user] = max(p.acked[user], n)
			}
		case synced:
			p.syncs = append(p.syncs, c)
		default:
			p.disk.pending = append(p.disk.pending, c)
		}
	}
	p.confirm(line)
}

// confirm takes in the syncs that are over.
func (p *powerCuts) confirm(line int) {
	p.syncs = slices.DeleteFunc(p.syncs, func(c recordedCall) bool {
		if c.end < 0 || c.end > line {
			return false
		}
		p.disk.sync(c.begun)
		return true
	})
}

// cut makes an image and looks at it as a bot would after the power is back.
func (p *powerCuts) cut(i int) {
	p.t.Helper()
	if len(p.disk.pending) > 0 {
		p.loose++
	}
	b := p.disk.image(p.rnd)
	all := p.disk.durable
	for _, c := range p.disk.pending {
		all = apply(slices.Clone(all), c, func() bool { return true })
	}
	if !slices.Equal(b, p.disk.durable) && !slices.Equal(b, all) {
		p.torn++
	}
	path := filepath.Join(p.dir, "bot.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		p.t.Fatal(err)
	}
	s, err := Open(path)
	if err != nil {
		p.t.Errorf("image %d: %v", i, err)
		return
	}
	err = errors.Join(s.Check(p.t.Context()), s.View(p.t.Context(), func(r storage.Reader) error {
		for user, want := range p.acked {
			// One more may have been stored and not told.
			got, err := count(r, int64(user))
			if err != nil {
				return err
			}
			if got < want || got > want+1 {
				return fmt.Errorf("person %d was told %d, stored is %d", user, want, got)
			}
		}
		return nil
	}), s.Close())
	if err != nil {
		p.t.Errorf("image %d: %v", i, err)
	}
}
