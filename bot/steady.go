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
	// whole is the context of all transactions. It ends when the store has
	// had its last chance to end them by itself.
	whole context.Context
	end   context.CancelFunc
}

// Backoff of a store that does not work, in real time. The cap is what a
// person waits at most once the cause has gone.
const (
	storeRetryMin = 50 * time.Millisecond
	storeRetryMax = 2 * time.Second
	// storeSlow is when a transaction that goes on is worth a word.
	storeSlow = 10 * time.Second
	// storeLast is how long the store may take for what is at work when the
	// bot must end.
	storeLast = 2 * time.Second
)

func newSteadyStore(s storage.Store, log *slog.Logger) *steadyStore {
	st := &steadyStore{Store: s, log: log}
	st.whole, st.end = context.WithCancel(context.Background())
	return st
}

// hurry gives transactions little time once ctx has ended. The function that it
// returns ends them.
func (s *steadyStore) hurry(ctx context.Context) (stop func()) {
	release := context.AfterFunc(ctx, func() { time.AfterFunc(storeLast, s.end) })
	return func() {
		release()
		s.end()
	}
}

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
	// not cut short by ctx; only the waiting is.
	for wait := storeRetryMin; ; wait = min(2*wait, storeRetryMax) {
		slow := time.AfterFunc(storeSlow, func() {
			if !s.failing.Swap(true) {
				s.log.Error("the database does not come to an end of writing; nothing is confirmed or sent until it does: check the disk")
			}
		})
		err := try(s.whole)
		slow.Stop()
		if err == nil {
			if s.failing.Load() && s.failing.Swap(false) {
				s.log.Info("the database works again")
			}
			return nil
		}
		if _, ok := errors.AsType[*poisonError](err); ok {
			return err
		}
		if s.whole.Err() != nil {
			return err
		}
		if lost(err) {
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

// lost reports whether a store will never work again as it is.
func lost(err error) bool {
	for _, final := range []error{storage.ErrClosed, storage.ErrDamaged, storage.ErrNewer, storage.ErrReopen} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}
