package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"spasmbot/bot/chat"
	"spasmbot/bot/outbox"
	"spasmbot/flows"
	"spasmbot/storage"
)

// unreachable is told of people whom no message reaches any more. It returns
// false if they were heard since the call began that shows it.
type unreachable interface {
	blocked(ctx context.Context, user int64, began time.Time) (bool, error)
}

// sender brings the outbox to the messenger: it launches one message after the
// other, each into a flight of its own. How many fly is the queue's to say.
type sender struct {
	queue   *queue
	ledger  *ledger
	doubt   doubt
	gallery *gallery
	desk    *desk
	caller  *caller
	judge   *judge
	gone    unreachable
	count   *counters
	log     *slog.Logger
}

// run sends until ctx ends, and until all that is under way has landed. It
// returns an error only if nothing can be sent any more.
func (s *sender) run(ctx context.Context) error {
	defer s.caller.outage.stop()
	flights, ctx := errgroup.WithContext(ctx)
	for m := s.await(ctx); m != nil; m = s.await(ctx) {
		flights.Go(func() error { return unlessOver(ctx, s.deliver(ctx, m)) })
	}
	return flights.Wait()
}

// await returns the next message when its time has come, nil when ctx has
// ended.
func (s *sender) await(ctx context.Context) *outbox.Message {
	for ctx.Err() == nil {
		m, wait := s.queue.Next(time.Now())
		if m != nil {
			return m
		}
		napUntil(ctx, wait, s.queue.wake)
	}
	return nil
}

// deliver makes one attempt at a message, from the claim to the receipt. It
// returns an error only if nothing can be sent any more.
func (s *sender) deliver(ctx context.Context, m *outbox.Message) error {
	defer s.queue.changed()
	if ctx.Err() != nil {
		s.putBack(m, 0)
		return nil
	}
	if s.tooLate(m) {
		return s.expired(ctx, m)
	}
	show, busy, err := s.show(ctx, m)
	if err != nil || busy {
		s.putBack(m, uploadPause)
		return err
	}
	defer func() { s.gallery.end(&show, chat.Sent{}, nil) }()
	if m.State == storage.Queued {
		over, err := s.ledger.claim(ctx, m)
		switch {
		case err != nil:
			s.putBack(m, 0)
			return err
		case over:
			s.queue.Done(m, time.Now())
			return nil
		}
	}
	began := s.ledger.clock.Now()
	sent, err := s.caller.call(ctx, m, &show)
	if err == nil {
		return s.sent(ctx, m, sent, &show)
	}
	if errors.Is(err, errHeld) {
		return s.later(ctx, m, false, 0)
	}
	return s.refused(ctx, m, asFault(err), began)
}

// refused decides what becomes of a message whose call has failed, which began at
// an instant of bot time.
func (s *sender) refused(ctx context.Context, m *outbox.Message, fault *chat.Error, began time.Time) error {
	switch fault.Kind {
	case chat.Limited:
		return s.limited(ctx, m, max(fault.RetryAfter, time.Second))
	case chat.Retry, chat.Cancelled:
		return s.failed(ctx, m, fault, longestBackoff)
	case chat.Unauthorized:
		return errors.Join(refusedToken(fault), s.later(ctx, m, false, longestBackoff))
	}
	if m.Edit != 0 && (fault.Kind == chat.MessageGone && m.Text == "" || m.Class == flows.Tidy && unchangeable(fault)) {
		// What was to be changed, such as the buttons, is gone with it.
		return s.lost(ctx, failure{cause: cause(fault), timer: flows.Dropped}, m)
	}
	stands, err := s.judge.stands(ctx, m, fault)
	if err != nil || !stands {
		return errors.Join(err, s.failed(ctx, m, fault, pollRetryMax))
	}
	if fault.Kind == chat.ChatGone {
		return s.chatGone(ctx, m, fault, began)
	}
	// Its words are needed to find out why, and to send it by other means.
	failed, err := s.end(ctx, failure{cause: cause(fault), timer: flows.Dropped, words: true, maybe: fault.MaybeApplied}, m)
	if failed > 0 {
		s.count.deadLetters.Add(1)
		s.log.Warn("a message was refused and will not arrive: see spasmbot deadletters", "kind", fault.Kind.String(), "code", fault.Code)
	}
	return err
}

// unchangeable reports whether the message to change is gone, or shows nothing that could be
// changed.
func unchangeable(fault *chat.Error) bool {
	return fault.Kind == chat.MessageGone || fault.Kind == chat.NoText
}

// failed puts a message back whose call has failed for no fault of its own. Most
// bounds the wait of its chat.
func (s *sender) failed(ctx context.Context, m *outbox.Message, fault *chat.Error, most time.Duration) error {
	s.count.retried.Add(1)
	s.log.Debug("a message will be sent again", "kind", fault.Kind.String(), "code", fault.Code)
	if s.judge.arrived(ctx, m, fault) {
		return s.park(ctx, m, fault)
	}
	n := s.queue.Failed(m)
	return s.later(ctx, m, fault.MaybeApplied, min(backoff(n, rand.Float64()), most))
}

