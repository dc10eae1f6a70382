package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"spasmbot/storage"
)

// enqueuer takes over committed messages, and lets go of those that are withdrawn.
type enqueuer interface {
	withdraw(ctx context.Context, keys []storage.MessageKey) error
	enqueue(ctx context.Context, messages []storage.Message) error
}

// debtor takes over the answers to presses of a batch.
type debtor interface {
	owe(ctx context.Context, answers []answer)
}

// pipe is the one way of all events: a batch of them, one transaction, and only
// then the world. Nobody else writes states, or adds messages to the outbox.
type pipe struct {
	store      *steadyStore
	clock      Clock
	count      *counters
	departures departures
	messages   enqueuer
	answers    debtor
	// turns is passed by the batch at work, so that messages reach the sender
	// in the order of their commits.
	turns turnstile
	// armed is signalled when timers were armed: one may be due earlier than
	// all before.
	armed chan struct{}
	// gone is the batch's that is at work.
	gone departed
}

// commit runs fill on a batch in one transaction, as often as it takes, and
// lets out what came of it after the commit. Events that cannot be stored are
// found by running again without them.
func (p *pipe) commit(ctx context.Context, fill func(*batch) error) error {
	return p.turns.pass(ctx, func() error {
		poisoned := make(map[int64]error)
		for {
			done, err := p.try(ctx, poisoned, fill)
			bad, ok := errors.AsType[*poisonError](err)
			switch {
			case ok && poisoned[bad.key] == nil:
				poisoned[bad.key] = bad
				continue
			case ok:
				return p.store.judge(bad.err) // nor can it be stored without the event
			case err != nil:
				return err
			}
			return p.release(ctx, done)
		}
	})
}

func (p *pipe) try(ctx context.Context, poisoned map[int64]error, fill func(*batch) error) (*batch, error) {
	var done *batch
	err := p.store.steadily(ctx, func(ctx context.Context) (err error) {
		done, err = p.write(ctx, poisoned, fill)
		return err
	})
	return done, err
}

// write runs fill in one transaction. There is one now for the batch; a new one when it
// is tried again, which may be long after.
func (p *pipe) write(ctx context.Context, poisoned map[int64]error, fill func(*batch) error) (done *batch, err error) {
	now, wall := p.clock.Now(), time.Now()
	err = p.store.Store.Update(ctx, func(tx storage.Tx) error {
		b := newBatch(tx, now, wall, p.departures, poisoned, p.gone)
		if err := fill(b); err != nil {
			return err
		}
		done = b
		return nil
	})
	return done, err
}

// order is commit at somebody's word: it is tried once, and whoever gave it is told what
// stands in the way. Ctx ends the wait for its turn alone: what is committed is let out.
func (p *pipe) order(ctx context.Context, fill func(*batch) error) error {
	return p.turns.pass(ctx, func() error {
		done, err := p.write(p.store.whole, nil, fill)
		if err != nil {
			return p.store.judge(err)
		}
		return p.release(p.store.whole, done)
	})
}

// release lets a committed batch out into the world.
func (p *pipe) release(ctx context.Context, b *batch) error {
	p.gone.add(b.forgotten, b.wall)
	p.answers.owe(ctx, b.answers)
	if b.armed {
		signal(p.armed)
	}
	p.count.turns.Add(b.turns)
	if err := p.messages.withdraw(ctx, b.withdrawn); err != nil {
		return err
	}
	return p.messages.enqueue(ctx, slices.Concat(b.awoken, b.out))
}
