package ops

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestBackups: one a period, also over a new start; the last stay, and others' files.
func TestBackups(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	other := filepath.Join(dir, "spasmbot-notes.backup")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var made, alarms atomic.Int64
		var full atomic.Bool
		start := func() (*Backups, func()) {
			b := &Backups{
				Dir: dir, Every: 24 * time.Hour, Keep: 3, Log: slog.New(slog.DiscardHandler),
				Make: func(_ context.Context, path string) error {
					if full.Load() {
						return errors.New("the disk is full")
					}
					made.Add(1)
					return os.WriteFile(path, nil, 0o600)
				},
				Alarm: func(cause, _ string) {
					if cause != CauseBackup {
						t.Errorf("cause %q", cause)
					}
					alarms.Add(1)
				},
			}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { b.Run(ctx); close(done) }()
			return b, func() { stop(); <-done }
		}
		_, stop := start()
		time.Sleep(time.Minute)
		if made.Load() != 1 {
			t.Fatalf("%d at the start", made.Load())
		}
		stop()
		b, stop := start()
		time.Sleep(time.Hour)
		if made.Load() != 1 {
			t.Errorf("%d after a new start", made.Load())
		}
		time.Sleep(4 * 24 * time.Hour)
		if made.Load() != 5 {
			t.Errorf("%d in four days more", made.Load())
		}
		if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 4 {
			t.Errorf("%v are there", files)
		}
		full.Store(true)
		time.Sleep(46 * time.Hour)
		if alarms.Load() != 0 || b.Failed() == 0 {
			t.Errorf("%d alarms after %d failures, before two periods", alarms.Load(), b.Failed())
		}
		time.Sleep(4 * time.Hour)
		if alarms.Load() == 0 {
			t.Error("no alarm after two periods")
		}
		full.Store(false)
		time.Sleep(2 * time.Hour)
		if made.Load() != 6 {
			t.Errorf("%d after the fault", made.Load())
		}
		stop()
	})
}
