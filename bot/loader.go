package bot

import (
	"context"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// loader brings into the queue what the store holds of the outbox: at the start,
// whenever it has outgrown the memory, and what was committed just now.
type loader struct {
	queue  *queue
	ledger *ledger
	// turns is passed by every batch, too: nothing is added to the outbox
	// between a reading and the taking in.
	turns turnstile
}

// How many messages are read at a time, and how many of one person.
const (
	page      = 500
	ownUnsent = 100
)

// run reads what the store holds until ctx ends, or the store has failed for
// good.
func (l *loader) run(ctx context.Context) error {
	for scouted := false; ; {
		for l.queue.WantsMore() {
			if err := l.turns.pass(ctx, func() error { return l.loadPage(ctx) }); err != nil {
				return unlessOver(ctx, err)
			}
		}
		if !scouted {
			scouted = true
			if err := l.scout(ctx); err != nil {
				return unlessOver(ctx, err)
			}
		}
		select {
		case <-l.queue.room:
		case <-ctx.Done():
			return nil
		}
	}
}

// loadPage moves the frontier on by a page.
func (l *loader) loadPage(ctx context.Context) error {
	from, room, behind := l.queue.Rest()
	if !behind || room <= 0 { // a batch has just filled it
		return nil
	}
	limit := min(page, room)
	last, n, err := l.takeIn(ctx, from, limit, func(storage.Message) bool { return true })
	if err != nil {
		return err
	}
	l.queue.Advance(last, n < limit)
	l.queue.changed()
	return nil
}

// scout looks once, at the start, through what did not fit into memory for
// take-offs, looks and signs: they do not wait until their person's turn comes.
// A take-off comes alone; the others with all that their person must get before.
func (l *loader) scout(ctx context.Context) error {
	from, _, more := l.queue.Rest()
	for more {
		err := l.turns.pass(ctx, func() error {
			var waiting []int64
			last, n, err := l.takeIn(ctx, from, page, func(m storage.Message) bool {
				if m.Class == flows.Sign {
					waiting = append(waiting, m.User)
				}
				return m.Class == flows.TakeOff
			})
			from, more = last, n == page
			for _, user := range slices.Compact(waiting) {
				if err == nil && !l.queue.Full(flows.Sign) {
					err = l.fetch(ctx, user)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		signal(l.queue.wake)
	}
	return nil
}

// enqueue takes over messages that were committed just now. It is called by the
// batch at work, so that they come in the order of their commits.
func (l *loader) enqueue(ctx context.Context, messages []storage.Message) error {
	now := time.Now()
	for _, m := range messages {
		if l.queue.Add(m, now) || !m.Class.Before(flows.Contact) || l.queue.Full(m.Class) {
			continue
		}
		// Somebody with an episode waits for this one: fetch it, with all that this person
		// must get before it.
		if err := l.fetch(ctx, m.User); err != nil {
			return err
		}
	}
	if len(messages) > 0 {
		signal(l.queue.wake)
	}
	return nil
}

// withdraw lets go of messages that were withdrawn just now. One that was claimed,
// and whose call has not begun, has never arrived.
func (l *loader) withdraw(ctx context.Context, keys []storage.MessageKey) error {
	for _, m := range l.queue.Withdraw(keys, time.Now()) {
		if _, err := l.ledger.unclaim(ctx, m, false); err != nil {
			return err
		}
	}
	return nil
}

// fetch takes in the messages of one person while the queue is behind.
func (l *loader) fetch(ctx context.Context, user int64) error {
	_, _, err := l.takeIn(ctx, storage.MessageKey{User: user}, ownUnsent, func(m storage.Message) bool { return m.User == user })
	return err
}

// takeIn reads messages from the store and puts those that are wanted into the
// queue. It returns the last that was read, and how many were. What is marked as
// being sent, though nobody here sends it, was left so by a process that died.
func (l *loader) takeIn(
	ctx context.Context, from storage.MessageKey, limit int, wanted func(storage.Message) bool,
) (last storage.MessageKey, n int, err error) {
	defer l.queue.Reading()()
	rows, err := storage.Read(ctx, l.ledger.store, func(r storage.Reader) ([]storage.Message, error) { return r.Unsent(from, limit) })
	if err != nil || len(rows) == 0 {
		return from, 0, err
	}
	last, n = rows[len(rows)-1].Key(), len(rows)
	rows = slices.DeleteFunc(rows, func(m storage.Message) bool { return !wanted(m) })
	rows, err = l.ledger.disown(ctx, l.queue.Fresh(rows))
	if err == nil {
		l.queue.Shelve(rows, time.Now())
	}
	return last, n, err
}
