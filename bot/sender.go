package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// sender brings the outbox to the messenger: one dispatcher chooses, a fixed
// number of workers make the calls.
type sender struct {
	gateway Gateway
	log     *slog.Logger
	count   *counters
	ledger  ledger
	gallery *gallery
	pipe    *pipe
	queue   *queue

	jobs  chan *item
	slots chan struct{} // one for each message under way
	calls chan struct{} // one for each call
	// wake: the queue has changed. room: there is room to load more. eased:
	// pushes may be made again. progress: something was done with.
	wake, room, eased, progress chan struct{}
}

func newSender(b *Bot) *sender {
	return &sender{
		gateway: b.cfg.Gateway, log: b.log, count: &b.count,
		ledger:   ledger{store: b.store, clock: b.cfg.Clock},
		gallery:  newGallery(b),
		queue:    newQueue(b.cfg.Rate, b.cfg.ChatRate),
		jobs:     make(chan *item, sendWorkers),
		slots:    make(chan struct{}, sendWorkers),
		calls:    make(chan struct{}, sendCalls),
		wake:     make(chan struct{}, 1),
		room:     make(chan struct{}, 1),
		eased:    make(chan struct{}, 1),
		progress: make(chan struct{}, 1),
	}
}

// run starts the workers. They end with ctx.
func (s *sender) run(ctx context.Context, wg *sync.WaitGroup, fail func(error)) {
	wg.Go(func() {
		if err := s.load(ctx); err != nil && ctx.Err() == nil {
			fail(err)
		}
	})
	wg.Go(func() {
		defer close(s.jobs)
		s.dispatch(ctx)
	})
	for range sendWorkers {
		wg.Go(func() {
			for it := range s.jobs {
				if err := s.deliver(ctx, it); err != nil && ctx.Err() == nil {
					fail(err)
				}
				<-s.slots
			}
		})
	}
}

// enqueue takes over committed messages, in the order of their commits.
func (s *sender) enqueue(ctx context.Context, messages []storage.Message) error {
	now := time.Now()
	for _, m := range messages {
		if s.queue.add(m, now) || m.Class >= flows.Push || s.queue.full() {
			continue
		}
		// Somebody waits for this one: fetch it, with all that this person
		// must get before it.
		if err := s.fetch(ctx, m.User); err != nil {
			return err
		}
	}
	if len(messages) > 0 {
		signal(s.wake)
	}
	return nil
}

// dispatch hands messages to the workers. It chooses only when a worker is
// free, so that the choice is never older than the newest message.
func (s *sender) dispatch(ctx context.Context) {
	for {
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		it := s.await(ctx)
		if it == nil {
			return
		}
		s.jobs <- it // never blocks: the slot is ours
	}
}

