package bot

import (
	"context"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// How many messages are read at a time, and how many of one person.
const (
	page      = 500
	ownUnsent = 100
)

// load brings in what the outbox holds, at the start and whenever it has
// outgrown the memory. It returns an error when ctx has ended or the store has
// failed for good.
func (s *sender) load(ctx context.Context) error {
	scouted := false
	for {
		for s.queue.wantsMore() {
			if err := s.pipe.exclusively(ctx, func() error { return s.loadPage(ctx) }); err != nil {
				return err
			}
		}
		if !scouted {
			scouted = true
			if err := s.scout(ctx); err != nil {
				return err
			}
		}
		select {
		case <-s.room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// loadPage moves the frontier on by a page. No batch is at work meanwhile, so
// nothing is added to the outbox between the reading and the taking in.
func (s *sender) loadPage(ctx context.Context) error {
	from, room, behind := s.queue.rest()
	if !behind || room <= 0 { // a batch has just filled it
		return nil
	}
	limit := min(page, room)
	last, n, err := s.takeIn(ctx, from, limit, func(storage.Message) bool { return true })
	if err != nil {
		return err
	}
	s.queue.advance(last, n < limit)
	s.moved()
	return nil
}

// scout looks once, at the start, through what did not fit into memory for
// take-offs: they do not wait until their person's turn comes.
func (s *sender) scout(ctx context.Context) error {
	from, _, more := s.queue.rest()
	for more {
		err := s.pipe.exclusively(ctx, func() error {
			last, n, err := s.takeIn(ctx, from, page, func(m storage.Message) bool { return m.Class == flows.TakeOff })
			from, more = last, n == page
			return err
		})
		if err != nil {
			return err
		}
		signal(s.wake)
	}
	return nil
}

// fetch takes in the messages of one person while the queue is behind. It is
// called by the batch at work.
func (s *sender) fetch(ctx context.Context, user int64) error {
	_, _, err := s.takeIn(ctx, storage.MessageKey{User: user}, ownUnsent, func(m storage.Message) bool { return m.User == user })
	return err
}

// takeIn reads messages from the store and puts those that are wanted into the
// queue. It returns the last that was read, and how many were. What is marked as
// being sent, though nobody here sends it, was left so by a process that died.
func (s *sender) takeIn(
	ctx context.Context, from storage.MessageKey, limit int, wanted func(storage.Message) bool,
) (last storage.MessageKey, n int, err error) {
	defer s.queue.reading()()
	var rows []storage.Message
	err = s.ledger.store.View(ctx, func(r storage.Reader) error {
		rows, err = r.Unsent(from, limit)
		return err
	})
	if err != nil || len(rows) == 0 {
		return from, 0, err
	}
	last, n = rows[len(rows)-1].Key(), len(rows)
	rows = slices.DeleteFunc(rows, func(m storage.Message) bool { return !wanted(m) })
	rows, err = s.ledger.disown(ctx, s.queue.fresh(rows))
	if err == nil {
		s.queue.shelve(rows, time.Now())
	}
	return last, n, err
}
