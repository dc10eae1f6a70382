package ops

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Backups makes backups in a folder, one a period, and keeps the last of them.
type Backups struct {
	Dir   string
	Every time.Duration
	// Keep is how many stay; 0 keeps all.
	Keep int
	// Make makes one and makes sure that it is whole.
	Make func(ctx context.Context, path string) error
	// Alarm is told if none has succeeded for two periods; nil tells the log alone.
	Alarm func(cause, text string)
	Log   *slog.Logger

	failed atomic.Uint64
	last   atomic.Int64
}

// The names of backups: they are in order of time.
const (
	backupName = "spasmbot-20060102T150405Z.backup"
	backupGlob = "spasmbot-[0-9]*T[0-9]*Z.backup"
)

// CauseBackup is the cause of the alarm.
const CauseBackup = "backup"

// Failed counts the attempts that have failed.
func (b *Backups) Failed() uint64 { return b.failed.Load() }

// Last is when the last backup was made, the zero time if there is none.
func (b *Backups) Last() time.Time {
	if at := b.last.Load(); at != 0 {
		return time.Unix(at, 0)
	}
	return time.Time{}
}

// Run makes backups until ctx ends. What was made before counts: a bot that is started
// anew makes none before its time.
func (b *Backups) Run(ctx context.Context) {
	begun := time.Now()
	next := begun
	if made, err := b.made(); err == nil && len(made) > 0 {
		b.last.Store(made[len(made)-1].Unix())
		next = b.Last().Add(b.Every)
	}
	for {
		select {
		case <-time.After(time.Until(next)):
		case <-ctx.Done():
			return
		}
		next = time.Now().Add(b.Every)
		if err := b.one(ctx); err != nil && ctx.Err() == nil {
			b.failed.Add(1)
			b.Log.Error("a backup has failed", "fault", err)
			b.worry(begun)
			next = time.Now().Add(min(b.Every/4, time.Hour))
		}
	}
}

// one makes a backup, and lets old ones go: never before there is a new one.
func (b *Backups) one(ctx context.Context) error {
	at := time.Now().UTC()
	path := filepath.Join(b.Dir, at.Format(backupName))
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already", path)
	}
	if err := b.Make(ctx, path); err != nil {
		return err
	}
	b.last.Store(at.Unix())
	b.Log.Info("a backup was made", "took", time.Since(at).Round(time.Millisecond))
	made, err := b.made()
	if b.Keep > 0 {
		for len(made) > b.Keep {
			err = errors.Join(err, os.Remove(filepath.Join(b.Dir, made[0].Format(backupName))))
			made = made[1:]
		}
	}
	if err != nil {
		b.Log.Warn("old backups cannot be deleted", "fault", err)
	}
	return nil
}

// worry raises the alarm if two periods have passed since the last backup, or since the
// start if there was none.
func (b *Backups) worry(begun time.Time) {
	since := b.Last()
	if since.IsZero() {
		since = begun
	}
	if time.Since(since) < 2*b.Every {
		return
	}
	text := fmt.Sprintf("no backup has succeeded for %v: look at the log, and at the room in %s", time.Since(since).Round(time.Minute), b.Dir)
	b.Log.Error(text)
	if b.Alarm != nil {
		b.Alarm(CauseBackup, text)
	}
}

// made are the times of the backups in the folder, in order.
func (b *Backups) made() (all []time.Time, err error) {
	files, err := filepath.Glob(filepath.Join(b.Dir, backupGlob))
	for _, f := range files {
		if at, err := time.Parse(backupName, filepath.Base(f)); err == nil {
			all = append(all, at)
		}
	}
	return all, err
}