// await returns the next message when its time has come, nil when ctx has
// ended.
func (s *sender) await(ctx context.Context) *item {
	for ctx.Err() == nil {
		it, wait := s.queue.next(time.Now())
		if it != nil {
			return it
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-s.wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

// deliver makes one attempt at a message, from the claim to the receipt. It
// returns an error only if nothing can be sent any more.
func (s *sender) deliver(ctx context.Context, it *item) error {
	defer s.moved()
	if ctx.Err() != nil {
		s.putBack(it, 0)
		return nil
	}
	if s.tooLate(it) {
		return s.expired(ctx, it)
	}
	show, busy, err := s.gallery.show(ctx, it.Message.Message)
	if err != nil || busy {
		s.putBack(it, uploadPause)
		return err
	}
	defer func() { s.gallery.end(&show, chat.Sent{}, nil) }()
	if it.State == storage.Queued {
		if err := s.ledger.claim(ctx, it); err != nil {
			s.putBack(it, 0)
			return err
		}
	}
	sent, err := s.call(ctx, it, &show)
	if err == nil {
		return s.sent(ctx, it, sent, &show)
	}
	if errors.Is(err, errHeld) {
		return s.later(ctx, it, false, 0)
	}
	return s.refused(ctx, it, asFault(err))
}

// refused decides what becomes of a message whose call has failed.
func (s *sender) refused(ctx context.Context, it *item, fault *chat.Error) error {
	switch fault.Kind {
	case chat.Limited:
		return s.limited(ctx, it, max(fault.RetryAfter, time.Second))
	case chat.Retry, chat.Cancelled:
		s.count.retried.Add(1)
		s.log.Debug("a message will be sent again", "kind", fault.Kind.String(), "code", fault.Code)
		n := s.queue.failed(it)
		return s.later(ctx, it, fault.MaybeApplied, backoff(n, retryMin, rand.Float64()))
	case chat.Unauthorized:
		return errors.Join(refusedToken(fault), s.later(ctx, it, false, longestBackoff))
	case chat.ChatGone:
		return s.chatGone(ctx, it, fault)
	}
	// Its words are needed to find out why, and to send it by other means.
	it.dead = true
	s.count.deadLetters.Add(1)
	s.log.Warn("a message was refused and will not arrive: see spasmbot status", "kind", fault.Kind.String(), "code", fault.Code)
	return s.lost(ctx, fault, it)
}

// moved tells all who wait for the queue that it has changed.
func (s *sender) moved() {
	signal(s.wake)
	signal(s.progress)
	if s.queue.wantsMore() {
		signal(s.room)
	}
	if !s.queue.crowded() {
		signal(s.eased)
	}
}

func refusedToken(cause error) error {
	return fmt.Errorf("bot: the messenger refuses the token; check TELEGRAM_BOT_TOKEN, or get a new one from @BotFather: %w", cause)
}

func (s *sender) sent(ctx context.Context, it *item, sent chat.Sent, show *showing) error {
	s.queue.arrived(it)
	if err := s.ledger.receipt(ctx, it, sent, show.key); err != nil {
		return err
	}
	s.count.sent.Add(1)
	s.queue.done(it, time.Now())
	return nil
}

// later commits that a message is not under way any more, and puts it back.
func (s *sender) later(ctx context.Context, it *item, maybeApplied bool, wait time.Duration) error {
	if err := s.ledger.unclaim(ctx, it, maybeApplied); err != nil {
		return err
	}
	s.putBack(it, wait)
	return nil
}

func (s *sender) putBack(it *item, wait time.Duration) {
	now := time.Now()
	s.queue.again(it, now, now.Add(wait))
}

// limited obeys a retry-after. The silence begins at once, not when it has been
// noted in the store.
func (s *sender) limited(ctx context.Context, it *item, wait time.Duration) error {
	now := time.Now()
	if s.queue.limited(source{chat: it.Chat}, now, wait) {
		logPause(s.log, wait)
	}
	s.count.retried.Add(1)
	if err := s.ledger.unclaim(ctx, it, false); err != nil {
		return err
	}
	s.queue.again(it, now, now.Add(wait))
	return nil
}

// leastOutage is how long, in real time, a message has waited at least if an
// outage held it up. On a fast clock hours pass while a call is made, and that
// is no outage.
const leastOutage = time.Minute

// tooLate reports whether a message has become wrong while it waited.
func (s *sender) tooLate(it *item) bool {
	now := s.ledger.clock.Now()
	if it.Expires.IsZero() || now.Before(it.Expires) {
		return false
	}
	waited := now.Sub(it.Queued)
	if fast, ok := s.ledger.clock.(*FastClock); ok {
		waited = scale(waited, 1/fast.Speed())
	}
	return waited >= leastOutage
}

// expired ends a message that has become wrong while it waited: the start of a
// round must not arrive behind its end.
func (s *sender) expired(ctx context.Context, it *item) error {
	s.log.Info("a message came too late to be sent")
	if err := s.ledger.failure(ctx, "expired", flows.Expired, it); err != nil {
		return err
	}
	s.count.failed.Add(1)
	s.queue.done(it, time.Now())
	return nil
}

// lost ends messages that will never arrive.
func (s *sender) lost(ctx context.Context, fault *chat.Error, items ...*item) error {
	cause := fault.Kind.String()
	if fault.Code != 0 {
		cause = fmt.Sprintf("%s (%d)", cause, fault.Code)
	}
	if err := s.ledger.failure(ctx, cause, flows.Dropped, items...); err != nil {
		return err
	}
	s.count.failed.Add(uint64(len(items)))
	s.queue.done(items[0], time.Now())
	s.queue.forget(items[1:])
	return nil
}

// chatGone ends everything that waits for a chat, and tells the core that the
// person is out of reach. The core takes it once, and a later message of
// theirs brings them back.
func (s *sender) chatGone(ctx context.Context, it *item, fault *chat.Error) error {
	rest := s.queue.flush(it, time.Now())
	if err := s.lost(ctx, fault, append([]*item{it}, rest...)...); err != nil {
		return err
	}
	s.log.Info("a chat takes no messages any more")
	if it.Chat != it.User {
		return nil
	}
	return s.pipe.blocked(ctx, it.User)
}
