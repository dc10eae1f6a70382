package bot

import (
	"context"
	"errors"
	"time"

	"spasmbot/bot/chat"
)

// retryMin is the first wait of a chat whose calls fail, in real time.
const retryMin = 500 * time.Millisecond

// errHeld is why a call was not made: silence was demanded meanwhile, the bot
// stops, or another message brings the file to the messenger.
var errHeld = errors.New("held back")

// call makes the call for a message, and a further one where another form of
// the same message can pass.
func (s *sender) call(ctx context.Context, it *item, show *showing) (chat.Sent, error) {
	select {
	case s.calls <- struct{}{}:
	case <-ctx.Done():
		return chat.Sent{}, errHeld
	}
	defer func() { <-s.calls }()
	for {
		wait, ok := s.queue.slot(it, time.Now())
		if !ok {
			return chat.Sent{}, errHeld
		}
		nap(ctx, wait)
		if ctx.Err() != nil || time.Now().Before(s.queue.pausedUntil()) {
			return chat.Sent{}, errHeld
		}
		it.Attempts++
		out := chat.Outgoing{
			Chat: it.Chat, Text: it.Text, Keyboard: it.Keyboard, Edit: it.Edit, Plain: it.plain, Silent: it.Silent, Media: show.media,
		}
		if s.queue.outdated(it) {
			out.Keyboard = nil // the words may be news; the buttons lead nowhere
		}
		sent, err := s.send(ctx, out)
		fault, ok := errors.AsType[*chat.Error](err)
		if !ok {
			if !show.uploads {
				sent.FileID = "" // nothing new
			}
			s.gallery.end(show, sent, nil)
			return sent, err
		}
		if again, err := s.otherwise(it, show, fault); !again {
			s.gallery.end(show, chat.Sent{}, fault)
			return chat.Sent{}, err
		}
		s.count.retried.Add(1)
	}
}

// send makes one call, and makes a failure of a panic: the other messages need
// the worker.
func (s *sender) send(ctx context.Context, out chat.Outgoing) (sent chat.Sent, err error) {
	defer func() {
		if v := recover(); v != nil {
			broken := caught(v)
			s.log.Error("a call to the messenger failed; this is a bug, please report it", "error", broken)
			err = &chat.Error{Kind: chat.Unknown, Description: broken.Error(), MaybeApplied: true}
		}
	}()
	return s.gateway.Send(ctx, out)
}

// otherwise gives a refused message another form, once for each reason, and
// reports whether there is one. If not it returns why the call has failed.
func (s *sender) otherwise(it *item, show *showing, fault *chat.Error) (again bool, err error) {
	switch {
	case fault.Kind == chat.BadMarkup && !it.plain:
		it.plain = true
	case fault.Kind == chat.MessageGone && it.Edit != 0:
		it.Edit = 0
	case fault.Kind == chat.ChatMoved && !it.moved && fault.MovedTo != 0:
		it.moved = true
		s.queue.moved(it, fault.MovedTo, time.Now())
	case show.media == nil:
		return false, fault
	case fault.Kind == chat.FileGone && !show.uploads:
		if !s.gallery.gone(show) {
			return false, errHeld
		}
	case fault.Kind == chat.FileGone, fault.Kind == chat.BadMedia, fault.Kind == chat.Rejected, fault.Kind == chat.Unknown:
		s.gallery.drop(show, fault)
	default:
		return false, fault
	}
	return true, nil
}

// asFault gives every error a kind. An error that is not the gateway's own may
// have come at any point of the call.
func asFault(err error) *chat.Error {
	if fault, ok := errors.AsType[*chat.Error](err); ok {
		return fault
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &chat.Error{Kind: chat.Cancelled, MaybeApplied: true}
	}
	return &chat.Error{Kind: chat.Unknown}
}
