package bot

import (
	"context"
	"log/slog"
	"math"
	"time"

	"spasmbot/storage"
)

const (
	// pruneEvery is the distance of two looks at what is no longer kept, in
	// bot time.
	pruneEvery = time.Hour
	// pruneBatch is how many people a transaction looks at, and how many
	// records it deletes: little enough for nobody to notice.
	pruneBatch = 200
	// prunePause lets others write in between, in real time.
	prunePause = 20 * time.Millisecond
)

// retention deletes what was settled longer ago than it is to be kept.
type retention struct {
	clock Clock
	doubt doubt
	store *steadyStore
	keep  time.Duration
	count *counters
	// copies deletes copies of the store from before an instant; nil where there are none.
	copies func(before time.Time) error
	log    *slog.Logger
}

// run looks every hour until ctx ends, or the store has failed for good. It has
// nothing to do where everything is kept for ever.
//
// What is deleted is gone, so it goes by the clock of an hour before, and not at
// all by one that is in doubt: a clock that is wrong for a while does no harm.
func (r *retention) run(ctx context.Context) error {
	if r.keep <= 0 {
		return nil
	}
	earlier := r.clock.Now()
	wait := func() { sleepUntil(ctx, r.clock, earlier.Add(pruneEvery), nil) }
	for wait(); ctx.Err() == nil; wait() {
		if r.doubt.unsure() {
			nap(ctx, longestNap)
			continue
		}
		now := r.clock.Now()
		if now.Before(earlier) { // it was set back
			earlier = now
		}
		if err := r.prune(ctx, earlier.Add(-r.keep)); err != nil {
			return unlessOver(ctx, err)
		}
		earlier = now
	}
	return nil
}

func (r *retention) prune(ctx context.Context, before time.Time) error {
	for p := (storage.Pruned{Last: math.MinInt64}); !p.Done && ctx.Err() == nil; nap(ctx, prunePause) {
		after := p.Last
		err := r.store.Update(ctx, func(tx storage.Tx) (err error) {
			p, err = tx.Prune(before, after, pruneBatch)
			return err
		})
		if err != nil {
			return err
		}
		r.count.pruned.Add(uint64(p.Records))
	}
	if r.copies != nil && ctx.Err() == nil {
		r.pruneCopies(before)
	}
	return nil
}

func (r *retention) pruneCopies(before time.Time) {
	if err := r.copies(before); err != nil {
		r.log.Warn("copies of the database stay that are older than what is kept: delete them", "error", err)
	}
}
