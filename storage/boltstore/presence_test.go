package boltstore

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// A file that grows while many look at it was not cut short.
func TestPresenceOfAGrowingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only its size is asked for
	p := &presence{path: path}
	p.watched.Store(true)
	if p.opened, err = f.Stat(); err != nil {
		t.Fatal(err)
	}
	const most = 20_000
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for p.size.Load() < most {
				if err := p.there(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for n := range int64(most) {
		if err := f.Truncate(n + 1); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if err := f.Truncate(1); err != nil {
		t.Fatal(err)
	}
	if p.there() == nil {
		t.Error("a file that was cut short is not noticed")
	}
}
