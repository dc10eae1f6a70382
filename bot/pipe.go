package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// pipe takes events through the step function, a batch at a time. It is the
// only writer of states, and the only one that adds messages to the outbox.
type pipe struct {
	cfg     *Config
	log     *slog.Logger
	store   *steadyStore
	count   *counters
	sender  *sender
	answers *answerLane
	groups  groupGate
	flood   floodGate
	away    *away

	// turn is held by the batch at work, so that messages reach the sender in
	// the order of their commits. It is a channel and not a mutex because it
	// is held across waits.
	turn chan struct{}
	// armed is signalled when timers were armed: one may be due earlier than
	// all before.
	armed chan struct{}
	// username is written before the first batch.
	username string
}

func newPipe(b *Bot) *pipe {
	p := &pipe{
		cfg: &b.cfg, log: b.log, store: b.store, count: &b.count,
		sender: b.sender, answers: b.answers, away: b.away,
		turn: make(chan struct{}, 1), armed: make(chan struct{}, 1),
	}
	b.sender.pipe = p
	return p
}

// exclusively runs fn while no batch is at work.
func (p *pipe) exclusively(ctx context.Context, fn func() error) error {
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.turn }()
	return fn()
}

// updates commits a poll's updates with all their effects and the offset that
// confirms them.
func (p *pipe) updates(ctx context.Context, updates []chat.Update, next int64) error {
	return p.commit(ctx, func(b *batch) error {
		for i, u := range updates {
			if err := b.update(u, b.poisoned[int64(i)]); err != nil {
				return poison(int64(i), err)
			}
		}
		return b.tx.SetOffset(next)
	})
}

// How many timers a batch takes, and how many it looks through for the urgent
// ones while the sender is behind.
const (
	dueBatch  = 200
	dueSearch = 5000
)

// due takes timers that are due, or only persons with an urgent one, and
// returns how many it took.
func (p *pipe) due(ctx context.Context, onlyUrgent bool) (int, error) {
	var taken int
	err := p.commit(ctx, func(b *batch) error {
		people, err := p.duePeople(b, onlyUrgent)
		if err != nil {
			return err
		}
		taken = 0
		for _, rows := range people {
			user := rows[0].User
			if err := b.due(user, rows, b.poisoned[user]); err != nil {
				return poison(user, err)
			}
			taken += len(rows)
		}
		return nil
	})
	return taken, err
}

// duePeople returns due timers by person, both in order of due time.
func (p *pipe) duePeople(b *batch, onlyUrgent bool) ([][]storage.Reminder, error) {
	limit := dueBatch
	if onlyUrgent {
		limit = dueSearch
	}
	rows, err := b.tx.Due(b.now, limit)
	if err != nil {
		return nil, err
	}
	byUser := make(map[int64][]storage.Reminder)
	urgent := make(map[int64]bool)
	for _, r := range rows {
		byUser[r.User] = append(byUser[r.User], r)
		urgent[r.User] = urgent[r.User] || p.cfg.Urgent(r.Kind)
	}
	if onlyUrgent {
		maps.DeleteFunc(byUser, func(user int64, _ []storage.Reminder) bool { return !urgent[user] })
	}
	return slices.SortedFunc(maps.Values(byUser), func(a, b []storage.Reminder) int {
		return cmp.Or(a[0].Due.Compare(b[0].Due), cmp.Compare(a[0].User, b[0].User))
	}), nil
}

// blocked tells the core, once, that a person cannot be reached.
func (p *pipe) blocked(ctx context.Context, user int64) error {
	return p.commit(ctx, func(b *batch) error {
		state, err := b.state(user)
		if err != nil || state.Inactive || b.poisoned[user] != nil {
			return err
		}
		_, err = b.step(user, flows.Blocked{}, nil)
		if panicked(err) {
			return nil
		}
		return poison(user, err)
	})
}

// commit runs fill on a batch in one transaction, as often as it takes, and
// lets out what came of it after the commit. Events that cannot be stored are
// found by running again without them.
func (p *pipe) commit(ctx context.Context, fill func(*batch) error) error {
	return p.exclusively(ctx, func() error {
		poisoned := make(map[int64]error)
		for {
			done, err := p.try(ctx, poisoned, fill)
			if bad, ok := errors.AsType[*poisonError](err); ok && poisoned[bad.key] == nil {
				poisoned[bad.key] = bad
				continue
			}
			if err != nil {
				return err
			}
			return p.release(ctx, done)
		}
	})
}

func (p *pipe) try(ctx context.Context, poisoned map[int64]error, fill func(*batch) error) (*batch, error) {
	var done *batch
	err := p.store.steadily(ctx, func(ctx context.Context) error {
		// One now for the batch; a new one when it is tried again, which may
		// be long after.
		now, wall := p.cfg.Clock.Now(), time.Now()
		return p.store.Store.Update(ctx, func(tx storage.Tx) error {
			b := &batch{
				tx: tx, now: now, wall: wall, pipe: p, poisoned: poisoned,
				states: make(map[int64]flows.State), leaving: make(map[int64]struct{}),
				said: make(map[int64]int), silent: make(map[int64]int),
			}
			if err := fill(b); err != nil {
				return err
			}
			done = b
			return nil
		})
	})
	return done, err
}

// release lets a committed batch out into the world.
func (p *pipe) release(ctx context.Context, b *batch) error {
	p.answers.owe(ctx, b.answers)
	p.groups.note(b.greeted, b.wall)
	p.flood.note(b.silent, b.wall)
	if b.passedOver > 0 {
		p.count.passedOver.Add(b.passedOver)
		p.log.Warn("somebody sends more than can be answered; updates were passed over", "count", b.passedOver)
	}
	if b.armed {
		signal(p.armed)
	}
	p.count.updates.Add(b.updates)
	p.count.turns.Add(b.turns)
	if b.quarantined > 0 {
		p.count.quarantined.Add(b.quarantined)
		p.log.Warn("updates set aside in quarantine", "count", b.quarantined)
	}
	return p.sender.enqueue(ctx, b.out)
}

// signal wakes whoever waits on a channel of capacity 1.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
