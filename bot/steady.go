package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"spasmbot/storage"
)

// steadyStore is a store that does not give up: a full disk is a state of
// affairs that ends, and until then nothing may be confirmed or sent. It keeps
// nothing in memory but the calls under way.
type steadyStore struct {
	storage.Store
	log     *slog.Logger
	failing atomic.Bool
}

// Backoff of a store that does not work, in real time. The cap is what a
// person waits at most once the cause has gone.
const (
	storeRetryMin = 50 * time.Millisecond
	storeRetryMax = 2 * time.Second
)

// Update is Store.Update, again and again until it succeeds, fails for good, or
// ctx has ended. Once ctx has ended it still tries, but only once.
func (s *steadyStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return s.steadily(ctx, func(c context.Context) error { return s.Store.Update(c, fn) })
}

// View is Store.View with the same patience.
func (s *steadyStore) View(ctx context.Context, fn func(storage.Reader) error) error {
	return s.steadily(ctx, func(c context.Context) error { return s.Store.View(c, fn) })
}

func (s *steadyStore) steadily(ctx context.Context, try func(context.Context) error) error {
	// What has been sent must be noted even at the end, so a transaction is
	// never cut short by ctx; only the waiting is.
	whole := context.WithoutCancel(ctx)
	for wait := storeRetryMin; ; wait = min(2*wait, storeRetryMax) {
		err := try(whole)
		if err == nil {
			if s.failing.Load() && s.failing.Swap(false) {
				s.log.Info("the database works again")
			}
			return nil
		}
		if _, ok := errors.AsType[*poisonError](err); ok {
			return err
		}
		if errors.Is(err, storage.ErrClosed) || errors.Is(err, storage.ErrDamaged) || errors.Is(err, storage.ErrNewer) {
			return fmt.Errorf("bot: %w", err) // no waiting helps
		}
		if !s.failing.Swap(true) {
			s.log.Error("the database fails; nothing is confirmed or sent until it works again: check disk space and permissions",
				"error", err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}
