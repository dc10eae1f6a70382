package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
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
	// lost is closed once the store cannot be used any more, and why is the
	// reason.
	lost chan struct{}
	why  error
	once sync.Once
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
	// storeLook is how often it is looked at.
	storeLook = time.Second
)

func newSteadyStore(s storage.Store, log *slog.Logger) *steadyStore {
	st := &steadyStore{Store: s, log: log, lost: make(chan struct{})}
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
			return s.judge(err) // no waiting helps
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

// judge passes an error on. If it says that the store is lost, that is noted and told
// at once: whatever is to end now may hang in the store.
func (s *steadyStore) judge(err error) error {
	if !lost(err) {
		return err
	}
	err = fmt.Errorf("bot: %w", err)
	s.once.Do(func() {
		s.log.Error("the database cannot be used any more; the bot stops", "error", err)
		s.why = err
		close(s.lost)
	})
	return err
}

// look looks at the store again and again until ctx ends, so that a store that is
// lost is noticed while nobody has any use for it.
func (s *steadyStore) look(ctx context.Context) error {
	for nap(ctx, storeLook); ctx.Err() == nil; nap(ctx, storeLook) {
		// Whether it fails for a while is for those to say who need it.
		if err := s.Store.View(s.whole, func(storage.Reader) error { return nil }); lost(err) && s.whole.Err() == nil {
			return s.judge(err)
		}
	}
	return nil
}

// lost reports whether a store will never work again as it is.
func lost(err error) bool {
	for _, final := range []error{storage.ErrClosed, storage.ErrDamaged, storage.ErrGone, storage.ErrNewer, storage.ErrReopen} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}