func (s *sender) sent(ctx context.Context, m *outbox.Message, sent chat.Sent, show *showing) error {
	s.queue.Arrived(m)
	s.judge.passed(m)
	if err := s.ledger.receipt(ctx, m, sent, show.key); err != nil {
		return err
	}
	s.count.sent.Add(1)
	s.queue.Done(m, time.Now())
	return nil
}

// later commits that a message is not under way any more, and puts it back.
func (s *sender) later(ctx context.Context, m *outbox.Message, maybeApplied bool, wait time.Duration) error {
	over, err := s.ledger.unclaim(ctx, m, maybeApplied)
	switch {
	case err != nil:
		return err
	case over:
		s.queue.Done(m, time.Now())
	default:
		s.putBack(m, wait)
	}
	return nil
}

func (s *sender) putBack(m *outbox.Message, wait time.Duration) {
	now := time.Now()
	s.queue.Again(m, now, now.Add(wait))
}

// park lets a message stand aside that has arrived in all likelihood.
func (s *sender) park(ctx context.Context, m *outbox.Message, fault *chat.Error) error {
	over, err := s.ledger.park(ctx, m)
	if err != nil {
		return err
	}
	if over {
		s.queue.Done(m, time.Now())
		return nil
	}
	first, alone := s.queue.Park(m, time.Now())
	if !alone || fault.Code != 0 {
		s.caller.outage.note(time.Now(), nil) // it is not the line's
	}
	if first && m.Parked == 1 { // one word for all of them
		s.log.Warn("a message may have arrived several times, and no reply says so; it is tried again in hours: see spasmbot status",
			"code", fault.Code, "description", fault.Description)
	}
	return nil
}

// limited obeys a retry-after. The silence begins at once, not when it has been
// noted in the store.
func (s *sender) limited(ctx context.Context, m *outbox.Message, wait time.Duration) error {
	now := time.Now()
	if s.queue.Limited(outbox.Source{Chat: m.Chat}, now, wait) {
		logPause(s.log, wait)
	}
	s.count.retried.Add(1)
	return s.later(ctx, m, false, time.Until(now.Add(wait)))
}

// leastOutage is how long, in real time, a message has waited at least if an
// outage held it up. On a fast clock hours pass while a call is made, and that
// is no outage.
const leastOutage = time.Minute

// tooLate reports whether a message has become wrong while it waited. By a clock
// that is in doubt nothing has: what would make it wrong waits as well.
func (s *sender) tooLate(m *outbox.Message) bool {
	now := s.ledger.clock.Now()
	if !m.Expired(now) || s.doubt.unsure() {
		return false
	}
	return realTime(s.ledger.clock, now.Sub(m.Queued)) >= leastOutage
}

// expired ends a message that has become wrong while it waited: the start of a
// round must not arrive behind its end.
func (s *sender) expired(ctx context.Context, m *outbox.Message) error {
	if m.Class != flows.Tidy {
		s.log.Info("a message came too late to be sent")
	}
	return s.lost(ctx, failure{cause: "expired", timer: flows.Expired}, m)
}

// lost ends a message that will never arrive.
func (s *sender) lost(ctx context.Context, why failure, m *outbox.Message) error {
	_, err := s.end(ctx, why, m)
	return err
}

// end is lost, and counts: 0 if the message was withdrawn before.
func (s *sender) end(ctx context.Context, why failure, m *outbox.Message) (failed int, err error) {
	failed, err = s.ledger.fail(ctx, why, m)
	if err == nil {
		s.count.failed.Add(uint64(failed))
		s.queue.Done(m, time.Now())
	}
	return failed, err
}

// chatGone ends everything that waits for a chat, and tells the core that the
// person is out of reach. The core takes it once, and a later message of
// theirs brings them back. What takes a pack off is kept for then.
func (s *sender) chatGone(ctx context.Context, m *outbox.Message, fault *chat.Error, began time.Time) error {
	// What comes in from now on waits for the call after this one.
	behind := s.queue.Flush(m, time.Now())
	if m.Chat == m.User {
		believed, err := s.gone.blocked(ctx, m.User, began)
		if err != nil || !believed {
			s.queue.Restore(m, behind, time.Now())
			return errors.Join(err, s.failed(ctx, m, fault, pollRetryMax))
		}
	}
	var kept, lost []*outbox.Message
	for _, one := range append(behind, m) {
		if one.Class == flows.TakeOff {
			kept = append(kept, one)
		} else {
			lost = append(lost, one)
		}
	}
	failed, err := s.ledger.fail(ctx, failure{cause: cause(fault), timer: flows.Dropped}, lost...)
	if err != nil {
		return err
	}
	for _, one := range kept {
		if _, err := s.ledger.unclaim(ctx, one, false); err != nil {
			return err
		}
	}
	s.count.failed.Add(uint64(failed))
	s.queue.Done(m, time.Now())
	s.queue.Forget(behind)
	s.log.Info("a chat takes no messages any more")
	return nil
}

// cause is what the ledger keeps of a fault: its kind and code, no content.
func cause(fault *chat.Error) string {
	if fault.Code == 0 {
		return fault.Kind.String()
	}
	return fmt.Sprintf("%s (%d)", fault.Kind, fault.Code)
}
