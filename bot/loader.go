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
	from, room, behind := s.queue.read()
	if !behind || room <= 0 { // a batch has just filled it
		return nil
	}
	limit := min(page, room)
	rows, err := s.unsent(ctx, from, limit)
	if err != nil {
		return err
	}
	if err := s.takeIn(ctx, rows); err != nil {
		return err
	}
	end := len(rows) < limit
	if !end {
		from = rows[len(rows)-1].Key()
	}
	s.queue.advance(from, end)
	s.moved()
	return nil
}

// scout looks once, at the start, through what did not fit into memory for
// take-offs: they do not wait until their person's turn comes.
func (s *sender) scout(ctx context.Context) error {
	from, _, behind := s.queue.read()
	for behind {
		var more bool
		err := s.pipe.exclusively(ctx, func() error {
			s.queue.read()
			rows, err := s.unsent(ctx, from, page)
			if err != nil {
				return err
			}
			if more = len(rows) == page; more {
				from = rows[page-1].Key()
			}
			return s.takeIn(ctx, slices.DeleteFunc(rows, func(m storage.Message) bool { return m.Class != flows.TakeOff }))
		})
		if err != nil || !more {
			return err
		}
		signal(s.wake)
	}
	return nil
}

// fetch takes in the messages of one person while the queue is behind. It is
// called by the batch at work.
func (s *sender) fetch(ctx context.Context, user int64) error {
	s.queue.read()
	rows, err := s.unsent(ctx, storage.MessageKey{User: user}, ownUnsent)
	if err != nil {
		return err
	}
	return s.takeIn(ctx, slices.DeleteFunc(rows, func(m storage.Message) bool { return m.User != user }))
}

func (s *sender) unsent(ctx context.Context, from storage.MessageKey, limit int) (rows []storage.Message, err error) {
	err = s.ledger.store.View(ctx, func(r storage.Reader) error {
		rows, err = r.Unsent(from, limit)
		return err
	})
	return rows, err
}

// takeIn puts messages from the store into the queue. What is marked as being
// sent, though nobody here sends it, was left so by a process that died.
func (s *sender) takeIn(ctx context.Context, rows []storage.Message) error {
	rows, err := s.ledger.disown(ctx, s.queue.fresh(rows))
	if err != nil {
		return err
	}
	s.queue.shelve(rows, time.Now())
	return nil
}
